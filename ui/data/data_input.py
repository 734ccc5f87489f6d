"""Own data on a page: the ways in, and how it is read.

Every way ends in `session.change(data=own, ...)`, or in a sentence; what was typed or drawn and is
no data yet stays where it is, as a draft.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from engine.data.table_text import MAX_BYTES, read_table
from engine.data.tables import MAX_ROWS, Numbers, Table, table_of, words_of, write_table
from engine.data.user_data import KINDS, MISSING, Own, aimed_at, source_of, suggested, with_table
from engine.experiment import link_fields
from engine.experiment.experiment import suited
from engine.experiment.state import own_of
from figures.samples import Columns
from figures.style import MINUS
from ui.controls.widgets import field, filled
from ui.data import files
from ui.data.changes import come, edit, refuse, unfinished
from ui.data.drawing import draw
from ui.session import session

WAYS = {"file": "Open a file", "text": "Paste or type", "grid": "Table", "draw": "Draw"}
LARGE = (f"This data has more than {link_fields.MAX_NUMBERS} numbers, which is too much to edit "
         "here. Another table can be given instead.")
PLACEHOLDER = "x1,x2,class\n0.5,-1,A\n1,2,B"
NUMERALS = "0123456789" + MINUS
Edits = Mapping[str, Any]


def ways_in() -> None:
    way = st.segmented_control("Ways to bring data", [*WAYS], format_func=WAYS.get, default="file",
                               required=True, key="way in", persist_state="session",
                               label_visibility="collapsed")
    {"file": file, "text": text, "grid": grid, "draw": draw}[way]()


def file() -> None:
    files.uploader(f"A table with a header: at most {MAX_BYTES / 1e6:g} MB and {MAX_ROWS:,} rows, "
                   "with commas, semicolons or tabs between the values",
                   files.TABLES, take_file)


def take_file(content: str, name: str) -> None:
    come(suggested(read_table(content, name)), suited, True)


def present() -> Own | None:
    """What is looked at, where it is small enough to be edited."""
    own = own_of(session.state())
    return None if link_fields.name_of_table(own.table) else own


def text() -> None:
    now, draft = present(), session.draft("text")
    shown = draft if draft is not None else write_table(now.table) if now else ""
    st.text_area("A table with a header, typed or pasted from a spreadsheet: taken up with "
                 "Ctrl+Enter, or when you leave the field", height=260, placeholder=PLACEHOLDER,
                 **filled("own text", shown, take_text))
    if draft is not None:
        unfinished("text", "This text is not the data yet.")
    elif now is None:
        st.markdown(LARGE)


def take_text(typed: str) -> None:
    try:
        table = read_table(typed)
        again = same_columns(table)
        if again:
            edit(again)
        else:
            come(suggested(table), suited, table.cells > link_fields.MAX_NUMBERS)
        session.drop_draft("text")
    except ValueError as error:
        session.keep_draft("text", typed)
        refuse(error)


def same_columns(table: Table) -> Own | None:
    """The table read as what is looked at now, where it can be."""
    now = own_of(session.state())
    try:
        return with_table(now, table) if table.names == now.table.names else None
    except ValueError:
        return None


def grid() -> None:
    """The editor keeps its edits of the table that it began with, until others change the data."""
    now = present()
    if now is None:
        return st.markdown(LARGE)
    start, key = grid_start(now)
    names, rows = start.table.names, words_of(start.table)
    columns = {str(i): list(words) for i, words in enumerate(zip(*rows, strict=True))}
    config = {str(i): column_of(name, start) for i, name in enumerate(names)}
    st.data_editor(columns, column_config=config, num_rows="dynamic", key=key,
                   on_change=lambda: take_edits(start, st.session_state[key]),
                   alt="The data as a table in which every value can be changed")
    return st.markdown("Every change is taken up at once. A row counts when it is complete; a new "
                      "one begins below the last. Values can be pasted from a spreadsheet.")


def grid_start(now: Own) -> tuple[Own, str]:
    """The table that the editor began with, and its key."""
    begun = st.session_state.get("grid", {"version": 0})
    key = f"own grid#{begun['version']}"
    if key not in st.session_state or begun.get("of") != session.looked_at():
        begun = {"version": begun["version"] + 1, "start": now, "of": session.looked_at()}
        st.session_state["grid"] = begun
    return begun["start"], f"own grid#{begun['version']}"


def column_of(name: str, own: Own) -> Any:
    side = "right" if is_numbers(own, name) else "left"
    return st.column_config.TextColumn(name, alignment=side)


def is_numbers(own: Own, name: str) -> bool:
    return isinstance(own.table.column(name), Numbers)


def take_edits(start: Own, edits: Edits) -> None:
    try:
        rows = edited_rows(words_of(start.table), edits)
        edit(with_table(start, table_of(start.table.names, rows)))
    except ValueError as error:
        refuse(error)
    st.session_state["grid"]["of"] = session.looked_at()


def edited_rows(rows: list[tuple[str, ...]], edits: Edits) -> list[list[str]]:
    """The rows after what somebody did to them in the editor, without those that are empty."""
    width = range(len(rows[0]))
    old = [[edits["edited_rows"].get(k, {}).get(str(i), row[i]) for i in width]
           for k, row in enumerate(rows) if k not in edits["deleted_rows"]]
    new = [[row.get(str(i)) for i in width] for row in edits["added_rows"]]
    return [["" if word is None else str(word) for word in row] for row in old + new if any(row)]


def reading() -> None:
    """How the data is read; ours can be scaled and divided, and own columns be chosen."""
    own = session.state().experiment.data
    if isinstance(own, Own):
        columns(own)
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        scaling()
    right.number_input("Share of samples held back for the test (0 to 0.9)", 0.0, 0.9, step=0.1,
                       format="%g", **field("split", "split of the data"))


def columns(own: Own) -> None:
    names = own.table.names
    left, right = st.columns(2)
    left.selectbox("Target", names, **chosen(
        "target", own.targets[0], lambda name: aimed_at(own, (name,))))
    right.segmented_control("The target is", [*KINDS], format_func=KINDS.get, required=True,
                            **chosen("kind", own.kind, lambda kind: replace(own, kind=kind)))
    free = [name for name in names if name not in own.targets]
    in_order = lambda some: tuple(name for name in free if name in some)
    st.multiselect("Inputs", free, **chosen(
        "inputs", list(own.inputs), lambda some: replace(own, inputs=in_order(some))))
    first, *others = own.targets
    more = [name for name in names if name != first and is_numbers(own, name)]
    if more:
        st.multiselect("More targets", more, placeholder="none", **chosen(
            "targets", others, lambda some: aimed_at(own, (first, *some))))
    if any(column.missing.any() for column in own.table.columns):
        st.selectbox("Where an input is missing", [*MISSING], format_func=MISSING.get, **chosen(
            "missing", own.missing, lambda missing: replace(own, missing=missing)))


def chosen(key: str, value: Any, choose: Callable[[Any], Own]) -> dict[str, Any]:
    """A widget that reads the table in another way, or says why that cannot be."""
    def change(wish: Any) -> None:
        try:
            edit(choose(wish))
        except ValueError as error:
            refuse(error)

    return filled(f"own {key}", value, change)


def scaling() -> None:
    e = session.state().experiment
    now = source_of(e.data).standardise if e.standardise is None else e.standardise
    st.checkbox("Scale every input to mean 0 and standard deviation 1",
                **filled("standardise", now, lambda yes: session.change(standardise=yes)))


def shown(columns: Columns, alt: str) -> None:
    """A table whose headings and texts are shown as they are."""
    side = lambda words: "right" if all(word[:1] in NUMERALS for word in words) else "left"
    config = {str(i): st.column_config.TextColumn(name, alignment=side(words))
              for i, (name, words) in enumerate(columns)}
    st.dataframe({str(i): words for i, (_, words) in enumerate(columns)}, column_config=config,
                 hide_index=True, alt=alt)
