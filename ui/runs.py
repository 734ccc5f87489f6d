"""Runs, cached by value and shared by all sessions.

Thirty students with one link are one computation.
"""

import streamlit as st

from engine.spec import Experiment, State
from engine.training import Run, train


@st.cache_resource(
    max_entries=16, show_spinner="Computing the run …", hash_funcs={Experiment: repr}
)
def cached_run(experiment: Experiment, seed: int) -> Run:
    return train(experiment, seed)


def run_of(state: State) -> Run:
    """The read-only run of a state."""
    return cached_run(state.experiment, state.seed)
