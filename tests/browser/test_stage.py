"""The stage in a real Chromium: every way of stepping, every number, and nothing lost."""

import random
import re
from itertools import takewhile
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.experiment.state import ALL, Cursor, State
from engine.nn.steps import steps
from engine.training.run import train
from figures.player import ASSETS
from figures.style import number
from tests.browser.conftest import at_rest, frames, looks, never_scrolls_sideways, stop_time

XOR = State()
DEEP = State(Experiment(data="spirals", hidden=(Layer(12, "tanh"),) * 6))
LARGE = State(Experiment(data="spirals", hidden=(Layer(32, "relu"),)))


def address(state: State, page: str = "/") -> str:
    return f"{page}?{urlencode(link.write(state))}"


def opened(page: Page, state: State | None = None) -> Locator:
    page.goto(address(state) if state else "/?v=1")
    stage = page.get_by_test_id("stage")
    expect(stage).to_have_attribute("data-step", re.compile(r"\d+"))
    return stage


def at(stage: Locator, step: int) -> None:
    expect(stage).to_have_attribute("data-step", str(step))


def shown(stage: Locator) -> dict:
    return stage.evaluate("root => ({...root.dataset})")


def rested(page: Page, step: str) -> None:
    """The cursor has come to rest and is in the address."""
    page.wait_for_function("step => new URL(location).searchParams.get('step') === step", arg=step)


def unit_value(stage: Locator, layer: int, unit: int) -> float:
    units = f"[data-testid=unit][data-layer='{layer}'][data-unit='{unit}']"
    return float(stage.locator(units).get_attribute("data-value"))


def edge_value(stage: Locator, layer: int, to: int, source: int) -> float:
    edges = f"[data-testid=edge][data-layer='{layer}'][data-to='{to}'][data-from='{source}']"
    return float(stage.locator(edges).get_attribute("data-value"))


def test_keys_walk_the_whole_step_at_once_and_every_number_is_the_engines(page):
    """z, a, C, delta, dW, db and the updates, each as the trace has it, in their order."""
    stage, run = opened(page, XOR), train(XOR.experiment, XOR.seed)
    trace, after = run.trace(0), run.network(1)
    for position, step in enumerate(steps(2)):
        at(stage, position)
        data, l = shown(stage), step.layer
        assert (data["symbol"], data["layer"], data["phase"]) == (step.symbol, str(l), step.phase)
        assert data["steps"] == "15"
        if step.symbol in ("z", "a", "delta"):
            assert unit_value(stage, l, 0) == getattr(trace, step.symbol)[l][0, 0]
        if step.symbol == "dW":
            assert edge_value(stage, l, 0, 1) == trace.dW[l][0, 1]
        if step.symbol == "W":
            assert edge_value(stage, l, 0, 1) == after.W[l][0, 1]
        page.keyboard.press("ArrowRight")


def test_what_is_not_known_yet_is_not_shown(page):
    stage = opened(page, XOR)
    output = stage.locator("[data-testid=unit][data-layer='2']")
    assert output.get_attribute("data-value") == ""
    page.keyboard.press("End")
    assert output.get_attribute("data-value") != ""
    page.keyboard.press("Home")
    assert output.get_attribute("data-value") == ""


def test_keys_buttons_and_scrubber_agree(page):
    stage = opened(page, XOR)
    for key, step in [("ArrowRight", 1), ("PageDown", 2), ("PageUp", 1), ("End", 14),
                      ("ArrowLeft", 13), ("Home", 0)]:
        page.keyboard.press(key)
        at(stage, step)
    for name, step in [("Next step", 1), ("Next step", 2), ("Previous step", 1), ("Last step", 14),
                       ("First step", 0)]:
        page.get_by_role("button", name=name, exact=True).click()
        at(stage, step)
    scrubber = stage.get_by_role("slider")
    scrubber.fill("9")
    at(stage, 9)


def test_play_plays_and_pauses(page):
    stage = opened(page, XOR)
    stage.get_by_role("combobox", name="Speed").select_option("4")
    stop_time(page)
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.clock.run_for(250 + 2 * 300)
    assert shown(stage)["step"] == "3"
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.clock.run_for(10_000)
    rested(page, "a2")
    assert shown(stage)["step"] == "3"


