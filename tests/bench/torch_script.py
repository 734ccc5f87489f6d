"""The exported PyTorch script beside the app: autograd and torch.optim against the engine.

The scripts of many experiments, which have every activation, loss and optimizer among them, are run
at their first and their last iteration. The numbers' distance is |p - q| / (1 + |q|); what is shown
is the largest of all.
"""

import contextlib
import importlib.util
import io
from typing import Any

import numpy as np

from engine.training import Run, train
from figures.torch_script import torch_script
from tests.bench import Row
from tests.test_numpy_script import RUNS

GOAL = 1e-9


def ran(text: str) -> dict[str, Any]:
    """The variables of a script at its end."""
    values: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "script", "exec"), values)
    return values


def differences(run: Run, t: int) -> dict[str, float]:
    """How far each quantity of the script is from the engine's."""
    values, trace, after = ran(torch_script(run, t)), run.trace(t), run.network(t + 1)
    pairs = {"C": [(values["C"], trace.C)]}
    for name, layers in {"delta": trace.delta, "dW": trace.dW, "db": trace.db,
                         "W": after.W, "b": after.b}.items():
        pairs[name] = [(values[name][l], layers[l]) for l in layers]
    return {name: max(apart(p.detach().numpy(), q) for p, q in found)
            for name, found in pairs.items()}


def apart(p: np.ndarray, q: np.ndarray) -> float:
    """0 where both have overflowed; infinite where one has."""
    finite = np.isfinite(q)
    if not np.array_equal(finite, np.isfinite(p)):
        return np.inf
    p, q = p[finite], q[finite]
    return float(np.max(abs(p - q) / (1 + abs(q)), initial=0))


def measure() -> list[Row]:
    if not importlib.util.find_spec("torch"):
        return []
    import torch

    kept, found = torch.get_default_dtype(), []
    for experiment, t in RUNS:
        run = train(experiment, 3)
        found.append(differences(run, min(t, run.last)))
    torch.set_default_dtype(kept)  # which each script has changed
    return [Row(f"{len(RUNS)} scripts, largest difference in {name}",
                max(difference[name] for difference in found), "", "≤", GOAL) for name in found[0]]
