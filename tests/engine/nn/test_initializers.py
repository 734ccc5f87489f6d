"""Initializers: the variance that each promises, and orthogonality."""

import numpy as np
import pytest

from engine.nn.initializers import BIASES, INITIALIZERS
from engine.nn.network import initial_parameters, views
from tests.random_networks import SIZES

N, K = 300, 200
VARIANCE = {
    "xavier_uniform": 2 / (N + K), "xavier_normal": 2 / (N + K), "he_normal": 2 / N,
    "he_uniform": 2 / N, "lecun_normal": 1 / N, "lecun_uniform": 1 / N, "pytorch": 1 / (3 * N),
    "normal": 1, "uniform": 1 / 3, "orthogonal": 1 / N, "constant": 0, "zeros": 0,
}


def rng() -> np.random.Generator:
    return np.random.default_rng(9)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_variance_is_the_one_that_is_promised(name):
    W = INITIALIZERS[name].draw(rng(), N, K)
    assert W.shape == (K, N)
    np.testing.assert_allclose(W.var(), VARIANCE[name], rtol=0.02)
    np.testing.assert_allclose(W.mean(), name == "constant", atol=0.02 * VARIANCE[name] ** 0.5)


@pytest.mark.parametrize("table", [INITIALIZERS, BIASES], ids=["weights", "biases"])
def test_the_variance_that_theory_is_told_is_that_of_what_is_drawn(table):
    for name, entry in table.items():
        for n, k in ((200, 120), (120, 200)):
            dice, told = rng(), entry.variance(n, k)
            many = np.concatenate([entry.draw(dice, n, k).ravel() for _ in range(3)])
            assert np.isclose(np.mean(many**2), told, rtol=0.15) or name == "constant", name
            assert np.isnan(told) == (name == "constant")


@pytest.mark.parametrize("name", [n for n in INITIALIZERS if "uniform" in n or n == "pytorch"])
def test_uniform_weights_stay_within_their_bounds_and_reach_them(name):
    W, limit = INITIALIZERS[name].draw(rng(), N, K), np.sqrt(3 * VARIANCE[name])
    assert 0.999 * limit < W.max() <= limit
    assert -0.999 * limit > W.min() >= -limit


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3)])
def test_orthogonal_weights_keep_every_singular_value_at_one(shape):
    W = INITIALIZERS["orthogonal"].draw(rng(), *shape)
    np.testing.assert_allclose(np.linalg.svd(W, compute_uv=False), 1, rtol=1e-12)


@pytest.mark.parametrize("name", BIASES)
def test_biases_are_a_column_of_the_size_that_is_promised(name):
    b = BIASES[name].draw(rng(), 4, 20_000)
    assert b.shape == (20_000, 1)
    spread = {"zeros": 0, "constant": 0, "normal": 1, "pytorch": 1 / np.sqrt(3 * 4)}[name]
    np.testing.assert_allclose(b.std(), spread, rtol=0.02)
    np.testing.assert_allclose(b.mean(), name == "constant", atol=0.02)


def test_gain_and_biases_change_no_other_number():
    draw = lambda **changes: views(SIZES, initial_parameters(SIZES, "normal", rng(), **changes))
    (W, b), (larger, _), (same, drawn) = draw(), draw(gain=3.0), draw(bias="normal", bias_scale=2.0)
    for l in (1, 2, 3):
        np.testing.assert_allclose(larger[l], 3 * W[l])
        np.testing.assert_array_equal(same[l], W[l])
        assert not b[l].any()
        assert drawn[l].all()
    half = draw(bias="normal")[1]
    np.testing.assert_allclose(drawn[2], 2 * half[2])
