"""Building on the stage in a real Chromium, by pointer and by keyboard: no quick press is lost."""

import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.limits import MAX_WIDTH
from engine.experiment.presets import PRESETS
from engine.experiment.state import Cursor, State
from engine.training.run import train
from figures.player import script
from figures.stage.payload import Built
from figures.stage.payload import stage as staged
from figures.style import PALETTE, number
from tests.browser.conftest import PHONE, frames, looks, never_scrolls_sideways
from tests.browser.test_stage import DEEP, LARGE, XOR, opened, rested, shown

TWO = State(Experiment(hidden=(Layer(4, "tanh"), Layer(3, "relu"))))
MORE = "One unit more in layer 1"


def head(stage: Locator, name: str) -> Locator:
    return stage.get_by_role("group", name=name, exact=True)


def press(stage: Locator, name: str) -> Locator:
    return stage.get_by_role("button", name=name, exact=True)


def menu(stage: Locator, of: str) -> Locator:
    return stage.get_by_role("combobox", name=f"Activation of {of}")


def has_units(stage: Locator, layer: int, count: int) -> None:
    expect(stage.locator(f"[data-testid=unit][data-layer='{layer}']")).to_have_count(count)


def linked(page: Page, hidden: str) -> None:
    page.wait_for_function(
        "hidden => new URL(location).searchParams.get('hidden') === hidden", arg=hidden)


def answered(page: Page, stage: Locator) -> None:
    """Python has answered all that was wished for, and what was told after it."""
    page.wait_for_function("root => !root.player.wishes.length", arg=stage.element_handle())
    press(stage, "Last step").click()
    rested(page, "b2")
    press(stage, "First step").click()
    rested(page, "z1")


def test_a_click_adds_a_unit_to_the_picture_the_sidebar_and_the_link(page):
    stage = opened(page, XOR)
    press(stage, MORE).click()
    has_units(stage, 1, 5)
    expect(head(stage, "Layer 1").get_by_text("5", exact=True)).to_be_visible()
    expect(page.get_by_role("spinbutton", name=f"Units (1 to {MAX_WIDTH})")).to_have_value("5")
    linked(page, "5tanh")
    first = str(train(Experiment(hidden=(Layer(5, "tanh"),)), 0).trace(0).z[1][0, 0])
    unit = stage.locator("[data-testid=unit][data-layer='1'][data-unit='0']")
    expect(unit).to_have_attribute("data-value", first)
    press(stage, "One unit fewer in layer 1").click()
    has_units(stage, 1, 4)


def test_the_sidebar_and_the_stage_agree(page):
    stage = opened(page, XOR)
    width = page.get_by_role("spinbutton", name=f"Units (1 to {MAX_WIDTH})")
    width.fill("7")
    width.press("Enter")
    has_units(stage, 1, 7)
    press(stage, MORE).click()
    has_units(stage, 1, 8)
    expect(width).to_have_value("8")


def test_quick_clicks_are_all_counted_once(page):
    stage = opened(page, XOR)
    for gap in (0, 0, 2, 7, 0, 2):
        press(stage, MORE).click(delay=30)
        frames(page, gap)
    has_units(stage, 1, 10)
    answered(page, stage)
    linked(page, "10tanh")
    has_units(stage, 1, 10)
    press(stage, MORE).dblclick()
    has_units(stage, 1, 12)
    answered(page, stage)
    linked(page, "12tanh")


def test_a_unit_is_added_by_keyboard_again_and_again(page):
    stage = opened(page, XOR)
    tab_to(page, stage, MORE)
    for count, key in ((5, "Enter"), (6, " "), (7, "Enter")):
        page.keyboard.press(key, delay=60)
        has_units(stage, 1, count)
        expect(press(stage, MORE)).to_be_focused()
    for key in ("Enter", "Enter", " ", " "):
        page.keyboard.press(key, delay=20)
    has_units(stage, 1, 11)
    assert shown(stage)["step"] == "0"
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def tab_to(page: Page, stage: Locator, name: str) -> None:
    press(stage, "Last step").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if press(stage, name).evaluate("node => node === node.getRootNode().activeElement"):
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


def test_focus_stays_where_the_picture_gives_way_to_the_matrices(page):
    stage = opened(page, State(Experiment(hidden=(Layer(12, "tanh"),))))
    press(stage, MORE).focus()
    page.keyboard.press("Enter")
    expect(stage.get_by_role("group", name="Layers")).to_be_visible()
    expect(stage.get_by_role("button", name="Save the picture as SVG")).to_be_hidden()
    expect(press(stage, MORE)).to_be_focused()
    press(stage, "One unit fewer in layer 1").click()
    has_units(stage, 1, 12)


