"""The plane in a real Chromium: every way of drawing, and nothing drawn is ever lost.

A test opens the page of the data with `opened`, and learns what Python knows from `known`.
"""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.data.drawing import Drawing, drawn
from engine.experiment import link
from engine.experiment.experiment import Experiment, suited
from engine.experiment.state import State
from tests.browser.conftest import DESKTOP, PHONE, frames, looks, never_scrolls_sideways, stop_time
from ui.players.plane import MOST

SLOW_NETWORK = """const add = WebSocket.prototype.addEventListener;
WebSocket.prototype.addEventListener = function (kind, hear, ...more) {
    const late = (event) => setTimeout(() => hear(event), 300);
    return add.call(this, kind, kind === "message" ? late : hear, ...more);
};"""
KNOWN = """([{ plane: { data, turn } }, points]) =>
    data.turn === turn && JSON.stringify(data.points) === JSON.stringify(points)"""
NOT_DRAWN = {"data": "mazur", "loss": "half_sum"}


def opened(
    page: Page, what: str = "4 classes", count: int = 0, labels: tuple[str, str] = ("A", "B")
) -> Locator:
    """A plane with no point, or with so many in a row, the last one of the second class."""
    points = tuple((round(-1.4 + 0.04 * k, 2), -1.0, int(k == count - 1)) for k in range(count))
    start = NOT_DRAWN if not count else link.write(
        State(Experiment(**suited(drawn(Drawing(points, labels))))))
    page.goto(f"/data?{urlencode(start)}")
    page.get_by_role("radio", name="Draw").click()
    plane = page.get_by_test_id("plane")
    expect(plane).to_have_attribute("data-count", str(count))
    page.get_by_role("radio", name=what).click()
    tools = {"a curve": 2}.get(what) or int(what[0]) + 1
    expect(plane.get_by_role("radio")).to_have_count(tools)
    return plane


def known(page: Page) -> tuple:
    """The points that Python has: those that it sent last."""
    points = page.get_by_test_id("plane").evaluate("plane => plane.plane.data.points")
    return tuple(map(tuple, points))


def learnt(page: Page, *points: tuple) -> None:
    """Python has these points in the end, and the plane shows them."""
    plane = page.get_by_test_id("plane")
    page.wait_for_function(KNOWN, arg=[plane.element_handle(), points])
    assert shown(plane) == known(page) == points


def shown(plane: Locator) -> tuple:
    values = plane.get_by_test_id("point").evaluate_all(
        "marks => marks.map(({dataset: {x, y, class: c}}) => [Number(x), Number(y), Number(c)])")
    return tuple(map(tuple, values))


def sheet(plane: Locator) -> Locator:
    return plane.get_by_role("application")


def place(plane: Locator, x: float, y: float) -> tuple[float, float]:
    """Where a place of the plane is on the screen, by the grid's own rectangle."""
    box = plane.locator(".grid rect").bounding_box()
    return (box["x"] + box["width"] * (x + 1.5) / 3, box["y"] + box["height"] * (1.5 - y) / 3)


def click(plane: Locator, x: float, y: float) -> None:
    plane.page.mouse.click(*place(plane, x, y))


def drag(plane: Locator, *places: tuple[float, float]) -> None:
    mouse = plane.page.mouse
    mouse.move(*place(plane, *places[0]))
    mouse.down()
    for to in places[1:]:
        mouse.move(*place(plane, *to), steps=4)
    mouse.up()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def scrolled(page: Page) -> float:
    return page.evaluate(
        "Math.max(...[...document.querySelectorAll('*')].map(node => node.scrollTop))")


def leave(page: Page) -> None:
    page.mouse.move(5, 5)


def near(points: tuple, *others: tuple) -> None:
    """A click has the exactness of a pixel."""
    assert [c for *_, c in points] == [c for *_, c in others]
    for (x, y, _), (u, v, _) in zip(points, others, strict=True):
        assert (x, y) == pytest.approx((u, v), abs=0.011)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_click_adds_a_point_of_the_chosen_class_where_it_was(page):
    plane = opened(page)
    click(plane, -1.25, 0.75)
    plane.get_by_role("radio", name="C").check()
    click(plane, 0.5, -1.5)
    press(page, "2")
    expect(plane.get_by_role("radio", name="B")).to_be_checked()
    click(plane, 1.5, 1.5)
    leave(page)
    near(shown(plane), (-1.25, 0.75, 0), (0.5, -1.5, 2), (1.5, 1.5, 1))
    learnt(page, *shown(plane))


