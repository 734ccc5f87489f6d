"""The journey in a real browser: the slider, the link and the stage are one cursor."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.experiment.experiment import Experiment
from engine.experiment.state import Cursor, State
from engine.training.run import train
from engine.training.scores import costs_and_scores
from figures.style import PALETTE, number
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


FLAT = ("/train?v=1&data=karpathy&hidden=&output=sigmoid&loss=output&learning_rate=1e-16"
        "&iterations=2&seed=1")  # in which a parameter changes by a few units of its last digit


def test_a_run_that_hardly_moves_is_drawn_with_few_marks_on_its_axes(page):
    page.goto(FLAT)
    journey = page.get_by_test_id("journey")
    expect(page.get_by_test_id("chart-parameters")).to_have_attribute(
        "aria-label", re.compile(r"Iteration 0: W\[1\] 1,1 "))
    counts = journey.evaluate("""(root) => [...root.querySelectorAll("svg.plot")].map(
      (plot) => plot.querySelectorAll("text.down").length)""")
    assert counts
    assert max(counts) <= 8


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

    expect(journey.get_by_text("rule:").first).to_be_visible()  # the diagnosis

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


def at_iteration_12(page: Page) -> None:
    """The Train page, once it stands there, however busy the machine is."""
    page.goto(address(STATE, "/train"))
    expect(page.get_by_text("Iteration 12 of 199").first).to_be_visible()


def saved(page: Page, figure: str, kind: str) -> Path:
    """The file that a figure's own menu saves, by keyboard alone."""
    page.get_by_label(f"Save: {figure}").focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name=f"Save as {kind}: {figure}")
    expect(button).to_be_visible()
    button.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    expect(button).to_be_hidden()
    assert download.value.suggested_filename.endswith(f"-iteration-12.{kind.lower()}")
    return download.value.path()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_a_saved_chart_has_its_title_line_and_values_and_is_complete_in_itself(page, color_scheme):
    at_iteration_12(page)
    text = saved(page, "Cost", "SVG").read_text("utf-8")
    assert not re.search(r"var\(| class=| style=|url\((?!#)", text)
    assert {*re.findall(r"https?://[^\"]*", text)} == {"http://www.w3.org/2000/svg"}
    root, name = ElementTree.fromstring(text), "{http://www.w3.org/2000/svg}"
    assert root.find(f"{name}rect").get("fill") == PALETTE[color_scheme]["page"]
    words = [node.text for node in root.iter(f"{name}text")]
    run = train(STATE.experiment, 1)
    cost = costs_and_scores(run, np.array([12]), run.data.x, run.data.y)[0][0]
    assert {"Iteration 12 of 199", "Cost: falls while the network learns", "cost C", "iteration",
            "train", number(cost), "100"} <= {*words}
    assert max(path.get("d", "").count("L") for path in root.iter(f"{name}path")) == 199


@pytest.mark.parametrize("figure", ["Decision boundary", "Gradient atlas"])
def test_a_saved_png_is_twice_the_svg_in_size_and_has_what_lies_under_the_drawing(page, figure):
    at_iteration_12(page)
    root = ElementTree.fromstring(saved(page, figure, "SVG").read_text("utf-8"))
    images = [*root.iter("{http://www.w3.org/2000/svg}image")]
    assert images
    assert all(image.get("href").startswith("data:image/png;base64,") for image in images)
    data = saved(page, figure, "PNG").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    size = [int.from_bytes(data[at:at + 4]) for at in (16, 20)]
    assert size == [2 * int(root.get(name)) for name in ("width", "height")]


def test_the_menu_of_a_figure_moves_nothing_and_closes_with_escape(page):
    at_iteration_12(page)
    head, figure = page.get_by_label("Save: Cost"), page.get_by_test_id("view-cost")
    height = figure.bounding_box()["height"]
    head.focus()
    page.keyboard.press("Enter")
    button = figure.get_by_role("button", name="Save as PNG")
    expect(button).to_be_visible()
    assert figure.bounding_box()["height"] == height
    button.focus()
    page.keyboard.press("Escape")
    expect(button).to_be_hidden()
    expect(head).to_be_focused()
