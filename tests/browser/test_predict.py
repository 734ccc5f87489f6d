"""Predicting on the stage, with the keyboard alone: blank, wrong, why, right, shown."""

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.state import Cursor, State, View
from engine.training.run import train
from figures.style import number
from tests.browser.conftest import DESKTOP, PHONE, stop_time
from tests.browser.test_stage import opened, rested, shown

MOMENT = State(seed=3, cursor=Cursor(iteration=2, step="db2", unit=(1, 2)), view=View("last"))
TRACE = train(MOMENT.experiment, MOMENT.seed).trace(2)


def panel(page: Page) -> Locator:
    return page.get_by_test_id("predict")


def unit(stage: Locator, j: int) -> Locator:
    return stage.locator(f"[data-testid=unit][data-layer='1'][data-unit='{j}']")


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the focus is there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"{name} is not reached with Tab")


def focused(page: Page) -> str:
    return page.evaluate("""() => {
        let node = document.activeElement;
        while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
        return node?.dataset?.testid ?? node?.getAttribute("aria-label") ?? "";
    }""")


def test_a_prediction_is_made_with_the_keyboard_alone(page):
    """f' forgotten -> its sentence; then right: filled, and on to the next step; then shown."""
    stage = opened(page, MOMENT)
    expect(panel(page)).to_contain_text("No blank at this step")
    page.keyboard.press("ArrowRight")
    expect(panel(page)).to_contain_text("Predict δ of Layer 1 unit 3, sample 1")
    assert unit(stage, 2).get_attribute("data-value") == "?"
    expect(stage.locator(".matrices td.blank").first).to_have_text("?")
    truth, arrives = TRACE.delta[1][2, 0], TRACE.da[1][2, 0]
    assert number(truth) not in stage.inner_text()

    tab_to(page, "guess")
    page.keyboard.type(number(arrives))
    page.keyboard.press("Enter")
    expect(panel(page)).to_contain_text("it looks as if f' was forgotten")
    expect(stage.locator("[aria-live]").first).to_contain_text("f' was forgotten")
    assert unit(stage, 2).get_attribute("data-value") == "?"
    assert focused(page) == "guess"

    page.keyboard.press("Control+a")
    page.keyboard.type(number(truth).replace(".", ","))
    page.keyboard.press("Enter")
    expect(panel(page)).to_contain_text(f"Right: it is {number(truth)}.")
    expect(panel(page).locator("svg")).to_have_attribute(
        "aria-label", f"Your guess {number(truth)}, the truth {number(truth)}")
    assert float(unit(stage, 2).get_attribute("data-value")) == truth
    assert unit(stage, 1).get_attribute("data-value") == "?"
    assert focused(page) == "Next step"
    page.keyboard.press("Enter")
    expect(stage).to_have_attribute("data-symbol", "dW")


def test_hints_come_in_three_levels_and_what_is_blank_can_always_be_shown(page):
    stage = opened(page, MOMENT)
    page.keyboard.press("ArrowRight")
    tab_to(page, "hint")
    for expected in ("What comes back to this unit from the output layer", "∑", "?"):
        page.keyboard.press("Enter")
        expect(panel(page).locator(".said")).to_contain_text(expected)
    tab_to(page, "reveal")
    page.keyboard.press("Enter")
    expect(panel(page)).to_contain_text(f"It is {number(TRACE.delta[1][2, 0])}.")
    assert float(unit(stage, 1).get_attribute("data-value")) == TRACE.delta[1][1, 0]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert float(unit(stage, 1).get_attribute("data-value")) == TRACE.delta[1][1, 0]
    panel(page).get_by_test_id("over").click()
    expect(unit(stage, 1)).to_have_attribute("data-value", "?")


def test_the_sign_and_the_order_of_size_can_be_asked_for(page):
    opened(page, MOMENT)
    page.keyboard.press("ArrowRight")
    panel(page).get_by_role("combobox", name="Say").select_option("sign")
    sign = "1" if TRACE.delta[1][2, 0] > 0 else "-1"
    panel(page).get_by_role("combobox", name="Your prediction").select_option(sign)
    panel(page).get_by_test_id("check").click()
    expect(panel(page)).to_contain_text("Right: it is ")


def test_blanks_and_detail_are_in_the_link_and_a_reload_keeps_them(page):
    stage = opened(page, State(seed=3))
    expect(panel(page)).to_be_hidden()
    stage.get_by_role("combobox", name="Blanks").select_option("all")
    stage.get_by_role("combobox", name="Detail").select_option("words")
    expect(panel(page)).to_be_visible()
    expect(stage.locator(".panel.formulas")).to_be_hidden()
    page.wait_for_url("**detail=words**")
    assert "fade=all" in page.url
    page.reload()
    expect(panel(page)).to_contain_text("Predict z of Layer 1 unit 1")
    expect(stage.locator(".matrices")).to_be_hidden()
    assert unit(stage, 0).get_attribute("data-value") == "?"


def test_playing_pauses_where_something_is_to_be_predicted(page):
    stage = opened(page, State(seed=3, cursor=Cursor(step="dW2"), view=View("last")))
    stop_time(page)
    page.keyboard.press(" ")
    page.clock.run_for(250 + 1200)
    expect(stage).to_have_attribute("data-symbol", "delta")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.clock.run_for(10_000)
    rested(page, "delta1")
    assert shown(stage)["symbol"] == "delta"


def test_for_a_room_the_clicker_shows_what_is_blank_before_it_goes_on(page):
    view = View("last", presenter=True)
    stage = opened(page, State(seed=3, cursor=Cursor(iteration=2, step="db2"), view=view))
    page.keyboard.press("PageDown")
    expect(unit(stage, 0)).to_have_attribute("data-value", "?")
    page.keyboard.press("PageDown")
    expect(unit(stage, 0)).to_have_attribute("data-value", str(float(TRACE.delta[1][0, 0])))
    assert shown(stage)["symbol"] == "delta"
    page.keyboard.press("PageDown")
    expect(stage).to_have_attribute("data-symbol", "dW")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_nothing_jumps_from_step_to_step_with_blanks(page, viewport):
    stage = opened(page, State(seed=3, view=View("layer")))
    places = set()
    for _ in range(15):
        places.add(str(stage.evaluate("""root => [...root.querySelectorAll(
            ".panel, .matrices, .diagram")].map(node => Math.round(node.offsetHeight))""")))
        page.keyboard.press("ArrowRight")
    assert len(places) == 1
