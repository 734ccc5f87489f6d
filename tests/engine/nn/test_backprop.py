"""The heart: gradients against finite differences, and the laws that they obey."""

import numpy as np
import pytest

from engine.nn.activations import ACTIVATIONS
from engine.nn.backprop import trace
from engine.nn.losses import LOSSES
from engine.nn.network import network
from tests.random_networks import SIZES, build, inputs, parameters, targets

H = 1e-6
AXES = [(), (3,), (2, 1)]


def fitting_output(loss: str, wished: str) -> str:
    """The wished output activation where the loss allows it."""
    allowed = LOSSES[loss].outputs
    return wished if not allowed or wished in allowed else allowed[0]


def numerical(net, x, y) -> np.ndarray:
    """dC/d(every parameter) by central differences; each nudge is one more replicate."""
    nudge = H * np.eye(net.flat.shape[-1])
    names = tuple(f.name for f in net.activations.values())
    at = lambda flat: trace(network(SIZES, names, net.loss.name, flat), x, y).C
    centre = net.flat[..., None, :]
    return (at(centre + nudge) - at(centre - nudge)) / (2 * H)


def flat_gradient(now, axes=()) -> np.ndarray:
    pieces = [g[l].reshape(*axes, -1) for l in (1, 2, 3) for g in (now.dW, now.db)]
    return np.concatenate(pieces, -1)


@pytest.mark.parametrize("axes", AXES, ids=str)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_gradients_are_finite_differences_of_the_cost(hidden, loss, axes):
    net = build(11, hidden, fitting_output(loss, hidden), loss, axes=axes)
    x, y = inputs(11), targets(11, loss)
    now = trace(net, x, y)
    scale = max(1, np.abs(flat_gradient(now, axes)).max())
    np.testing.assert_allclose(flat_gradient(now, axes), numerical(net, x, y), atol=5e-9 * scale)


@pytest.mark.parametrize("loss", LOSSES)
def test_delta_is_each_samples_own_derivative(loss):
    net = build(12, "tanh", fitting_output(loss, "identity"), loss)
    x, y = inputs(12), targets(12, loss)
    now = trace(net, x, y)
    for l in (1, 2, 3):
        for i in range(x.shape[1]):
            alone = trace(net, x[:, [i]], y[:, [i]])
            np.testing.assert_allclose(now.delta[l][:, [i]], alone.delta[l], atol=1e-14)
            np.testing.assert_allclose(alone.db[l], alone.delta[l], atol=1e-15)


@pytest.mark.parametrize("axes", AXES[1:], ids=str)
def test_replicates_equal_separate_networks(axes):
    net = build(13, "tanh", "softmax", "cross_entropy", axes=axes)
    x, y = inputs(13), targets(13, "cross_entropy")
    together = trace(net, x, y)
    for i in np.ndindex(*axes):
        names = tuple(f.name for f in net.activations.values())
        alone = trace(network(SIZES, names, "cross_entropy", net.flat[i]), x, y)
        np.testing.assert_allclose(together.C[i], alone.C, rtol=1e-13)
        for l in (1, 2, 3):
            np.testing.assert_allclose(together.dW[l][i], alone.dW[l], atol=1e-14)
            np.testing.assert_allclose(together.db[l][i], alone.db[l], atol=1e-14)


def case(hidden="tanh", output="softmax", loss="cross_entropy", seed=14):
    return build(seed, hidden, output, loss), inputs(seed), targets(seed, loss)


def test_permuting_samples_changes_no_gradient():
    net, x, y = case()
    order = [3, 0, 4, 1, 2]
    once, again = trace(net, x, y), trace(net, x[:, order], y[:, order])
    np.testing.assert_allclose(flat_gradient(again), flat_gradient(once), atol=1e-15)
    np.testing.assert_allclose(again.delta[2], once.delta[2][:, order], atol=1e-15)


def test_permuting_hidden_units_changes_nothing_that_leaves_the_network():
    net, x, y = case()
    order, flat = [2, 0, 3, 1], net.flat.copy()
    other = network(SIZES, ("tanh", "tanh", "softmax"), "cross_entropy", flat)
    other.W[1][...], other.b[1][...] = net.W[1][order], net.b[1][order]
    other.W[2][...] = net.W[2][:, order]
    once, again = trace(net, x, y), trace(other, x, y)
    np.testing.assert_allclose(again.a[3], once.a[3], atol=1e-15)
    np.testing.assert_allclose(again.dW[1], once.dW[1][order], atol=1e-15)
    np.testing.assert_allclose(again.dW[2], once.dW[2][:, order], atol=1e-15)
    np.testing.assert_allclose(again.dW[3], once.dW[3], atol=1e-15)


