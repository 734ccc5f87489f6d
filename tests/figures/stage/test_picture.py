"""The diagram keeps its units apart."""

import re
from itertools import pairwise

import pytest

from figures.stage.picture import DENSE, MAX_COLUMNS, MAX_ROWS, MEDIUM, ROOMY, drawn, picture

SIZES = [(2, 3, 1), (2, 4, 4, 2), (4, 7, 3), (3, 8, 2), (12, 12, 12), (1, 1), (2, 1, 5)]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("targets", [False, True])
def test_columns_and_rows_stand_evenly_around_their_middles(sizes, targets):
    box = picture(sizes, targets)
    radius, row, column = next(look for look in (ROOMY, MEDIUM, DENSE) if look[0] == box["radius"])
    assert {b - a for a, b in pairwise(box["x"])} <= {column}
    assert box["column"] == column
    middles = {(ys[0] + ys[-1]) / 2 for ys in box["y"]}
    assert len(middles) == 1
    for n, ys in zip(sizes, box["y"], strict=True):
        assert len(ys) == n
        assert all(b - a == pytest.approx(row) for a, b in pairwise(ys))
    assert row >= 2 * radius


@pytest.mark.parametrize("sizes", SIZES)
def test_there_is_room_for_heads_above_for_a_bias_below_and_for_targets_beside(sizes):
    plain, box = picture(sizes, False), picture(sizes, True)
    r = box["radius"]
    assert box["x"][0] == 30 + r
    assert plain["width"] - plain["x"][-1] == 30 + r
    assert box["width"] - box["x"][-1] == 80 + r
    top, bottom = (pick(y for ys in box["y"] for y in ys) for pick in (min, max))
    assert top - r >= max(box["head"].values())
    tall = max(*sizes, 2)
    row = next(look[1] for look in (ROOMY, MEDIUM, DENSE) if look[0] == r)
    assert box["height"] == 62 + tall * row + 10
    assert top - 62 == pytest.approx(box["height"] - bottom)
    assert not box["biases"] or box["height"] - bottom >= r + 16


def test_the_heads_stand_below_each_other():
    heads = [*picture((2, 2), False)["head"].values()]
    assert heads == sorted(heads)
    assert all(b - a >= 15 for a, b in pairwise(heads))


@pytest.mark.parametrize(("sizes", "look", "weights", "biases"), [
    ((2, 8, 1), ROOMY, True, True), ((3, 8), ROOMY, True, True), ((5, 5), MEDIUM, False, True),
    ((7, 7), MEDIUM, False, True), ((8, 4), DENSE, False, False), ((4, 5, 2), MEDIUM, False, True),
    ((12, 2), ROOMY, True, True),
])
def test_the_more_connections_there_are_the_closer_units_stand(sizes, look, weights, biases):
    box = picture(sizes, True)
    assert box["radius"] == look[0]
    assert (box["weights"], box["biases"]) == (weights, biases)


@pytest.mark.parametrize(("sizes", "wide"), [
    ((2, 3, 1), False), ((2, 2, 2, 1), True), ((3, 9, 9, 3), True), ((3, 9, 3), False),
    ((3, 8, 8, 3), False), ((5, 5, 5), False), ((6, 6, 6, 6), False), ((6,) * 5, True),
])
def test_a_picture_is_wide_where_it_has_no_room_beside_the_words(sizes, wide):
    box = picture(sizes, True)
    assert box["wide"] == wide
    assert wide or box["width"] <= 600


@pytest.mark.parametrize(("sizes", "fits"), [
    ((MAX_ROWS, 1), True), ((MAX_ROWS + 1, 1), False), ((1,) * MAX_COLUMNS, True),
    ((1,) * (MAX_COLUMNS + 1), False),
])
def test_a_network_is_drawn_up_to_its_limits(sizes, fits):
    assert drawn(sizes) == fits
    box = picture(sizes, False, skips=(1,))
    assert (box["sentence"] == "") == fits
    assert bool(box["y"]) == ("arcs" in box) == fits


def test_an_arc_goes_from_circle_to_circle_above_the_line_between_them():
    box = picture((2, 3, 3, 1), True, skips=(2,))
    assert [*box["arcs"]] == ["2"]
    pieces = [[float(v) for v in re.findall(r"[\d.]+", piece)]
              for piece in box["arcs"]["2"].split("M")[1:]]
    side = 0.7 * box["radius"]  # near the corner of the square in a circle
    for y, (x0, y0, xa, ya, xb, yb, x1, y1) in zip(box["y"][2], pieces, strict=True):
        assert (x0, x1) == pytest.approx((box["x"][1] + side, box["x"][2] - side), abs=0.06)
        assert (y0, y1) == pytest.approx((y - side, y - side), abs=0.06)
        assert ya == yb < y0
        assert x0 < xa < xb < x1
        assert xa - x0 == pytest.approx(x1 - xb, abs=0.11)
        assert 0.3 < (y0 - ya) / (box["y"][2][1] - box["y"][2][0]) < 0.5


@pytest.mark.parametrize("hidden", [0, 6])
def test_the_picture_keeps_units_apart_and_inside(hidden):
    box = picture((2, *[MAX_ROWS] * hidden, 1), targets=True)
    assert box["drawn"]
    for column in box["y"]:
        assert all(low - high >= 2 * box["radius"] for high, low in pairwise(column))
        assert all(box["radius"] <= y <= box["height"] - box["radius"] for y in column)
    assert all(box["radius"] <= x <= box["width"] - box["radius"] for x in box["x"])


@pytest.mark.parametrize("sizes", [(2, MAX_ROWS + 1, 1), (2,) * (MAX_COLUMNS + 1)])
def test_what_cannot_be_drawn_legibly_says_so(sizes):
    box = picture(sizes, targets=True)
    assert not box["drawn"]
    assert str(MAX_ROWS) in box["sentence"]


@pytest.mark.parametrize("sizes", [(2, n, 1) for n in range(1, MAX_ROWS + 1)])
def test_a_single_layer_grows_beside_the_words(sizes):
    assert not picture(sizes, targets=True)["wide"]
