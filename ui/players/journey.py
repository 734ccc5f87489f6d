"""The journey on a page: travels through a run, and moves the cursor of the page, stage and link.

What depends on the run alone, and on the chosen sample, travels as cargo: elements of their own,
which are sent again only when they change. What is sent at each rest of the cursor is small. The
player counts what it says; Python repeats the last number that it has heard, so that the player can
tell an answer to what it said earlier from a move of somebody else.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.experiment.experiment import Experiment
from engine.experiment.state import Pinned, State
from engine.training.light import is_light
from engine.training.run import Run
from ui.players import code
from ui.session import answers, session
from ui.session.runs import cached, of_run, of_runs, run_of

PLAYER = code.component("journey")


def payload_of(
    e: Experiment, seed: int, others: tuple[Pinned, ...], computed: tuple[int, ...],
    _runs: list[Run],
) -> bytes:
    """Of the runs as far as they are computed: longer ones have another payload.

    They are given, though the rest names them: another session may be computing more right now.
    """
    return answers.travel(_runs[0], tuple(_runs[1:]))


def sample_of(e: Experiment, seed: int, computed: int, s: int, _run: Run) -> bytes:
    return answers.sample(_run, s)


cached_payload = cached(payload_of, "journeys")
cached_sample = cached(sample_of, "journeys of a sample")


def show(state: State) -> None:
    """The journey through the state's run, at the state's cursor."""
    states, runs, s = [state.run, *state.pinned], runs_of(state), chosen(state)
    t = min(state.cursor.iteration, runs[0].last)
    cargo, of_sample = cargo_of(state, states, runs), cargo_of_sample(state, runs[0], s)
    moment = of_runs(answers.at_moment, states, runs, t, s, turn())
    with st.container(gap=None):
        PLAYER(key="journey", data=moment, on_cursor_change=take_cursor)
        code.cargo(cargo, "cargo of the run")
        code.cargo(of_sample, "cargo of the sample")


def cargo_of(state: State, states: list[Pinned], runs: list[Run]) -> bytes:
    """What is worth keeping: it depends on no cursor."""
    if any(map(is_light, runs)):
        return of_runs(answers.travel, states, runs)
    computed = tuple(len(run.costs) for run in runs)
    return cached_payload(state.experiment, state.seed, state.pinned, computed, runs)


def cargo_of_sample(state: State, run: Run, s: int) -> bytes:
    if is_light(run):
        return of_run(answers.sample, state, run, s)
    return cached_sample(state.experiment, state.seed, len(run.costs), s, run)


def runs_of(state: State) -> list[Run]:
    """The run that is looked at, and those beside it that have begun as well."""
    return [run_of(run) for run in (state.run, *state.pinned)]


def chosen(state: State) -> int:
    """The sample whose outputs are shown: that of the cursor, or the first where it has none."""
    return max(0, state.cursor.sample)


def take_cursor() -> None:
    """Go where the player has come to rest, unless the page is there already."""
    now = session.state().cursor
    wished = {name: value for name, value in heard().items()
              if name in ("iteration", "sample", "step") and value != getattr(now, name)}
    if wished:
        session.go_to(**wished)


def heard() -> Mapping[str, Any]:
    """What the player said last."""
    said = (st.session_state.get("journey") or {}).get("cursor")
    return said if isinstance(said, Mapping) else {}


def turn() -> int:
    number = heard().get("turn")
    return number if isinstance(number, int) else 0
