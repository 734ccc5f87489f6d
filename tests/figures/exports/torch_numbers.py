"""What an exported PyTorch script gives, beside the app: autograd and torch.optim, and the engine.

The numbers' distance is |p - q| / (1 + |q|).
"""

import contextlib
import io
from typing import Any

import numpy as np

from engine.training.run import Run

GOAL = 1e-9


def ran(text: str) -> dict[str, Any]:
    """The variables of a script at its end."""
    import torch

    values: dict[str, Any] = {}
    kept = torch.get_default_dtype()  # which each script changes
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "script", "exec"), values)
    torch.set_default_dtype(kept)
    return values


def differences(text: str, run: Run, t: int) -> dict[str, float]:
    """How far each quantity of the script is from the engine's."""
    values, trace, after = ran(text), run.trace(t), run.network(t + 1)
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
