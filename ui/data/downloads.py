"""What can be taken away: the step at the cursor in every form, and the whole run as a table.

A file is made when somebody asks for it, not when the page is drawn.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from engine.experiment.experiment import Experiment
from engine.experiment.state import State
from engine.training.run import Run
from figures.exports.exports import EXPORTS, MAX_BYTES, OF_ONE_SAMPLE, WORTH_SAYING, Export
from figures.exports.file_names import file_name
from figures.exports.run_table import extent, run_csv_size
from ui.session import answers
from ui.session.runs import cached, of_run


def forms(run: Run, state: State) -> None:
    """Every form, with its button; the run is that of the state."""
    t, sample = state.cursor.iteration, state.cursor.sample
    sizes = cached_sizes(state.experiment, state.seed, t, sample, len(run.costs), run, state)
    for export in EXPORTS.values():
        form(export, run, state, sizes[export.title])
        less = OF_ONE_SAMPLE.get(export.name)
        if sizes[export.title] > MAX_BYTES and less and sizes[less.title] <= MAX_BYTES:
            form(less, run, state, sizes[less.title])
    row("The whole run as CSV", "Cost, score, gradients and their causes, one line for each "
        f"iteration and layer; {extent(run)}.", partial(of_run, answers.table, state, run),
        file_name(state.run, "run-", ".csv"), "text/csv", run_csv_size(run))


def sizes_of(e: Experiment, seed: int, t: int, sample: int, computed: int, _run: Run, _state: State
             ) -> dict[str, int]:
    """How large the file of each form will be, by its title."""
    return of_run(answers.sizes, _state, _run, _state)


cached_sizes = cached(sizes_of, "sizes of files")


def form(export: Export, run: Run, state: State, size: int) -> None:
    contents = partial(of_run, answers.export, state, run, state, export.title)
    row(export.title, export.about, contents, export.file_name(run, state), export.mime, size)


def folded(run: Run, state: State) -> None:
    """The same, below other things: drawn only once it has been opened."""
    box = st.expander("Take it away: this iteration and the whole run", on_change="rerun",
                      icon=":material/download:", key="take it away")
    if box.open:
        with box:
            forms(run, state)


def row(title: str, about: str, contents: Callable[[], bytes], name: str, mime: str, size: int
        ) -> None:
    words, button = st.columns([3, 1], vertical_alignment="center")
    words.markdown(f"**{title}**  \n{about} {said_of(size)}")
    button.download_button("Download", contents, name, mime, on_click="ignore",
                           key=f"take {title}", width="stretch", help=f"{title}: {name}",
                           disabled=size > MAX_BYTES)


def said_of(size: int) -> str:
    """What is worth knowing about a size before the file is made."""
    if size <= WORTH_SAYING:
        return ""
    if size <= MAX_BYTES:
        return f"About {size / 1e6:,.0f} MB."
    return (f"**It would have about {size / 1e6:,.0f} MB; a file has at most {MAX_BYTES / 1e6:g} "
            "MB.** A smaller batch or fewer units fit.")
