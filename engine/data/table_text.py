"""A table's text, read: bytes to characters, lines to cells, and which mark separates them."""

import csv
from collections.abc import Iterable
from io import StringIO
from itertools import islice

from engine.data.tables import MAX_ROWS, Table, table_of

MAX_BYTES = 5_000_000
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def decoded(content: bytes, most: int = MAX_BYTES) -> str:
    """The text of a file, in UTF-8, or in UTF-16 where it says so; ValueError for all else."""
    if len(content) > most:
        raise ValueError(f"a file must have at most {most / 1e6:g} MB "
                         f"(got {len(content) / 1e6:.1f} MB)")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("the file must be text in UTF-8, such as “CSV UTF-8” in a spreadsheet's "
                         f"list of file types (byte {error.start + 1} is not)") from error
    if "\0" in text:
        raise ValueError("the file must be text, such as “CSV UTF-8” in a spreadsheet's list of "
                         f"file types (character {text.index(chr(0)) + 1} is none)")
    return text


def read_table(text: str, title: str = "", separators: Iterable[str] = SEPARATORS) -> Table:
    """A table; ValueError where the text is not one."""
    if len(text) > MAX_BYTES:
        raise ValueError(f"a table must have at most {MAX_BYTES} characters (got {len(text)})")
    separator = separator_of(text, separators)
    header, *rows = lines(text, separator)
    return table_of(header, rows, title, decimal_comma=separator != ",")


def lines(text: str, separator: str) -> list[list[str]]:
    """Header and rows, without the empty lines; one more than there may be tells of too many."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        found = list(islice(filter(None, reader), MAX_ROWS + 2))
    except csv.Error as error:
        raise ValueError(f"the table must be text with {SEPARATORS[separator]} between the values "
                         f"(line {reader.line_num}: {error})") from error
    if len(found) < 2:
        raise ValueError(f"a table must have a header and a row or more (got {len(found)} lines)")
    return found


def separator_of(text: str, separators: Iterable[str]) -> str:
    """What cuts the header into the most names."""
    return max(separators, key=lambda separator: names_in(text, separator))


def names_in(text: str, separator: str) -> int:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return len(next(filter(None, reader), ()))
    except csv.Error:
        return 0
