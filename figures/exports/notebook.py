"""One training step as a Jupyter notebook: what the stage says, its formulas, and its NumPy to run.

Format: nbformat 4.5, written as JSON. Each code cell ends with the name of what it computes; below
it stands what the app has, so that a reader without Python sees the numbers too.
"""

import json
from typing import Any

import numpy as np

from engine.training.run import Run
from figures.exports.numpy_script import (
    SHAPES,
    Part,
    described,
    empty,
    given,
    heading,
    imports,
    parts,
)

Cell = dict[str, Any]
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(run: Run, t: int) -> str:
    """Iteration t of a run of one seed, as the text of an .ipynb file."""
    told = parts(run, t)
    cells = [markdown(f"# One training step: {heading(run, t)}\n\n{described(run)}\n{SHAPES}"),
             code("\n\n".join(["\n".join(imports(told)), *given(run, t), empty(run.experiment)]))]
    for part in told:
        cells += [markdown(words(part)), code("\n".join([*part.code, part.result]), part.value)]
    numbered = [cell | {"id": f"cell-{k}"} for k, cell in enumerate(cells)]
    return json.dumps({"cells": numbered, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5},
                      ensure_ascii=False, indent=1)


def words(part: Part) -> str:
    """Title, sentence and formulas; a < would be read as markup."""
    return "\n\n".join([f"## {part.title}", part.sentence,
                        *(f"$${latex}$$".replace("<", r"\lt ") for latex in part.formula)])


def markdown(text: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": lines(text)}


def code(text: str, value: np.ndarray | None = None) -> Cell:
    """A cell with what its last line shows, if it shows anything."""
    shown = [] if value is None else [{
        "output_type": "execute_result", "execution_count": None, "metadata": {},
        "data": {"text/plain": lines(repr(value))},
    }]
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": shown,
            "source": lines(text)}


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
