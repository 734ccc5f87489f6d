"""Drawings become data and come back; what cannot be drawn is no drawing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from engine.data.drawing import CURVE, LETTERS, Drawing, drawing_of, drawn, relabelled
from engine.data.table_text import read_table
from engine.data.user_data import Own
from engine.experiment.experiment import Experiment
from engine.experiment.state import State, own_of

places = some.floats(-1.5, 1.5).map(lambda v: round(v, 2) + 0.0)
points = some.lists(some.tuples(places, places, some.integers(0, 3)), min_size=2, max_size=66)


def again(own: Own) -> Drawing | None:
    return drawing_of(own, 1.5, 66)


def of(data: str, **fields) -> Drawing | None:
    return again(own_of(State(Experiment(data=data, loss="half_sum", output="identity", **fields))))


@given(points)
def test_points_of_classes_come_back_from_their_data(points):
    used = sorted({c for *_, c in points})
    assume(len(used) > 1)
    back = again(drawn(Drawing(tuple(points), LETTERS)))
    assert back.labels == tuple(LETTERS[c] for c in used)
    assert [(x, y, back.labels[c]) for x, y, c in back.points] == [
        (x, y, LETTERS[c]) for x, y, c in points]


@given(points)
def test_points_of_a_curve_come_back_from_their_data(points):
    drawing = Drawing(tuple((x, y, 0) for x, y, _ in points), (), CURVE)
    assert again(drawn(drawing)) == drawing


def test_drawn_points_are_samples():
    own = drawn(Drawing(((0.5, -1.0, 1), (0.25, 1.5, 0)), ("A", "B")))
    x, y = own.source.make(np.random.default_rng(), 2)
    np.testing.assert_array_equal(x, [[0.5, 0.25], [-1, 1.5]])
    assert [own.source.targets[c] for c in y] == ["B", "A"]
    assert (own.inputs, own.targets, own.source.kind) == (("x1", "x2"), ("class",), "classes")


@pytest.mark.parametrize("drawing", [
    Drawing(), Drawing(((0, 0, 0),)), Drawing(((0, 0, 0), (1, 1, 0))),
    Drawing(((0, 0, 0),), (), CURVE),
])
def test_a_drawing_of_too_little_is_no_data_yet(drawing):
    with pytest.raises(ValueError, match=r"must have 2"):
        drawn(drawing)


def test_small_data_in_the_plane_can_be_drawn_on_and_other_data_cannot():
    assert of("xor") == Drawing(((1, 1, 0), (1, 0, 1), (0, 1, 1), (0, 0, 0)), ("0", "1"))
    assert of("line").names == ("x", "y")
    assert of("blobs", size=6, noise=0.0).labels == ("first heap", "second heap", "third heap")
    for data in ("mazur", "karpathy", "planar", "iris", "spirals", "geoj", "digits"):
        assert of(data) is None


def test_columns_and_classes_keep_their_names():
    table = read_table("height,mass,kind\n1,0.5,cat\n-1,0.25,dog\n")
    own = Own(table, ("height", "mass"), ("kind",))
    drawing = again(own)
    assert (drawing.names, drawing.labels) == (("height", "mass", "kind"), ("cat", "dog"))
    assert drawn(drawing) == own
    assert again(replace(own, inputs=("height",))) is None


def test_more_classes_and_a_curve_keep_all_points():
    drawing = of("xor")
    assert relabelled(drawing, 4) == drawing._replace(labels=("0", "1", "A", "B"))
    curve = relabelled(drawing, 0)
    assert (curve.points, curve.labels) == (((1, 1, 0), (1, 0, 0), (0, 1, 0), (0, 0, 0)), ())
    assert relabelled(curve, 3) == Drawing(curve.points, ("A", "B", "C"))


def test_a_class_that_has_points_is_not_taken_away():
    drawing = Drawing(((0, 0, 0), (1, 1, 2)), ("A", "B", "C"))
    with pytest.raises(ValueError, match="the points of C must be erased before there are 2"):
        relabelled(drawing, 2)
    assert relabelled(drawing, 4).labels == LETTERS
