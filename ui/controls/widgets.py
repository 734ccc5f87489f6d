"""Widgets tied to fields of the state: they show its value, and a change is a new state."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.session import session


def filled(key: str, value: Any, change: Callable[[Any], None]) -> dict[str, Any]:
    """The arguments that tie a widget to the state: its key, filled, and its callback.

    A widget that the visitor did not set to this value becomes a new one, with a new key: the
    browser may still be sending the old one's value, and that must not count as a wish.
    """
    versions = st.session_state.setdefault("versions", {})
    version = versions.setdefault(key, 0)
    if st.session_state.get(f"{key}#{version}", value) != value:
        version = versions[key] = version + 1
    current = f"{key}#{version}"
    st.session_state[current] = value

    def changed() -> None:
        if versions[key] == version:
            change(st.session_state[current])

    return {"key": current, "on_change": changed}


def field(name: str, key: str = "") -> dict[str, Any]:
    """A widget that shows and changes one field of the experiment; a second one has its own key."""
    value = getattr(session.state().experiment, name)
    return filled(key or name, value, lambda new: session.change(**{name: new}))


def title_in(table: dict[str, Any]) -> Callable[[str], str]:
    return lambda name: table[name].title if name in table else name


def pair() -> list[DeltaGenerator]:
    """Two controls side by side."""
    return st.columns(2, gap="small", vertical_alignment="bottom")
