"""Presenter mode and the QR code: legible from the back row, led by a clicker, left by a key."""

import re

import pytest
from playwright.sync_api import Locator, expect

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import Cursor, State, View
from tests.browser.conftest import DESKTOP, LAPTOP, at_rest, looks, never_scrolls_sideways
from tests.browser.test_stage import address, rested

ROOM = View(presenter=True)
XOR = State(seed=3, cursor=Cursor(step="delta1"), view=ROOM)
IRIS = State(Experiment(data="iris", hidden=(Layer(7, "relu"), Layer(5, "tanh"))), 1, view=ROOM)
DEEP = State(Experiment(data="spirals", hidden=(Layer(12, "tanh"),) * 6), view=ROOM)
FULL_HD = 1920, 1080

TYPE = """(root) => [...root.querySelectorAll(
    ".unit .number, .bias, .target, .weight, .matrix td, .numbers math, .block td, .block dd")]
  .filter((node) => node.textContent.trim() && node.getClientRects().length)
  .map((node) => {
    const scale = node.ownerSVGElement?.getScreenCTM().a ?? 1;
    return [scale * parseFloat(getComputedStyle(node).fontSize), node.textContent];
  })"""
OVERFLOWING = """(root) => [...root.querySelectorAll(
    ".panel :is(h2, p, .piece), .block, .place, .buttons, .matrix td")]
  .filter((node) => node.getClientRects().length && node.scrollWidth > node.clientWidth + 1
    && getComputedStyle(node).display !== "inline")
  .map((node) => `${node.tagName}.${node.className}: ${node.textContent}`)"""


def in_room(page, state: State) -> Locator:
    """The stage of a link, on a server that may be visited for the first time."""
    page.goto(address(state))
    stage = page.get_by_test_id("stage")
    expect(stage).to_have_attribute("data-step", re.compile(r"\d+"))
    return stage


@pytest.mark.parametrize("viewport", [FULL_HD])
@pytest.mark.parametrize("state", [XOR, IRIS, DEEP], ids=["xor", "iris", "deep"])
def test_every_value_has_at_least_24_pixels_at_full_hd(page, viewport, state):
    stage = in_room(page, state)
    at_rest(page)
    sizes = stage.evaluate(TYPE)
    assert len(sizes) > 10
    assert not [(size, text) for size, text in sizes if size < 24]


@pytest.mark.parametrize("viewport", [FULL_HD])
def test_beside_the_text_of_a_lesson_too(page, viewport):
    page.goto("/learn?lesson=5&part=3&presenter=yes")
    stage = page.get_by_test_id("stage")
    expect(stage).to_have_attribute("data-step", re.compile(r"\d+"))
    at_rest(page)
    assert not [(size, text) for size, text in stage.evaluate(TYPE) if size < 24]


def test_nothing_but_the_page_is_there_and_no_text_overflows(page):
    stage = in_room(page, XOR)
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    for look in looks(page, [FULL_HD, DESKTOP, LAPTOP]):
        for _ in range(8):
            page.keyboard.press("PageDown")
            assert not stage.evaluate(OVERFLOWING), look
            assert never_scrolls_sideways(page), look


def test_a_clicker_steps_and_both_ways_lead_back_to_the_same_moment(page):
    stage = in_room(page, XOR)
    page.keyboard.press("PageDown")
    rested(page, "dW1")
    page.keyboard.press("PageUp")
    rested(page, "delta1")
    page.reload()
    expect(page.get_by_role("button", name="Leave presenter mode")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(stage).to_have_attribute("data-symbol", "delta")
    at_rest(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("3")
    expect(stage).to_have_attribute("data-symbol", "delta")
    at_rest(page)
    page.get_by_role("button", name="Present").click()
    page.get_by_role("button", name="Leave presenter mode").click()
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("3")
    assert "presenter" not in page.url


def test_the_qr_code_is_large_and_its_link_opens_the_same_moment_in_a_seat(page):
    in_room(page, XOR)
    page.get_by_role("button", name="QR code").click()
    dialog = page.get_by_role("dialog")
    code = dialog.get_by_role("img", name="QR code of the link below")
    expect(code).to_be_visible()
    assert code.bounding_box()["height"] >= 0.6 * DESKTOP[1]
    link = dialog.locator("code").inner_text()
    assert link.endswith("/?v=1&data=xor&seed=3&step=delta1")
    page.goto(link)
    expect(page.get_by_test_id("stage")).to_have_attribute("data-symbol", "delta")
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("3")


def test_a_link_that_is_too_long_for_a_code_says_so(page):
    e = Experiment(hidden=(Layer(12, "tanh"),), parameters=tuple(k / 7 for k in range(49)))
    page.goto(address(State(e, view=ROOM)))
    page.get_by_role("button", name="QR code").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Beyond 500 the squares of a QR code are too small")
    expect(dialog.get_by_role("img", name="QR code")).to_have_count(0)
