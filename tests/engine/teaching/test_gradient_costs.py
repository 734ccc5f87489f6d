"""The cost of gradients: an exponent is that of a power law, times are bounded, both are told."""

import time

import numpy as np
import pytest

from engine.nn.backprop import flat_gradient, trace
from engine.nn.gradcheck import numerical_gradient
from engine.nn.network import parameter_count
from engine.teaching.gradient_costs import (
    WIDTHS,
    Costs,
    backpropagation,
    differences,
    example,
    sizes,
)
from figures.lessons.cost_of_gradients import cost_of_gradients, expected, table, told


@pytest.mark.parametrize("k", [1.0, 1.5, 2.0])
def test_the_slope_of_a_power_law_is_its_exponent(k):
    N = (10, 100, 1000, 10_000, 100_000)
    assert Costs(N, tuple(3e-7 * n**k for n in N)).slope == pytest.approx(k)


def test_a_slope_looks_at_the_largest_networks_alone():
    assert Costs((1, 2, 10, 100, 1000, 10_000), (5, 5, 10, 100, 1000, 10_000)).slope == (
        pytest.approx(1))
    assert np.isnan(Costs((10,), (1.0,)).slope)


def test_both_ways_give_the_same_gradient():
    net, x, y = example(8)
    np.testing.assert_allclose(flat_gradient(trace(net, x, y)), numerical_gradient(net, x, y),
                               atol=1e-8)


def test_the_number_of_parameters_is_about_twice_the_square_of_the_width():
    for h in WIDTHS[3:]:
        assert parameter_count(sizes(h)) == pytest.approx(2 * h * h, rel=0.2)


def test_finite_differences_stop_in_time_and_backpropagation_goes_on():
    start = time.perf_counter()
    slow = differences(0.3)
    assert time.perf_counter() - start < 10  # a busy machine
    fast = backpropagation()
    assert len(fast.N) == len(WIDTHS)
    assert fast.N[: len(slow.N)] == slow.N
    assert fast.seconds[-1] < slow.seconds[-1] * 1000


FAST = Costs((100, 1000, 10_000), (1e-4, 1e-3, 1e-2))
SLOW = Costs((100, 1000), (1e-3, 1e-1))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_has_both_on_logarithmic_axes_and_what_counting_expects(theme):
    figure = cost_of_gradients(FAST, SLOW, theme)
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "log")
    assert [*figure.data[0].x] == [*FAST.N]
    assert [*figure.data[2].y] == [*SLOW.seconds]
    assert expected(SLOW, 2) == pytest.approx([1e-3, 1e-1])
    assert expected(FAST, 1) == pytest.approx(FAST.seconds)


def test_table_and_words_have_the_numbers_of_the_picture():
    assert table(FAST, SLOW)["finite differences (ms)"] == ["1", "100", ""]
    assert told(FAST, SLOW).endswith(
        "With 1,000 parameters, finite differences took 100 times as long.")
    assert "power of 1.0 for backpropagation, and of 2.0 for finite differences" in told(FAST, SLOW)
