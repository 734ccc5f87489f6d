"""How far a long run is, and those beside it: below the page, where it moves nothing when it goes.
"""

import streamlit as st

from engine.experiment.state import Pinned, State
from ui.session import runs
from ui.session.gradual import Work, watch


def show(state: State) -> None:
    """Nothing, where all of them are whole."""
    work = [work_of(run) for run in (state.run, *state.pinned)]
    if not all(each.one.done for each in work):
        with st.bottom:
            watch(work, state.run)


def work_of(run: Pinned) -> Work:
    one, total = runs.computation_of(run), run.experiment.iterations
    count = lambda: len(found.costs) if (found := runs.so_far(run)) else 0
    return Work("Run", one, lambda: count() / total, lambda: (
        f"{count():,} of {total:,} iterations are computed; they can be looked at."))
