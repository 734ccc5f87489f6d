"""What charts begin with: axes that hold their values, titles that fit."""

import numpy as np
import pytest

from figures.charts import LINE, TITLE, chart, decades, layer_axis, log_axis, titled


@pytest.mark.parametrize("values", [[1.0, 1e6], [3e-9, 2e-8], [5.0], [1e-300, 1e300]])
def test_a_logarithmic_range_holds_all_values_with_some_air_on_both_sides(values):
    low, high = decades(np.array([*values, 0.0, -1.0, np.nan, np.inf]))
    first, last = np.log10(min(values)), np.log10(max(values))
    air = first - low
    assert high - last == pytest.approx(air)
    assert air == pytest.approx(max(0.06 * (last - first), 0.1, (2 - (last - first)) / 2))


def test_where_nothing_can_be_drawn_there_are_a_few_decades_around_1():
    low, high = decades(np.array([0.0, np.nan]))
    assert low == pytest.approx(-1 - 0.12)
    assert high == pytest.approx(1 + 0.12)


@pytest.mark.parametrize(("limits", "step"), [
    ([0, 1], 1), ([0, 7], 1), ([0, 7.1], 2), ([-3, 11], 2), ([-3, 11.5], 3), ([-330, 20], 50)])
def test_a_logarithmic_axis_has_seven_ticks_at_most(limits, step):
    axis = log_axis(limits, "cost")
    assert (axis["type"], axis["range"], axis["title"]) == ("log", limits, "cost (log)")
    assert axis["dtick"] == step


@pytest.mark.parametrize(("L", "first", "step"), [(3, 1, 1), (12, 1, 1), (13, 0, 2), (24, 0, 2),
                                                  (25, 0, 3), (101, 0, 9)])
def test_the_axis_of_layers_has_a_place_for_each_and_at_most_a_dozen_ticks(L, first, step):
    axis = layer_axis(L)
    assert axis["range"] == [0.5, L + 0.5]
    assert (axis["tick0"], axis["dtick"]) == (first, step)


def test_a_long_title_is_wrapped_and_has_room_above_the_chart():
    short, long = titled("light", "one line", 300), titled("light", "word " * 20, 300)
    lines = long["title"]["text"].split("<br>")
    assert len(lines) == 3
    assert all(len(text) <= TITLE for text in lines)
    assert long["margin"]["t"] - short["margin"]["t"] == 2 * LINE
    assert long["title"]["pad"]["b"] - short["title"]["pad"]["b"] == 2 * LINE
    assert short["margin"]["t"] - LINE == 30
    assert chart("dark", "x", 300, bargap=0.5).layout.bargap == 0.5
    assert chart("dark", "x").layout.height == 420
