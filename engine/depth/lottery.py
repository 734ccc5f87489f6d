r"""Lottery: the same experiment from many seeds side by side, and how often it comes off.

    drawing(e, seeds)      yields Lottery after each piece of the training; the last one is whole
    by_width(e, widths)    the share of stuck networks for each width, one after the other
    apart(run)             how far the rows of W[1] are from being all alike, over the iterations

    guess   the cost of the best constant answer, which takes no notice of the inputs
    stuck   a network whose last cost is above HALF the guess's (rule "half"), or is no number

so that for XOR a network that answers two of four samples and has given up on the others is stuck:
that costs ln 2 / 2 at least, half of what the constant answer 1/2 costs.

    apart   √(Σ_i ‖w_i - mean w‖² / Σ_i ‖w_i‖²) of the rows w_i of W[1]: 0 where all units are the
            same, near 1 for independent ones. Units that start alike get equal gradients for ever.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.data.datasets import Dataset
from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.nn.losses import LOSSES
from engine.nn.network import parameter_count
from engine.training.descent import network_of
from engine.training.run import Run, pieces

HALF = 0.5
SEEDS = 200
ROOM = 2**23  # numbers that the seeds of a group may have at a time: 64 MB


class Lottery(NamedTuple):
    """costs (R,) at the end, first (R,) at the beginning; guess (R,), nan without a target.

    apart (T, R) at `iterations` (T,); done is the share of the training.
    """

    seeds: tuple[int, ...]
    first: Array
    costs: Array
    guess: Array
    iterations: Array
    apart: Array
    done: float

    @property
    def stuck(self) -> Array:
        """(R,) of bool; nowhere where there is no target to miss."""
        return ~(self.costs <= HALF * self.guess) & ~np.isnan(self.guess)

    @property
    def diverged(self) -> Array:
        return ~np.isfinite(self.costs)

    @property
    def share(self) -> float:
        """The share of stuck networks."""
        return float(self.stuck.mean())


def group_size(e: Experiment, n: int) -> int:
    """How many of n seeds are trained side by side: all, or a part of n that there is room for.

    Each has its data, its parameters and a step of its own. All groups have the same size.
    """
    data = (e.sizes[0] + e.sizes[-1]) * e.samples
    step = 5 * sum(e.sizes) * e.batch_size(0) + 6 * parameter_count(e.sizes)
    most = max(1, ROOM // (data + step))
    return next(size for size in range(n, 0, -1) if n % size == 0 and size <= most)


def drawing(e: Experiment, seeds: tuple[int, ...]) -> Iterator[Lottery]:
    """One group of seeds after the other."""
    size, whole = group_size(e, len(seeds)), []
    for start in range(0, len(seeds), size):
        for run in pieces(e, seeds[start : start + size]):
            if len(run.costs):
                now = of_run(run)
                done = (start + now.done * size) / len(seeds)
                yield (joined(whole) if whole else now)._replace(done=done)
        whole.append(now)
    yield joined(whole)


def joined(groups: list[Lottery]) -> Lottery:
    """All seeds of groups whose training has come to its end."""
    side_by_side = lambda name: np.concatenate([getattr(one, name) for one in groups], axis=-1)
    seeds = tuple(seed for one in groups for seed in one.seeds)
    return groups[0]._replace(seeds=seeds, **{
        name: side_by_side(name) for name in ("first", "costs", "guess", "apart")})


@np.errstate(all="ignore")  # a network may diverge
def of_run(run: Run) -> Lottery:
    """What can be said of a run of several seeds so far."""
    e, seeds = run.experiment, run.seed
    kept = kept_iterations(run)
    return Lottery(seeds, run.costs[0], run.costs[-1], guess(e, run.data), kept,
                   apart(run, kept), len(run.costs) / e.iterations)


def kept_iterations(run: Run, most: int = 200) -> Array:
    """Iterations of which the run has the parameters, evenly spaced."""
    part_length = len(run.blocks) - 1
    step = max(1, -(-part_length // most))
    return run.start + run.stride * np.arange(0, part_length + 1, step)


@np.errstate(all="ignore")
def apart(run: Run, iterations: Array) -> Array:
    """(T, R) for a run of several seeds, (T,) for one."""
    W = [network_of(run.experiment, run.block(int(t))[0]).W[1] for t in iterations]
    return np.stack([unlike(one) for one in W])


def unlike(W: Array) -> Array:
    """How far the rows of (..., n, k) are from their mean, of their own size; 0 for no weights."""
    size = (W**2).sum((-2, -1))
    away = ((W - W.mean(-2, keepdims=True)) ** 2).sum((-2, -1))
    return np.sqrt(away / np.where(size > 0, size, 1))


@np.errstate(all="ignore")
def guess(e: Experiment, data: Dataset) -> Array:
    """The cost of the best constant answer, of each seed's data (...).

    It is the mean of the targets: of their classes the share, as logits where the loss takes those;
    for the absolute error their median.
    """
    y, loss = data.y, LOSSES[e.loss]
    if not loss.has_target:
        return np.full(y.shape[:-2], np.nan)
    middle = np.median(y, -1, keepdims=True) if e.loss == "mae" else y.mean(-1, keepdims=True)
    answer = LOGITS.get(loss.name, np.positive)(middle)
    return np.nan_to_num(loss.cost(np.broadcast_to(answer, y.shape), y)).mean(-1)


LOGITS = {"bce_logits": lambda p: np.log(p / (1 - p)), "cross_entropy_logits": np.log}


def by_width(
    e: Experiment, widths: tuple[int, ...], seeds: tuple[int, ...]
) -> Iterator[dict[int, Lottery]]:
    """All hidden layers as wide as each of these, one width after the other; all so far.

    The last one is under way, and its `done` says how far. Widths that the experiment cannot have
    (engine/experiment/limits.py) are left out.
    """
    found: dict[int, Lottery] = {}
    for width, one in widened(e, widths).items():
        for so_far in drawing(one, seeds):
            yield found | {width: so_far}
        found = found | {width: so_far}


def widened(e: Experiment, widths: tuple[int, ...]) -> dict[int, Experiment]:
    """The experiment with each of the widths that fit."""
    made = {width: widened_to(e, width) for width in widths}
    return {width: one for width, one in made.items() if one is not None}


def widened_to(e: Experiment, width: int) -> Experiment | None:
    hidden = tuple(layer._replace(width=width) for layer in e.hidden)
    try:
        return replace(e, hidden=hidden, parameters=())
    except ValueError:
        return None
