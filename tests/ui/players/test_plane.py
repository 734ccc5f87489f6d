"""What comes back from the plane is points or nothing; what travels to it is what it needs."""

import json
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from figures import style
from ui.players.plane import MOST, REACH, read

COORDINATES = some.floats(-REACH, REACH)
POINTS = some.lists(some.tuples(COORDINATES, COORDINATES, some.integers(0, 3)), max_size=MOST)
ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=3),
    lambda deeper: some.lists(deeper, max_size=4) | some.dictionaries(some.text(), deeper),
    max_leaves=20,
)


@given(POINTS)
def test_points_come_back_rounded_to_two_decimals_and_stay_as_they_are_after_that(points):
    back = read(json.loads(json.dumps(points)), 4)
    for (x, y, c), (rounded_x, rounded_y, same) in zip(points, back, strict=True):
        assert (rounded_x, rounded_y, same) == (round(x, 2), round(y, 2), c)
    assert read(back, 4) == back
    assert "-0.0," not in repr(back)


@given(ANYTHING)
def test_whatever_else_comes_back_is_points_or_nothing(value):
    points = read(value, 2)
    assert points is None or all(
        abs(x) <= REACH and abs(y) <= REACH and c in (0, 1) for x, y, c in points)


@pytest.mark.parametrize("value", [
    None, {}, "", "[]", 3, [3], [[0, 0]], [[0, 0, 0, 0]], ["000"], [{"x": 1}], [[0, 0, 2]],
    [[0, 0, -1]], [[0, 0, 0.0]], [[0, 0, True]], [[0, False, 0]], [["0", 0, 0]], [[nan, 0, 0]],
    [[0, inf, 0]], [[1.51, 0, 0]], [[0, -1.51, 0]], [[10**400, 0, 0]], [[0, 0, 0]] * (MOST + 1),
    [[0, 0, 0], None],
])
def test_what_is_not_points_is_nothing(value):
    assert read(value, 2) is None


def test_as_many_points_as_a_link_carries_may_be_drawn():
    assert len(read([[REACH, -REACH, 1]] * MOST, 2)) == MOST


def drawing() -> AppTest:
    def page():
        import streamlit as st

        from ui.players.plane import plane
        plane(((0.25, -1.0, 0), (1.5, 0.5, 1)), ("A", "B"), lambda points: None, axes=("u", "v"))
        st.text("whole")

    return AppTest.from_function(page, default_timeout=20)


def sent(app: AppTest) -> dict:
    return json.loads(app.get("bidi_component")[0].proto.json)


def test_the_points_their_classes_and_the_limits_travel():
    data = sent(drawing().run())
    assert data == {
        "points": [[0.25, -1.0, 0], [1.5, 0.5, 1]], "labels": ["A", "B"], "axes": ["u", "v"],
        "markers": list(style.MARKERS), "limit": MOST, "reach": REACH, "turn": 0,
    }


@pytest.mark.parametrize(("said", "turn"), [
    ({"drawn": {"turn": 7, "points": []}}, 7), ({"drawn": None}, 0), ({"drawn": 3}, 0),
    ({"drawn": {"turn": "7"}}, 0), ({}, 0), (None, 0),
])
def test_the_last_turn_that_was_heard_travels_back_whatever_was_said(said, turn):
    app = drawing()
    app.session_state["plane"] = said
    app.run()
    assert not app.exception
    assert sent(app)["turn"] == turn
