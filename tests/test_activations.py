"""Activations: values, derivatives, texts and memory, for the whole table."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, sigmoid, softmax
from engine.backprop import slope

each = pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
elementwise = pytest.mark.parametrize(
    "f", [f for f in ACTIVATIONS.values() if f.elementwise],
    ids=[f.name for f in ACTIVATIONS.values() if f.elementwise])
NAMES = {"np": np}


def values(*axes: int) -> np.ndarray:
    """Points on both sides of every kink, none on one."""
    return np.random.default_rng(3).uniform(-4.5, 4.5, (*axes, 5, 4)) + 1e-3


def jacobian(f, z: np.ndarray, h: float = 1e-6) -> np.ndarray:
    """da_j/dz_k for each sample, (m, n, n), by central differences."""
    n = z.shape[0]
    nudge = h * np.eye(n)[:, :, None]
    return np.moveaxis((f.f(z + nudge) - f.f(z - nudge)) / (2 * h), (0, 1, 2), (2, 1, 0))


@each
def test_vjp_is_the_transposed_jacobian_times_the_incoming_error(f):
    z, g = values(), np.random.default_rng(4).normal(size=(5, 4))
    expected = np.einsum("mjk,jm->km", jacobian(f, z), g)
    np.testing.assert_allclose(f.vjp(g, z, f.f(z)), expected, atol=2e-9)


@elementwise
def test_elementwise_means_that_no_unit_looks_at_another(f):
    J = jacobian(f, values())
    assert not J[:, ~np.eye(5, dtype=bool)].any()


@each
def test_replicate_axes_are_separate_layers(f):
    z, g = values(2, 3), np.random.default_rng(4).normal(size=(2, 3, 5, 4))
    a = f.f(z)
    for i in np.ndindex(2, 3):
        np.testing.assert_allclose(a[i], f.f(z[i]), rtol=1e-14)
        np.testing.assert_allclose(f.vjp(g, z, a)[i], f.vjp(g[i], z[i], a[i]), rtol=1e-12)


@each
def test_nothing_that_comes_in_is_changed(f):
    z, g = values(), values()
    a = f.f(z)
    kept = a.copy()
    f.vjp(g, z, a)
    np.testing.assert_array_equal(z, values())
    np.testing.assert_array_equal(g, values())
    np.testing.assert_array_equal(a, kept)
    assert not np.shares_memory(a, z)


@each
def test_the_printed_numpy_is_what_is_computed(f):
    z = values()
    a = f.f(z)
    np.testing.assert_allclose(eval(f.code, NAMES, {"z": z}), a, rtol=1e-13)
    printed = eval(f.slope_code, NAMES, {"z": z, "a": a})
    expected = slope(f, z, a) if f.elementwise else np.einsum("mjj->jm", jacobian(f, z))
    np.testing.assert_allclose(np.broadcast_to(printed, z.shape), expected, atol=1e-9)


@each
def test_the_printed_formulas_have_a_place_for_their_value(f):
    assert r"\z" in f.formula
    assert f.formula.count("{") == f.formula.count("}")
    assert f.slope.count("{") == f.slope.count("}")


@each
def test_large_values_neither_overflow_nor_warn(f):
    z = np.array([[-800.0, -40.0, 40.0, 800.0]])
    a = f.f(z)
    assert np.isfinite(a).all()
    assert np.isfinite(f.vjp(np.ones_like(z), z, a)).all()


def test_sigmoid_meets_its_limits():
    np.testing.assert_array_equal(sigmoid(np.array([-1e4, 0.0, 1e4])), [0, 0.5, 1])


def test_softmax_is_blind_to_a_shift_of_z_and_adds_up_to_one():
    z = values()
    np.testing.assert_allclose(softmax(z + 100), softmax(z), rtol=1e-12)
    np.testing.assert_allclose(softmax(z).sum(-2), 1, rtol=1e-14)


def test_relu_passes_nothing_at_its_kink():
    zero = np.zeros((1, 1))
    assert slope(ACTIVATIONS["relu"], zero, zero) == 0