def test_an_activation_is_chosen_by_keyboard_and_no_step_is_taken(page):
    stage = opened(page, XOR)
    menu(stage, "layer 1").focus()
    page.keyboard.type("rel")
    linked(page, "4relu")
    expect(menu(stage, "layer 1")).to_be_focused()
    expect(menu(stage, "layer 1")).to_have_value("relu")
    page.keyboard.press("Home")
    linked(page, "4identity")
    assert shown(stage)["step"] == "0"


def test_the_output_has_the_activations_that_its_loss_allows(page):
    stage = opened(page, State(Experiment(loss="mse")))
    assert menu(stage, "the output").locator("option").count() > 1
    menu(stage, "the output").select_option("tanh")
    page.wait_for_function("() => new URL(location).searchParams.get('output') === 'tanh'")
    expect(head(stage, "Output").get_by_text("1 unit")).to_be_visible()
    stage = opened(page, XOR)
    expect(menu(stage, "the output").locator("option")).to_have_text(["sigmoid"])


def test_layers_come_and_go_where_they_are_pressed(page):
    stage = opened(page, TWO)
    press(stage, "New layer after layer 1").click()
    linked(page, "4tanh*2-3relu")
    press(stage, "One unit more in layer 2").click()
    linked(page, "4tanh-5tanh-3relu")
    press(stage, "Remove layer 1").click()
    linked(page, "5tanh-3relu")
    press(stage, "New layer after the input").click()
    linked(page, "5tanh*2-3relu")


def test_the_last_hidden_layer_can_go_and_come_back_by_keyboard(page):
    stage = opened(page, XOR)
    press(stage, "Remove layer 1").focus()
    page.keyboard.press("Enter")
    has_units(stage, 1, 1)
    expect(press(stage, "New layer after the input")).to_be_focused()
    page.keyboard.press("Enter")
    has_units(stage, 1, 4)


def test_what_was_built_is_spoken(page):
    stage = opened(page, XOR)
    press(stage, MORE).click()
    expect(stage.locator("[aria-live=polite]")).to_have_text("Layer 1 has 5 units.")


def test_a_limit_is_said_and_a_press_beyond_it_changes_nothing(page):
    stage = opened(page, State(Experiment(hidden=(Layer(1, "tanh"),))))
    fewer = stage.get_by_role("button", name=f"One unit fewer in layer 1 (1 to {MAX_WIDTH})")
    expect(fewer).to_have_attribute("aria-disabled", "true")
    fewer.click(force=True)
    answered(page, stage)
    has_units(stage, 1, 1)
    linked(page, "1tanh")


def test_the_place_in_the_run_is_kept(page):
    stage = opened(page, State(cursor=Cursor(iteration=7, step="delta2", unit=(1, 2))))
    page.keyboard.press("ArrowRight")
    press(stage, MORE).click()
    has_units(stage, 1, 5)
    data = shown(stage)
    assert (data["iteration"], data["symbol"], data["layer"]) == ("7", "dW", "2")
    expect(stage.locator(".unit.chosen")).to_have_attribute("data-unit", "2")


def test_a_reload_and_a_second_tab_show_the_same_network(page, context):
    stage = opened(page, XOR)
    press(stage, MORE).click()
    press(stage, "New layer after layer 1").click()
    linked(page, "5tanh*2")
    page.reload()
    has_units(stage, 2, 5)
    press(stage, MORE).click()
    has_units(stage, 1, 6)
    has_units(stage, 2, 5)
    linked(page, "6tanh-5tanh")
    other = context.new_page()
    other.goto(page.url)
    has_units(other.get_by_test_id("stage"), 1, 6)


def test_after_another_page_the_next_wish_counts_once(page, problems):
    stage = opened(page, XOR)
    press(stage, MORE).click()
    has_units(stage, 1, 5)
    page.get_by_role("link", name="Worked examples").click()
    expect(page.get_by_role("heading", name="Worked examples, recomputed")).to_be_visible()
    page.get_by_role("link", name="Step", exact=True).click()
    press(stage, MORE).click()
    has_units(stage, 1, 6)
    answered(page, stage)
    linked(page, "6tanh")


