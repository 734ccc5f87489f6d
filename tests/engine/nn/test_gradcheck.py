"""The gradient check: it passes what is right, and finds what is wrong."""

import numpy as np
import pytest

from engine.nn import gradcheck as module
from engine.nn.activations import ACTIVATIONS
from engine.nn.gradcheck import gradcheck, numerical_gradient
from tests.random_networks import build, inputs, targets


@pytest.mark.parametrize("axes", [(), (2,)], ids=str)
def test_right_gradients_pass(axes):
    net = build(21, "tanh", "softmax", "cross_entropy", axes=axes)
    result = gradcheck(net, inputs(21), targets(21, "cross_entropy"))
    assert result.error.shape == net.flat.shape
    assert result.error.max() < 1e-6
    np.testing.assert_allclose(result.numerical, result.gradient, atol=1e-8)


def test_a_wrong_derivative_is_found_in_the_layers_below_it():
    wrong = ACTIVATIONS["tanh"]._replace(
        vjp=lambda g, z, a, out=None: np.multiply(g, 1 - a, out))
    net = build(22, "tanh", "identity", "mse")
    net = net._replace(activations=net.activations | {2: wrong})
    error = gradcheck(net, inputs(22), targets(22, "mse")).error
    above = net.W[3].size + net.b[3].size
    assert error[-above:].max() < 1e-6
    assert error[:-above].max() > 0.1


def test_a_network_in_many_small_calls_gives_the_same(monkeypatch):
    net, x, y = build(23, "sigmoid", "identity", "mse"), inputs(23), targets(23, "mse")
    once = numerical_gradient(net, x, y)
    monkeypatch.setattr(module, "AT_ONCE", 100)
    np.testing.assert_array_equal(numerical_gradient(net, x, y), once)


def test_the_error_is_relative_to_the_larger_of_the_two_but_not_to_nothing():
    """A derivative of the wrong sign: a difference of twice the size, an error of 2."""
    wrong = ACTIVATIONS["identity"]._replace(
        vjp=lambda g, z, a, out=None: np.multiply(g, -1, out))
    net = build(24, "identity", "identity", "mse")
    net = net._replace(activations=net.activations | {3: wrong})
    result = gradcheck(net, inputs(24), targets(24, "mse"))
    size = np.maximum(abs(result.gradient), abs(result.numerical))
    expected = abs(result.gradient - result.numerical) / np.maximum(size, 1e-3 * size.max())
    np.testing.assert_allclose(result.error, expected)
    np.testing.assert_allclose(result.error[size > 1e-2 * size.max()], 2, rtol=1e-6)


def test_the_larger_of_the_two_may_be_either():
    """A derivative ten times too small, or too large, is nine tenths away from the larger one."""
    for factor in (0.1, 10):
        wrong = ACTIVATIONS["identity"]._replace(
            vjp=lambda g, z, a, out=None, factor=factor: np.multiply(g, factor, out))
        net = build(24, "identity", "identity", "mse")
        net = net._replace(activations=net.activations | {3: wrong})
        result = gradcheck(net, inputs(24), targets(24, "mse"))
        size = np.maximum(abs(result.gradient), abs(result.numerical))
        np.testing.assert_allclose(result.error[size > 0.05 * size.max()], 0.9, rtol=1e-6)