def test_python_hears_of_it_after_a_rest_and_at_once_when_the_pointer_leaves(page):
    plane = opened(page)
    stop_time(page)
    sent = "plane => plane.plane.turn"
    click(plane, 0, 0)
    page.clock.run_for(140)
    assert plane.evaluate(sent) == 0
    page.clock.run_for(20)
    assert plane.evaluate(sent) == 1
    click(plane, 1, 1)
    leave(page)
    assert plane.evaluate(sent) == 2
    press(page, "ArrowLeft", "Enter", "Tab")
    assert plane.evaluate(sent) == 2
    plane.locator("summary").evaluate("node => node.blur()")
    assert plane.evaluate(sent) == 3


def test_a_drag_moves_the_point_and_stays_inside(page):
    plane = opened(page)
    click(plane, 0, 0)
    drag(plane, (0, 0), (0.5, 0.5), (-1, 0.25))
    leave(page)
    near(shown(plane), (-1, 0.25, 0))
    learnt(page, *shown(plane))
    drag(plane, (-1, 0.25), (-1.9, 1.9))
    leave(page)
    learnt(page, (-1.5, 1.5, 0))


def test_half_of_a_drag_is_never_told(page):
    plane, mouse = opened(page, count=2), page.mouse
    told = "plane => plane.plane.turn"
    stop_time(page)
    mouse.move(*place(plane, -1.4, -1))
    mouse.down()
    mouse.move(*place(plane, 0, 0), steps=3)
    page.clock.run_for(10_000)
    assert plane.evaluate(told) == 0
    mouse.move(700, 5)
    page.clock.run_for(10_000)
    assert plane.evaluate(told) == 0
    mouse.up()
    page.clock.run_for(10_000)
    assert plane.evaluate(told) == 1
    learnt(page, *shown(plane))


def test_a_click_on_a_point_chooses_it_and_delete_removes_it(page):
    plane = opened(page)
    for x in (-1, 0, 1):
        click(plane, x, 0.5)
    click(plane, 0, 0.5)
    expect(plane.get_by_role("status")).to_have_text(re.compile(r"^A at x1 −?0\.0\d, x2 0\.5"))
    press(page, "Delete")
    expect(plane).to_have_attribute("data-count", "2")
    near(shown(plane), (-1, 0.5, 0), (1, 0.5, 0))
    press(page, "Delete")
    expect(plane.get_by_role("status")).to_have_text("There is no point here.")
    click(plane, 1, 0.5)
    press(page, "Backspace")
    near(shown(plane), (-1, 0.5, 0))


def test_in_erase_mode_a_click_removes_a_point_and_nothing_is_added_or_moved(page):
    plane = opened(page)
    click(plane, 0, 0)
    click(plane, 1, 1)
    plane.get_by_role("radio", name="Erase").check()
    click(plane, -1, -1)
    drag(plane, (1, 1), (0.5, 0.5))
    expect(plane).to_have_attribute("data-count", "2")
    click(plane, 0, 0)
    near(shown(plane), (1, 1, 0))
    sheet(plane).focus()
    press(page, "Enter")
    expect(plane.get_by_role("status")).to_have_text("There is no point here.")


def test_clear_removes_all(page):
    plane = opened(page, count=5)
    clear = plane.get_by_role("button", name="Clear")
    clear.click()
    learnt(page)
    expect(clear).to_have_attribute("aria-disabled", "true")
    expect(plane.get_by_role("status")).to_have_text("All points removed.")


