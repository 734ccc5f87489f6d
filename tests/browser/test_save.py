"""Everything is saved and opened again; every form of the step can be taken away."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.data.table_text import read_table
from engine.data.user_data import suggested
from engine.experiment import savefile
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import Cursor, State
from engine.training.run import train
from figures.exports.exports import EXPORTS
from tests.browser.conftest import PHONE, never_scrolls_sideways
from tests.browser.test_stage import address, opened, rested, shown, unit_value

FLOWERS = "length,width,kind\n" + "".join(
    f"{i / 7},{i % 9},{'ab'[i * i % 3 // 2]}\n" for i in range(120))
STATE = State(Experiment(data=suggested(read_table(FLOWERS, "flowers.csv")), hidden=(
    Layer(3, "relu"), Layer(2, "tanh")), learning_rate=0.3), 4, Cursor(5, 7, "delta2", (1, 2)))


def taken(page: Page, name: str, nth: int = 0) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).nth(nth).click()
    return download.value.path().read_text("utf-8-sig")


def give(page: Page, text: str, name: str = "saved.json") -> None:
    page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": text.encode()})


def test_a_saved_file_brings_everything_back_in_a_new_session(page, browser: Browser, server):
    page.goto("/save")
    give(page, savefile.saved(STATE))
    expect(page.get_by_text("too large for a link")).to_be_visible()
    saved = taken(page, "Save the file")
    assert savefile.opened(saved) == (STATE, [])
    other = browser.new_context(base_url=server)
    visitor = other.new_page()
    visitor.goto("/save")
    give(visitor, saved)
    expect(visitor.get_by_text("Iteration 5, to take away")).to_be_visible()
    visitor.get_by_role("link", name="Step", exact=True).click()
    stage = visitor.get_by_test_id("stage")
    expect(stage).to_have_attribute("data-symbol", "delta")
    assert shown(stage)["iteration"] == "5"
    assert unit_value(stage, 2, 1) == train(STATE.experiment, 4).trace(5).delta[2][1, 7]
    other.close()


BROKEN = [
    ('{"backstep": 1, "state"', "the file must be whole JSON"),
    ('{"backstep": 99, "state": {}}', "backstep must be 1, the version of files here (got 99)"),
    ('{"backstep": NaN}', "the file must hold finite numbers (got NaN)"),
    ("[" * 50_000, "the file must be one that Backstep saved"),
]


def test_a_broken_file_gets_a_sentence_and_changes_nothing(page):
    page.goto(address(State(seed=3), "/save"))
    expect(page.get_by_role("button", name="Save the file")).to_be_visible()
    for text, sentence in BROKEN:
        give(page, text)
        expect(page.get_by_text(sentence)).to_be_visible()
        assert json.loads(taken(page, "Save the file"))["state"]["seed"] == "3"


def test_every_form_is_what_it_says(page):
    page.goto(address(State(cursor=Cursor(iteration=2)), "/save"))
    expect(page.get_by_text("Iteration 2, to take away")).to_be_visible()
    buttons = page.get_by_role("button", name="Download", exact=True)
    expect(buttons).to_have_count(len(EXPORTS) + 1)
    signs = {"notebook": '"nbformat": 4', "numpy": "import numpy", "torch": "import torch",
             "csv": "quantity,", "sheet": "\t", "walk": "<!doctype html>"}
    assert signs.keys() == EXPORTS.keys()
    for nth, name in enumerate(EXPORTS):
        text = taken(page, "Download", nth)
        assert signs[name].lower() in text.lower(), name
    assert taken(page, "Download", len(EXPORTS)).startswith("iteration,layer,")


@pytest.mark.parametrize("viewport", [PHONE])
def test_the_page_fits_a_phone(page):
    page.goto("/save")
    expect(page.get_by_role("button", name="Download").first).to_be_visible()
    assert never_scrolls_sideways(page)


def test_a_network_is_built_saved_and_found_again_by_link_and_by_file(page):
    stage = opened(page)
    page.get_by_role("button", name=re.compile("One unit more in layer 1")).click()
    expect(stage.locator("[data-testid=unit][data-layer='1']")).to_have_count(5)
    page.keyboard.press("Enter")  # the + has the focus still
    expect(stage.locator("[data-testid=unit][data-layer='1']")).to_have_count(6)
    page.get_by_role("button", name="Next step", exact=True).click()
    rested(page, "a1")
    before = unit_value(stage, 1, 5)
    page.reload()
    expect(stage.locator("[data-testid=unit][data-layer='1']")).to_have_count(6)
    assert unit_value(stage, 1, 5) == before
