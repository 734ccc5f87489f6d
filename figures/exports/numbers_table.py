"""Every number of one iteration as text: a long CSV for programs, matrices for a spreadsheet.

    step_csv     a line for each number: quantity, layer, row, column, their names, value
    step_sheet   a block for each quantity: title and shape, columns' names, rows; between tabs

Such a file may be large: `csv_pieces` and `sheet_pieces` are the same texts piece by piece; before
they are made `csv_size` and `sheet_size` say how large they will be, from the shapes and from the
numbers of a few samples.

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

from engine.experiment.experiment import Experiment
from engine.experiment.state import ALL
from engine.nn.arrays import Array
from engine.nn.backprop import trace
from engine.nn.network import Network
from engine.nn.normalisation import NORMS
from engine.nn.workspace import Trace
from engine.training.descent import network_of
from engine.training.run import Run
from figures.stage.payload import layers

FORMULA = re.compile(r"(^|[,;|\t\r\n])(?=\s*[=+\-@\t\r\n＝＋－＠])")
HEAD = ["quantity", "layer", "row", "column", "row name", "column name", "value"]
OF_OUTPUT = ("y", "losses", "C")
SAMPLED = ("y", "u", "n", "z", "f", "a", "losses", "da", "delta", "du")  # their columns are samples
PIECE = 20_000  # values of a piece: about 10 milliseconds
FEW = 8  # samples whose numbers tell how long all are
SEEN = 100  # numbers of a matrix of which the same is asked
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
    return "".join(csv_pieces(run, t, sample))


def csv_pieces(run: Run, t: int, sample: int = ALL) -> Iterator[str]:
    return written("excel", chain([HEAD], *map(cells, blocks(run, t, sample))))


def step_sheet(run: Run, t: int, sample: int = ALL) -> str:
    """The same as matrices below each other, to be pasted into a spreadsheet."""
    return "".join(sheet_pieces(run, t, sample))


def sheet_pieces(run: Run, t: int, sample: int = ALL) -> Iterator[str]:
    return written("excel-tab", chain.from_iterable(map(sheet_lines, blocks(run, t, sample))))


def written(dialect: str, lines: Iterable[list]) -> Iterator[str]:
    """The text in pieces of about PIECE values."""
    file, count = StringIO(newline=""), 0
    writer = csv.writer(file, dialect)
    for line in lines:
        writer.writerow(line)
        count += len(line)
        if count > PIECE:
            yield file.getvalue()
            file, count = StringIO(newline=""), 0
            writer = csv.writer(file, dialect)
    yield file.getvalue()


def cells(block: Block) -> Iterator[list]:
    for r, (name, row) in enumerate(zip(block.rows, block.values, strict=True), start=1):
        for c, (column, value) in enumerate(zip(block.columns, row.tolist(), strict=True),
                                            block.first):
            yield [block.quantity, block.layer, r, c, name, column, value]


def sheet_lines(block: Block) -> Iterator[list]:
    rows, columns = block.values.shape
    layer = "" if block.quantity in OF_OUTPUT else f"[{block.layer}]"
    yield [f"{block.quantity}{layer}", f"{rows} × {columns}"]
    yield ["", *block.columns]
    for name, row in zip(block.rows, block.values, strict=True):
        yield [name, *row.tolist()]
    yield []


def blocks(run: Run, t: int, sample: int) -> list[Block]:
    """Every quantity, layer by layer, in the order in which a step computes them."""
    return blocks_of(run.experiment, run.trace(t), run.network(t), run.network(t + 1), sample)


def blocks_of(e: Experiment, now: Trace, before: Network, after: Network, sample: int
              ) -> list[Block]:
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


# How large it will be


def csv_size(run: Run, t: int, sample: int = ALL) -> int:
    """Bytes of step_csv, about."""
    return len(",".join(HEAD)) + 2 + round(sum(map(of_cells, sketched(run, t, sample))))


def sheet_size(run: Run, t: int, sample: int = ALL) -> int:
    """Bytes of step_sheet, about."""
    return round(sum(map(of_sheet, sketched(run, t, sample))))


class Sketch(NamedTuple):
    """A block with its number of columns; it has the values of a few samples alone."""

    block: Block
    columns: int

    @property
    def rows(self) -> int:
        return len(self.block.values)

    @property
    def of_column(self) -> float:
        """Bytes of a column's name."""
        if self.block.columns[0].startswith("sample "):
            return len("sample ") + digits(self.columns)
        return mean_bytes(self.block.columns)


def sketched(run: Run, t: int, sample: int) -> list[Sketch]:
    """Every block, of a few samples, and of parameters that are at hand."""
    part, e = run.at(t), run.at(t).experiment
    kept = min((t - part.start) // part.stride, len(part.blocks) - 1)
    network = network_of(e, part.blocks[kept][0])
    x, y = run.samples(t)
    m = x.shape[1]
    few = np.linspace(0, m - 1, min(m, FEW)).astype(int)
    with np.errstate(all="ignore"):
        now = trace(network, x[:, few], y[:, few])
    columns = m if sample == ALL else 1
    return [Sketch(b, columns if b.columns[0].startswith("sample ") else len(b.columns))
            for b in blocks_of(e, now, network, network, ALL)]


def of_cells(s: Sketch) -> float:
    b = s.block
    where = len(b.quantity) + len(str(b.layer)) + digits(s.rows) + digits(s.columns)
    line = where + mean_bytes(b.rows) + s.of_column + of_number(b.values) + len(",,,,,,\r\n")
    return s.rows * s.columns * line


def of_sheet(s: Sketch) -> float:
    b = s.block
    title = len(f"{b.quantity}[{b.layer}]\t{s.rows} × {s.columns}\r\n".encode())
    row = mean_bytes(b.rows) + 2 + s.columns * (of_number(b.values) + 1)
    return title + 4 + s.columns * (s.of_column + 1) + s.rows * row


def digits(count: int) -> float:
    """Of the numbers 1 ... count, on average."""
    return sum(max(0, count - 10**k + 1) for k in range(len(str(count)))) / count


def mean_bytes(names: list[str]) -> float:
    return sum(len(name.encode()) for name in names) / len(names)


def of_number(values: Array) -> float:
    """Characters of a number among these, on average."""
    some = values.ravel()[np.linspace(0, values.size - 1, min(values.size, SEEN)).astype(int)]
    return sum(map(len, map(repr, some.tolist()))) / len(some)
