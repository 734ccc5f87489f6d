"""The weights as tables that can be typed into. The state is the cause; a grid holds only edits."""

from hashlib import sha256
from typing import Any

import streamlit as st

from engine.experiment.state import State
from engine.training import typed_weights
from engine.training.typed_weights import Rows
from figures.stage.payload import layers
from ui.session import session


def table(state: State, l: int) -> None:
    """A grid of layer l, and the same as text."""
    rows = typed_weights.rows_of(state.experiment, state.seed, l)
    grid(state, l, rows)
    with st.expander("As text, to copy or to paste from a spreadsheet", key=f"as text {l}"):
        text(state, l, rows)


def names(state: State, l: int) -> tuple[list[str], list[str]]:
    """What the columns and the rows of layer l are called."""
    before, here = (layers(state.experiment)[k]["units"] for k in (l - 1, l))
    columns = [f"from {name}" for name in before]
    return [*distinct(columns), "bias"], [f"to {name}" for name in here]


def distinct(columns: list[str]) -> list[str]:
    return [f"{i}: {name}" if columns.count(name) > 1 else name
            for i, name in enumerate(columns, start=1)]


def grid(state: State, l: int, rows: Rows) -> None:
    """A grid that stays while one types into it, and is a new one when something else changes."""
    columns, units = names(state, l)
    kept = st.session_state.setdefault(f"grid {l}", {"version": 0, "base": rows, "shape": columns})
    key = f"grid {l} #{kept['version']}"
    if kept["shape"] != columns or edited(kept["base"], key, columns) != rows:
        kept |= {"version": kept["version"] + 1, "base": rows, "shape": columns}
        key = f"grid {l} #{kept['version']}"
    cells = {"unit": units} | {name: [row[i] for row in kept["base"]]
                               for i, name in enumerate(columns)}
    number = st.column_config.NumberColumn(format="plain", required=True)
    st.data_editor(cells, key=key, disabled=["unit"], hide_index=True, num_rows="fixed",
                   column_config=dict.fromkeys(columns, number),
                   on_change=take_edits, args=(key, l, kept["base"], columns))


def edited(base: Rows, key: str, columns: list[str]) -> Rows:
    """The rows with what was typed into the grid."""
    edits: dict[int, dict[str, Any]] = (st.session_state.get(key) or {}).get("edited_rows", {})
    rows = [list(row) for row in base]
    for i, changes in edits.items():
        for name, value in changes.items():
            if name in columns and int(i) < len(rows):
                rows[int(i)][columns.index(name)] = value
    return rows


def take_edits(key: str, l: int, base: Rows, columns: list[str]) -> None:
    rows = edited(base, key, columns)
    empty = [(i, j) for i, row in enumerate(rows, 1) for j, v in enumerate(row, 1) if v is None]
    if empty:
        where = "row {}, column {}".format(*empty[0])
        return session.show(session.state(), [f"Layer {l}: {where} must be a number (got nothing)"])
    return take(l, typed_weights.written(rows), len(base), len(columns))


def text(state: State, l: int, rows: Rows) -> None:
    """The table as text. What cannot be read stays there to be mended."""
    now = typed_weights.written(rows)
    key = f"text {l} {sha256(now.encode()).hexdigest()[:10]}"
    st.text_area("Rows are units; the bias comes last", now, key=key, height=160,
                 on_change=lambda: take(l, st.session_state[key], len(rows), len(rows[0])))


def take(l: int, text: str, height: int, width: int) -> None:
    now = session.state()
    try:
        rows = typed_weights.read(text, height, width)
    except ValueError as error:
        return session.show(now, [f"Layer {l}: {error}"])
    return session.change(parameters=typed_weights.with_rows(now.experiment, now.seed, l, rows))


def round_all(digits: int) -> None:
    now = session.state()
    session.change(parameters=typed_weights.rounded(now.experiment, now.seed, digits))
