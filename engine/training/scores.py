"""Scores: how well a run answers on given samples, at chosen iterations.

    accuracy   the share of samples whose class is the right one: where there is one output, class 1
               begins at 1/2 (of logits at 0), else the largest output is the class
    R²         1 - Σ (y - a)² / Σ (y - ȳ)²      over all outputs, ȳ each one's mean; nan where the
               targets do not differ

Iterations are replicates here, as in engine/training/diagnostics.py: all results are (T, ...).

Batch normalisation needs a mean and a variance where there is no batch. Here they are those of all
training samples with the parameters of that iteration; no averages are kept while it learns. So a
sample is answered alike in any company, and a training sample as in a step on all of them.
"""

from collections.abc import Iterator

import numpy as np

from engine.data.user_data import source_of
from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.nn.backprop import forward, losses
from engine.nn.losses import LOSSES
from engine.nn.network import Network, parameter_count
from engine.nn.normalisation import NORMS
from engine.nn.workspace import Trace, Workspace, workspace
from engine.training.descent import network_of
from engine.training.run import Run

AT_ONCE = 100_000  # numbers per symbol that are computed together: they fit into the cache


def score_name(e: Experiment) -> str:
    """accuracy for classes, R² for numbers; "" where the loss knows no target."""
    if not LOSSES[e.loss].has_target:
        return ""
    return "accuracy" if source_of(e.data).kind == "classes" else "R²"


def answers(run: Run, iterations: Array, x: Array, y: Array) -> Iterator[Workspace]:
    """Forward passes on the samples x (n_0, m), a few iterations at once, in their order."""
    of_batch = NORMS[run.experiment.norm].of_batch
    samples = max(1, x.shape[-1], run.data.x.shape[-1] if of_batch else 0)
    length = at_once(run.experiment.sizes, samples)
    for part, chosen in run.parts(iterations):
        for i in range(0, len(chosen), length):
            flat = np.stack([part.block(int(t))[0] for t in chosen[i : i + length]])
            net = network_of(part.experiment, flat)
            with np.errstate(all="ignore"):  # away from the samples an output may overflow
                w = workspace(net, x, y, measured=measured(part, net) if of_batch else None)
                forward(w)
            yield w


def at_once(sizes: tuple[int, ...], samples: int) -> int:
    """How many iterations: of a layer AT_ONCE numbers, of a deep network those of eight layers."""
    numbers = max(max(sizes), sum(sizes) // 8) * samples
    return max(1, AT_ONCE // max(numbers, parameter_count(sizes)))


def measured(run: Run, net: Network) -> Trace:
    """A forward pass on all training samples, whose mean and variance every answer uses."""
    w = workspace(net, run.data.x, run.data.y)
    forward(w)
    return w.now


def outputs(run: Run, iterations: Array, x: Array) -> Array:
    """a[L] on the samples x (n_0, m), as (T, K, m)."""
    y = np.zeros((run.experiment.sizes[-1], x.shape[-1]))
    return np.concatenate([w.now.a[w.network.L] for w in answers(run, iterations, x, y)])


def costs_and_scores(run: Run, iterations: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """The cost and the accuracy or R² on samples x (n_0, m) and y (K, m); (T,) each.

    Without a sample, and where there is no such score, they are nan.
    """
    if not x.shape[-1]:
        return np.full((2, len(iterations)), np.nan)
    score = SCORES[score_name(run.experiment)]
    with np.errstate(all="ignore"):  # test samples may overflow where the others do not
        found = [(losses(w).mean(-1), score(w.now.a[w.network.L], y, w.network.loss.middle))
                 for w in answers(run, iterations, x, y)]
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))


def predicted(a: Array, middle: float = 0.5) -> Array:
    """The classes (..., m) of outputs or targets (..., K, m)."""
    return (a[..., 0, :] > middle).astype(int) if a.shape[-2] == 1 else a.argmax(-2)


def accuracy(a: Array, y: Array, middle: float) -> Array:
    return (predicted(a, middle) == predicted(y)).mean(-1)


def r_squared(a: Array, y: Array, middle: float) -> Array:
    rest = ((y - a) ** 2).sum((-2, -1))
    spread = ((y - y.mean(-1, keepdims=True)) ** 2).sum()
    return 1 - rest / spread if spread > 0 else nothing(a, y, middle)


def nothing(a: Array, y: Array, middle: float) -> Array:
    return np.full(a.shape[:-2], np.nan)


SCORES = {"accuracy": accuracy, "R²": r_squared, "": nothing}
