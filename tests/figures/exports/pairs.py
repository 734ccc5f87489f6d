"""Experiments in which every two choices meet: of activation, loss, optimizer, norm with residual,
and what is done to the gradient; every loss also with each of its outputs.

They lie on a lattice: activation i and loss j, whatever the others, each of which is counted on
with i and with j. tests/figures/exports/test_pairs.py says what meets.
"""

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer, outputs
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.nn.normalisation import NORMS
from engine.nn.optimizers import OPTIMIZERS

OPTIMIZER = tuple(OPTIMIZERS)
HIDDEN = tuple((norm, residual) for norm in NORMS for residual in (0.0, 0.7))
GRADIENT = ({}, {"clip": 0.05}, {"l1": 0.01}, {"l2": 0.1, "clip": 0.5}, {"batch": 2})
DATA = ({"data": "planar"}, {"data": "blobs", "size": 5})  # one output, or three
AT = (0, 2, 3)  # iterations: the first, and later ones, at which an optimizer remembers others


def settings(optimizer: str) -> tuple[float, ...]:
    """The usual ones, but for an ε that does not blow up what rounding leaves of a gradient of 0.
    """
    return tuple(1e-3 if s.name == "epsilon" else s.default
                 for s in OPTIMIZERS[optimizer].settings)


def pair(i: int, f: str, j: int, loss: str) -> Experiment:
    norm, residual = HIDDEN[(i - j) % len(HIDDEN)]
    fitting, optimizer = outputs(loss), OPTIMIZER[(i + j) % len(OPTIMIZER)]
    return Experiment(
        loss=loss, **DATA[(i // 2 + j) % len(DATA)],
        output=fitting[(i + j) % len(fitting)], hidden=(Layer(3, f), Layer(3, f), Layer(2, f)),
        optimizer=optimizer, settings=settings(optimizer), norm=norm, residual=residual,
        initializer="normal", bias="normal", learning_rate=0.05, iterations=4,
        **GRADIENT[(i + 3 * j) % len(GRADIENT)])


PAIRS = {f: [pair(i, f, j, loss) for j, loss in enumerate(LOSSES)]
         for i, f in enumerate(ACTIVATIONS)}
