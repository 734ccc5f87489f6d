"""Runs and the words that explain them, computed once by value and shared by all sessions.

Thirty students with one link are one computation. What takes no time is computed at once, and
cached; a longer run lives in a worker (ui/session/workers.py), and here there is all of it but its
parameters. What is to be known of those, is asked: `of_run`.

What is made of somebody's own data is cached for their session alone, and goes with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from engine.data.user_data import Own
from engine.experiment.experiment import Experiment
from engine.experiment.state import Pinned, State
from engine.training.light import is_light, light, run_without_parameters
from engine.training.run import Run, pieces, train
from engine.training.start import loaded
from figures.stage.payload import Cargo, samples_cargo
from figures.window import layers_near
from ui.session import answers, gradual, workers
from ui.session.bench import RunOf
from ui.session.bounds import CACHES

AT_ONCE = 0.02, 0.001  # seconds of a run, and of one update, that are no work to speak of
FEW_LAYERS = 8  # the words of a network with so many take no time to speak of
LOOK_UP: dict[str, Any] = {"show_spinner": False, "hash_funcs": {Experiment: repr}}
SLOW = 8  # times a run, about what it takes to measure all of it and to draw it


def is_quick(e: Experiment) -> bool:
    """Whether a run, and every picture of it, takes no time and no memory to speak of."""
    return (e.seconds <= AT_ONCE[0] and e.seconds_of_update() <= AT_ONCE[1]
            and e.memory() + bytes_of_data(e) <= CACHES["runs"].each)


def bytes_of_data(e: Experiment) -> int:
    return 8 * e.samples * (e.sizes[0] + e.sizes[-1])


def cached(compute: Callable, name: str) -> Callable:
    """`compute` of an experiment and more, cached within the bounds of this name (CACHES).

    For each session there are `own` entries of its own data. What is kept is counted in bytes.
    """
    bound = CACHES[name]
    cache = partial(st.cache_data, **LOOK_UP)
    return for_all_or_one(
        cache(compute, max_entries=bound.entries, max_size=bound.bytes),
        cache(compute, max_entries=bound.own, max_size=bound.own * bound.each, scope="session"))


def shared(compute: Callable, name: str) -> Callable:
    """The same of what all sessions use as it is, and what is no larger than `each`."""
    bound = CACHES[name]
    cache = partial(st.cache_resource, **LOOK_UP)
    return for_all_or_one(cache(compute, max_entries=bound.entries),
                          cache(compute, max_entries=bound.own, scope="session"))


def for_all_or_one(for_all: Callable, for_one: Callable) -> Callable:
    return lambda e, *more: (for_one if is_own(e, *more) else for_all)(e, *more)


def is_own(*values: Any) -> bool:
    """Whether something in these values is made of somebody's own data."""
    return any(is_own(*v) if isinstance(v, tuple) else
               isinstance(v, Experiment) and isinstance(v.data, Own) for v in values)


@dataclass
class Distant:
    """A run in a worker, read as a Task is; `found` is what can be had of it here."""

    e: Experiment
    seed: int
    seen: tuple[Any, Run | None] = (None, None)

    @property
    def task(self) -> workers.Task:
        return workers.run_task(self.e, self.seed, pieces, light, gradual.session())

    @property
    def found(self) -> Run | None:
        found = self.task.found
        if found is None:
            return None
        if found is not self.seen[0]:
            data = self.seen[1].data if self.seen[1] else loaded(self.e, self.seed)
            self.seen = found, run_without_parameters(found, self.e, self.seed, data)
        return self.seen[1]


def trained(e: Experiment, seed: int) -> gradual.Whole:
    return gradual.Whole(train(e, seed))


def samples_as_cargo(e: Experiment, seed: int, m: int, _run: Run) -> Cargo:
    return samples_cargo(_run, m)


cached_run = shared(trained, "runs")
cached_distant = shared(Distant, "distant runs")
cached_words = cached(answers.words_as_cargo, "words")
cached_samples = cached(samples_as_cargo, "samples")


def computation_of(state: State | Pinned) -> gradual.Whole | workers.Task:
    """What computes its run; `so_far` reads it."""
    e = state.experiment
    return cached_run(e, state.seed) if is_quick(e) else cached_distant(e, state.seed).task


def so_far(state: State | Pinned) -> Run | None:
    """Its run as far as it is computed; None before its first iteration."""
    e = state.experiment
    return (cached_run if is_quick(e) else cached_distant)(e, state.seed).found


def run_of(state: State | Pinned) -> Run:
    """The read-only run of a state, as far as it is computed."""
    gradual.first(computation_of(state))
    return so_far(state)


def of_run(function: Callable, state: State | Pinned, run: Run, *more: Any, slow: float = 0) -> Any:
    """function(run, *more), computed where the run is. It takes about `slow` times the run."""
    if not is_light(run):
        return function(run, *more)
    e = state.experiment
    return gradual.answer(function, ref(state, run), *more, size=e.memory(),
                          seconds=e.seconds + slow * e.seconds)


def of_runs(
    function: Callable, states: list[State | Pinned], runs: list[Run], *more: Any
) -> Any:
    """The same of several runs; `function` takes the first, a tuple of the others, and the rest."""
    if not any(map(is_light, runs)):
        return function(runs[0], tuple(runs[1:]), *more)
    first, *others = map(ref, states, runs)
    e = [state.experiment for state in states]
    return gradual.answer(function, first, tuple(others), *more, size=sum(x.memory() for x in e),
                          seconds=sum(x.seconds for x in e))


def ref(state: State | Pinned, run: Run) -> RunOf:
    return RunOf(state.experiment, state.seed, len(run.costs))


def cargo_of(state: State, run: Run, building: bool = True) -> dict[str, Cargo]:
    """What rarely changes of a stage, by kind: what is said of a state's iteration, with what
    builds its network, and the names of the samples."""
    e, m = state.experiment, state.experiment.batch_size(state.cursor.iteration)
    told = layers_near(e, state.cursor)
    said = (cached_words(e, m, building, told) if e.L <= FEW_LAYERS else
            gradual.answer(answers.words_as_cargo, e, m, building, told))
    return {"words": said, "samples": cached_samples(e, state.seed, m, run)}
