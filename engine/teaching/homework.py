"""One training step of one sample, with numbers that can be written down: what a worksheet asks.

The given numbers (x, y, W, b and η) are rounded to a few decimals first, and all else is computed
from exactly these, so what a student computes from the sheet is what the key says. The batch is
that one sample: m = 1. The update is that of plain gradient descent, W − η dW; where the experiment
has another one, the sheet ends with the gradients.
"""

from typing import NamedTuple

from engine.data.datasets import Dataset
from engine.data.tables import shown
from engine.experiment.checks import whole
from engine.experiment.experiment import Experiment
from engine.experiment.limits import MAX_SEED
from engine.nn.arrays import Array
from engine.nn.backprop import trace
from engine.nn.network import Network
from engine.nn.steps import Step
from engine.nn.workspace import Trace
from engine.training.descent import network_of, rates
from engine.training.start import first_parameters, loaded

MOST = 40  # sheets at once
WIDEST, DEEPEST = 10, 8  # units of a layer, and columns, that have room on a page
DECIMALS = (1, 2, 3, 4)


class Homework(NamedTuple):
    """A sheet: what is given, and every number of its key.

    network   W and b as given, with their layers' activations and the loss
    eta       the learning rate of the first iteration
    after     W and b after the update; None where its update is no plain one
    """

    experiment: Experiment
    seed: int
    data: Dataset
    network: Network
    x: Array
    y: Array
    eta: float
    trace: Trace
    after: Network | None

    @property
    def steps(self) -> list[Step]:
        """Those of the experiment, without an update that is not asked for."""
        return [step for step in self.experiment.steps if self.after or step.phase != "update"]


def homework(e: Experiment, seed: int, sample: int, decimals: int) -> Homework:
    """The first training step on a sample (the first one for ALL), all given numbers rounded."""
    e, s = e.at(0), max(sample, 0)
    data, few = loaded(e, seed), lambda array: array.round(decimals) + 0.0  # no −0
    x, y = few(data.x[:, s:s + 1]), few(data.y[:, s:s + 1])
    network = network_of(e, few(first_parameters(e, seed)))
    now, (eta,) = trace(network, x, y), rates(e, 0, 1)
    after = updated(e, network, now, eta) if is_plain(e) else None
    return Homework(e, seed, data, network, x, y, eta, now, after)


def updated(e: Experiment, before: Network, now: Trace, eta: float) -> Network:
    after = before.at(before.flat.copy())
    for name, values, gradients in (("W", after.W, now.dW), ("b", after.b, now.db)):
        for l in values:
            if f"{name}{l}" not in e.frozen:
                values[l] -= eta * gradients[l]
    return after


def is_plain(e: Experiment) -> bool:
    """Whether the update is θ − η ∂C/∂θ and nothing else."""
    return e.optimizer == "gradient_descent" and not (e.clip or e.l1 or e.l2)


def problem(e: Experiment, seed: int, sheets: int) -> str:
    """Why there can be no such sheets, or nothing."""
    if max(e.sizes) > WIDEST or len(e.sizes) > DEEPEST:
        return (f"sizes must be at most {WIDEST} units in a layer and {DEEPEST} columns, to have "
                f"room on a page (got {shown('-'.join(map(str, e.sizes)))})")
    if e.norm != "none":
        return f"norm must be none: a sheet has one sample and plain layers (got {e.norm})"
    return (whole("sheets", sheets, 1, MOST)
            or whole("seed", seed, 0, MAX_SEED - sheets + 1))