def test_twenty_quick_presses_take_exactly_twenty_steps(page):
    stage = opened(page, XOR)
    for _ in range(20):
        page.keyboard.press("ArrowRight", delay=10)
        frames(page, 3)
    data = shown(stage)
    assert int(data["iteration"]) * 15 + int(data["step"]) == 20


def test_stepping_asks_the_server_for_nothing_until_it_rests(page, requests):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    stage = opened(page, XOR)
    at_rest(page)
    stop_time(page)
    assert sent
    sent.clear()
    requests.clear()
    for _ in range(14):
        page.keyboard.press("ArrowRight")
        page.clock.run_for(300)
    at(stage, 14)
    assert not requests
    assert not sent
    page.clock.resume()
    rested(page, "b2")
    assert sent


def test_after_the_update_the_walk_goes_on_with_the_new_weights_and_back_to_the_old_ones(page):
    stage, run = opened(page, XOR), train(XOR.experiment, XOR.seed)
    old, new = run.network(0).W[1][0, 1], run.network(1).W[1][0, 1]
    assert edge_value(stage, 1, 0, 1) == old
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(stage).to_have_attribute("data-iteration", "1")
    at(stage, 0)
    assert edge_value(stage, 1, 0, 1) == new
    page.keyboard.press("ArrowLeft")
    expect(stage).to_have_attribute("data-iteration", "0")
    page.keyboard.press("Home")
    assert edge_value(stage, 1, 0, 1) == old


def test_the_walk_reaches_the_last_iteration_and_says_where_it_ends(page):
    stage = opened(page, State(cursor=Cursor(iteration=198, step="b2")))
    page.keyboard.press("ArrowRight")
    expect(stage).to_have_attribute("data-iteration", "199")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    at(stage, 14)
    expect(stage.get_by_text("The run ends here").first).to_be_visible()


def test_a_walk_through_many_iterations_never_waits_for_long(page):
    """Forty iterations by the phase: further than what travels at once."""
    stage = opened(page, State(cursor=Cursor(grain="phase")))
    for _ in range(160):
        page.keyboard.press("ArrowRight")
    expect(stage).to_have_attribute("data-iteration", "40")
    run = train(XOR.experiment, XOR.seed)
    expect(stage.locator("[data-testid=unit][data-layer='1'][data-unit='0']")).to_have_attribute(
        "data-value", str(run.trace(40).a[1][0, 0]))


@pytest.mark.parametrize(("grain", "stops"), [("formula", 15), ("layer", 7), ("phase", 4)])
def test_one_press_is_one_formula_one_layer_or_one_phase(page, grain, stops):
    stage = opened(page, State(cursor=Cursor(grain=grain)))
    assert shown(stage)["steps"] == str(stops)
    phases = []
    for _ in range(stops):
        phases.append(shown(stage)["phase"])
        page.keyboard.press("ArrowRight")
    assert list(dict.fromkeys(phases)) == ["forward", "cost", "backward", "update"]
    expect(stage).to_have_attribute("data-iteration", "1")


def test_the_grain_is_chosen_on_the_stage_and_kept_in_the_link(page):
    stage = opened(page, XOR)
    stage.get_by_role("combobox", name="One press").select_option("phase")
    expect(stage).to_have_attribute("data-steps", "4")
    page.wait_for_function("() => new URL(location).searchParams.get('grain') === 'phase'")
    page.reload()
    expect(stage).to_have_attribute("data-steps", "4")


def test_a_sample_is_chosen_and_its_numbers_are_shown(page):
    stage, run = opened(page, XOR), train(XOR.experiment, XOR.seed)
    stage.get_by_role("combobox", name="Sample", exact=True).select_option("2")
    expect(stage).to_have_attribute("data-sample", "2")
    assert unit_value(stage, 1, 3) == run.trace(0).z[1][3, 2]
    stage.get_by_role("combobox", name="Sample", exact=True).select_option(str(ALL))
    expect(stage).to_have_attribute("data-sample", "all")


