"""Training: a run computed in one go, kept, and looked at afterwards.

    parameters[t+1] = the optimizer's update of parameters[t]           (engine/training/descent.py)

A Run is read-only and holds the parameters and the optimizer's memory of every iteration, as long
as that takes at most MEMORY bytes; of a longer run it holds every 2nd, 3rd, ... iteration, and what
lies between is computed again when it is asked for, to the same last bit. Any trace is computed
from the parameters of its iteration. A run can be had piece by piece, and be left at any time.

A fork (engine/experiment/forks.py) goes on from a moment of its past: the run then has parts, each
with an experiment of its own. What holds of one iteration is asked of the part that it belongs to
(`at`).

A run that overflows ends at the last iteration whose parameters are finite, and says which quantity
overflowed, in which layer. Many seeds can be trained side by side, in one computation: everything
then has one more axis in front. Such a run goes on to its end, whatever overflows on the way.
"""

import weakref
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from engine.data import batches
from engine.data.datasets import Dataset
from engine.data.user_data import name_of
from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.nn.backprop import trace
from engine.nn.network import Network
from engine.nn.steps import Step
from engine.nn.workspace import Trace
from engine.training.advance import advance
from engine.training.descent import descend, descent, network_of, optimizer_of
from engine.training.start import drawn_parameters, first_block, for_each, loaded, read_only

