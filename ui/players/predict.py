"""Predictions on a stage: a guess comes in, the engine marks it, and the answer goes back.

They live in the session alone, for each run and iteration, until somebody starts over.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.data.tables import repaired
from engine.experiment.state import State
from engine.teaching.guesses import LONGEST
from engine.teaching.scratch import Address
from figures.stage.marking import Answer, Predicted
from ui.session.answers import answer_to, played
from ui.session.runs import of_run, run_of

KEPT = 500  # answers of a session


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


def take(state: State, sent: Mapping[str, Any]) -> None:
    """Mark what a player sent, unless that was done already."""
    now = str(sent["mount"]), int(sent["count"])
    if now == answered():
        return
    st.session_state["answered"] = now
    if sent.get("asked") == "over":
        start_over()
        return
    run = run_of(state)
    _, here = played(run, state.cursor)
    answer = of_run(answer_to, state, run, state.cursor, sent["asked"], text_of(sent),
                    sent["address"], earlier(here))
    if answer:
        keep(here, answer)


def keep(state: State, answer: Answer) -> None:
    """Remember an answer; the oldest run's give way."""
    kept = all_answers()
    kept.setdefault((state.experiment, state.seed), []).append(answer)
    while len(kept) > 1 and sum(map(len, kept.values())) > KEPT:
        del kept[next(iter(kept))]


def text_of(sent: Mapping[str, Any]) -> str:
    """What was typed, as it can be sent back; a guess has few characters, and whole ones."""
    return repaired(str(sent["text"])[:LONGEST + 1])


def earlier(state: State) -> dict[Address, float]:
    """The last number that was given at each address of this iteration."""
    return {a.address: a.value for a in answers(state)
            if a.iteration == state.cursor.iteration and a.asked == "number"
            and a.value is not None}
