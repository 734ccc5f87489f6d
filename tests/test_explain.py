"""What the stage says is what the engine did: its lines of NumPy, run in order, give the trace."""

import re

import numpy as np
import pytest

from engine.erf import erf
from engine.steps import steps
from engine.training import train
from engine.updates import update
from figures.explain import EXPLAIN, net
from figures.scenes import PHASE
from tests.experiments import EXPERIMENTS, name


def namespace(run):
    """What the lines of NumPy start from."""
    network = run.network(0)
    copies = lambda layers: {l: array.copy() for l, array in layers.items()}
    (x, y), now = run.samples(0), update(run, 0)
    remembered = {f"{what}_{symbol}": dict.fromkeys(network.W, 0.0) for symbol in "Wb"
                  for what in ("m", "v", "s", "mhat", "vhat")}
    return {"np": np, "erf": erf, "W": copies(network.W), "b": copies(network.b),
            "a": {0: x}, "y": y, "m": y.shape[1],
            "z": {}, "da": {}, "delta": {}, "dW": {}, "db": {},
            **remembered, **{name: v for name, v in now.before.items() if np.isscalar(v)},
            "eta": now.before["eta"].max(), "l1": run.experiment.l1, "l2": run.experiment.l2,
            "norm": now.after.get("norm")}


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_the_shown_lines_of_numpy_run_in_order_give_the_whole_trace(experiment):
    run, n = train(experiment, seed=3), net(experiment, experiment.batch_size(0))
    values, trace, after = namespace(run), run.trace(0), run.network(1)
    for step in steps(n.L):
        for text in EXPLAIN[step.symbol](n, step.layer).numpy:
            if "norm =" not in text:  # the norm is that of all gradients, before the first update
                exec(text, values)
        if str(step) == "db1":
            gradients = {name: {**values[name]} for name in ("dW", "db")}
    assert values["C"] == pytest.approx(trace.C, rel=1e-12)
    for symbol in ("z", "a", "delta", "dW", "db"):
        for l, array in getattr(trace, symbol).items():
            shown = (gradients.get(symbol) or values[symbol])[l]
            np.testing.assert_allclose(shown, array, rtol=1e-9, atol=1e-14)
    for l in range(1, n.L + 1):
        np.testing.assert_allclose(values["W"][l], after.W[l], rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(values["b"][l], after.b[l], rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_every_formula_has_its_numbers_beside_it(experiment):
    n = net(experiment, experiment.batch_size(0))
    for step in steps(n.L):
        told = EXPLAIN[step.symbol](n, step.layer)
        assert len(told.formula) == len(told.numbers) > 0
        assert told.sentence
        assert told.numpy


def test_the_general_lines_of_a_phase_are_those_of_its_steps():
    """z[l] = ... of the forward phase is z[1] = ... of its first step, with l for the layer."""
    n = net(EXPERIMENTS[0], 1)
    for phase, symbols in {"forward": "z", "backward": ("dW", "db")}.items():
        for symbol in symbols:
            special = EXPLAIN[symbol](n, 2).numpy[-1]
            general = re.sub(r"\[2\]", "[l]", re.sub(r"\[1\]", "[l-1]", special))
            assert general in PHASE[phase][1]
