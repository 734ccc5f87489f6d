"""The stage on a page: mounts the player with what it has to play, and follows its cursor."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from engine.spec import State
from figures import style
from figures.stage import payload
from ui import session
from ui.runs import run_of, words_of

ASSETS = Path(__file__).parent.parent / "assets"
PLAYER = st.components.v2.component(
    "stage",
    js=(ASSETS / "stage.js").read_text("utf-8"),
    css=style.css() + "\n" + (ASSETS / "stage.css").read_text("utf-8"),
)


def show(state: State) -> None:
    """The stage, at the state's cursor, in its run."""
    run = run_of(state)
    cursor = replace(state.cursor, iteration=min(state.cursor.iteration, run.last))
    here = replace(state, cursor=cursor)
    data = payload(run, here, session.move(), words_of(here))
    PLAYER(key="stage", data=data, on_cursor_change=take_cursor)


def take_cursor() -> None:
    session.follow(st.session_state["stage"]["cursor"] or {})
