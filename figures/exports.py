"""What a visitor can take away of the current step: each form once, for the page that offers it."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from engine.spec import State
from engine.training import Run
from figures.notebook import notebook
from figures.numbers_table import step_csv, step_sheet
from figures.numpy_script import numpy_script
from figures.torch_script import torch_script
from figures.walk import walk_html

MARK = "\ufeff"  # tells spreadsheets that the file is UTF-8


class Export(NamedTuple):
    """A form: its title, what it is good for, the end of its file's name, and its text."""

    name: str
    title: str
    about: str
    suffix: str
    mime: str
    text: Callable[[Run, State], str]

    def make(self, run: Run, state: State) -> str:
        """The file's text, to be encoded as UTF-8; the run is that of the state."""
        here = at_hand(run, state)
        return self.text(run.at(here.cursor.iteration), here)

    def contents(self, run: Run, state: State) -> bytes:
        """The file."""
        return self.make(run, state).encode()

    def file_name(self, run: Run, state: State) -> str:
        """backstep-2-4-1-iteration-12.ipynb"""
        sizes, t = state.experiment.sizes, at_hand(run, state).cursor.iteration
        return f"backstep-{'-'.join(map(str, sizes))}-iteration-{t}{self.suffix}"


def at_hand(run: Run, state: State) -> State:
    """The state with its cursor in the run, which may have ended early, as it was there."""
    t = min(state.cursor.iteration, run.last)
    experiment = run.at(t).experiment
    cursor = replace(state.cursor, iteration=t).fitted(experiment)
    return replace(state, experiment=experiment, cursor=cursor)


def of_step(make: Callable[[Run, int], str]) -> Callable[[Run, State], str]:
    """What needs to know of the state only its iteration."""
    return lambda run, state: make(run, state.cursor.iteration)


EXPORTS = {
    entry.name: entry
    for entry in (
        Export("notebook", "Jupyter notebook",
               "This step with the same words, formulas and numbers, cell by cell.",
               ".ipynb", "application/x-ipynb+json", of_step(notebook)),
        Export("numpy", "NumPy script", "This step in plain NumPy, with the stage's own lines.",
               "-numpy.py", "text/x-python", of_step(numpy_script)),
        Export("torch", "PyTorch script", "The same step by PyTorch's autograd and optimizers.",
               "-torch.py", "text/x-python", of_step(torch_script)),
        Export("csv", "CSV", "Every z, a, δ, dW and db of this step, one number to a line.",
               ".csv", "text/csv", of_step(step_csv)),
        Export("sheet", "Table for a spreadsheet", "The same as matrices, between tabs.",
               ".tsv", "text/tab-separated-values",
               lambda run, state: MARK + step_sheet(run, state.cursor.iteration)),
        Export("walk", "Walk as a web page", "The stage in one HTML file, which plays anywhere.",
               ".html", "text/html", walk_html),
    )
}
