"""The worksheet on paper: nothing is wider than it, and each sheet and key begins a page."""

import re

import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from figures.exports.worksheet import worksheets

IRIS = PRESETS["iris"].state.experiment
WIDE = Experiment(data="spirals", hidden=(Layer(10, "tanh"),) * 2)
LARGE = Experiment(data="moons", hidden=(Layer(10, "softmax"),) * 6)
CASES = {"xor": Experiment(), "iris": IRIS, "wide": WIDE, "large": LARGE}
PAPER = {"A4": 210, "Letter": 215.9}  # millimetres
MARGINS = 2 * 15
MILLIMETRE = 96 / 25.4  # pixels


@pytest.fixture
def printed(page):
    """Opens the sheets of an experiment, in print, on a page as wide as what is printed on paper.
    """
    def opened(e: Experiment, paper: str, decimals: int):
        width = int((PAPER[paper] - MARGINS) * MILLIMETRE)
        page.set_viewport_size({"width": width, "height": 1000})
        page.emulate_media(media="print")
        page.set_content(worksheets(e, 7, 0, 2, "all", decimals))
        return page

    return opened


@pytest.mark.parametrize("e", CASES.values(), ids=CASES)
def test_nothing_is_wider_than_the_narrower_paper(printed, e):
    page = printed(e, "A4", 4)
    too_wide = page.evaluate("""() => [...document.querySelectorAll("body *")]
        .filter((node) => !node.closest("svg, math"))
        .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
        .map((node) => node.outerHTML.slice(0, 200))""")
    assert not too_wide


@pytest.mark.parametrize("paper", PAPER)
def test_each_sheet_and_each_key_begins_a_page(printed, paper):
    page = printed(Experiment(), paper, 2)
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper)))
    starts = page.evaluate("""() => [...document.querySelectorAll("article")]
        .map((node) => getComputedStyle(node).breakAfter)""")
    assert starts == ["page", "page", "page", "auto"]
    assert pages >= 4
