"""The journey on a page: travels through a run, and moves the cursor of the page, stage and link.

What depends on the run alone, and on the chosen sample, travels as cargo: elements of their own,
which are sent again only when they change. What is sent at each rest of the cursor is small. The
player counts what it says; Python repeats the last number that it has heard, so that the player can
tell an answer to what it said earlier from a move of somebody else.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.spec import Experiment, Pinned, State
from engine.training import Run
from figures import journey
from ui import code, session
from ui.runs import cached, run_of

PLAYER = code.component("journey")


def payload_of(
    e: Experiment, seed: int, others: tuple[Pinned, ...], computed: tuple[int, ...],
    _runs: list[Run],
) -> bytes:
    """Of the runs as far as they are computed: longer ones have another payload.

    They are given, though the rest names them: another session may be computing more right now.
    """
    run, *rest = _runs
    return journey.payload(run, rest)


def sample_of(e: Experiment, seed: int, computed: int, s: int, _run: Run) -> bytes:
    return journey.sample(_run, s)


cached_payload = cached(payload_of, 16, 2, small=64)
cached_sample = cached(sample_of, 64, 8)


def show(state: State) -> None:
    """The journey through the state's run, at the state's cursor."""
    e, s, (run, *others) = state.experiment, chosen(state), runs_of(state)
    t = min(state.cursor.iteration, run.last)
    computed = tuple(len(r.costs) for r in (run, *others))
    with st.container(gap=None):
        PLAYER(key="journey", data=journey.moment(run, t, s, turn(), others),
               on_cursor_change=take_cursor)
        code.cargo(cached_payload(e, state.seed, state.pinned, computed, [run, *others]),
                   "cargo of the run")
        code.cargo(cached_sample(e, state.seed, len(run.costs), s, run), "cargo of the sample")


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
