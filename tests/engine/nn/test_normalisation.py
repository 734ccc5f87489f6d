"""Normalisation and residual connections: against their definitions, differences and PyTorch."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.activations import ACTIVATIONS
from engine.nn.backprop import flat_gradient, forward, trace
from engine.nn.gradcheck import numerical_gradient
from engine.nn.network import network, parameter_count
from engine.nn.normalisation import EPS, NORMS
from engine.nn.workspace import workspace
from engine.training.run import train
from engine.training.scores import costs_and_scores, outputs
from tests.random_networks import inputs, parameters, targets

REFERENCES = json.loads((Path(__file__).parent.parent.parent / "data" / "norms.json").read_text())
EQUAL, UNEQUAL = (3, 4, 4, 4, 2), (3, 4, 2, 2, 3)
AXES = [(), (3,), (2, 1)]
KINDS = [("none", 0.7), *product(("batch", "layer"), (0.0, 0.7))]
REAL = [norm for norm in NORMS.values() if norm.axis]
kinds = pytest.mark.parametrize(("norm", "residual"), KINDS)
axes_too = pytest.mark.parametrize("axes", AXES, ids=str)


def build(norm, residual, sizes=EQUAL, hidden="tanh", output="softmax", loss="cross_entropy",
          axes=(), seed=31):
    activations = (*[hidden] * (len(sizes) - 2), output)
    return network(sizes, activations, loss, parameters(seed, sizes, axes), norm, residual)


def samples(sizes=EQUAL, loss="cross_entropy", seed=31):
    return inputs(seed, sizes), targets(seed, loss, sizes)


@axes_too
@pytest.mark.parametrize("sizes", [EQUAL, UNEQUAL], ids=str)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
@kinds
def test_gradients_are_finite_differences_of_the_cost(norm, residual, hidden, sizes, axes):
    net = build(norm, residual, sizes, hidden, axes=axes)
    x, y = samples(sizes)
    gradient = flat_gradient(trace(net, x, y))
    scale = max(1, np.abs(gradient).max())
    np.testing.assert_allclose(gradient, numerical_gradient(net, x, y, 1e-6), atol=2e-8 * scale)


@pytest.mark.parametrize(("output", "loss"), [("identity", "mse"), ("sigmoid", "half_sum")])
@kinds
def test_an_output_without_a_canonical_loss_has_them_too(norm, residual, output, loss):
    net = build(norm, residual, output=output, loss=loss)
    x, y = samples(loss=loss)
    gradient = flat_gradient(trace(net, x, y))
    np.testing.assert_allclose(gradient, numerical_gradient(net, x, y), atol=1e-8)


@kinds
def test_delta_is_m_times_the_derivative_of_the_cost(norm, residual):
    """Measured by moving one z: a bias of its own for that sample."""
    net, (x, y), h, m = build(norm, residual), samples(), 1e-6, 5
    now = trace(net, x, y)
    for l in (1, 2, 3):
        for j, i in np.ndindex(now.z[l].shape):
            right, left = (moved_cost(net, x, y, l, j, i, by) for by in (h, -h))
            assert now.delta[l][j, i] == pytest.approx(m * (right - left) / (2 * h), abs=1e-8)


def moved_cost(net, x, y, l, j, i, by):
    """C when unit j of layer l has a bias `by` larger for sample i alone."""
    w = workspace(net, x, y)
    b = np.repeat(net.b[l], x.shape[1], 1)
    b[j, i] += by
    w.up[l - 1] = w.up[l - 1]._replace(b=b)
    forward(w)
    return net.loss.cost_from_z(w.now.z[net.L], y).mean()


@axes_too
@pytest.mark.parametrize("norm", REAL, ids=lambda norm: norm.name)
def test_every_layer_is_brought_to_mean_0_and_variance_1(norm, axes):
    now = trace(build(norm.name, 0.0, axes=axes), *samples())
    for l in (1, 2, 3):
        variance = now.u[l].var(norm.axis)
        np.testing.assert_allclose(now.n[l].mean(norm.axis), 0, atol=1e-14)
        np.testing.assert_allclose(now.n[l].var(norm.axis), variance / (variance + EPS), rtol=1e-12)
        np.testing.assert_allclose(now.sigma[l] ** 2, np.expand_dims(variance + EPS, norm.axis))
    assert sorted(now.n) == [1, 2, 3]


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("residual", [0.0, 0.7])
def test_each_layer_is_what_its_formulas_say(norm, residual):
    net, (x, y) = build(norm, residual, UNEQUAL), samples(UNEQUAL)
    now = trace(net, x, y)
    for l in (1, 2, 3, 4):
        u = net.W[l] @ now.a[l - 1]
        axis = NORMS[norm].axis
        if axis and l < 4:
            u = (u - u.mean(axis, keepdims=True)) / np.sqrt(u.var(axis, keepdims=True) + 1e-5)
        np.testing.assert_allclose(now.z[l], u + net.b[l], atol=1e-14)
        a = net.activations[l].f(now.z[l])
        if residual and l == 3:  # the one hidden layer that is as wide as the one below it
            a = now.a[2] + 0.7 * a
        np.testing.assert_allclose(now.a[l], a, atol=1e-14)
    assert sorted(now.f) == ([3] if residual else [])


@kinds
def test_replicates_equal_separate_networks(norm, residual):
    net, (x, y) = build(norm, residual, axes=(2, 3)), samples()
    together = trace(net, x, y)
    for i in np.ndindex(2, 3):
        alone = trace(net.at(net.flat[i]), x, y)
        for symbol in ("u", "mean", "sigma", "n", "z", "f", "a", "delta", "du", "dW", "db"):
            for l, value in getattr(alone, symbol).items():
                whole = getattr(together, symbol)[l]
                found = whole if (symbol, l) == ("a", 0) else whole[i]
                np.testing.assert_allclose(found, value, atol=1e-14, err_msg=symbol)


@pytest.mark.parametrize("norm", ["batch", "layer"])
def test_a_normalised_layer_is_blind_to_the_scale_of_its_weights(norm):
    """But for ε: W and 1000 W give the same network, with gradients 1000 times smaller."""
    net, (x, y) = build(norm, 0.0), samples()
    net.W[2][...] *= 1000
    once = trace(net, x, y)
    net.W[2][...] *= 1000
    again = trace(net, x, y)
    np.testing.assert_allclose(again.a[4], once.a[4], rtol=1e-8)
    np.testing.assert_allclose(1000 * again.dW[2], once.dW[2], rtol=1e-6)


def test_batch_normalisation_sends_back_nothing_that_is_common_to_all_samples():
    """A shift of u, or its scale (but for ε), is undone: du has no part along 1 nor along n."""
    now = trace(build("batch", 0.0), *samples())
    for l in (1, 2, 3):
        np.testing.assert_allclose(now.du[l].sum(-1), 0, atol=1e-14)
        np.testing.assert_allclose((now.du[l] * now.n[l]).sum(-1), 0, atol=1e-4)


def test_layer_normalisation_leaves_each_sample_to_itself():
    net, (x, y) = build("layer", 0.7), samples()
    now = trace(net, x, y)
    for i in range(x.shape[1]):
        alone = trace(net, x[:, [i]], y[:, [i]])
        for l in (1, 2, 3):
            np.testing.assert_allclose(now.delta[l][:, [i]], alone.delta[l], atol=1e-14)


def test_batch_normalisation_of_one_sample_leaves_only_the_bias():
    net, (x, y) = build("batch", 0.0), samples()
    now = trace(net, x[:, :1], y[:, :1])
    np.testing.assert_array_equal(now.n[2], 0)
    np.testing.assert_array_equal(now.z[2], net.b[2])
    np.testing.assert_array_equal(now.dW[2], 0)


def test_identity_layers_with_residuals_are_a_product_of_one_plus_w():
    """a[L-1] = Π (1 + r W) W[1] x without biases, and the gradient comes back the same way."""
    net = build("none", 0.5, hidden="identity", output="identity", loss="half_sum")
    x, y = samples(loss="half_sum")
    for b in net.b.values():
        b[...] = 0
    now, I = trace(net, x, y), np.eye(4)
    J3, J2 = I + 0.5 * net.W[3], I + 0.5 * net.W[2]
    np.testing.assert_allclose(now.a[4], net.W[4] @ J3 @ J2 @ net.W[1] @ x, atol=1e-13)
    da = J2.T @ J3.T @ net.W[4].T @ (now.a[4] - y)
    np.testing.assert_allclose(now.da[1], da, atol=1e-13)
    np.testing.assert_allclose(now.delta[1], da, atol=1e-13)
    np.testing.assert_allclose(now.delta[2], 0.5 * now.da[2], atol=1e-14)


def test_without_either_nothing_more_is_computed():
    now = trace(build("none", 0.0), *samples())
    for symbol in ("u", "mean", "sigma", "n", "f", "du"):
        assert getattr(now, symbol) == {}


@pytest.mark.parametrize(("norm", "residual"), [*KINDS, ("none", 0.0)])
@pytest.mark.parametrize("batch", [0, 8])
def test_away_from_the_batch_all_training_samples_are_what_an_answer_is_normalised_by(
    norm, residual, batch
):
    """A sample is answered as in a step on all training samples, alone and in any company."""
    run = train(Experiment(data="moons", hidden=(Layer(4, "tanh"),) * 3, iterations=6, batch=batch,
                           norm=norm, residual=residual, split=0.3), 4)
    x, y, times = run.data.x, run.data.y, np.array([0, 3, 5])
    wanted = np.stack([trace(run.network(t), x, y).a[4] for t in times])
    np.testing.assert_allclose(outputs(run, times, x), wanted, rtol=1e-12)
    np.testing.assert_allclose(outputs(run, times, x[:, 5:6]), wanted[..., 5:6], rtol=1e-12)
    wanted = [trace(run.network(t), x, y).C for t in times]
    np.testing.assert_allclose(costs_and_scores(run, times, x, y)[0], wanted, rtol=1e-12)
    assert np.isfinite(costs_and_scores(run, times, run.data.test_x, run.data.test_y)[0]).all()


@kinds
def test_it_learns(norm, residual):
    run = train(Experiment(data="moons", hidden=(Layer(6, "tanh"),) * 3, learning_rate=0.5,
                           norm=norm, residual=residual), 1)
    assert run.costs[-1] < 0.5 * run.costs[0]


@kinds
def test_seeds_side_by_side_are_those_alone(norm, residual):
    e = Experiment(hidden=(Layer(4, "tanh"),) * 3, iterations=20, norm=norm, residual=residual)
    together = train(e, (1, 2))
    for i, seed in enumerate((1, 2)):
        np.testing.assert_allclose(together.costs[:, i], train(e, seed).costs, rtol=1e-9)


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: r["name"])
def test_pytorch_finds_the_same(reference):
    """z, a, m ∂C/∂z, ∂C/∂W, ∂C/∂b and C by torch's own functions and autograd."""
    r = reference
    assert len(r["flat"]) == parameter_count(tuple(r["sizes"]))
    net = network(tuple(r["sizes"]), tuple(r["activations"]), r["loss"], np.array(r["flat"]),
                  r["norm"], r["residual"])
    now = trace(net, np.array(r["x"]), np.array(r["y"]))
    np.testing.assert_allclose(now.C, r["C"], rtol=1e-9)
    for symbol in ("z", "a", "delta", "dW", "db"):
        for l in range(1, net.L + 1):
            np.testing.assert_allclose(getattr(now, symbol)[l], r[symbol][l - 1], rtol=1e-9,
                                       atol=1e-9, err_msg=f"{symbol}[{l}]")


def test_the_references_have_every_norm_with_and_without_residuals():
    assert {(r["norm"], r["residual"] > 0) for r in REFERENCES} >= {
        *product(("batch", "layer"), (True, False)), ("none", True)}
