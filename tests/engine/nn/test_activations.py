"""Activations: values, derivatives, texts and memory, for the whole table."""

import math
import re

import numpy as np
import pytest
from latex2mathml.converter import convert

from engine.nn.activation_functions import erfcx, sigmoid, softmax
from engine.nn.activations import ACTIVATIONS, activation
from engine.nn.backprop import slope

each = pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
elementwise = pytest.mark.parametrize(
    "f", [f for f in ACTIVATIONS.values() if f.elementwise],
    ids=[f.name for f in ACTIVATIONS.values() if f.elementwise])
SELU = 1.0507009873554805 * 1.6732632423543772
NAMES = {"np": np, "erfc": np.vectorize(math.erfc, otypes=[float])}


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
def test_results_go_into_the_memory_that_is_given(f):
    z, g = values(2), np.random.default_rng(4).normal(size=(2, 5, 4))
    a, delta = np.full_like(z, np.nan), np.full_like(z, np.nan)
    assert f.f(z, a) is a
    assert f.vjp(g, z, a, delta) is delta
    np.testing.assert_array_equal(a, f.f(z))
    np.testing.assert_array_equal(delta, f.vjp(g, z, a))


@each
def test_the_printed_formulas_have_a_place_for_their_value(f):
    assert r"\z" in f.formula
    assert f.formula.count("{") == f.formula.count("}")
    assert f.slope.count("{") == f.slope.count("}")


@each
def test_large_values_stay_finite(f):
    z = np.array([[-800.0, -40.0, 40.0, 800.0]])
    with np.errstate(over="ignore"):  # an exponential may overflow: its limit is the right answer
        a = f.f(z)
        assert np.isfinite(a).all()
        assert np.isfinite(f.vjp(np.ones_like(z), z, a)).all()


def test_sigmoid_meets_its_limits():
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(sigmoid(np.array([-1e4, 0.0, 1e4])), [0, 0.5, 1])


def test_softmax_is_blind_to_a_shift_of_z_and_adds_up_to_one():
    z = values()
    np.testing.assert_allclose(softmax(z + 100), softmax(z), rtol=1e-12)
    np.testing.assert_allclose(softmax(z).sum(-2), 1, rtol=1e-14)


def test_relu_passes_nothing_at_its_kink():
    zero = np.zeros((1, 1))
    assert slope(ACTIVATIONS["relu"], zero, zero) == 0


@pytest.mark.parametrize(("name", "at", "expected"), [
    ("relu", 0, 0), ("leaky_relu", 0, 0.01), ("elu", 0, 1), ("selu", 0, SELU),
       ("hard_tanh", 1, 0), ("hard_tanh", -1, 0), ("hard_sigmoid", 3, 0), ("hard_sigmoid", -3, 0)])
def test_derivatives_at_kinks_are_pytorchs(name, at, expected):
    z, f = np.full((1, 1), float(at)), ACTIVATIONS[name]
    np.testing.assert_allclose(slope(f, z, f.f(z)), expected, rtol=1e-15)


@pytest.mark.parametrize("name", [f.name for f in ACTIVATIONS.values() if f.family])
@pytest.mark.parametrize("alpha", [0.0, 0.2, 0.75, 1.0])
def test_a_family_keeps_its_laws_for_every_alpha(name, alpha):
    f = activation(name, alpha)
    assert f.alpha == alpha
    test_vjp_is_the_transposed_jacobian_times_the_incoming_error(f)
    test_the_printed_numpy_is_what_is_computed(f)


def test_the_formula_of_selu_has_its_constants():
    f = ACTIVATIONS["selu"]
    assert r"1.0507\,\z" in f.formula
    assert r"1.0507\,1.6733\,(e^{\z} - 1)" in f.formula
    assert r"1.0507 & \z > 0 \\ 1.7581\,e^{\z} & \z \le 0" in f.slope


def test_an_alpha_is_left_out_where_there_is_none():
    assert activation("tanh", 0.3) is ACTIVATIONS["tanh"]
    assert activation("elu") is ACTIVATIONS["elu"]


def test_erfcx_is_the_scaled_error_function_to_the_last_digit():
    """e^(x²) erfc(x) with an x² that is exact; beyond 26 by the continued fraction's limit."""
    x = np.arange(0, 26, 1 / 1024)
    np.testing.assert_allclose(erfcx(x), [math.exp(v * v) * math.erfc(v) for v in x], rtol=1e-14)
    tiny = 10.0 ** -np.arange(1, 300, 7)
    np.testing.assert_allclose(1 - erfcx(tiny), 1 - np.array([math.exp(v * v) * math.erfc(v)
                                                              for v in tiny]), atol=3e-16)
    assert np.isnan(erfcx(np.array([np.nan]))).all()
    assert np.isfinite(erfcx(np.array([1e300, np.inf]))).all()


@each
def test_mathml_can_be_made_of_every_formula(f):
    for latex in (f.formula, f.slope):
        assert "merror" not in convert(re.sub(r"\\([za])(?![a-zA-Z])", r"\1", latex))


@each
def test_only_a_family_has_an_alpha_and_with_its_own_one_it_is_the_activation_of_the_table(f):
    assert (f.family is None) == (f.alpha is None)
    if f.family:
        z, same = values(), f.family(f.alpha)
        assert (same.name, same.alpha) == (f.name, f.alpha)
        np.testing.assert_array_equal(same.f(z), f.f(z))
        assert activation(f.name, 0.75).alpha == 0.75
        assert (activation(f.name, 0.75).f(z) != f.f(z)).any()


@each
def test_an_alpha_is_nothing_to_an_activation_without_a_family(f):
    z = values()
    if not f.family:
        np.testing.assert_array_equal(activation(f.name, 0.75).f(z), f.f(z))


def test_the_families_are_those_whose_slope_can_be_chosen():
    assert {name for name, f in ACTIVATIONS.items() if f.family} == {"leaky_relu", "elu"}


@each
def test_a_factor_of_1_is_not_written(f):
    assert not re.match(r"1(\.0)? \*", f.code)
    assert "\\,\\," not in f.formula
    assert not re.search(r"(^|[^\d.])1\\,", f.formula)
