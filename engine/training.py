"""Training: a run computed in one go, kept, and looked at afterwards.

    parameters[t+1] = parameters[t] - eta * gradient[t]          plain gradient descent, full batch

A Run is read-only and holds the flat parameters of every iteration; any trace is computed from them
when it is asked for. A run that overflows ends at the last iteration whose parameters are finite,
and says which quantity overflowed, in which layer.
"""

from typing import NamedTuple

import numpy as np

from engine.backprop import Trace, trace
from engine.datasets import Dataset, dataset
from engine.network import Network, initial_parameters, network, parameter_count, views
from engine.spec import Experiment, stream
from engine.steps import Step, steps

Array = np.ndarray
ALARM = 1000.0  # a cost this many times the first one is called diverging


class Run(NamedTuple):
    """parameters (T+1, P) and costs (T,) for the iterations 0 ... T-1 that can be looked at."""

    experiment: Experiment
    data: Dataset
    parameters: Array
    costs: Array
    overflow: Step | None

    @property
    def last(self) -> int:
        """The last iteration that can be stepped through."""
        return len(self.costs) - 1

    def network(self, t: int) -> Network:
        e = self.experiment
        return network(e.sizes, e.activations, e.loss, self.parameters[t])

    def trace(self, t: int) -> Trace:
        return trace(self.network(t), self.data.x, self.data.y)

    @property
    def alarm(self) -> int | None:
        """The first iteration whose cost is a thousand times the first one, if there is any."""
        high = np.flatnonzero(self.costs > ALARM * max(self.costs[0], 1.0))
        return int(high[0]) if len(high) else None


def train(experiment: Experiment, seed: int) -> Run:
    """The whole run of an experiment; the same arguments give the same run to the last bit."""
    e = experiment
    data = dataset(e.data, e.output, stream(seed, "data"))
    parameters = np.empty((e.iterations + 1, parameter_count(e.sizes)))
    parameters[0], costs = first_parameters(e, seed), []
    step_size = e.learning_rate * learns(e)
    for t in range(e.iterations):
        now = trace(network(e.sizes, e.activations, e.loss, parameters[t]), data.x, data.y)
        costs.append(now.C)
        with np.errstate(over="ignore", invalid="ignore"):
            parameters[t + 1] = parameters[t] - step_size * flat_gradient(now)
        if not np.isfinite(parameters[t + 1]).all() or not np.isfinite(now.C):
            break
    T = len(costs)
    overflow = first_overflow(now, parameters[T], e)
    return Run(e, data, read_only(parameters[: T + 1]), read_only(np.array(costs)), overflow)


def first_parameters(e: Experiment, seed: int) -> Array:
    if e.parameters:
        return np.array(e.parameters, float)
    return initial_parameters(e.sizes, e.initializer, stream(seed, "weights"))


def learns(e: Experiment) -> Array:
    """1 for each parameter that the update may change, 0 for the frozen ones."""
    mask = np.ones(parameter_count(e.sizes))
    W, b = views(e.sizes, mask)
    for name in e.frozen:
        {"W": W, "b": b}[name[0]][int(name[1:])][...] = 0
    return mask


def flat_gradient(now: Trace) -> Array:
    """dW[1], db[1], dW[2], ... in the order of the parameters."""
    pieces = (g[l].ravel() for l in sorted(now.dW) for g in (now.dW, now.db))
    return np.concatenate(list(pieces))


def first_overflow(now: Trace, after: Array, e: Experiment) -> Step | None:
    """The first step of this iteration whose result is not finite."""
    W, b = views(e.sizes, after)
    values = now._asdict() | {"W": W, "b": b}
    for step in steps(e.L):
        value = now.C if step.symbol == "C" else values[step.symbol][step.layer]
        if not np.isfinite(value).all():
            return step
    return None


def read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array
