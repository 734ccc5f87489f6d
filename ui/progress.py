"""How far a long run is: computes more of it while somebody looks, until that is stopped."""

import streamlit as st

from engine.spec import State
from ui import runs

PAUSE = 0.1  # seconds between two parts: time to hear what the visitor wants
LOOKS = 5  # after so many parts the page shows what there is by then


def show(state: State) -> None:
    """Nothing, where the whole run is there."""
    computation = runs.computation_of(state)
    if computation.done:
        return
    with st.bottom:  # where it moves nothing when it goes
        if runs.is_stopped(state):
            show_stopped(state)
        else:
            st.fragment(advance, run_every=PAUSE)(state)
            st.button("Stop computing", on_click=runs.stop, args=(state,))


def show_stopped(state: State) -> None:
    st.info(f"Stopped. {so_far(state)}", icon=":material/pause_circle:")
    st.button("Go on computing", on_click=runs.go_on)


def so_far(state: State) -> str:
    count, total = len(runs.computation_of(state).run.costs), state.experiment.iterations
    return f"{count:,} of {total:,} iterations are computed; they can be looked at."


def advance(state: State) -> None:
    computation, looks = runs.computation_of(state), st.session_state.get("looks", 0)
    computation.advance(runs.SHARE)
    st.session_state["looks"] = (looks + 1) % LOOKS
    if computation.done or st.session_state["looks"] == 0:
        st.rerun()
    st.progress(len(computation.run.costs) / state.experiment.iterations, so_far(state))