ALARM = 1000.0  # a cost this many times the first one is called diverging
MEMORY = 64 * 2**20  # bytes that the blocks of one run may take
PIECE = 0.05  # seconds: a run can be left after each piece
REMEMBERED = 4, 100 * 2**20  # blocks that were computed again last, and their bytes at most


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """blocks (n, 1 + S, ..., P) of every `stride`-th iteration, and costs (T, ...) of 0 ... T-1.

    A block has the parameters first, and the S blocks of the optimizer's state below them. The cost
    of an iteration is that of its own batch, before its update. After a fork the blocks begin at
    iteration `start`, and `past` has those before it; `stop` is where the next fork begins.

    run[t] is the trace of iteration t, run[-1] that of the last one; len(run) counts them.
    """

    experiment: Experiment
    seed: int | tuple[int, ...]
    data: Dataset
    blocks: Array
    stride: int
    costs: Array
    overflow: Step | None
    stop: int
    start: int = 0
    past: "Run | None" = None

    def __len__(self) -> int:
        return len(self.costs)

    def __getitem__(self, t: int) -> Trace:
        return self.trace(t)

    def __repr__(self) -> str:
        """Run of xor, 2-4-1 tanh/sigmoid, bce: 500 iterations, cost 0.8279 → 0.004583"""
        e = self.experiment
        sizes, kinds = "-".join(map(str, e.sizes)), "/".join(dict.fromkeys(e.activations))
        costs = " → ".join(f"{np.mean(self.costs[t]):.4g}" for t in (0, -1) if len(self))
        return (f"Run of {name_of(e.data)}, {sizes} {kinds}, {e.loss}: "
                f"{len(self):,} iterations, cost {costs or 'unknown'}")

    def place(self, t: int) -> int:
        """The iteration t, which counts from the end where it is negative."""
        if -len(self) <= t < len(self):
            return int(t) % len(self)
        raise IndexError(f"iteration must be from 0 to {self.last}, or from -{len(self)} to -1 "
                         f"counted from the end (got {t})")

    @property
    def last(self) -> int:
        """The last iteration that can be stepped through."""
        return len(self) - 1

    def at(self, t: int) -> "Run":
        """The part that iteration t belongs to, as long as the whole run; to be asked near t."""
        part = self
        while part.past is not None and t < part.start:
            part = part.past
        return part if part is self else replace(
            part, costs=self.costs, overflow=self.overflow)

    def parts(self, iterations: Array) -> Iterator[tuple["Run", Array]]:
        """These iterations, ascending, each part's own with the part."""
        starts = [self.start]
        while starts[-1] > 0:
            starts.append(self.at(starts[-1] - 1).start)
        for chosen in np.split(iterations, np.searchsorted(iterations, starts[-2::-1])):
            if len(chosen):
                yield self.at(int(chosen[0])), chosen

    @property
    def alarm(self) -> int | None:
        """The first iteration whose cost is a thousand times the first one, if there is any."""
        if self.costs.ndim > 1:
            return None
        high = np.flatnonzero(self.costs > ALARM * max(self.costs[0], 1.0))
        return int(high[0]) if len(high) else None

    def block(self, t: int) -> Array:
        """Parameters and state before update t, 0 ... T; computed again where it was not kept."""
        t = t if t == len(self) else self.place(t)
        part = self.at(t)
        kept = min((t - part.start) // part.stride, len(part.blocks) - 1)
        near = part.start + kept * part.stride
        if near == t:
            return part.blocks[kept]
        near, block = max([(near, part.blocks[kept]), *remembered(part, t)], key=lambda v: v[0])
        if near == t:
            return block
        block = block.copy()
        with np.errstate(all="ignore"):
            descend(descent(part.experiment, part.seed, part.data, block), near, t,
                    lambda t, w: None)
        remember(part, t, read_only(block))
        return read_only(block)

    def network(self, t: int) -> Network:
        return network_of(self.at(t).experiment, self.block(t)[0])

    def batch(self, t: int) -> Array:
        """Which samples of the data iteration t looks at, (m,); of the first seed."""
        e = self.experiment
        return batches.indices(t, int(np.ravel(self.seed)[0]), e.samples, e.batch)

    def samples(self, t: int) -> tuple[Array, Array]:
        """x and y of iteration t."""
        if not self.experiment.batch:
            return self.data.x, self.data.y
        e, many = self.experiment, not isinstance(self.seed, int)
        taken = [batches.indices(t, seed, e.samples, e.batch) for seed in np.ravel(self.seed)]
        rows = lambda v: np.stack([np.take(one.mT, i, axis=0) for one, i in
                                   zip(v if many else [v], taken, strict=True)]).mT
        return tuple(rows(v) if many else rows(v)[0] for v in (self.data.x, self.data.y))

    def trace(self, t: int) -> Trace:
        """Everything that iteration t computes; -1 is the last one."""
        t = self.place(t)
        return trace(self.network(t), *self.samples(t))


def train(experiment: Experiment, seed: int | tuple[int, ...]) -> Run:
    """The whole run of an experiment; the same arguments give the same run to the last bit.

    Several seeds are trained side by side.
    """
    *_, run = pieces(experiment, seed)
    return run


def pieces(experiment: Experiment, seed: int | tuple[int, ...]) -> Iterator[Run]:
    """The run so far, after each piece; the last one is whole. run.last tells how far it is."""
    runs = up_to(experiment.iterations, experiment, seed)
    yield from (run for run in runs if run.last >= run.start)


def up_to(stop: int, e: Experiment, seed: int | tuple[int, ...]) -> Iterator[Run]:
    """The iterations 0 ... stop - 1. Where its past ends before it, a fork is never reached.

    The last run is that of e itself, even where it has no iteration of its own: its next fork,
    at the same iteration, begins with what this one has changed.
    """
    run = begun(e, seed)
    if e.forks:
        for run in up_to(e.forks[-1].iteration, e.past, seed):
            yield run
        if run.overflow:
            return
        run = forked(run, e)
    yield run
    yield from continued(run, stop)


def begun(e: Experiment, seed: int | tuple[int, ...]) -> Run:
    """A run that has no iteration yet."""
    block = first_block(e, seed)
    nothing = np.empty((0, *block.shape[1:-1]))
    return Run(e, seed, loaded(e, seed), block[None], 1, nothing, None, 0)


def forked(past: Run, e: Experiment) -> Run:
    """The run that begins where its past ends, with the experiment after the fork."""
    t = len(past.costs)
    block, fork = past.block(t), e.forks[-1]
    p = for_each(past.seed, lambda one: drawn_parameters(e, one)) if (
        "initializer" in fork.names) else block[0]
    state = block[1:] if e.renewed != t else optimizer_of(e)[0].init(p)
    whole = np.concatenate([p[None], state])
    return Run(e, past.seed, past.data, whole[None], 1, past.costs, None, t, t, past)


def continued(run: Run, stop: int) -> Iterator[Run]:
    """The run after each piece up to iteration `stop`, where it has come that far at all."""
    e, block, first = run.experiment, run.blocks[-1].copy(), len(run.costs)
    stride = kept_every(e.iterations, block.nbytes)
    blocks = np.empty(((stop - first) // stride + 1, *block.shape))
    costs = np.empty((stop, *run.costs.shape[1:]))
    blocks[0], costs[:first] = block, run.costs
    d, length = descent(e, run.seed, run.data, block), piece_length(e, np.size(run.seed))
    for start in range(first, stop, length):
        end, overflow = advance(d, start, min(start + length, stop), blocks, first, stride, costs)
        yield replace(run, blocks=read_only(blocks[: (end - first) // stride + 1]), stride=stride,
                      costs=read_only(costs[:end]), overflow=overflow, stop=stop)
        if overflow:
            return


def kept_every(iterations: int, nbytes: int) -> int:
    """The smallest stride whose blocks fit into MEMORY."""
    return max(1, -(-iterations // max(1, MEMORY // nbytes - 1)))


def piece_length(e: Experiment, seeds: int) -> int:
    """How many iterations make a piece: about PIECE seconds, but 1 to 256 iterations."""
    return int(np.clip(PIECE / e.seconds_of_update(seeds), 1, 256))


class Computed(NamedTuple):
    """A block that was not kept, of the part whose blocks are there as long as it is looked at."""

    part: "weakref.ref[Array]"
    t: int
    block: Array


def remembered(part: Run, t: int) -> list[tuple[int, Array]]:
    """Where to go on from to iteration t: whoever looks at one iteration looks at the next too."""
    owner = owner_of(part.blocks)
    return [(one.t, one.block) for one in RECENT[0] if one.t <= t and one.part() is owner]


def remember(part: Run, t: int, block: Array) -> None:
    count, most = REMEMBERED
    there = [one for one in RECENT[0] if one.part() is not None]
    fits = min(count, most // block.nbytes)
    RECENT[0] = [Computed(weakref.ref(owner_of(part.blocks)), t, block), *there][:fits]


def owner_of(array: Array) -> Array:
    """Whose memory a view shows."""
    return array if array.base is None else array.base


RECENT: list[list[Computed]] = [[]]  # the newest first; replaced as a whole, so that threads may
