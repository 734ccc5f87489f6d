"""The session: the one State that a visitor looks at, and how it changes.

Only causes live here: the state, what had to be said about the last change, the query string that
the frame wrote last, and how often the cursor was set by something other than the stage.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from engine import link
from engine.spec import Cursor, State, asdict_shallow, mended, problems


def state() -> State:
    return st.session_state.setdefault("state", State())


def notes() -> list[str]:
    """What had to be said about the last change."""
    return st.session_state.setdefault("notes", [])


def move() -> str:
    """Differs whenever the cursor was set by something other than the stage."""
    return str(st.session_state.setdefault("moves", 0))


def show(new: State, sentences: list[str]) -> None:
    """Look at another state; its cursor moves the stage."""
    remember(new)
    st.session_state["notes"] = sentences
    st.session_state["moves"] = st.session_state.setdefault("moves", 0) + 1


def remember(new: State) -> None:
    st.session_state["state"] = new
    st.session_state["changed"] = True


def changed() -> bool:
    """Whether the session has changed the state since this was asked last."""
    return st.session_state.pop("changed", False)


def change(**fields: Any) -> None:
    """Change fields of the experiment: what cannot be is refused, what depends on it follows."""
    now = state()
    values = asdict_shallow(now.experiment) | fields
    found = problems(values)
    if found.keys() & fields.keys():
        return show(now, list(found.values()))
    experiment, sentences = mended(values)
    return show(State(experiment, now.seed, now.cursor.fitted(experiment)), sentences)


def change_seed(seed: int) -> None:
    new, sentences = link.read(link.write(state()) | {"seed": str(seed)})
    show(new if not sentences else state(), sentences)


def go_to(**fields: Any) -> None:
    """Move the cursor from outside the stage."""
    now = state()
    cursor = replace(now.cursor, **fields).fitted(now.experiment)
    show(replace(now, cursor=cursor), [])


def follow(values: Mapping[str, Any]) -> None:
    """The stage's cursor has come to rest: remember it, and leave the picture where it is."""
    now = state()
    known = {name: values[name] for name in asdict_shallow(now.cursor) if name in values}
    if isinstance(known.get("unit"), list):
        known["unit"] = tuple(known["unit"])
    cursor = Cursor(**known).fitted(now.experiment)
    remember(replace(now, cursor=cursor))