def test_two_half_batches_average_to_the_whole():
    net, x, y = case()
    x, y = np.hstack([x, x[:, :1] + 1]), np.hstack([y, y[:, :1]])
    halves = [flat_gradient(trace(net, x[:, s], y[:, s])) for s in (slice(3), slice(3, 6))]
    np.testing.assert_allclose(np.mean(halves, 0), flat_gradient(trace(net, x, y)), atol=1e-15)


@pytest.mark.parametrize("factor", [-2.0, 0.5, 3.0])
def test_a_scaled_loss_scales_every_gradient(factor):
    net, x, y = case(output="identity", loss="mse")
    loss = LOSSES["mse"]
    scaled = loss._replace(cost=lambda a, y: factor * loss.cost(a, y),
                           grad=lambda a, y, *out: np.multiply(factor, loss.grad(a, y), *out))
    once, again = trace(net, x, y), trace(net._replace(loss=scaled), x, y)
    np.testing.assert_allclose(again.C, factor * once.C, rtol=1e-14)
    np.testing.assert_allclose(flat_gradient(again), factor * flat_gradient(once), rtol=1e-12)


def test_relu_networks_are_positively_homogeneous():
    net, x, y = case("relu", "identity", "output")
    for b in net.b.values():
        b[...] = 0
    once = trace(net, x, y)
    assert once.a[3].any()
    np.testing.assert_allclose(trace(net, 7 * x, y).a[3], 7 * once.a[3], rtol=1e-13)
    net.W[1][...] *= 7
    net.W[2][...] /= 7
    np.testing.assert_allclose(trace(net, x, y).a[3], once.a[3], rtol=1e-13)


def test_a_shift_of_the_output_biases_is_invisible_through_softmax():
    net, x, y = case()
    once = trace(net, x, y)
    np.testing.assert_allclose(once.db[3].sum(), 0, atol=1e-15)
    net.b[3][...] += 3.5
    np.testing.assert_allclose(trace(net, x, y).a[3], once.a[3], rtol=1e-12)


def test_a_chain_of_units_is_the_product_of_its_factors():
    """Nielsen, ch. 5: dC/db[1] = sigmoid'(z1) w2 sigmoid'(z2) w3 sigmoid'(z3) dC/da3."""
    flat = parameters(15, (1, 1, 1, 1))
    net = network((1, 1, 1, 1), ("sigmoid",) * 3, "half_sum", flat)
    x, y = np.array([[0.7]]), np.array([[0.2]])
    now = trace(net, x, y)
    slopes = [float((now.a[l] * (1 - now.a[l]))[0, 0]) for l in (1, 2, 3)]
    expected = slopes[0] * net.W[2] * slopes[1] * net.W[3] * slopes[2] * (now.a[3] - y)
    np.testing.assert_allclose(now.db[1], expected, rtol=1e-13)
    np.testing.assert_allclose(now.dW[1], expected * x, rtol=1e-13)


def test_a_canonical_pair_needs_no_da():
    net, x, y = case()
    now = trace(net, x, y)
    assert sorted(now.da) == [1, 2]
    np.testing.assert_allclose(now.delta[3], now.a[3] - y, atol=1e-15)


def test_saturated_outputs_keep_cost_and_gradient_finite():
    for output, loss in (("sigmoid", "bce"), ("softmax", "cross_entropy")):
        net, x, y = case(output=output, loss=loss)
        net.W[3][...] *= 1e5
        now = trace(net, x, y)
        assert np.isfinite(now.C)
        assert np.isfinite(flat_gradient(now)).all()


def test_a_trace_changes_neither_network_nor_data():
    net, x, y = case()
    before = net.flat.copy(), x.copy(), y.copy()
    trace(net, x, y)
    for now, then in zip((net.flat, x, y), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_two_traces_share_no_memory():
    net, x, y = case()
    once, again = trace(net, x, y), trace(net, x, y)
    for symbol in ("z", "a", "da", "delta", "dW", "db"):
        for l, value in getattr(once, symbol).items():
            assert l == 0 or not np.shares_memory(value, getattr(again, symbol)[l])
