"""Every number of one iteration as text: a long CSV for programs, matrices for a spreadsheet.

    step_csv     a line for each number: quantity, layer, row, column, their names, value
    step_sheet   a block for each quantity: title and shape, columns' names, rows; between tabs

Rows and columns are counted from 1, as on the page. Numbers are exact. A name is somebody's text: a
spreadsheet would run one that looks like a formula, so an apostrophe is put before it (OWASP, CSV
Injection); it also may follow what some spreadsheets take for the end of a cell.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain
from typing import NamedTuple

import numpy as np

from engine.normalisation import NORMS
from engine.spec import ALL
from engine.training import Run
from figures.stage import layers

Array = np.ndarray
FORMULA = re.compile(r"(^|[,;|\t\r\n])(?=\s*[=+\-@\t\r\n＝＋－＠])")
HEAD = ["quantity", "layer", "row", "column", "row name", "column name", "value"]
OF_OUTPUT = ("y", "losses", "C")
SAMPLED = ("y", "u", "n", "z", "f", "a", "losses", "da", "delta", "du")  # their columns are samples
MEANS = ("mean", "sigma")  # of each unit, or with layer normalisation of each sample


class Block(NamedTuple):
    """One matrix; `first` is the number of its first column."""

    quantity: str
    layer: int
    values: Array
    rows: list[str]
    columns: list[str]
    first: int = 1


def step_csv(run: Run, t: int, sample: int = ALL) -> str:
    """Iteration t of a run of one seed: all of its samples, or one (counted from 0)."""
    return written("excel", chain([HEAD], *map(cells, blocks(run, t, sample))))


def step_sheet(run: Run, t: int, sample: int = ALL) -> str:
    """The same as matrices below each other, to be pasted into a spreadsheet."""
    return written("excel-tab", chain.from_iterable(map(sheet_lines, blocks(run, t, sample))))


def written(dialect: str, lines: Iterable[list]) -> str:
    file = StringIO(newline="")
    csv.writer(file, dialect).writerows(lines)
    return file.getvalue()


def cells(block: Block) -> Iterator[list]:
    for r, (name, row) in enumerate(zip(block.rows, block.values.tolist(), strict=True), start=1):
        for c, (column, value) in enumerate(zip(block.columns, row, strict=True), block.first):
            yield [block.quantity, block.layer, r, c, name, column, value]


def sheet_lines(block: Block) -> Iterator[list]:
    rows, columns = block.values.shape
    layer = "" if block.quantity in OF_OUTPUT else f"[{block.layer}]"
    yield [f"{block.quantity}{layer}", f"{rows} × {columns}"]
    yield ["", *block.columns]
    for name, row in zip(block.rows, block.values.tolist(), strict=True):
        yield [name, *row]
    yield []


def blocks(run: Run, t: int, sample: int) -> list[Block]:
    """Every quantity, layer by layer, in the order in which a step computes them."""
    e, now, before, after = run.experiment, run.trace(t), run.network(t), run.network(t + 1)
    quantities = {
        "y": {e.L: now.y}, "W": before.W, "b": before.b, "u": now.u, "mean": now.mean,
        "sigma": now.sigma, "n": now.n, "z": now.z, "f": now.f, "a": now.a,
        "losses": {e.L: now.losses[None]}, "C": {e.L: now.C.reshape(1, 1)}, "da": now.da,
        "delta": now.delta, "du": now.du, "dW": now.dW, "db": now.db, "W_new": after.W,
        "b_new": after.b,
    }
    shown = slice(None) if sample == ALL else slice(sample, sample + 1)
    names = [list(map(named, layer["units"])) for layer in layers(e)]
    single = ("losses", "C", *(() if NORMS[e.norm].of_batch else MEANS))
    return [block(names, quantity, l, values[l], shown, quantity in single)
            for quantity, values in quantities.items() for l in sorted(values)]


def block(names: list[list[str]], quantity: str, l: int, values: Array, shown: slice,
          single: bool) -> Block:
    """A row for each unit, or a single one."""
    rows = [""] if single else names[l]
    if quantity in SAMPLED or (quantity in MEANS and single):
        samples = [f"sample {s + 1}" for s in range(values.shape[1])][shown]
        return Block(quantity, l, values[:, shown], rows, samples, (shown.start or 0) + 1)
    return Block(quantity, l, values, rows, names[l - 1] if "W" in quantity else [""])


def named(unit: str) -> str:
    """The name of an input or an output, or the number of a unit."""
    return f"unit {unit}" if unit.isdigit() else as_text(unit)


def as_text(text: str) -> str:
    """What every spreadsheet takes for text."""
    return FORMULA.sub(r"\1'", text)
