"""What the stage says is what the engine did: its lines of NumPy, run in order, give the trace."""

import re

import numpy as np
import pytest

from engine.erf import erf
from engine.steps import steps
from engine.training import train
from figures.explain import EXPLAIN, net
from figures.scenes import PHASE
from tests.experiments import EXPERIMENTS, name


def namespace(run):
    """What the lines of NumPy start from."""
    network = run.network(0)
    copies = lambda layers: {l: array.copy() for l, array in layers.items()}
    x, y = run.data.x, run.data.y
    return {"np": np, "erf": erf, "W": copies(network.W), "b": copies(network.b),
            "a": {0: x}, "y": y, "m": y.shape[1], "eta": run.experiment.learning_rate,
            "z": {}, "da": {}, "delta": {}, "dW": {}, "db": {}}


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_the_shown_lines_of_numpy_run_in_order_give_the_whole_trace(experiment):
    run, n = train(experiment, seed=3), net(experiment)
    values, trace, after = namespace(run), run.trace(0), run.network(1)
    for step in steps(n.L):
        for text in EXPLAIN[step.symbol](n, step.layer).numpy:
            exec(text, values)
    assert values["C"] == pytest.approx(trace.C, rel=1e-12)
    for symbol in ("z", "a", "delta", "dW", "db"):
        for l, array in getattr(trace, symbol).items():
            np.testing.assert_allclose(values[symbol][l], array, rtol=1e-9, atol=1e-14)
    for l in range(1, n.L + 1):
        np.testing.assert_allclose(values["W"][l], after.W[l], rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(values["b"][l], after.b[l], rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_every_formula_has_its_numbers_beside_it(experiment):
    n = net(experiment)
    for step in steps(n.L):
        told = EXPLAIN[step.symbol](n, step.layer)
        assert len(told.formula) == len(told.numbers) > 0
        assert told.sentence
        assert told.numpy


def test_the_general_lines_of_a_phase_are_those_of_its_steps():
    """z[l] = ... of the forward phase is z[1] = ... of its first step, with l for the layer."""
    n = net(EXPERIMENTS[0])
    for phase, symbols in {"forward": "z", "update": ("W", "b"), "backward": ("dW", "db")}.items():
        for symbol in symbols:
            special = EXPLAIN[symbol](n, 2).numpy[-1]
            general = re.sub(r"\[2\]", "[l]", re.sub(r"\[1\]", "[l-1]", special))
            assert general in PHASE[phase][1]
