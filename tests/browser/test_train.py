"""The journey in a real browser: the slider, the link and the stage are one cursor."""

import re

from playwright.sync_api import expect

from engine.spec import Cursor, Experiment, State
from tests.browser.test_stage import address

STATE = State(Experiment(data="moons"), 1, Cursor(iteration=12))


def test_the_slider_moves_the_link_and_the_stage_and_a_reload_finds_the_same(page):
    page.goto(address(STATE, "/train"))
    stage = page.get_by_test_id("stage")
    expect(stage).to_have_attribute("data-iteration", "12")
    slider = page.get_by_role("slider").first
    expect(slider).to_have_value("12")
    slider.fill("37")
    expect(page.get_by_text("Iteration 37 of 199").first).to_be_visible()
    expect(stage).to_have_attribute("data-iteration", "37")
    expect(page).to_have_url(re.compile(r"iteration=37\b"))
    page.reload()
    expect(stage).to_have_attribute("data-iteration", "37")
    expect(slider).to_have_value("37")
