"""The walk's file in a real Chromium that is offline: it plays, has the engine's numbers, asks for
nothing, and looks like the app in light and dark."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.experiment.state import ALL, Cursor, State
from engine.training.run import train
from figures.exports.walk import walk_html
from figures.style import PALETTE
from tests.browser.conftest import PATIENCE, looks, never_scrolls_sideways, rgb
from tests.browser.test_stage import at, edge_value, shown, unit_value

XOR = State(seed=3)
CURED = [State(Experiment(hidden=(Layer(3, "tanh"),) * 3, norm=norm, residual=0.5), 3,
               Cursor(step="u1")) for norm in ("batch", "layer")]
IRIS = PRESETS["iris"].state.experiment


@pytest.fixture
def page(browser, viewport, color_scheme, problems, requests):
    """A tab without a network, in which nothing may go wrong."""
    context = browser.new_context(
        viewport=dict(zip(("width", "height"), viewport, strict=True)), color_scheme=color_scheme,
        offline=True)
    context.set_default_timeout(PATIENCE)
    context.on("request", lambda request: requests.append(request.url))
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda said: problems.append(said.text))
    yield context.new_page()
    context.close()
    problems += [url for url in requests if urlsplit(url).scheme not in ("file", "data")]
    assert not problems
    assert len([url for url in requests if url.endswith("walk.html")]) == 1


@pytest.fixture
def opened(page, tmp_path):
    """Opens the file of a state; gives the stage and the run."""
    def open_file(state):
        run = train(state.experiment, state.seed)
        (tmp_path / "walk.html").write_text(walk_html(run, state), "utf-8")
        page.goto((tmp_path / "walk.html").as_uri())
        stage = page.get_by_test_id("stage")
        expect(stage).to_have_attribute("data-step", re.compile(r"\d+"))
        return stage, run

    return open_file


@pytest.mark.parametrize("state", [XOR, *CURED], ids=["plain", "batch", "layer"])
def test_keys_walk_through_a_step_into_the_next_with_the_engines_numbers(page, opened, state):
    stage, run = opened(state)
    for t in (0, 1):
        trace, after = run.trace(t), run.network(t + 1)
        for position, step in enumerate(state.experiment.steps):
            at(stage, position)
            data, l = shown(stage), step.layer
            assert (data["symbol"], data["iteration"]) == (step.symbol, str(t))
            if step.symbol in ("u", "n", "z", "a", "delta", "du"):
                assert unit_value(stage, l, 0) == getattr(trace, step.symbol)[l][0, 0]
            if step.symbol == "dW":
                assert edge_value(stage, l, 0, 1) == trace.dW[l][0, 1]
            if step.symbol == "W":
                assert edge_value(stage, l, 0, 1) == after.W[l][0, 1]
            page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("state", [
    XOR, State(IRIS, 3, Cursor(sample=30)), State(IRIS, 3, Cursor(sample=ALL)),
    State(Experiment(data="moons", size=10, batch=4, iterations=5, optimizer="adam"), 3), *CURED,
], ids=["xor", "iris", "iris-all", "moons", "batch", "layer"])
def test_no_number_is_missing_at_any_step_of_any_sample(page, opened, state):
    stage, _ = opened(state)
    seen = "root => root.innerText.includes('…') || root.innerText.includes('undefined')"
    chooser = stage.get_by_role("combobox", name="Sample", exact=True)
    values = chooser.evaluate("select => [...select.options].map(option => option.value)")
    stage.locator("summary").click()
    for sample in (values[0], values[-2], values[-1]):
        chooser.select_option(sample)
        page.evaluate("document.activeElement.blur()")
        for key in ["Home", *["ArrowRight"] * 30]:
            page.keyboard.press(key)
            assert not stage.evaluate(seen), shown(stage)


def test_it_ends_where_its_iterations_end_and_says_so(page, opened):
    stage, run = opened(State(XOR.experiment, 3))
    for _ in range(40):
        page.keyboard.press("End")
        page.keyboard.press("ArrowRight")
    last = int(shown(stage)["iteration"])
    assert 0 < last < run.last
    expect(stage).to_contain_text(f"The file ends here: it has the iterations 0 to {last}.")
    expect(page.get_by_role("button", name="Next step")).to_have_attribute("aria-disabled", "true")


def test_it_begins_where_its_iterations_begin(page, opened):
    stage, _ = opened(State(XOR.experiment, 3, Cursor(iteration=30)))
    for _ in range(30):
        page.keyboard.press("Home")
        page.keyboard.press("ArrowLeft")
    at(stage, 0)
    assert 0 < int(shown(stage)["iteration"]) < 30
    assert "…" not in stage.inner_text()
    previous = page.get_by_role("button", name="Previous step")
    expect(previous).to_have_attribute("aria-disabled", "true")


def test_a_click_shows_where_a_number_comes_from_and_there_is_no_link_to_copy(page, opened):
    stage, _ = opened(XOR)
    page.keyboard.press("End")
    stage.locator("[data-testid=unit][data-layer='1'][data-unit='2']").click()
    expect(stage.get_by_role("heading", name="z: the weighted sum")).to_be_visible()
    expect(stage.get_by_role("button", name="Copy link")).to_be_hidden()


def test_the_formulas_have_their_font(page, opened):
    opened(XOR)
    stix = "[...document.fonts].find((font) => font.family.includes('STIX'))"
    page.wait_for_function(f"() => {stix}.status === 'loaded'")


def test_page_and_stage_agree_on_the_colours_and_fit_the_screen(page, opened):
    stage, _ = opened(XOR)
    for _, theme in looks(page):
        assert shown(stage)["theme"] == theme
        for node, name in (("body", "page"), (".panel", "panel")):
            found = page.locator(node).first.evaluate("n => getComputedStyle(n).backgroundColor")
            assert found == rgb(PALETTE[theme][name])
        assert never_scrolls_sideways(page)


def test_it_plays_in_a_frame_of_another_page(page, opened, tmp_path):
    (tmp_path / "lesson.html").write_text(
        "<h1>A lesson</h1><iframe src='walk.html' width='1200' height='900'></iframe>")
    (tmp_path / "walk.html").write_text(
        walk_html(train(XOR.experiment, XOR.seed), XOR), "utf-8")
    page.goto((tmp_path / "lesson.html").as_uri())
    stage = page.frame_locator("iframe").get_by_test_id("stage")
    page.frame_locator("iframe").get_by_role("button", name="Next step").click()
    at(stage, 1)
    page.keyboard.press("ArrowRight")
    at(stage, 2)


@pytest.mark.parametrize("name", ["</script><img src=x onerror=document.title='run'>", "<b>x</b>",
                                  "§1"])
def test_a_name_is_shown_as_it_is_and_nothing_in_it_is_run(page, opened, monkeypatch, name):
    layers = [{"title": title, "activation": "", "width": n, "units": [name] * n}
              for title, n in (("Input", 2), ("Layer 1", 4), ("Output", 1))]
    monkeypatch.setattr("figures.stage.payload.layers", lambda e: layers)
    stage, _ = opened(XOR)
    assert page.title() == "Backpropagation, step by step"
    assert page.locator("img, b").count() == 0
    assert name in stage.locator("svg .name").first.text_content()


def test_its_own_policy_keeps_it_from_asking_for_anything(page, opened, problems):
    opened(XOR)
    refused = """async () => {
        const tries = [() => fetch("data:,x"), () => import("data:text/javascript,0")];
        return (await Promise.allSettled(tries.map((ask) => ask()))).map((t) => t.status);
    }"""
    assert page.evaluate(refused) == ["rejected", "rejected"]
    assert problems
    assert all("Content Security Policy" in problem for problem in problems)
    problems.clear()


@pytest.mark.parametrize("kind", ["SVG", "PNG"])
def test_its_picture_can_be_saved(page, opened, kind):
    stage, _ = opened(XOR)
    with page.expect_download() as download:
        stage.get_by_role("button", name=kind).click()
    assert download.value.suggested_filename.endswith(kind.lower())
