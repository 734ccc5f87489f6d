"""The stage on a page: mounts the player with what it has to play, and follows its cursor."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from engine.building import granted
from engine.spec import State
from figures import player
from figures.building import told
from figures.stage import Built, payload
from ui import session
from ui.runs import run_of, words_of

PLAYER = st.components.v2.component("stage", js=player.JS, css=player.CSS)


def show(state: State) -> None:
    """The stage, at the state's cursor, in its run."""
    run = run_of(state)
    cursor = replace(state.cursor, iteration=min(state.cursor.iteration, run.last))
    here = replace(state, cursor=cursor)
    data = payload(run, here, session.move(), words_of(here), built())
    PLAYER(key="stage", data=data, on_cursor_change=take_cursor, on_build_change=take_wishes)


def take_cursor() -> None:
    session.follow(st.session_state["stage"]["cursor"] or {})


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
