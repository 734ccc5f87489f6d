"""Networks: one flat block of parameters, seen as weights and biases."""

import numpy as np
import pytest

from engine.nn.network import initial_parameters, network, parameter_count, views
from tests.random_networks import SIZES, build, parameters


def test_the_flat_block_holds_each_parameter_once():
    flat = np.arange(parameter_count(SIZES), dtype=float)
    W, b = views(SIZES, flat)
    in_order = [v[l].ravel() for l in W for v in (W, b)]
    np.testing.assert_array_equal(np.concatenate(in_order), flat)


@pytest.mark.parametrize("axes", [(), (2,), (2, 3)])
def test_weights_and_biases_are_views_with_the_shapes_of_the_formulas(axes):
    flat = parameters(0, axes=axes)
    W, b = views(SIZES, flat)
    for l in (1, 2, 3):
        assert W[l].shape == (*axes, SIZES[l], SIZES[l - 1])
        assert b[l].shape == (*axes, SIZES[l], 1)
        assert np.shares_memory(W[l], flat)
        assert np.shares_memory(b[l], flat)


def test_layers_are_numbered_from_one():
    built = network(SIZES, ("tanh", "relu", "sigmoid"), "bce", parameters(0))
    assert list(built.W) == list(built.b) == list(built.activations) == [1, 2, 3]
    assert built.L == 3
    assert built.activations[2].name == "relu"


def test_only_the_right_pair_is_canonical():
    assert build(0, "tanh", "sigmoid", "bce").canonical
    assert build(0, "tanh", "softmax", "cross_entropy").canonical
    assert not build(0, "tanh", "softmax", "mse").canonical


def test_a_seed_gives_the_same_weights_and_biases_of_zero():
    draw = lambda seed: initial_parameters(SIZES, "xavier_uniform", np.random.default_rng(seed))
    np.testing.assert_array_equal(draw(1), draw(1))
    assert (draw(1) != draw(2)).any()
    assert not any(b.any() for b in views(SIZES, draw(1))[1].values())
