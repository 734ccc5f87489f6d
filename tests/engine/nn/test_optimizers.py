"""Optimizers: the printed formulas against the computed ones, purity, and known first steps."""

import re

import numpy as np
import pytest
from latex2mathml.converter import convert

from engine.nn.optimizers import OPTIMIZERS

each = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())


def given(optimizer, *axes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Parameters, gradients, and a state in the middle of a run."""
    rng = np.random.default_rng(8)
    p, g = rng.normal(size=(2, *axes, 6))
    return p, g, rng.uniform(0.1, 1, (len(optimizer.state), *axes, 6))


def other(optimizer) -> tuple[float, ...]:
    """Settings that are not the defaults."""
    return tuple(0.7 * setting.default + 0.01 for setting in optimizer.settings)


@each
@pytest.mark.parametrize("t", [1, 2, 50])
def test_the_printed_numpy_is_what_is_computed(optimizer, t):
    p, g, state = given(optimizer)
    for settings in ((), other(optimizer)):
        new, memory = optimizer.update(p, g, state, 0.05, t, settings)
        printed = optimizer.values(p, g, state, 0.05, t, settings)
        np.testing.assert_allclose(printed["p"], new, rtol=1e-13)
        for symbol, value in zip(optimizer.state, memory, strict=True):
            np.testing.assert_allclose(printed[symbol], value, rtol=1e-13)


@each
def test_an_update_changes_nothing_that_it_is_given(optimizer):
    before, now = given(optimizer), given(optimizer)
    optimizer.update(*now, 0.05, 3)
    for array, copy in zip(now, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@each
def test_replicates_are_separate(optimizer):
    p, g, state = given(optimizer, 4)
    new, memory = optimizer.update(p, g, state, 0.05, 3)
    for i in range(4):
        alone, own = optimizer.update(p[i], g[i], state[:, i], 0.05, 3)
        np.testing.assert_array_equal(new[i], alone)
        np.testing.assert_array_equal(memory[:, i], own)


@each
def test_a_rate_of_zero_moves_nothing(optimizer):
    p, g, state = given(optimizer)
    new, _ = optimizer.update(p, g, state, np.array([0, 0, 0, 0.1, 0.1, 0.1]), 3)
    np.testing.assert_array_equal(new[:3], p[:3])
    assert (new[3:] != p[3:]).all()


@each
def test_the_first_state_is_zero_for_each_parameter(optimizer):
    assert optimizer.init(np.ones((2, 5))).shape == (len(optimizer.state), 2, 5)
    assert not optimizer.init(np.ones(5)).any()


@each
def test_the_formulas_can_be_printed(optimizer):
    places = {"p", "g", *optimizer.state, "mhat", "vhat"}
    for line in optimizer.lines:
        found = set(re.findall(r"\\(p|g|m|v|s|mhat|vhat)(?![a-zA-Z])", line.latex))
        assert found
        assert found <= places
        latex = re.sub(r"\\(p|g|m|v|s|mhat|vhat)(?![a-zA-Z])", r"\1", line.latex)
        assert "merror" not in convert(latex)
    for setting in optimizer.settings:
        assert any(setting.symbol in line.latex for line in optimizer.lines)
        assert any(setting.name in line.code for line in optimizer.lines)
    assert optimizer.lines[-1].symbol == "p"


def test_the_settings_that_are_used_unasked_are_pytorchs():
    """torch.optim: SGD (momentum 0.9 by custom), Adagrad, RMSprop, Adam, AdamW; each below 1."""
    defaults = {name: optimizer.defaults for name, optimizer in OPTIMIZERS.items()}
    assert defaults == {
        "gradient_descent": (), "momentum": (0.9,), "nesterov": (0.9,), "adagrad": (1e-10,),
        "rmsprop": (0.99, 1e-8), "adam": (0.9, 0.999, 1e-8), "adamw": (0.9, 0.999, 1e-8, 0.01)}
    assert {s.high for optimizer in OPTIMIZERS.values() for s in optimizer.settings} == {1.0}


def test_first_steps_by_hand():
    p, g = np.array([1.0, -2.0]), np.array([0.5, -4.0])
    first = lambda name, *settings: OPTIMIZERS[name].update(
        p, g, OPTIMIZERS[name].init(p), 0.1, 1, settings)[0]
    np.testing.assert_allclose(first("gradient_descent"), [0.95, -1.6])
    np.testing.assert_allclose(first("momentum", 0.5), [0.95, -1.6])
    np.testing.assert_allclose(first("nesterov", 0.5), [0.925, -1.4])
    np.testing.assert_allclose(first("adagrad", 0.0), [0.9, -1.9])
    np.testing.assert_allclose(first("rmsprop", 0.75, 0.0), [0.8, -1.8])
    np.testing.assert_allclose(first("adam", 0.9, 0.999, 0.0), [0.9, -1.9])
    np.testing.assert_allclose(first("adamw", 0.9, 0.999, 0.0, 0.5), [0.85, -1.8])


def test_two_steps_of_momentum_by_hand():
    p, momentum = np.array([0.0]), OPTIMIZERS["momentum"]
    p, v = momentum.update(p, np.array([1.0]), momentum.init(p), 0.1, 1, (0.5,))
    p, v = momentum.update(p, np.array([1.0]), v, 0.1, 2, (0.5,))
    np.testing.assert_allclose((p[0], v[0, 0]), (-0.25, 1.5))
