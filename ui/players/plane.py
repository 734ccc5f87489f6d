"""The plane on a page: users draw a small data set by clicking points onto it.

The state is the cause. The player is given the points, and gives the whole list back when a point
was added, moved or removed. It counts its turns; Python repeats the last number that it has heard,
so that the player can tell an answer to what it said earlier from a wish of Python's own.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from engine.experiment.link_fields import MAX_NUMBERS
from figures import style
from ui.players import code

MOST = MAX_NUMBERS // 3  # points (x, y, class): they all travel in the link
REACH = 1.5  # of both axes, to either side
PLAYER = code.component("plane")

Point = tuple[float, float, int]


def plane(
    points: tuple[Point, ...], labels: tuple[str, ...], change: Callable[[tuple], None], *,
    axes: tuple[str, str] = ("x1", "x2"), key: str = "plane",
) -> None:
    """Shows points (x, y, class), and calls `change` with all of them when the user has drawn.

    `labels` names two to four classes; none stands for a regression, with points (x, y, 0).
    """
    def take() -> None:
        drawn = read(heard(key).get("points"), max(1, len(labels)))
        if drawn is not None:
            change(drawn)

    data = {
        "points": [list(point) for point in points], "turn": turn(key), "labels": list(labels),
        "axes": list(axes), "markers": list(style.MARKERS), "limit": MOST, "reach": REACH,
    }
    PLAYER(key=key, data=data, on_drawn_change=take)


def heard(key: str) -> Mapping[str, Any]:
    """What the player said last."""
    said = (st.session_state.get(key) or {}).get("drawn")
    return said if isinstance(said, Mapping) else {}


def turn(key: str) -> int:
    number = heard(key).get("turn")
    return number if isinstance(number, int) else 0


def read(value: object, classes: int) -> tuple[Point, ...] | None:
    """Points as the player sends them, rounded to two decimals; None if that is not what they are.

    Each is [x, y, class], both coordinates from -REACH to REACH, the class below `classes`.
    """
    if not isinstance(value, list | tuple) or len(value) > MOST:
        return None
    if not all(is_point(point, classes) for point in value):
        return None
    return tuple((round(x, 2) + 0.0, round(y, 2) + 0.0, c) for x, y, c in value)  # never -0.0


def is_point(value: object, classes: int) -> bool:
    if not isinstance(value, list | tuple) or len(value) != 3:
        return False
    *place, c = value
    return all(map(is_coordinate, place)) and type(c) is int and 0 <= c < classes


def is_coordinate(value: object) -> bool:
    return type(value) in (int, float) and abs(value) <= REACH  # nan is not either
