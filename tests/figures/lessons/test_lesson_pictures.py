"""The small pictures of lessons: where things stand, and what is said of them."""

import re

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.training.run import train
from figures.lessons.error_sizes import bar, error_sizes, picture, told
from figures.lessons.guess_line import MARGIN, WIDTH, guess_line


def xs(svg: str) -> tuple[float, float]:
    """Where the guess and the truth stand."""
    truth = float(re.search(r'<path d="M([-\d.]+)', svg)[1])
    return float(re.search(r'<circle cx="([-\d.]+)"', svg)[1]), truth


@pytest.mark.parametrize(("guess", "truth"), [(1, 2), (-3, 2), (0, 0), (5, 5), (-1, -4), (1e9, 1)])
def test_guess_and_truth_stand_on_one_line_in_their_order(guess, truth):
    left, right = xs(guess_line(guess, truth))
    assert MARGIN <= min(left, right) <= max(left, right) <= WIDTH - MARGIN
    assert (left - right) * (guess - truth) >= 0
    assert (left == right) == (guess == truth)


def test_the_distance_is_to_scale_from_zero():
    left, right = xs(guess_line(1.0, 4.0))
    assert (left - MARGIN) / (right - MARGIN) == pytest.approx(0.25, abs=0.01)


def test_a_line_says_both_numbers():
    assert 'aria-label="Your guess −0.5, the network&#x27;s number 0.25"' in guess_line(-0.5, 0.25)


def test_the_sizes_are_root_mean_squares_of_the_errors():
    now = train(Experiment(hidden=(Layer(3, "relu"),), iterations=1), 0).trace(0)
    assert error_sizes(now)[1] == pytest.approx((now.delta[1] ** 2).mean() ** 0.5)


def test_equal_factors_are_equal_lengths_and_what_is_zero_has_no_bar():
    sizes = {1: 1e-5, 2: 1e-3, 3: 1e-1}
    short, middle, long = (bar(v, sizes) for v in sizes.values())
    assert long - middle == pytest.approx(middle - short)
    assert bar(0.0, sizes | {4: 0.0}) == 0
    assert bar(float("inf"), sizes | {4: float("inf")}) == 0
    assert "Layer 3" in picture(sizes)
    assert told({1: 0.5, 2: 1.0}) == "Size of the errors: layer 2 1, layer 1 0.5"


def test_a_bar_is_as_long_as_its_power_of_ten_above_the_least_and_the_largest_is_whole():
    sizes = {1: 1e-2, 2: 1e-1, 3: 1.0}
    whole = 420 - 64 - 84
    assert [bar(v, sizes) for v in sizes.values()] == pytest.approx(
        [whole / 3, 2 * whole / 3, whole])
    assert bar(0.5, {1: 0.5}) == pytest.approx(whole)
    assert bar(0.05, {1: 0.05, 2: 0.5}) == pytest.approx(
        whole * (np.log10(0.05) + 2) / (np.log10(0.5) + 2))


def test_the_rows_of_a_picture_stand_below_each_other_the_last_layer_on_top():
    svg = picture({1: 1e-2, 2: 1e-1, 3: 1.0})
    assert re.findall(r"Layer (\d)", svg) == ["3", "2", "1"]
    rects = [tuple(map(float, found)) for found in re.findall(
        r'<rect x="(\d+)" y="(\d+)" width="([\d.]+)" height="(\d+)"', svg)]
    tops, heights = [rect[1] for rect in rects], [rect[3] for rect in rects]
    assert {rect[0] for rect in rects} == {64}
    assert all(b >= a + h for a, b, h in zip(tops, tops[1:], heights, strict=False))
    assert tops[0] >= 0
    assert tops[-1] + heights[-1] <= float(re.search(r'viewBox="0 0 420 (\d+)"', svg)[1])
    baselines = [float(y) for y in re.findall(r'<text x="0" y="([\d.]+)"', svg)]
    assert all(top < y < top + h for top, y, h in zip(tops, baselines, heights, strict=True))
    ends = [float(x) for x in re.findall(r'<text x="([\d.]+)"', svg) if x != "0"]
    assert all(x == pytest.approx(64 + rect[2] + 6, abs=0.1)
               for x, rect in zip(ends, rects, strict=True))


def test_ring_and_diamond_have_their_middles_on_the_line():
    svg = guess_line(1.0, -4.0)
    line = {float(y) for y in re.findall(r'<line x1="56" x2="304" y1="(\d+)"', svg)}
    assert {float(re.search(r'cy="(\d+)"', svg)[1])} == line
    x, top, steps = re.search(r'<path d="M([\d.]+) (\d+)l([-\d ]+)z"', svg).groups()
    moves = np.array(re.findall(r"-?\d+", steps), float).reshape(-1, 2)
    start = np.array([[float(x), float(top)]])
    corners = np.vstack([start, start + moves.cumsum(0)])
    assert {corners.mean(0)[1]} == line
    assert (corners[:, 0] - float(x)).sum() == 0
    zero, = {x for x in re.findall(r'<line x1="([\d.]+)" x2="([\d.]+)" y1="\d+" y2="\d+"', svg)
             if x[0] == x[1]}
    assert float(zero[0]) == pytest.approx(MARGIN + (WIDTH - 2 * MARGIN) * 4 / 5, abs=0.05)
    tick = re.search(rf'x1="{zero[0]}" x2="{zero[0]}" y1="(\d+)" y2="(\d+)"', svg)
    assert {(float(tick[1]) + float(tick[2])) / 2} == line


def test_the_words_of_a_line_stand_above_and_below_it():
    svg = guess_line(1.0, 4.0)
    (guess_y, guess), (truth_y, truth) = re.findall(r'<text x="[\d.]+" y="(\d+)"[^>]*>([^<]*)', svg)
    assert (guess, truth) == ("guess 1", "network 4")
    assert 13 <= float(guess_y) < 42 - 9
    assert 42 + 9 + 13 <= float(truth_y) <= 84
