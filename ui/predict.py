"""Predictions on a stage: a guess comes in, the engine marks it, and the answer goes back.

They live in the session alone, for each run and iteration, until somebody starts over.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

import streamlit as st

from engine.desk import Address, address_problem, desk, moment
from engine.guesses import LONGEST, read
from engine.marking import RIGHT, mark
from engine.spec import State
from engine.tables import repaired
from engine.training import Run
from figures.marking import Answer, Predicted, told

KEPT = 500  # answers of a session
SHOWN = "shown"  # asked for when somebody wants to see


def predicted(state: State) -> Predicted:
    """What was answered so far in this run."""
    return Predicted(*answered(), tuple(answers(state)))


def answers(state: State) -> list[Answer]:
    return all_answers().get((state.experiment, state.seed), [])


def all_answers() -> dict[tuple, list[Answer]]:
    return st.session_state.setdefault("answers", {})


def answered() -> tuple[str, int]:
    """The player that was answered last, and how many of its guesses were."""
    return st.session_state.get("answered", ("", 0))


def start_over() -> None:
    """Forget every answer."""
    all_answers().clear()


def take(run: Run, state: State, sent: Mapping[str, Any]) -> None:
    """Mark what a player sent, unless that was done already."""
    now = str(sent["mount"]), int(sent["count"])
    if now == answered():
        return
    st.session_state["answered"] = now
    if sent.get("asked") == "over":
        start_over()
    elif answer := answer_to(run, state, sent):
        keep(state, answer)


def keep(state: State, answer: Answer) -> None:
    """Remember an answer; the oldest run's give way."""
    kept = all_answers()
    kept.setdefault((state.experiment, state.seed), []).append(answer)
    while len(kept) > 1 and sum(map(len, kept.values())) > KEPT:
        del kept[next(iter(kept))]


def answer_to(run: Run, state: State, sent: Mapping[str, Any]) -> Answer | None:
    """The answer to a guess; None where it is about nothing."""
    t, e, asked, text = state.cursor.iteration, state.experiment, sent["asked"], text_of(sent)
    p = address_of(sent["address"])
    m = e.batch_size(t)
    if p is None or address_problem(p, e, m):
        return None
    if asked not in RIGHT or not isfinite(desk(moment(run, t)).at(p)):
        return Answer(t, p, SHOWN, "", SHOWN, "")
    try:
        guess = read(text)
    except ValueError as error:
        return Answer(t, p, asked, text, "unread", f"{str(error)[0].upper()}{str(error)[1:]}.")
    verdict = mark(run, t, p, guess, asked, earlier(state))
    return Answer(t, p, asked, text, verdict.kind, told(verdict, p, e, m), guess.value)


def text_of(sent: Mapping[str, Any]) -> str:
    """What was typed, as it can be sent back; a guess has few characters, and whole ones."""
    return repaired(str(sent["text"])[:LONGEST + 1])


def address_of(words: Any) -> Address | None:
    """What a player sends: symbol, layer, row, column."""
    try:
        symbol, *numbers = words
        return Address(str(symbol), *map(int, numbers))
    except (TypeError, ValueError):
        return None


def earlier(state: State) -> dict[Address, float]:
    """The last number that was given at each address of this iteration."""
    return {a.address: a.value for a in answers(state)
            if a.iteration == state.cursor.iteration and a.asked == "number"
            and a.value is not None}
