"""What can be taken away: the step at the cursor in every form, and the whole run as a table.

A file is made when somebody asks for it, not when the page is drawn.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from engine.spec import State
from engine.training import Run
from figures.exports import EXPORTS
from figures.run_table import extent, file_name
from ui import answers
from ui.runs import of_run


def forms(run: Run, state: State) -> None:
    """Every form, with its button; the run is that of the state."""
    for export in EXPORTS.values():
        contents = partial(of_run, answers.export, state, run, state, export.name)
        row(export.title, export.about, contents, export.file_name(run, state), export.mime)
    row("The whole run as CSV", "Cost, score, gradients and their causes, one line for each "
        f"iteration and layer; {extent(run)}.", partial(of_run, answers.table, state, run),
        file_name(run), "text/csv")


def folded(run: Run, state: State) -> None:
    """The same, below other things: drawn only once it has been opened."""
    box = st.expander("Take it away: this iteration and the whole run", on_change="rerun",
                      icon=":material/download:", key="take it away")
    if box.open:
        with box:
            forms(run, state)


def row(title: str, about: str, contents: Callable[[], bytes], name: str, mime: str) -> None:
    words, button = st.columns([3, 1], vertical_alignment="center")
    words.markdown(f"**{title}**  \n{about}")
    button.download_button("Download", contents, name, mime, on_click="ignore",
                           key=f"take {title}", width="stretch", help=f"{title}: {name}")
