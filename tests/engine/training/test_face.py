"""The engine in a notebook: what is given as people have it is taken, the rest is told."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engine as bs

ROOT = Path(__file__).parent.parent.parent.parent
NET = bs.network((2, 3, 1), ("tanh", "sigmoid"), "bce", np.linspace(-1, 1, 13))
X, Y = [[0, 0, 1, 1], [0, 1, 0, 1]], [[0, 1, 1, 0]]


@pytest.mark.parametrize("hidden", [[4], (4,), [np.int64(4)], [(4, "tanh")], [[4, "tanh"]],
                                    [bs.Layer(4, "tanh")], np.array([4])])
def test_hidden_layers_are_taken_as_widths_pairs_or_layers(hidden):
    assert bs.Experiment("xor", hidden=hidden) == bs.Experiment("xor", (bs.Layer(4, "tanh"),))


@pytest.mark.parametrize("hidden", [4, "4tanh", ["4tanh"], [(4,)], [None], {4}])
def test_what_is_no_layer_is_told_how_layers_are_written(hidden):
    with pytest.raises(ValueError, match="hidden must be layers such as"):
        bs.Experiment("xor", hidden=hidden)


def test_numbers_of_numpy_and_lists_are_those_of_python():
    e = bs.Experiment("xor", hidden=[1], parameters=np.arange(5) / 7, frozen=["b1"],
                      learning_rate=np.float64(0.5), iterations=np.int64(3))
    same = bs.Experiment("xor", (bs.Layer(1, "tanh"),), parameters=tuple(k / 7 for k in range(5)),
                         frozen=("b1",), learning_rate=0.5, iterations=3)
    assert e == same
    assert repr(e) == repr(same)


@pytest.mark.parametrize("seed", [3, np.int64(3)])
def test_a_seed_may_be_a_number_of_numpy(seed):
    e = bs.Experiment("xor", iterations=3)
    np.testing.assert_array_equal(bs.train(e, seed).costs, bs.train(e, 3).costs)


@pytest.mark.parametrize("seeds", [range(3), [0, 1, 2], np.arange(3)])
def test_several_seeds_are_trained_side_by_side(seeds):
    e = bs.Experiment("xor", iterations=3)
    for k, costs in enumerate(bs.train(e, seeds).costs.T):
        np.testing.assert_array_equal(costs, bs.train(e, k).costs)


@pytest.mark.parametrize("seed", [-1, 1.5, "7", [0, -1], None])
def test_what_is_no_seed_is_told(seed):
    with pytest.raises(ValueError, match="seed must be a whole number"):
        bs.train(bs.Experiment("xor", iterations=3), seed)


def test_samples_are_taken_as_lists():
    np.testing.assert_array_equal(bs.trace(NET, X, Y).dW[1],
                                  bs.trace(NET, np.array(X, float), np.array(Y, float)).dW[1])


@pytest.mark.parametrize(("x", "y", "sentence"), [
    (np.transpose(X), Y, r"x must be \(2, m\), columns are samples \(got \(4, 2\): turn it"),
    (X, np.transpose(Y), r"y must be \(1, m\), columns are samples \(got \(4, 1\): turn it"),
    (X, [[0, 1, 1]], r"y must have a column for each of the 4 samples of x \(got 3\)"),
    ([0, 1], Y, r"x must be \(2, m\).*got \(2,\)"),
    (np.empty((2, 0)), np.empty((1, 0)), r"x must be \(2, m\)"),
])
def test_samples_in_rows_are_told_how_to_turn_them(x, y, sentence):
    with pytest.raises(ValueError, match=sentence):
        bs.trace(NET, x, y)


def test_a_network_needs_an_activation_for_each_layer_and_a_number_for_each_parameter():
    with pytest.raises(ValueError, match="activations must be one for each of the 2 layers"):
        bs.network((2, 3, 1), ("tanh",), "bce", np.zeros(13))
    for count in (12, 14):
        with pytest.raises(ValueError, match=f"parameters must be 13 numbers.*got {count}"):
            bs.network((2, 3, 1), ("tanh", "sigmoid"), "bce", np.zeros(count))


def test_a_gradient_check_is_of_a_run_or_of_a_network_with_samples():
    run = bs.train(bs.Experiment("xor", hidden=[2], iterations=2))
    for check in (bs.gradcheck(run), bs.gradcheck(NET, X, Y)):
        assert check.error.max() < 1e-6
        assert repr(check).startswith(f"Gradient check of {check.error.size} parameters: largest")


def test_networks_and_traces_say_what_they_are_in_one_line():
    assert repr(NET) == "Network 2-3-1 tanh/sigmoid, bce: 13 parameters"
    now = bs.trace(NET, X, Y)
    assert repr(now) == f"Trace of 4 samples through 2-3-1: C = {now.C:.4g}"


def test_all_names_are_there():
    assert all(hasattr(bs, name) for name in bs.__all__)
    assert len(bs.__all__) <= 16


def test_importing_the_engine_changes_nothing_of_the_process():
    code = ("import os, sys; before = dict(os.environ); import engine; "
            "assert dict(os.environ) == before; assert 'streamlit' not in sys.modules")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
