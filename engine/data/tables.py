"""Tables: text with a header, in columns, read strictly; what is wrong is said in a sentence.

    name,name,...        the header: each name once
    value,value,...      a row for each sample, with as many values as the header has names

Commas, semicolons or tabs stand between the values; where they are not commas, a comma may be the
decimal sign. A column in which every value is a number is numbers; every other one is words. An
empty value is missing, and so are ?, NA, N/A, NaN and null.

Every error is a ValueError whose text a page can show as it is; rows count from 1, the first one
below the header.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from io import StringIO
from typing import Any, NamedTuple

import numpy as np

from engine.nn.arrays import Array

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_NAME = 200  # characters of a name: of a column, a class, a file
QUOTED = 40  # characters of a value that a sentence quotes
GAPS = {"", "?", "na", "n/a", "nan", "null"}
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(e[+-]?[0-9]+)?", re.IGNORECASE)


class Numbers(NamedTuple):
    """A column of numbers, shape (rows,); nan where one is missing."""

    values: Array

    @property
    def missing(self) -> Array:
        return np.isnan(self.values)

    def written(self) -> list[str]:
        return ["" if v != v else numeral(v) for v in self.values.tolist()]


class Words(NamedTuple):
    """A column of words: its different words in order, and which one each row has; -1 for none."""

    different: tuple[str, ...]
    codes: Array

    @property
    def missing(self) -> Array:
        return self.codes < 0

    def written(self) -> list[str]:
        return [*np.array([*self.different, ""], object)[self.codes]]


Column = Numbers | Words


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Columns with names. Two tables are equal if their names and values are, whatever the title.

    The title says where the table is from, such as the name of a file.
    """

    names: tuple[str, ...]
    columns: tuple[Column, ...]
    title: str = ""

    @property
    def rows(self) -> int:
        return len(self.columns[0].missing)

    @property
    def cells(self) -> int:
        return self.rows * len(self.names)

    @cached_property
    def fingerprint(self) -> str:
        """Ten characters that tell this table from others."""
        digest = sha256()
        for name, column in zip(self.names, self.columns, strict=True):
            values, words = (column.values, ()) if isinstance(column, Numbers) else column[::-1]
            digest.update(repr((name, words)).encode())
            digest.update(values.astype("<f8").tobytes())
        return digest.hexdigest()[:10]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return f"Table({self.fingerprint})"

    def column(self, name: str) -> Column:
        """A column; ValueError where there is no such."""
        if name not in self.names:
            listed = ", ".join(map(shown, self.names))
            raise ValueError(f"column must be one of {shown(listed, 80)} (got {shown(name)})")
        return self.columns[self.names.index(name)]


def shown(value: Any, most: int = QUOTED) -> str:
    """A value as a sentence may quote it: few characters, and whole ones."""
    if isinstance(value, int) and abs(value) >= 10**most:
        return f"a number of more than {most} digits"
    text = value if isinstance(value, str) else str(value)
    return repaired(text if len(text) <= most else text[: most - 3] + "...")


def is_whole(text: str) -> bool:
    """Whether a text is made of whole characters: half of a surrogate pair cannot be sent on."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def repaired(text: str) -> str:
    """The text with a ? in the place of every half of a character."""
    return text.encode(errors="replace").decode()


def numeral(value: float) -> str:
    """The shortest text that gives the same number again, without .0 at its end."""
    return repr(value).removesuffix(".0")


def table_of(
    header: Sequence[str], rows: list[Sequence[str]], title: str = "", decimal_comma: bool = True
) -> Table:
    """A table of words, row by row; ValueError where they are none."""
    names = tuple(map(tidy, header))
    check_header(names)
    check_rows(rows, len(names))
    columns = (read_column(name, words, decimal_comma)
               for name, words in zip(names, zip(*rows, strict=True), strict=True))
    return Table(names, tuple(columns), shown(title, MAX_NAME))


def tidy(text: str) -> str:
    """One line, with single spaces."""
    return " ".join(text.split())


def check_header(names: tuple[str, ...]) -> None:
    if not 2 <= len(names) <= MAX_COLUMNS:
        raise ValueError(f"a table must have 2 to {MAX_COLUMNS} columns (got {len(names)})")
    for i, name in enumerate(names, start=1):
        if not name:
            raise ValueError(f"every column must have a name (column {i} has none)")
        if len(name) > MAX_NAME:
            raise ValueError(f"the name of a column must have at most {MAX_NAME} characters "
                             f"(column {i} has {len(name):,})")
        if not is_whole(name):
            raise ValueError(f"the name of a column must be of whole characters (got "
                             f"{shown(name)})")
        if name in names[: i - 1]:
            raise ValueError(f"every column must have its own name (got {shown(name)} twice)")


def check_rows(rows: list[list[str]], width: int) -> None:
    if not rows:
        raise ValueError("a table must have a row or more (got none)")
    if len(rows) > MAX_ROWS:
        raise ValueError(f"a table must have at most {MAX_ROWS} rows (got more)")
    for i, row in enumerate(rows, start=1):
        if len(row) != width:
            raise ValueError(f"row {i} must have {width} values, like the header (got {len(row)})")


def read_column(name: str, words: Sequence[str], decimal_comma: bool) -> Column:
    """Numbers where all values are; else words."""
    values = as_numbers(words)
    if values is None:
        words = ["" if word.lower() in GAPS else word for word in map(tidy, words)]
        values = as_numbers([word or "nan" for word in words])
    if values is None and decimal_comma:
        values = as_numbers([comma_as_point(word) or "nan" for word in words])
    if values is None:
        check_characters(name, words)
        return as_words(words)
    if np.isinf(values).any():
        i = int(np.argmax(np.isinf(values)))
        raise ValueError(f"{shown(name)} must be finite numbers (got {shown(words[i])} in row "
                         f"{i + 1})")
    return Numbers(values)


def check_characters(name: str, words: Sequence[str]) -> None:
    if not is_whole("".join(words)):
        i = next(i for i, word in enumerate(words, start=1) if not is_whole(word))
        raise ValueError(f"{shown(name)} must be text of whole characters (got "
                         f"{shown(words[i - 1])} in row {i})")


def comma_as_point(word: str) -> str:
    return word.replace(",", ".") if DECIMAL_COMMA.fullmatch(word) else word


def as_numbers(words: Iterable[str]) -> Array | None:
    """The numbers that these words are, nan for nan; None where one is no number."""
    together = "".join(words)
    if "_" in together or not together.isascii():  # Python reads 1_000 and ١
        return None
    try:
        return np.array(list(map(float, words)))
    except ValueError:
        return None


def as_words(words: list[str]) -> Words:
    different = sorted({*words} - {""})
    codes = {"": -1} | {word: code for code, word in enumerate(different)}
    return Words(tuple(different), np.array([codes[word] for word in words]))


def write_table(table: Table) -> str:
    """The table as text with commas: read_table gives it back."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows(words_of(table))
    return text.getvalue()


def words_of(table: Table) -> list[tuple[str, ...]]:
    """The rows of a table as words: table_of gives it back."""
    return list(zip(*(column.written() for column in table.columns), strict=True))
