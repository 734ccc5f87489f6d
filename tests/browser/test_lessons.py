"""The lessons in a real Chromium: with the keyboard only, on a phone, in light and in dark."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.state import Place
from figures.lessons.places import filled, lessons, moment_of
from tests.browser.conftest import PHONE, at_rest, looks, never_scrolls_sideways
from tests.browser.test_accessibility import COLOURS, offences, settled
from tests.figures.lessons.test_places import part_at, run_at


def opened(page: Page, place: Place) -> None:
    page.goto(f"/learn?lesson={place.lesson}&part={place.part}")
    expect(heading(page)).to_have_text(part_at(place).title)


def heading(page: Page) -> Locator:
    return page.get_by_test_id("part")


def tab_to(page: Page, name: str, role: str = "button") -> None:
    """Press Tab until a control has the focus, as somebody without a mouse does."""
    wanted = page.get_by_role(role, name=name, exact=True)
    expect(wanted).to_be_visible()
    for _ in range(150):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {name}")


def plain(text: str) -> str:
    """The words of a sentence before its first formula or emphasis."""
    return re.split(r"[$*]", text)[0].strip()


@pytest.mark.parametrize("viewport", [PHONE])
def test_a_lesson_is_walked_through_with_the_keyboard_only_on_a_phone(page):
    """Every question answered, every part reached, and the heading takes the focus each time."""
    opened(page, Place(1, 1))
    parts = lessons()[0].parts
    for k, part in enumerate(parts, 1):
        place = Place(1, k)
        expect(heading(page)).to_have_text(part.title)
        for q in part.questions:
            if q.wanted:
                tab_to(page, "Your prediction", "textbox")
                page.keyboard.type("0.75")
                page.keyboard.press("Enter")
                expect(page.get_by_text("Right:", exact=False).first).to_be_visible()
            else:
                right = next(choice for choice in q.choices if choice.right)
                tab_to(page, plain(filled(right.text, *run_at(place))))
                page.keyboard.press("Enter")
                said = plain(filled(right.says, *run_at(place)))
                expect(page.get_by_text(said, exact=False)).to_be_visible()
        assert never_scrolls_sideways(page)
        if k < len(parts):
            page.keyboard.press("Control+Enter")
            expect(heading(page)).to_have_text(parts[k].title)
            expect(heading(page)).to_be_focused()
    expect(page).to_have_url(re.compile(f"lesson=1&part={len(parts)}"))


def test_a_newcomer_finds_the_first_lesson_and_a_network_without_a_click(page):
    page.goto("/")
    expect(heading(page)).to_have_text(part_at(Place(1, 1)).title)
    expect(page.get_by_test_id("stage").get_by_test_id("unit")).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/learn\?.*lesson=1&part=1"))


def test_forward_and_back_again_the_stage_shows_the_moment_of_the_part(page):
    opened(page, Place(5, 3))
    stage, symbol = page.get_by_test_id("stage"), moment_of(Place(5, 3)).cursor.step[:-1]
    expect(stage).to_have_attribute("data-symbol", symbol)
    page.get_by_role("button", name="Next part").click()
    expect(heading(page)).to_have_text(part_at(Place(5, 4)).title)
    page.get_by_role("button", name="Back", exact=True).click()
    expect(heading(page)).to_have_text(part_at(Place(5, 3)).title)
    expect(stage).to_have_attribute("data-symbol", symbol)


def test_guess_and_truth_are_drawn_on_one_line_and_the_chart_comes_when_asked_for(page):
    opened(page, Place(1, 2))
    page.get_by_role("textbox", name="Your prediction").fill("-0.5")
    page.get_by_role("button", name="Compare").click()
    drawn = page.get_by_role("img", name="Your guess −0.5, the network's number 0.75")
    expect(drawn).to_be_visible()
    opened(page, Place(8, 5))
    page.get_by_role("button", name="Show me").click()
    page.get_by_role("button", name=re.compile("Measure now")).click()
    expect(page.get_by_role("figure", name=re.compile("times as long"))).to_be_visible()
    for look in looks(page):
        assert never_scrolls_sideways(page), look


@pytest.mark.parametrize(("place", "answer"), [
    (Place(1, 2), "Show me"), (Place(3, 6), "0, since the neuron is saturated."),
    (Place(9, 3), "Far below a thousandth of the output's."), (Place(7, 8), ""),
])
def test_axe_finds_nothing_in_what_is_said_of_answers_and_tasks(page, place, answer):
    opened(page, place)
    if answer:
        page.get_by_role("button", name=answer).first.click()
    settled(page)
    assert not offences(page, whole=False)
    page.emulate_media(color_scheme="dark")
    at_rest(page)
    assert not offences(page, COLOURS, whole=False)
