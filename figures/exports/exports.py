"""What a visitor can take away of the current step: each form once, for the page that offers it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from itertools import chain
from typing import Any, NamedTuple

from engine.experiment.state import State
from engine.training.run import Run
from figures.exports.export_sizes import notebook_size, numpy_size, torch_size, walk_size
from figures.exports.file_names import file_name
from figures.exports.notebook import notebook
from figures.exports.numbers_table import csv_pieces, csv_size, sheet_pieces, sheet_size
from figures.exports.numpy_script import numpy_script
from figures.exports.torch_script import torch_script
from figures.exports.walk import walk_html

MAX_BYTES = 50_000_000  # of a file that can be taken away
WORTH_SAYING = 1_000_000  # from here on the size stands beside the button
MARK = "\ufeff"  # tells spreadsheets that the file is UTF-8


class Export(NamedTuple):
    """A form: its title, what it is good for, the end of its file's name, its text and its size.

    The text comes in pieces, so that a large one can be left between two of them. `size` says how
    many bytes it will have, within a factor of 1.3, without making it.
    """

    name: str
    title: str
    about: str
    suffix: str
    mime: str
    text: Callable[[Run, State], Iterable[str]]
    size: Callable[[Run, State], int]

    def pieces(self, run: Run, state: State) -> Iterable[str]:
        """The file's text, to be encoded as UTF-8; the run is that of the state."""
        here = at_hand(run, state)
        return self.text(run.at(here.cursor.iteration), here)

    def make(self, run: Run, state: State) -> str:
        return "".join(self.pieces(run, state))

    def contents(self, run: Run, state: State) -> bytes:
        """The file."""
        return encoded(self.pieces(run, state))

    def bytes_of(self, run: Run, state: State) -> int:
        """How large the file will be, about."""
        here = at_hand(run, state)
        return self.size(run.at(here.cursor.iteration), here)

    def file_name(self, run: Run, state: State) -> str:
        """backstep-2-4-1-iteration-12-1f09ab.ipynb"""
        t = at_hand(run, state).cursor.iteration
        return file_name(state.run, f"iteration-{t}-", self.suffix)


def encoded(pieces: Iterable[str]) -> bytes:
    """The bytes of a text that comes in pieces; it is never there twice."""
    file = BytesIO()
    for piece in pieces:
        file.write(piece.encode())
    return file.getvalue()


def at_hand(run: Run, state: State) -> State:
    """The state with its cursor in the run, which may have ended early, as it was there."""
    t = min(state.cursor.iteration, run.last)
    experiment = run.at(t).experiment
    cursor = replace(state.cursor, iteration=t).fitted(experiment)
    return replace(state, experiment=experiment, cursor=cursor)


def of_step(make: Callable[[Run, int], Any], mark: str = "") -> Callable[[Run, State], Any]:
    """What needs to know of the state only its iteration; a text may begin with a mark."""
    return marked(mark, lambda run, state: make(run, state.cursor.iteration))


def of_sample(make: Callable[[Run, int, int], Any], mark: str = "") -> Callable[[Run, State], Any]:
    """The same of the sample that the cursor is at, or of the first one."""
    return marked(mark, lambda run, state: make(run, state.cursor.iteration,
                                                max(0, state.cursor.sample)))


def marked(mark: str, make: Callable[[Run, State], Any]) -> Callable[[Run, State], Any]:
    return (lambda run, state: chain([mark], make(run, state))) if mark else make


def whole(make: Callable[[Run, State], str]) -> Callable[[Run, State], list[str]]:
    """A text that comes in one piece."""
    return lambda run, state: [make(run, state)]


CSV, SHEET = "Every z, a, δ, dW and db", "The same as matrices, between tabs"
EXPORTS = {
    entry.name: entry
    for entry in (
        Export("notebook", "Jupyter notebook",
               "This step with the same words, formulas and numbers, cell by cell.",
               ".ipynb", "application/x-ipynb+json", whole(of_step(notebook)),
               of_step(notebook_size)),
        Export("numpy", "NumPy script", "This step in plain NumPy, with the stage's own lines.",
               "-numpy.py", "text/x-python", whole(of_step(numpy_script)), of_step(numpy_size)),
        Export("torch", "PyTorch script", "The same step by PyTorch's autograd and optimizers.",
               "-torch.py", "text/x-python", whole(of_step(torch_script)), of_step(torch_size)),
        Export("csv", "CSV", f"{CSV} of this step, one number to a line.", ".csv", "text/csv",
               of_step(csv_pieces, MARK), of_step(csv_size)),
        Export("sheet", "Table for a spreadsheet", f"{SHEET}.", ".tsv",
               "text/tab-separated-values", of_step(sheet_pieces, MARK), of_step(sheet_size)),
        Export("walk", "Walk as a web page", "The stage in one HTML file, which plays anywhere.",
               ".html", "text/html", whole(walk_html), walk_size),
    )
}
OF_ONE_SAMPLE = {  # what can be had where a form of all samples would be too large
    entry.name: entry
    for entry in (
        Export("csv", "CSV of one sample", f"{CSV} of the sample at the cursor.", "-sample.csv",
               "text/csv", of_sample(csv_pieces, MARK), of_sample(csv_size)),
        Export("sheet", "Table of one sample", f"{SHEET}, of the sample at the cursor.",
               "-sample.tsv", "text/tab-separated-values", of_sample(sheet_pieces, MARK),
               of_sample(sheet_size)),
    )
}
