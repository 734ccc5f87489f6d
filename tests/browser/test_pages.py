"""Every page on a server that nobody has visited yet, at every width, in light and in dark."""

import pytest
from playwright.sync_api import expect

from engine.experiment.limits import MAX_WIDTH
from tests.browser.conftest import at_rest, looks, never_scrolls_sideways
from ui.frame import PAGES

PATHS = ["/", *(f"/{file.stem.partition('_')[2]}" for file in sorted(PAGES.glob("*.py"))[1:])]


@pytest.mark.parametrize("path", ["/", "/train", "/teachers"])  # the others: tests/ui/test_pages.py
def test_a_link_to_a_page_opens_it_on_a_cold_server(page, cold_server, path):
    page.goto(f"{cold_server}{path}?data=iris&hidden=5relu&seed=3")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    control = lambda name: page.get_by_role(
        "spinbutton", name=name, exact=True, include_hidden=True)  # lessons fold the sidebar
    expect(control("Seed")).to_have_value("3")
    expect(control(f"Units (1 to {MAX_WIDTH})")).to_have_value("5")
    at_rest(page)
    page.goto("about:blank")


def test_the_examples_never_scroll_sideways_and_open_on_the_stage(page):
    page.goto("/examples")
    page.get_by_role("button", name="Open Mazur, 2-2-2 on the stage").click()
    stage = page.get_by_test_id("stage")
    expect(stage.get_by_test_id("unit")).to_have_count(6)
    page.go_back()
    expect(page.get_by_role("heading", name="Worked examples, recomputed")).to_be_visible()
    for look in looks(page):
        assert never_scrolls_sideways(page), look


def test_back_from_another_page_finds_the_state_again(page):
    page.goto("/?seed=5&step=C")
    stage = page.get_by_test_id("stage")
    expect(stage).to_have_attribute("data-symbol", "C")
    page.get_by_role("link", name="Worked examples").click()
    expect(page.get_by_role("heading", name="Worked examples, recomputed")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("5")
    page.wait_for_url("**/examples?**")
    page.go_back()
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("5")
    page.go_back()
    expect(stage).to_have_attribute("data-symbol", "C")
