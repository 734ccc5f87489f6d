"""The journey in a real browser: the slider, the link and the stage are one cursor."""

import re

from playwright.sync_api import expect

from engine.spec import Cursor, Experiment, State
from tests.browser.test_data import give
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


RINGS = "x,y,kind\n" + "".join(
    f"{round(r * c, 2)},{round(r * s, 2)},{kind}\n"
    for r, kind in ((1, "in"), (2, "out"))
    for c, s in ((1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1),
                 (0.7, -0.7)))


def picture(journey) -> dict[str, str | None]:
    """What is drawn: the charts' lines and points, the boundary and the words of each drawing."""
    return journey.evaluate("""(root) => Object.fromEntries([
      ...[...root.querySelectorAll("path.line, circle.dot, path.border")].map(
        (node, k) => [k + node.getAttribute("class"),
                      node.getAttribute("d") ?? node.getAttribute("cy")]),
      ...[...root.querySelectorAll("svg[role=img]")].map(
        (node) => [node.dataset.testid, node.getAttribute("aria-label")])])""")


def test_own_data_is_trained_travelled_forked_compared_and_found_again_by_its_link(page):
    page.goto("/data")
    expect(page.get_by_text("XOR: 4 samples")).to_be_visible()
    give(page, RINGS, "rings.csv")
    expect(page.get_by_text("rings.csv: 16 samples")).to_be_visible()
    page.get_by_role("link", name="Train", exact=True).click()
    journey = page.get_by_test_id("journey")
    expect(journey).to_be_visible()
    slider = page.get_by_role("slider", name="Iteration")
    slider.fill("60")
    expect(journey).to_have_attribute("data-shown", "60")

    atlas = page.get_by_test_id("atlas")
    atlas.scroll_into_view_if_needed()
    box = atlas.bounding_box()
    atlas.click(position={"x": box["width"] / 2, "y": 58 + 19})  # the upper row: the last layer
    expect(journey).to_have_attribute("data-shown", re.compile(r"^[789]\d$"))
    there = journey.get_attribute("data-shown")
    stage = page.get_by_test_id("stage").first
    expect(stage).to_have_attribute("data-iteration", there)
    expect(stage).to_have_attribute("data-step", "5")  # δ of the last layer

    page.get_by_role("button", name=f"Fork at iteration {there}").click()
    sentence = (f"From iteration {there} on, this run has the learning rate 0.05; run 2 keeps 0.5. "
                "Nothing else differs.")
    expect(page.get_by_text(sentence)).to_be_visible()
    both = page.get_by_test_id("stage")
    expect(both).to_have_count(2)
    expect(journey.get_by_text("run 2 train").first).to_be_visible()

    both.first.get_by_role("button", name="Next step").click()
    for one in (both.first, both.last):
        expect(one).to_have_attribute("data-step", "6")
    slider.fill("199")
    for one in (both.first, both.last):
        expect(one).to_have_attribute("data-iteration", "199")
    expect(page).to_have_url(re.compile(r"iteration=199\b.*with1\."))
    expect(page.get_by_test_id("picture")).to_have_attribute("data-exact", "true")
    before = picture(journey)
    page.reload()
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_test_id("picture")).to_have_attribute("data-exact", "true")
    assert picture(journey) == before
