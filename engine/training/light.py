"""A run without its parameters, for whoever does not have them; and a run as it once was.

    light(run)                  what can be said of a run in little room
    run_without_parameters(…)   a Run of it: of all but `block`, `network`, `trace` it can be asked
    cut(run, computed)          the run as it was when so many iterations of it were computed
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.data.datasets import Dataset
from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.nn.steps import Step
from engine.training.run import Run


class Part(NamedTuple):
    """A part of a run without its parameters: how many forks were before it, and its blocks."""

    forks: int
    start: int
    stop: int
    stride: int
    shape: tuple[int, ...]


class Light(NamedTuple):
    """The parts of a run, the first one first."""

    parts: tuple[Part, ...]
    costs: Array
    overflow: Step | None


def light(run: Run) -> Light:
    parts, part = [], run
    while part is not None:
        shape = (0, *part.blocks.shape[1:])
        parts.append(Part(len(part.experiment.forks), part.start, part.stop, part.stride, shape))
        part = part.past
    return Light(tuple(reversed(parts)), run.costs, run.overflow)


def run_without_parameters(found: Light, e: Experiment, seed: int, data: Dataset) -> Run:
    """A run that knows all but its parameters."""
    run = None
    for forks, start, stop, stride, shape in found.parts:
        run = Run(before(e, forks), seed, data, np.empty(shape), stride, found.costs, None, stop,
                  start, run)
    return replace(run, overflow=found.overflow)


def before(e: Experiment, forks: int) -> Experiment:
    """The experiment as it was when it had so many forks."""
    while len(e.forks) > forks:
        e = e.past
    return e


def is_light(run: Run) -> bool:
    """Whether the parameters are elsewhere."""
    return not len(run.blocks)


def cut(run: Run, computed: int) -> Run:
    """The run as it was when so many iterations of it were computed."""
    while run.past is not None and computed <= run.start:
        run = run.past
    if computed >= len(run.costs):
        return run
    kept = (computed - run.start) // run.stride + 1
    return replace(run, costs=run.costs[:computed], blocks=run.blocks[:kept], overflow=None)
