"""The tab keeps what a session alone knows of its visitor: answers, and what can be undone.

A session ends with its server, the tab does not. A new session asks the tab once for what an
earlier one has left there (assets/keeper.js), then tells it of every change.
"""

from pathlib import Path
from secrets import token_hex

import streamlit as st

from figures.lessons import kept
from figures.lessons.kept import Kept
from ui.lessons import questions
from ui.players import predict
from ui.session import session

SCRIPT = Path(__file__).parent.parent.parent / "assets" / "keeper.js"
KEEPER = st.components.v2.component("keeper", js=SCRIPT.read_text("utf-8"))
STORE = "sessionStorage"  # ends with the tab; localStorage would be for the next visit as well


def show() -> None:
    """Once on every page, in sight of nobody."""
    KEEPER(key="keeper", data={"store": STORE, "session": token(), "known": is_known(),
                               "kept": now()}, on_left_change=take_back)


def token() -> str:
    """Tells this session from the one before it in the same tab."""
    return st.session_state.setdefault("session", token_hex(8))


def is_known() -> bool:
    """Whether the tab has given what it had."""
    return st.session_state.get("tab is known", False)


def now() -> str:
    """The text for the tab; it is made again only where something has changed."""
    found = Kept(dict(questions.answers()), {run: [*a] for run, a in predict.all_answers().items()},
                 session.past()[-kept.MAX_PAST:])
    before, text = st.session_state.get("kept for the tab", (kept.NOTHING, ""))
    if found != before:
        text = kept.written(found)
        st.session_state["kept for the tab"] = found, text
    return text


def take_back() -> None:
    """What the tab had is there again; what was done since then stays."""
    sent = st.session_state["keeper"]["left"]
    if is_known() or not sent or sent.get("session") != token():
        return
    st.session_state["tab is known"] = True
    found = kept.read(str(sent.get("kept", "")))
    st.session_state["answers to lessons"] = found.lessons | questions.answers()
    st.session_state["answers"] = found.stage | predict.all_answers()
    session.past()[:0] = found.past
