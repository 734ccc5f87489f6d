"""Diagnostics: against their definitions, written out for one iteration and one layer at a time."""

from dataclasses import replace

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.normalisation import NORMS
from engine.training.diagnostics import Diagnostics, diagnostics, steepest
from engine.training.run import train

DEEP = Experiment(data="moons", hidden=(Layer(6, "sigmoid"), Layer(5, "tanh"), Layer(4, "relu")),
                  loss="mse", initializer="he_normal", iterations=20)


@pytest.fixture(scope="module")
def run():
    return train(DEEP, 2)


def test_every_quantity_is_what_its_definition_says(run):
    d = diagnostics(run)
    for t in (0, 7, 19):
        now, net, after = run.trace(t), run.network(t), run.network(t + 1)
        for l in (1, 2, 3, 4):
            a, delta, W = now.a[l], now.delta[l], net.W[l]
            slopes = {1: a * (1 - a), 2: 1 - a * a, 3: (a > 0) * 1.0, 4: a * (1 - a)}[l]
            top = {1: 0.25, 2: 1, 3: 1, 4: 0.25}[l]
            at = lambda name, t=t, l=l: getattr(d, name)[t, l - 1]
            norm = np.linalg.norm
            np.testing.assert_allclose(at("rms_delta"), np.sqrt((delta**2).mean()), rtol=1e-12)
            np.testing.assert_allclose(at("norm_dW"), norm(now.dW[l]), rtol=1e-12)
            np.testing.assert_allclose(at("norm_W"), norm(W), rtol=1e-12)
            np.testing.assert_allclose(at("update"), norm(after.W[l] - W) / norm(W), rtol=1e-9)
            np.testing.assert_allclose(at("mean_slope"), slopes.mean(), rtol=1e-12)
            np.testing.assert_allclose(at("saturated"), (slopes < 0.05 * top).mean(), rtol=1e-12)
            np.testing.assert_allclose(at("dead"), (slopes == 0).all(1).mean(), rtol=1e-12)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("residual", [0, 0.5])
def test_the_shrinking_of_the_error_is_split_into_its_two_causes(norm, residual):
    e = replace(DEEP, norm=norm, residual=residual, hidden=(*DEEP.hidden, DEEP.hidden[-1]))
    d = diagnostics(train(e, 2))
    widths = np.array([6, 5, 4, 4, 1])
    size = d.rms_delta * np.sqrt(widths)
    np.testing.assert_allclose(size[:, :-1] / size[:, 1:], (d.gain * d.passed)[:, :-1], rtol=1e-12)
    assert np.isnan(d.gain[:, -1]).all()


def test_the_slope_of_a_layer_with_a_skip_is_that_of_its_activation():
    run = train(replace(DEEP, residual=0.5, hidden=(Layer(5, "tanh"),) * 3), 2)
    d, z = diagnostics(run), run.trace(7).z
    for l in (2, 3):
        slopes = 1 - np.tanh(z[l]) ** 2
        np.testing.assert_allclose(d.mean_slope[7, l - 1], slopes.mean(), rtol=1e-12)
        np.testing.assert_allclose(d.saturated[7, l - 1], (slopes < 0.05).mean(), rtol=1e-12)


def test_chosen_iterations_are_those_of_all(run):
    some, whole = diagnostics(run, np.array([3, 11])), diagnostics(run)
    for name in Diagnostics._fields:
        np.testing.assert_allclose(getattr(some, name), getattr(whole, name)[[3, 11]], rtol=1e-12)


def test_batches_and_seeds_have_theirs_too():
    batch = diagnostics(train(replace(DEEP, batch=10), 2))
    assert batch.rms_delta.shape == (20, 4)
    many = diagnostics(train(DEEP, (2, 5)))
    assert many.norm_dW.shape == (20, 2, 4)
    np.testing.assert_allclose(many.norm_dW[:, 0], diagnostics(train(DEEP, 2)).norm_dW, rtol=1e-9)


def test_dead_units_are_counted():
    e = replace(DEEP, data="geoj", hidden=(Layer(2, "relu"),), output="softmax",
                loss="cross_entropy", learning_rate=0.1, iterations=2,
                parameters=(0.18, 0.1, 0.04, 0.22, 0, 0, 0.19, -0.02, -0.1, -0.01, 0.1, 0.04,
                            0, 0, 0))
    np.testing.assert_allclose(diagnostics(train(e, 0)).dead[:, 0], 0.5)


def test_the_slope_of_softmax_is_that_of_a_unit_by_itself():
    run = train(replace(DEEP, data="iris", output="softmax", loss="cross_entropy", iterations=5,
                        gain=5.0), 2)
    a, d = run.trace(4).a[4], diagnostics(run)
    slopes = a * (1 - a)
    np.testing.assert_allclose(d.mean_slope[4, 3], slopes.mean(), rtol=1e-12)
    np.testing.assert_allclose(d.saturated[4, 3], (slopes < 0.05 * 0.25).mean(), rtol=1e-12)
    assert 0 < d.saturated[4, 3] < 1


def test_the_steepest_slopes_are_known():
    known = {"sigmoid": 0.25, "tanh": 1, "relu": 1, "identity": 1, "hard_sigmoid": 1 / 6}
    for name, value in known.items():
        assert steepest(name, None) == pytest.approx(value)
    assert steepest("leaky_relu", 0.3) == 1


@pytest.mark.parametrize("batch", [3, 4, 5])
def test_iterations_of_mini_batches_are_measured_side_by_side_as_one_by_one(batch):
    """Of 10 samples, so that the last batch of an epoch may be smaller."""
    run = train(Experiment(data="moons", size=10, batch=batch, iterations=12), 1)
    whole = diagnostics(run)
    for k, t in enumerate(whole.iterations):
        for name, values in diagnostics(run, np.array([t]))._asdict().items():
            np.testing.assert_array_equal(getattr(whole, name)[k], values[0], err_msg=name)
