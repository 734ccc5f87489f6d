"""The stage on a page: mounts the player with what it has to play, and follows its cursor."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.experiment.building import granted
from engine.experiment.state import Pinned, State, View
from figures.stage.building import told
from figures.stage.payload import Built, Cargo
from ui.players import code, predict
from ui.session import session
from ui.session.answers import played, stage
from ui.session.runs import cargo_of, of_run, run_of

NARROW = 420  # pixels: two stages side by side are no narrower
PLAYER = code.component("stage")


def show(state: State, building: bool = True) -> None:
    """The stage, at the state's cursor, in its run."""
    run = run_of(state)
    _, here = played(run, state.cursor, state.view)
    building = building and not (state.view.presenter or st.context.is_embedded)
    cargo = cargo_of(here, run, building)
    data = of_run(stage, state, run, state.cursor, state.view, session.move(),
                  names_of(cargo), built() if building else None, False, session.followed(),
                  predict.predicted(here))
    with st.container(gap=None):
        PLAYER(key="stage", data=data, on_cursor_change=take_cursor, on_build_change=take_wishes,
               on_guess_change=take_guess, on_view_change=take_view)
        leave(cargo, "stage")


def names_of(cargo: Mapping[str, Cargo]) -> dict[str, str]:
    return {kind: one.name for kind, one in cargo.items()}


def leave(cargo: Mapping[str, Cargo], key: str) -> None:
    for kind, one in cargo.items():
        code.cargo(one.parcel, f"{key}: {kind}")


def show_all(state: State) -> None:
    """The stage; where a run is pinned, that one beside it at the same step, and nothing is built.
    """
    if not state.pinned:
        show(state)
        return
    both = st.grid(2, min_column_width=NARROW, gap="medium")
    with both.cell():
        st.subheader("This run")
        show(state, building=False)
    with both.cell():
        st.subheader("Run 2, at the same step")
        show_beside(state.pinned[0], state)


def show_beside(run: Pinned, first: State) -> None:
    """Another run on a stage that goes with the first one, step by step; nothing is asked there."""
    whole, view = run_of(run), View(**vars(first.view) | {"fade": "shown"})
    _, here = played(whole, first.cursor, view)
    cargo = cargo_of(here, whole, building=False)
    data = of_run(stage, run, whole, first.cursor, view, session.move(), names_of(cargo),
                  None, True, session.followed(), None)
    with st.container(gap=None):
        PLAYER(key="stage beside", data=data)
        leave(cargo, "stage beside")


def take_cursor() -> None:
    session.follow(st.session_state["stage"]["cursor"] or {})


def take_view() -> None:
    if view := st.session_state["stage"]["view"]:
        session.follow_view(view["fade"], view["detail"])


def take_guess() -> None:
    """Mark a guess, at the moment that it was made for."""
    if sent := st.session_state["stage"]["guess"]:
        session.follow(sent["cursor"])
        state = session.state()
        predict.take(state, sent)


def built() -> Built:
    """What has become of the stage's wishes so far."""
    return st.session_state.get("built", Built())


def take_wishes() -> None:
    """Grant what the stage wishes, each wish once: it repeats those that it has no answer to."""
    sent = st.session_state["stage"]["build"]
    if sent and (new := unanswered(built(), sent)):
        session.follow(sent["cursor"])
        answers = [grant(wish) for wish in new]
        count = sent["first"] + len(sent["wishes"])
        st.session_state["built"] = Built(sent["mount"], count, answers[-1])


def unanswered(so_far: Built, sent: Mapping[str, Any]) -> list:
    """The wishes that have no answer; of a stage not heard before, all that it repeats."""
    first = sent["first"]
    known = so_far.count if so_far.mount == sent["mount"] else first
    return sent["wishes"][max(0, known - first):]


def grant(wish: list[str | int]) -> str:
    """Change the network as one wish says, and tell what has come of it."""
    before = session.state().experiment
    if fields := granted(before, wish):
        session.change(**fields)
    return told(before, wish, session.state().experiment)
