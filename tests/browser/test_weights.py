"""Weights typed into the real grid: on the stage at once, in the link, and undone."""

import re
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page, expect

from engine.experiment import forms
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import State
from engine.training.typed_weights import rows_of, written
from tests.browser.conftest import at_rest
from tests.browser.test_stage import address, edge_value

STATE = State(Experiment(hidden=(Layer(2, "tanh"),)), 3)
ROWS = rows_of(STATE.experiment, 3, 1)


def parameters(url: str) -> tuple[float, ...]:
    query = dict(parse_qsl(urlsplit(url).query))
    return forms.unpacked(query.get("parameters", ""))


def become(page: Page, *first: float) -> None:
    """Waits until the first parameters in the address are these; without any, until it has none."""
    page.wait_for_url(lambda url: parameters(url)[: len(first) or None] == first)


def cell(page: Page, column: int, row: int) -> Locator:
    """A cell of the first grid; it has one as soon as it has measured and drawn itself."""
    return page.get_by_test_id("stDataFrame").first.get_by_test_id(f"glide-cell-{column}-{row}")


def typed(page: Page, column: int, row: int, text: str) -> None:
    """Types into a cell of the first grid, as its canvas shows it."""
    at_rest(page)
    expect(cell(page, column, row)).to_be_attached()
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + (column + 0.5) * box["width"] / 4, box["y"] + 35 * (row + 1.5))
    expect(cell(page, column, row)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")  # opens the cell
    page.locator("input.gdg-input").fill(text)
    page.keyboard.press("Enter")
    expect(cell(page, column, row)).to_have_text(text)


def ready(page: Page) -> None:
    page.goto(address(STATE, "/weights"))
    expect(page.get_by_test_id("stDataFrame")).to_have_count(2)


def on_the_stage(page: Page, to: int, source: int) -> float:
    page.get_by_role("link", name="Step", exact=True).click()
    stage = page.get_by_test_id("stage")
    expect(stage).to_be_visible()
    return edge_value(stage, 1, to, source)


def test_a_weight_that_is_typed_is_on_the_stage_and_in_the_link(page):
    ready(page)
    typed(page, 1, 0, "0.25")
    become(page, 0.25, ROWS[0][1], ROWS[1][0])
    typed(page, 2, 1, "-1.5")
    become(page, 0.25, ROWS[0][1], ROWS[1][0], -1.5)
    page.reload()
    assert on_the_stage(page, 0, 0) == 0.25
    assert edge_value(page.get_by_test_id("stage"), 1, 1, 1) == -1.5


def test_undo_brings_the_drawn_weight_back_into_the_grid(page):
    ready(page)
    typed(page, 1, 0, "0.25")
    become(page, 0.25)
    page.get_by_role("button", name="Undo").click()
    become(page)
    expect(cell(page, 1, 0)).to_have_text(str(ROWS[0][0]))
    typed(page, 1, 1, "2")
    become(page, ROWS[0][0], ROWS[0][1], 2)


def test_a_pasted_table_is_taken_and_words_in_it_get_a_sentence_and_stay(page):
    ready(page)
    page.get_by_text("As text, to copy or to paste").first.click()
    area = page.get_by_role("textbox", name="Rows are units").first
    expect(area).to_have_value(written(ROWS))
    area.fill("1\t2\t3\n4\tfive\t6")
    area.press("Control+Enter")
    expect(page.get_by_text("row 2, column 2 must be a finite number (got five)")).to_be_visible()
    expect(area).to_have_value("1\t2\t3\n4\tfive\t6")
    area.fill("1\t2\t3\n4\t5\t6")
    area.press("Control+Enter")
    become(page, 1, 2, 4, 5, 3, 6)


def test_what_is_frozen_is_not_updated(page):
    page.goto(address(STATE, "/weights"))
    page.get_by_role("combobox", name="Frozen on this page").click()
    page.get_by_role("option", name="W1").click()
    expect(page).to_have_url(re.compile(r"frozen=W1"))
