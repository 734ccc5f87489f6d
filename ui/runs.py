"""Runs and the words that explain them, cached by value and shared by all sessions.

Thirty students with one link are one computation. What is made of somebody's own data is cached
for their session alone, and goes with it.

A long run is computed little by little (ui/gradual.py); what is there can be looked at meanwhile.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from engine.network import parameter_count
from engine.own import Own
from engine.spec import Experiment, Pinned, State
from engine.training import Run, pieces
from figures.near import layers_near
from figures.stage import Cargo, samples_cargo, words, words_cargo
from ui.gradual import Gradual

SMALL = 250_000  # numbers of a run, 2 MB; with Adam's memory three times that
SHARE = 0.12  # seconds of computing before a run is shown for the first time


def begun(experiment: Experiment, seed: int) -> Gradual:
    """What can be computed at once: most runs are whole then."""
    one = Gradual(pieces(experiment, seed))
    one.advance(SHARE)
    return one


def cached(compute: Callable, entries: int, own: int, small: int = 0) -> Callable:
    """`compute` of an experiment and more, cached: so many entries for all sessions together.

    For each session there are `own` entries of its own data. Of small runs there is room for more.
    """
    cache = partial(st.cache_resource, show_spinner=False, hash_funcs={Experiment: repr})
    for_all = cache(compute, max_entries=entries)
    for_one = cache(compute, max_entries=own, scope="session")
    for_small = cache(compute, max_entries=small) if small else for_all

    def cached_compute(e: Experiment, *more: Any) -> Any:
        if is_own(e, *more):
            return for_one(e, *more)
        return (for_small if is_small(e) else for_all)(e, *more)

    return cached_compute


def is_small(e: Experiment) -> bool:
    return parameter_count(e.sizes) * e.iterations <= SMALL


def is_own(*values: Any) -> bool:
    """Whether something in these values is made of somebody's own data."""
    return any(is_own(*v) if isinstance(v, tuple) else
               isinstance(v, Experiment) and isinstance(v.data, Own) for v in values)


def words_as_cargo(e: Experiment, m: int, building: bool, layers_told: tuple[int, ...]) -> Cargo:
    return words_cargo(words(e, m, building, layers_told))


def samples_as_cargo(e: Experiment, seed: int, m: int, _run: Run) -> Cargo:
    return samples_cargo(_run, m)


cached_computation = cached(begun, 16, 2, small=64)
cached_words = cached(words_as_cargo, 64, 4)
cached_samples = cached(samples_as_cargo, 64, 4)


def computation_of(state: State | Pinned) -> Gradual:
    return cached_computation(state.experiment, state.seed)


def run_of(state: State | Pinned) -> Run:
    """The read-only run of a state, as far as it is computed."""
    return computation_of(state).found


def cargo_of(state: State, run: Run, building: bool = True) -> dict[str, Cargo]:
    """What rarely changes of a stage, by kind: what is said of a state's iteration, with what
    builds its network, and the names of the samples."""
    e, m = state.experiment, state.experiment.batch_size(state.cursor.iteration)
    return {"words": cached_words(e, m, building, layers_near(e, state.cursor)),
            "samples": cached_samples(e, state.seed, m, run)}
