"""Drawn data: points on a plane as own data, and own data as points where that can be drawn.

    x1, x2, class      points of two to four classes
    x, y               points of a curve: one number that follows from another
"""

from typing import NamedTuple

import numpy as np

from engine.data.tables import table_of
from engine.data.user_data import Own

LETTERS = ("A", "B", "C", "D")
PLANE, CURVE = ("x1", "x2", "class"), ("x", "y")
LEAST = 2  # points

Point = tuple[float, float, int]


class Drawing(NamedTuple):
    """Points (x, y, class), what the classes are called (none: a curve), and the columns."""

    points: tuple[Point, ...] = ()
    labels: tuple[str, ...] = LETTERS[:2]
    names: tuple[str, ...] = PLANE


def drawn(drawing: Drawing) -> Own:
    """The drawing as data; ValueError while it is none yet."""
    if len(drawing.points) < LEAST:
        raise ValueError(f"a drawing must have {LEAST} points or more (got {len(drawing.points)})")
    words = lambda x, y, c: [repr(x), repr(y), *drawing.labels[c:c + 1]]
    table = table_of(drawing.names, [words(*point) for point in drawing.points])
    if drawing.labels:
        return Own(table, drawing.names[:2], drawing.names[2:])
    return Own(table, drawing.names[:1], drawing.names[1:], "numbers")


def drawing_of(own: Own, reach: float, most: int) -> Drawing | None:
    """What could be drawn like this: at most so many points, from -reach to reach."""
    source = own.source
    is_plane = source.kind == "classes" and len(source.inputs) == 2 and len(own.targets) == 1
    is_curve = source.kind != "classes" and (len(source.inputs), len(own.targets)) == (1, 1)
    if source.samples > most or not (is_plane or is_curve) or len(source.targets) > len(LETTERS):
        return None
    x, target = source.make(np.random.default_rng(), source.samples)
    places, classes = (x, target) if is_plane else ([*x, *target], [0] * source.samples)
    points = tuple((float(a), float(b), int(c)) for a, b, c in zip(*places, classes, strict=True))
    if any(max(abs(a), abs(b)) > reach for a, b, _ in points):
        return None
    return Drawing(points, source.targets if is_plane else (), (*source.inputs, *own.targets))


def relabelled(drawing: Drawing, classes: int) -> Drawing:
    """The same points with so many classes, or, with 0, as a curve."""
    if not classes:
        return Drawing(tuple((x, y, 0) for x, y, _ in drawing.points), (), CURVE)
    if not drawing.labels:
        return Drawing(drawing.points, LETTERS[:classes])
    used = max((c for *_, c in drawing.points), default=0)
    if used >= classes:
        raise ValueError(f"the points of {drawing.labels[used]} must be erased before there are "
                         f"{classes} classes (got some)")
    more = [letter for letter in LETTERS if letter not in drawing.labels]
    return drawing._replace(labels=(*drawing.labels, *more)[:classes])
