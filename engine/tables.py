"""Tables: comma-separated text with a header, read strictly; what is wrong is said in a sentence.

    name,name,...        the header: each name once
    value,value,...      a row for each sample, with as many values as the header has names

A column is read as numbers, or as classes: its different words, in alphabetical order, numbered
from 0. Every error is a ValueError whose text a page can show as it is; rows count from 1, the
first one below the header.
"""

import csv
from io import StringIO
from math import isfinite
from typing import NamedTuple

import numpy as np

Array = np.ndarray
MAX_CHARACTERS = 5_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CLASSES = 20


class Table(NamedTuple):
    """The names of the columns, and each column's words, row by row."""

    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> int:
        return len(self.columns[0])


def decoded(content: bytes) -> str:
    """The text of a file; ValueError where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"the file must be text in UTF-8 (byte {error.start + 1} is not)") from error


def read_table(text: str) -> Table:
    """A table; ValueError where the text is not one."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"a table must have at most {MAX_CHARACTERS} characters (got {len(text)})")
    try:
        lines = [line for line in csv.reader(StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise ValueError(f"the table must be comma-separated text ({error})") from error
    if len(lines) < 2:
        raise ValueError(f"a table must have a header and a row or more (got {len(lines)} lines)")
    names = tuple(name.strip() for name in lines[0])
    check_header(names)
    check_rows(lines[1:], len(names))
    columns = zip(*lines[1:], strict=True)
    return Table(names, tuple(tuple(word.strip() for word in column) for column in columns))


def check_header(names: tuple[str, ...]) -> None:
    if not 2 <= len(names) <= MAX_COLUMNS:
        raise ValueError(f"a table must have 2 to {MAX_COLUMNS} columns (got {len(names)})")
    for i, name in enumerate(names, start=1):
        if not name:
            raise ValueError(f"every column must have a name (column {i} has none)")
        if name in names[: i - 1]:
            raise ValueError(f"every column must have its own name (got {name[:40]} twice)")


def check_rows(rows: list[list[str]], width: int) -> None:
    if len(rows) > MAX_ROWS:
        raise ValueError(f"a table must have at most {MAX_ROWS} rows (got {len(rows)})")
    for i, row in enumerate(rows, start=1):
        if len(row) != width:
            raise ValueError(f"row {i} must have {width} values, like the header (got {len(row)})")


def column(table: Table, name: str) -> tuple[str, ...]:
    """The words of a column; ValueError where there is no such column, or one is missing."""
    if name not in table.names:
        raise ValueError(f"column must be one of {', '.join(table.names)} (got {name[:40]})")
    words = table.columns[table.names.index(name)]
    if "" in words:
        raise ValueError(f"{name[:40]} must have a value in every row (row "
                         f"{words.index('') + 1} has none)")
    return words


def numbers(table: Table, name: str) -> Array:
    """A column as finite numbers, shape (rows,)."""
    words = column(table, name)
    try:
        values = np.array([float(word) for word in words])
    except ValueError:
        values = np.array([number_or_nan(word) for word in words])
    if not np.isfinite(values).all():
        i = int(np.argmin(np.isfinite(values)))
        raise ValueError(f"{name[:40]} must be finite numbers (got {words[i][:40]} in row {i + 1})")
    return values


def number_or_nan(word: str) -> float:
    try:
        return float(word) if isfinite(float(word)) else float("nan")
    except ValueError:
        return float("nan")


def classes(table: Table, name: str) -> tuple[Array, tuple[str, ...]]:
    """A column as labels 0, 1, ..., shape (rows,), and the words that they stand for."""
    names, labels = np.unique(np.array(column(table, name)), return_inverse=True)
    if not 2 <= len(names) <= MAX_CLASSES:
        raise ValueError(f"{name[:40]} must have 2 to {MAX_CLASSES} classes (got {len(names)})")
    return labels, tuple(map(str, names))
