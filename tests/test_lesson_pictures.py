"""The small pictures of lessons: where things stand, and what is said of them."""

import re

import pytest

from engine.spec import Experiment, Layer
from engine.training import train
from figures.error_sizes import bar, error_sizes, picture, told
from figures.guess_line import MARGIN, WIDTH, guess_line


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
