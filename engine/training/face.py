"""What a notebook asks of the engine: lists, tuples and NumPy's numbers are taken as meant.

Inside, values are trusted; here they are looked at: columns are samples, and who gives rows is told
how to turn them. `engine/__init__.py` shows all of it in ten lines.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment
from engine.nn import backprop
from engine.nn import gradcheck as measured
from engine.nn.arrays import Array
from engine.nn.gradcheck import GradientCheck
from engine.nn.network import Network
from engine.nn.workspace import Trace
from engine.training import run
from engine.training.run import Run


def train(experiment: Experiment, seed: int | Sequence[int] = 0) -> Run:
    """The whole run of an experiment; several seeds are trained side by side.

    Raises ValueError where a seed is no whole number from 0 on.
    """
    many = np.ndim(seed) == 1
    seeds = [whole_seed(one) for one in np.ravel(seed).tolist()]
    return run.train(experiment, tuple(seeds) if many else seeds[0])


def whole_seed(seed: Any) -> int:
    if isinstance(seed, int) and seed >= 0:
        return seed
    raise ValueError(f"seed must be a whole number from 0 on, or several of them (got {seed!r})")


def trace(net: Network, x: Any, y: Any) -> Trace:
    """Everything that one training step on the samples x (n_0, m) and y (K, m) computes.

    Raises ValueError where x or y has another shape.
    """
    return backprop.trace(net, *samples(net, x, y))


def samples(net: Network, x: Any, y: Any) -> tuple[Array, Array]:
    """x and y as matrices of float64 whose columns are samples."""
    x = matrix("x", x, net.sizes[0])
    y = matrix("y", y, net.sizes[-1])
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(f"y must have a column for each of the {x.shape[-1]} samples of x "
                         f"(got {y.shape[-1]})")
    return x, y


def matrix(name: str, values: Any, units: int) -> Array:
    """(units, m), m of at least 1"""
    found = np.asarray(values, float)
    if found.ndim == 2 and found.shape[0] == units and found.shape[1]:
        return found
    turn = ": turn it, as in np.transpose" if found.ndim == 2 and found.shape[1] == units else ""
    raise ValueError(f"{name} must be ({units}, m), columns are samples (got {found.shape}{turn})")


def gradcheck(of: Run | Network, x: Any = None, y: Any = None) -> GradientCheck:
    """All gradients of a network on x and y beside measured ones; of a run, at its beginning."""
    net = of.network(0) if isinstance(of, Run) else of
    if isinstance(of, Run) and x is None:
        return measured.gradcheck(net, *of.samples(0))
    return measured.gradcheck(net, *samples(net, x, y))