def test_a_sample_beyond_those_that_travelled_arrives(page):
    iris = PRESETS["iris"].state
    stage, run = opened(page, iris), train(iris.experiment, iris.seed)
    stage.get_by_role("combobox", name="Sample", exact=True).select_option("149")
    expect(stage.locator("[data-testid=unit][data-layer='1'][data-unit='0']")).to_have_attribute(
        "data-value", str(run.trace(0).z[1][0, 149]))


def test_a_click_on_a_unit_shows_every_product_and_they_add_up(page):
    """The shown products and the bias give the shown z, to the digits that are shown."""
    stage, run = opened(page, State(seed=3, cursor=Cursor(iteration=5))), train(XOR.experiment, 3)
    stage.locator("[data-testid=unit][data-layer='1'][data-unit='2']").click()
    block = stage.locator("article").filter(has_text="z: the weighted sum")
    words = block.inner_text().replace("\N{MINUS SIGN}", "-").split()
    *products, bias, z = shown_numbers(words, after=["x1", "x2", "b", "z"])
    assert sum(products) + bias == pytest.approx(z, abs=2e-3)
    assert z == pytest.approx(run.trace(5).z[1][2, 0], rel=1e-3)
    page.wait_for_function("() => new URL(location).searchParams.get('unit') === '1.2'")


def shown_numbers(words: list[str], after: list[str]) -> list[float]:
    """The last number in the row that begins with, or is named by, each of these words."""
    found = []
    for name in after:
        at = len(words) - 1 - words[::-1].index(name)
        row = list(takewhile(is_number, words[at + 1:]))
        found.append(float(row[-1]))
    return found


def is_number(word: str) -> bool:
    return re.fullmatch(r"-?[\d.]+(e-?\d+)?", word) is not None


def test_the_activation_shows_its_curve_and_the_step_its_table(page):
    stage = opened(page, State(cursor=Cursor(step="a1", unit=(1, 2))))
    block = stage.locator("article").filter(has_text="a: tanh of z")
    expect(block.get_by_role("img")).to_be_visible()
    stage.get_by_text("All numbers of this step as a table").click()
    expect(stage.locator("details table").first).to_be_visible()


RUNNING = """root => root.getAnimations({subtree: true})
                         .filter((one) => one.playState === "running").length"""
BEGINNING = """root => root.addEventListener("animationstart", ({ animationName }) => {
    const heads = root.querySelector(".lit .heads");
    if (heads && animationName === "right") root.heads = getComputedStyle(heads).visibility;
})"""


def test_each_step_is_spoken(page):
    stage = opened(page, XOR)
    page.keyboard.press("End")
    expect(stage.locator("[aria-live=polite]")).to_contain_text("take one step against")


@pytest.mark.parametrize("reduced_motion", ["no-preference"])
def test_the_dots_run_at_each_step_and_come_to_rest(page, reduced_motion):
    stage = opened(page, XOR)
    node, heads = stage.element_handle(), stage.locator(".lit .heads")
    page.wait_for_function(f"root => ({RUNNING})(root) === 0", arg=node)
    expect(heads).to_be_visible()
    stage.evaluate(BEGINNING)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    at(stage, 2)
    page.wait_for_function("root => root.heads", arg=node)
    assert stage.evaluate("root => root.heads") == "hidden"
    page.wait_for_function(f"root => ({RUNNING})(root) === 0", arg=node)
    expect(heads).to_be_visible()


def test_nothing_moves_where_no_motion_is_wished(page):
    stage = opened(page, XOR)
    for _ in range(9):
        page.keyboard.press("ArrowRight")
        assert stage.evaluate(RUNNING) == 0


def test_the_same_derivation_is_reached_without_a_pointer(page):
    stage = opened(page, XOR)
    stage.get_by_role("combobox", name="Look at").select_option("1,2")
    page.wait_for_function("() => new URL(location).searchParams.get('unit') === '1.2'")


