"""The depth lab in a real Chromium: cold, its sliders, a click on its map, and onto the stage."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment import link
from engine.experiment.cures import Lab
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import State
from tests.browser.conftest import DESKTOP, PHONE, looks, never_scrolls_sideways

SMALL = Experiment(data="noise", hidden=(Layer(16, "tanh"),) * 6, iterations=3)


def opened(page: Page, lab: Lab = Lab(networks=5), e: Experiment = SMALL) -> Locator:  # noqa: B008
    page.goto(f"/depth?{urlencode(link.write(State(e, lab=lab)))}")
    profile = page.locator(".js-plotly-plot").first
    expect(profile.locator(".gtitle")).to_contain_text("The error")
    return profile


def linked(page: Page) -> Experiment:
    query = parse_qs(urlsplit(page.url).query)
    return link.read({name: values[0] for name, values in query.items()})[0].experiment


def test_a_cold_visitor_sees_the_textbook_collapse_and_deepens_it_with_a_slider(page):
    page.goto("/depth")
    title = page.locator(".js-plotly-plot").first.locator(".gtitle")
    expect(title).to_contain_text("The error vanishes")
    slider = page.get_by_role("slider", name=re.compile("Hidden layers"))
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(title).to_contain_text("layer 13")
    page.wait_for_url(re.compile("hidden=30sigmoid[^&]*13&"))


def test_a_click_on_the_map_sets_the_lab_to_that_point(page):
    opened(page, Lab(networks=5, look="sigma"))
    chart = page.locator(".js-plotly-plot").nth(1)
    expect(chart).to_be_visible()
    expect(page.get_by_text("Of 1600 settings")).to_be_visible()
    chart.scroll_into_view_if_needed()
    box = chart.locator(".nsewdrag").bounding_box()
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.5 * box["height"])
    page.wait_for_url(re.compile("initializer=lecun_normal"))
    e = linked(page)
    assert e.bias == "normal"
    assert e.gain == pytest.approx(2.25, abs=0.15)
    assert e.bias_scale == pytest.approx(1, abs=0.1)


def test_the_same_network_opens_on_the_stage(page):
    opened(page)
    page.get_by_role("button", name="Open this network on the stage").click()
    stage = page.get_by_test_id("stage")
    expect(stage).to_be_visible()
    assert linked(page) == SMALL
    expect(stage.get_by_role("group", name="Layers").get_by_role("button")).to_have_count(8)


@pytest.mark.parametrize("look", ["spread", "chart", "race"])
def test_the_page_never_scrolls_sideways(page, look):
    opened(page, Lab(networks=5, look=look))
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    for seen in looks(page, [DESKTOP, PHONE]):
        assert never_scrolls_sideways(page), seen
