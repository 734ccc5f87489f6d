"""How far a long run is: computes more of it while somebody looks, until that is stopped."""

import streamlit as st

from engine.spec import Pinned, State
from ui import runs

PAUSE = 0.06  # seconds between two parts: time to hear what the visitor wants
LOOKS = 8  # after so many parts the page shows what there is by then


def show(state: State) -> None:
    """Nothing, where the whole run is there, and those beside it."""
    under_way = next((run for run in (state.run, *state.pinned)
                      if not runs.computation_of(run).done), None)
    if not under_way:
        return
    with st.bottom:  # where it moves nothing when it goes
        if runs.is_stopped(state):
            show_stopped(under_way)
        else:
            st.fragment(advance, run_every=PAUSE)(under_way)
            st.button("Stop computing", on_click=runs.stop, args=(state,))


def show_stopped(run: Pinned) -> None:
    st.info(f"Stopped. {so_far(run)}", icon=":material/pause_circle:")
    st.button("Go on computing", on_click=runs.go_on)


def so_far(run: Pinned) -> str:
    count, total = len(runs.computation_of(run).run.costs), run.experiment.iterations
    return f"{count:,} of {total:,} iterations are computed; they can be looked at."


def advance(run: Pinned) -> None:
    computation, looks = runs.computation_of(run), st.session_state.get("looks", 0)
    computation.advance(runs.SHARE)
    st.session_state["looks"] = (looks + 1) % LOOKS
    if computation.done or st.session_state["looks"] == 0:
        st.rerun()
    st.progress(len(computation.run.costs) / run.experiment.iterations, so_far(run))
