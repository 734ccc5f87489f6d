"""Typed-in parameters: a layer as a table of numbers, and as text to be pasted from a spreadsheet.

A row stands for a unit: its weights, one for each unit of the layer before, and its bias at the
end, (n_l, n_{l-1} + 1). The values are those before the first update.
"""

import re
from math import isfinite

import numpy as np

from engine.data.tables import DECIMAL_COMMA, numeral, shown
from engine.experiment.experiment import Experiment
from engine.nn.network import views
from engine.training.start import first_parameters

Rows = list[list[float]]


def rows_of(e: Experiment, seed: int, l: int) -> Rows:
    """The weights of layer l with their biases."""
    W, b = views(e.sizes, first_parameters(e, seed))
    return np.hstack([W[l], b[l]]).tolist()


def with_rows(e: Experiment, seed: int, l: int, rows: Rows) -> tuple[float, ...]:
    """All parameters, those of layer l replaced."""
    flat = first_parameters(e, seed)
    W, b = views(e.sizes, flat)
    values = np.array(rows, float)
    W[l][...], b[l][...] = values[:, :-1], values[:, -1:]
    return tuple(flat.tolist())


def rounded(e: Experiment, seed: int, digits: int) -> tuple[float, ...]:
    """All parameters with few digits, to calculate with by hand."""
    return tuple(first_parameters(e, seed).round(digits).tolist())


def written(rows: Rows) -> str:
    """Text with tabs, as spreadsheets copy it."""
    return "\n".join("\t".join(numeral(float(v)) for v in row) for row in rows)


def read(text: str, height: int, width: int) -> Rows:
    """Rows of numbers out of text with tabs, semicolons, commas or spaces between them.

    ValueError, in a sentence, where they are not `height` rows of `width` finite numbers.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    separator = next((mark for mark in "\t;" if mark in text), None)
    cells = [words(line, separator) for line in lines]
    found = sorted({len(row) for row in cells})
    if len(cells) != height or found != [width]:
        got = " or ".join(map(str, found[:3])) or "0"
        raise ValueError(f"the table must be {height} rows of {width} numbers "
                         f"(got {len(cells)} rows of {got})")
    return [[cell(word, i, j) for j, word in enumerate(row, start=1)]
            for i, row in enumerate(cells, start=1)]


def words(line: str, separator: str | None) -> list[str]:
    if separator:
        return [word.strip() for word in line.split(separator)]
    return re.split(r"[,\s]+", line.strip())


def cell(word: str, row: int, column: int) -> float:
    """A number; a comma may be its decimal sign."""
    text = word.replace(",", ".") if DECIMAL_COMMA.fullmatch(word) else word
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if "_" in text or not text.isascii() or not isfinite(value):
        raise ValueError(f"row {row}, column {column} must be a finite number "
                         f"(got {shown(word) or 'nothing'})")
    return value