@pytest.mark.parametrize("viewport", [(1024, 400)])
def test_keys_alone_draw_and_remove_and_never_scroll_the_page(page):
    plane = opened(page)
    sheet(plane).focus()
    before = scrolled(page)
    press(page, "ArrowRight", "ArrowUp", "Enter", "Shift+ArrowLeft", "3", " ", "Shift+ArrowDown")
    expect(plane.get_by_role("status")).to_have_text("x1 −0.20, x2 −0.20.")
    press(page, "1", "Enter")
    learnt(page, (0.05, 0.05, 0), (-0.2, 0.05, 2), (-0.2, -0.2, 0))
    press(page, "ArrowUp", "Delete")
    learnt(page, (0.05, 0.05, 0), (-0.2, 0.05, 2))
    press(page, *["Shift+ArrowRight"] * 9, *["Shift+ArrowDown"] * 9, "Enter")
    learnt(page, (0.05, 0.05, 0), (-0.2, 0.05, 2), (1.5, -1.5, 0))
    assert scrolled(page) == before
    expect(sheet(plane)).to_be_focused()


def test_a_key_that_is_held_adds_one_point_and_a_place_holds_one(page):
    plane = opened(page)
    sheet(plane).focus()
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(plane.get_by_role("status")).to_have_text("A added at x1 0.00, x2 0.00.")
    press(page, "Enter")
    expect(plane.get_by_role("status")).to_have_text("There is a point here already.")
    learnt(page, (0.0, 0.0, 0))


def test_the_crosshair_is_spoken_with_the_point_that_is_under_it(page):
    plane = opened(page)
    sheet(plane).focus()
    press(page, "2", "Enter")
    expect(plane.get_by_role("status")).to_have_text("B added at x1 0.00, x2 0.00.")
    press(page, "ArrowRight")
    expect(plane.get_by_role("status")).to_have_text("x1 0.05, x2 0.00: B here.")
    press(page, "ArrowRight", "ArrowRight")
    expect(plane.get_by_role("status")).to_have_text("x1 0.15, x2 0.00.")


def test_at_the_limit_adding_is_refused_with_a_sentence(page):
    plane = opened(page, count=MOST - 1)
    click(plane, 0, 0.5)
    expect(plane).to_have_attribute("data-count", str(MOST))
    click(plane, 0.5, 0.5)
    expect(plane.get_by_role("status")).to_have_text(
        f"At most {MOST} points: remove one to add another.")
    leave(page)
    learnt(page, *shown(plane))
    assert len(known(page)) == MOST


def test_the_table_has_every_point_and_removes_them_from_the_keyboard(page):
    plane = opened(page, count=3)
    plane.locator("summary").click()
    rows = plane.locator("tbody tr")
    expect(rows).to_have_count(3)
    assert rows.nth(1).inner_text().split() == ["2", "A", "−1.36", "−1.00", "Remove"]
    plane.get_by_role("button", name="Remove point 2").press("Enter")
    learnt(page, (-1.4, -1.0, 0), (-1.32, -1.0, 1))
    expect(plane.get_by_role("button", name="Remove point 2")).to_be_focused()
    press(page, "Enter")
    expect(plane.get_by_role("button", name="Remove point 1")).to_be_focused()
    press(page, "Enter")
    learnt(page)
    expect(plane.locator("summary")).to_be_focused()


def test_an_undo_outside_shows_what_was_there_and_drawing_goes_on(page):
    plane, start = opened(page, count=2), ((-1.4, -1.0, 0), (-1.36, -1.0, 1))
    sheet(plane).focus()
    press(page, "Enter")
    learnt(page, *start, (0.0, 0.0, 0))
    press(page, "ArrowUp", "ArrowUp", "ArrowUp", "Enter")
    learnt(page, *start, (0.0, 0.0, 0), (0.0, 0.15, 0))
    for count in (3, 2):
        page.get_by_role("button", name="Undo").click()
        expect(plane).to_have_attribute("data-count", str(count))
    sheet(plane).focus()
    press(page, "Enter")
    learnt(page, *start, (0.0, 0.15, 0))


def test_what_python_refuses_is_taken_back(page):
    plane = opened(page, count=2)
    plane.evaluate("root => { root.plane.data.reach = 9; root.plane.cross = [5, 5]; }")
    sheet(plane).focus()
    stop_time(page)
    press(page, "Enter")
    expect(plane).to_have_attribute("data-count", "3")
    page.clock.resume()
    expect(plane).to_have_attribute("data-count", "2")