def test_keys_never_act_while_a_field_of_the_sidebar_has_the_focus(page):
    stage = opened(page, XOR)
    page.get_by_role("spinbutton", name="Learning rate").click()
    for key in ("ArrowRight", "Home", "End", "ArrowLeft", "PageDown"):
        page.keyboard.press(key)
    at(stage, 0)


def test_a_reload_in_mid_step_a_second_tab_and_the_copied_link_show_the_same_moment(page, context):
    stage = opened(page, XOR)
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Copy link").click()
    expect(stage.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "step=delta1" in copied
    before = shown(stage)
    page.reload()
    at(stage, 8)
    other = context.new_page()
    other.goto(copied)
    there = other.get_by_test_id("stage")
    at(there, 8)
    assert shown(there) == before == shown(stage)


def test_back_and_forward_of_the_browser_travel_through_the_moments(page):
    stage = opened(page)
    page.keyboard.press("ArrowRight")
    rested(page, "a1")
    page.keyboard.press("End")
    rested(page, "b2")
    page.go_back()
    at(stage, 1)
    page.go_back()
    at(stage, 0)
    page.go_forward()
    at(stage, 1)


def test_a_change_in_the_sidebar_shows_at_once_and_leaves_no_old_number(page):
    stage = opened(page, XOR)
    before = unit_value(stage, 1, 0)
    seed = page.get_by_role("spinbutton", name="Seed")
    seed.fill("5")
    seed.press("Enter")
    new = State(XOR.experiment, seed=5)
    expected = train(new.experiment, 5).trace(0).z[1][0, 0]
    expect(stage.locator("[data-testid=unit][data-layer='1'][data-unit='0']")).to_have_attribute(
        "data-value", str(expected))
    assert before != expected


def test_a_network_of_six_hidden_layers_of_twelve_is_drawn_and_a_larger_one_says_why_not(page):
    stage = opened(page, DEEP)
    expect(stage.get_by_test_id("unit")).to_have_count(2 + 72 + 1)
    expect(stage.get_by_test_id("edge")).to_have_count(24 + 5 * 144 + 12)
    stage = opened(page, LARGE)
    expect(stage.get_by_text("each bar is a layer")).to_be_visible()
    expect(stage.get_by_test_id("unit")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    at(stage, 1)


def test_a_diverging_run_says_so_and_shows_what_overflowed(page):
    diverging = Experiment(data="mazur", output="identity", loss="half_sum", learning_rate=1e9)
    last = train(diverging, 0).last
    stage = opened(page, State(diverging, 0, Cursor(iteration=last, step="C")))
    expect(stage.get_by_text("This run diverges")).to_be_visible()
    expect(stage.get_by_text("overflow").first).to_be_visible()


def test_the_page_never_scrolls_sideways_and_no_step_moves_the_stage(page):
    stage = opened(page, XOR)
    for look in looks(page):
        places = set()
        page.keyboard.press("Home")
        for _ in range(15):
            boxes = [stage.locator(part).bounding_box() for part in (".scrub", ".diagram")]
            places.add(tuple(round(box[side]) for box in boxes for side in box))
            assert never_scrolls_sideways(page), look
            page.keyboard.press("ArrowRight")
        assert len(places) == 1, look


NUMBERS = (ASSETS / "numbers.js").read_text("utf-8")


def test_the_number_format_of_the_player_is_the_one_of_the_pages(page):
    """assets/numbers.js and figures/style.py write every number alike."""
    rng = random.Random(1)
    values = [rng.uniform(-1, 1) * 10.0 ** rng.randint(-12, 12) for _ in range(2000)]
    values += [0.0, 0.05, -0.5, 2.0625, 9.9995, 999.95, 1234.5, 99999.5, 0.0009999, 1e-5, 1e300]
    values += [rng.randint(-10**6, 10**6) / 2.0**rng.randint(0, 12) for _ in range(2000)]
    page.goto("/?v=1")
    texts = page.evaluate(
        """async ([script, values]) => {
            const url = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
            const { number } = await import(url);
            return values.map((v) => number(v));
        }""",
        [NUMBERS, values],
    )
    wrong = [(v, t, number(v)) for v, t in zip(values, texts, strict=True) if t != number(v)]
    assert not wrong[:5]