@pytest.mark.parametrize("state", [XOR, TWO, DEEP, LARGE, PRESETS["iris"].state])
def test_every_head_is_whole_apart_from_the_others_and_large_enough_to_press(page, state):
    stage = opened(page, state)
    for viewport, _ in looks(page):
        boxes = [box.bounding_box() for box in stage.locator(".build :is(button, select)").all()]
        assert len(boxes) == 5 * len(state.experiment.hidden) + 2
        least = 40 if viewport == PHONE else 24
        if viewport == PHONE or state in (XOR, LARGE):
            assert all(0 <= box["x"] <= viewport[0] - box["width"] for box in boxes)
        assert all(box["height"] >= least and box["width"] >= 24 for box in boxes)
        assert not [(p, q) for k, p in enumerate(boxes) for q in boxes[:k] if overlap(p, q)]
        assert never_scrolls_sideways(page)


def overlap(p: dict, q: dict) -> bool:
    apart = [p["x"] + p["width"] <= q["x"] + 0.5, q["x"] + q["width"] <= p["x"] + 0.5,
             p["y"] + p["height"] <= q["y"] + 0.5, q["y"] + q["height"] <= p["y"] + 0.5]
    return not any(apart)


ALONE = """async ([script, data]) => {
    const url = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
    const { default: mount } = await import(url), box = document.createElement("div");
    document.body.replaceChildren(box);
    mount({ data, parentElement: box });
}"""


def test_without_python_a_window_of_iterations_is_walked_and_nothing_can_be_built(page, problems):
    run, state = train(XOR.experiment, 0), State(cursor=Cursor(iteration=5, grain="phase"))
    data = staged(run, state, "0", Built()) | {"first": 5, "last": 6}
    page.goto("/?v=1")
    page.get_by_test_id("stage").wait_for()
    page.evaluate(ALONE, [script("stage"), data])
    player = page.get_by_test_id("stage")
    expect(player).to_have_attribute("data-iteration", "5")
    expect(press(player, "Previous step")).to_have_attribute("aria-disabled", "true")
    expect(press(player, "First step")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("ArrowLeft")
    assert (shown(player)["iteration"], shown(player)["step"]) == ("5", "0")
    player.get_by_role("combobox", name="Speed").select_option("4")
    press(player, "Play").click()
    expect(player).to_have_attribute("data-iteration", "6")
    expect(player).to_have_attribute("data-step", "3")
    expect(press(player, "Play")).to_be_visible()
    assert player.locator(".build").get_by_role("button").count() == 0
    expect(press(player, "Copy link")).to_be_hidden()
    expect(press(player, "Save the picture as SVG")).to_be_visible()


def saved(page: Page, stage: Locator, kind: str) -> Download:
    with page.expect_download() as found:
        stage.get_by_role("button", name=f"Save the picture as {kind}").click()
    return found.value


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_saved_svg_is_the_picture_and_complete_in_itself(page, color_scheme):
    stage = opened(page, State(cursor=Cursor(step="delta2")))
    file = saved(page, stage, "SVG")
    assert file.suggested_filename == "backstep-2-4-1-delta2.svg"
    text = file.path().read_text("utf-8")
    root = ElementTree.fromstring(text)
    tags = {node.tag.rpartition("}")[2] for node in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "line", "circle", "path", "text"}
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"url\(|var\(| class=| style=", text)
    words = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    trace = train(XOR.experiment, 0).trace(0)
    assert number(trace.delta[2][0, 0]) in words
    assert {"Input", "Layer 1", "Output", "tanh", "sigmoid"} <= {*words}
    page_colour = root.find("{http://www.w3.org/2000/svg}rect").get("fill")
    assert page_colour == PALETTE[color_scheme]["page"]


def test_the_saved_png_is_the_picture_twice_as_large(page):
    stage = opened(page, XOR)
    file = saved(page, stage, "PNG")
    assert file.suggested_filename == "backstep-2-4-1-z1.png"
    data = file.path().read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(data[at:at + 4]) for at in (16, 20))
    drawn = stage.locator(".canvas > svg").get_attribute("viewBox").split()
    assert width == int(2 * float(drawn[2]))
    assert height > 2 * float(drawn[3])
    colours = page.evaluate("""async (bytes) => {
        const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        const pixels = new Uint32Array(
            canvas.getImageData(0, 0, image.width, image.height).data.buffer);
        return new Set(pixels).size;
    }""", list(data))
    assert colours > 50