def test_an_answer_redraws_nothing_and_takes_nothing_away_that_was_drawn_meanwhile(page):
    page.add_init_script(SLOW_NETWORK)
    plane = opened(page)
    plane.evaluate("""plane => {
        window.redrawn = 0;
        new MutationObserver((list) => { window.redrawn += list.length; }).observe(plane,
            {subtree: true, childList: true, attributes: true, characterData: true});
    }""")
    sheet(plane).focus()
    points = []
    for k in range(20):
        press(page, "ArrowRight", "ArrowRight", "Enter")
        points.append((round(0.1 * (k + 1), 2), 0.0, 0))
        assert len(shown(plane)) == min(k + 1, 15)
        frames(page, (0, 5, 10, 13)[k % 4])
    learnt(page, *points[:15])
    drawn = page.evaluate("window.redrawn")
    stop_time(page)
    press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowDown", "ArrowDown")
    page.clock.run_for(1000)  # in which the place is spoken
    page.evaluate("window.redrawn = 0")
    press(page, "Enter")
    page.clock.run_for(30)
    at_once = page.evaluate("window.redrawn")
    page.clock.resume()
    learnt(page, *points[:15], (1.35, -0.15, 0))
    frames(page)
    assert drawn > 0 < at_once == page.evaluate("window.redrawn")
    expect(sheet(plane)).to_be_focused()


def test_without_classes_the_points_are_a_regression(page):
    plane = opened(page, "a curve")
    expect(plane.get_by_role("radio")).to_have_count(2)
    sheet(plane).focus()
    press(page, "2", "ArrowRight", "Enter")
    expect(plane.get_by_role("status")).to_have_text("Point added at x 0.05, y 0.00.")
    learnt(page, (0.05, 0.0, 0))
    plane.locator("summary").click()
    assert plane.locator("thead").inner_text().split() == ["Point", "x", "y"]


def test_each_class_has_a_marker_of_its_own(page):
    plane = opened(page)
    for c in range(4):
        press(page, str(c + 1)) if c else None
        click(plane, c / 2 - 1, 0)
    marks = plane.get_by_test_id("point")
    assert len(set(marks.evaluate_all("marks => marks.map(mark => mark.getAttribute('d'))"))) == 4
    assert len(set(marks.evaluate_all("marks => marks.map(m => getComputedStyle(m).fill)"))) == 4


@pytest.mark.parametrize("viewport", [PHONE])
def test_a_finger_adds_and_moves_points_and_scrolls_the_page_beside_them(page):
    plane = opened(page)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    sheet(plane).scroll_into_view_if_needed()

    def swipe(*places: tuple[float, float]) -> None:
        kinds = ["touchStart", *["touchMove"] * (len(places) - 1)]
        spots = [place(plane, *to) for to in places]
        for kind, (x, y) in zip(kinds, spots, strict=True):
            devtools.send("Input.dispatchTouchEvent",
                          {"type": kind, "touchPoints": [{"x": x, "y": y}]})
            frames(page)
        devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe((0, 0))
    expect(plane).to_have_attribute("data-count", "1")
    before = scrolled(page)
    swipe((0, 0), (0, 0.3), (0, 0.6), (0.05, 1))
    assert scrolled(page) == before
    near(shown(plane), (0.05, 1, 0))
    swipe((-1, 0), (-1, 0.3), (-1, 0.6), (-1, 1), (-1, 1.4))
    expect(plane).to_have_attribute("data-count", "1")
    assert scrolled(page) > before


def test_the_plane_is_square_and_fits_and_follows_the_theme(page):
    plane = opened(page, count=3, labels=(f"{'a long name ' * 6}x", "b"))
    plane.locator("summary").click()
    expect(plane.locator("tbody tr")).to_have_count(3)
    for _, theme in looks(page):
        expect(plane).to_have_attribute("data-theme", theme)
        box = sheet(plane).bounding_box()
        assert box["width"] == pytest.approx(box["height"], abs=1)
        assert 300 < box["width"] <= 480
        assert never_scrolls_sideways(page)
