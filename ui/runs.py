"""Runs and the words that explain them, cached by value and shared by all sessions.

Thirty students with one link are one computation. What is made of somebody's own data is cached
for their session alone, and goes with it.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.own import Own
from engine.spec import Experiment, State
from engine.training import Run, train
from figures.stage import words


def cached(compute: Callable, entries: int, own_entries: int, spinner: str | bool) -> Callable:
    """`compute` of an experiment and more, cached."""
    options = {"show_spinner": spinner, "hash_funcs": {Experiment: repr}}
    for_all = st.cache_resource(compute, max_entries=entries, **options)
    for_one = st.cache_resource(compute, max_entries=own_entries, scope="session", **options)

    def cached_compute(e: Experiment, *more: Any) -> Any:
        return (for_one if isinstance(e.data, Own) else for_all)(e, *more)

    return cached_compute


cached_run = cached(train, 16, 2, "Computing the run …")
cached_words = cached(words, 64, 4, False)


def run_of(state: State) -> Run:
    """The read-only run of a state."""
    return cached_run(state.experiment, state.seed)


def words_of(state: State) -> str:
    """What the stage says of a state's iteration, and what builds its network."""
    return cached_words(state.experiment, state.experiment.batch_size(state.cursor.iteration), True)
