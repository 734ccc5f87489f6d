"""The pictures of a spread: one above the other, each with its own place and its column's axis."""

from itertools import pairwise

import pytest

from engine.depth import measure
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from figures.depth import histograms


def layout_of(depth: int):
    h = measure.histograms(Experiment(hidden=(Layer(3, "tanh"),) * depth), 0)
    return len(h), histograms.figure(h, {}).layout


@pytest.mark.parametrize("depth", [0, 1, 4, 30])
def test_pictures_of_a_column_are_one_below_the_other_and_do_not_touch(depth):
    rows, layout = layout_of(depth)
    for j in range(2):
        spans = [layout[f"yaxis{histograms.axis_number(i, j)}"].domain for i in range(rows)]
        assert spans[0][1] == 1
        assert spans[-1][0] == pytest.approx(0, abs=1e-12)
        assert all(low < high for low, high in spans)
        assert all(upper[0] > lower[1] for upper, lower in pairwise(spans))
    left, right = layout.xaxis.domain, layout.xaxis2.domain
    assert (left[0], right[1]) == (0, 1)
    assert left[1] < right[0]


@pytest.mark.parametrize("depth", [0, 1, 4])
def test_a_column_has_one_axis_and_its_last_picture_has_the_words(depth):
    rows, layout = layout_of(depth)
    for j, words in enumerate(("pre-activation z", "activation a")):
        *others, last = (layout[f"xaxis{histograms.axis_number(i, j)}"] for i in range(rows))
        assert last.title.text == words
        assert last.matches is None
        assert {one.matches for one in others} <= {f"x{histograms.axis_number(rows - 1, j)}"}
        assert {one.range for one in others} <= {last.range}
