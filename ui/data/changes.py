"""How the data changes: each way in ends in one of these."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.data.user_data import Own
from engine.experiment.experiment import edited
from ui.session import session


def come(own: Own, fields: Callable[..., dict[str, Any]], *more: Any) -> None:
    """Look at this data, with all that changes with it; the same data changes nothing."""
    same = own == session.state().experiment.data
    session.show(session.state(), []) if same else session.change(**fields(own, *more))


def edit(own: Own) -> None:
    come(own, edited, session.state().experiment)


def refuse(error: ValueError) -> None:
    session.show(session.state(), [str(error)])


def unfinished(way: str, sentence: str) -> None:
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.caption(f"{sentence} The network still learns from what is shown below.")
    right.button("Discard", on_click=session.drop_draft, args=(way,), width="stretch")
