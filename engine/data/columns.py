"""Columns of a user's table as numbers: inputs, targets and classes.

Words become one row for each different word; classes are numbered 0, 1, ... in their order.
"""

from collections.abc import Iterable

import numpy as np

from engine.data.datasets import scale
from engine.data.tables import (
    MAX_COLUMNS,
    MAX_NAME,
    Column,
    Numbers,
    Words,
    numeral,
    read_column,
    shown,
)
from engine.nn.arrays import Array

MAX_CLASSES = 20
FEW = 10  # up to here different whole numbers are taken for classes unless wished otherwise


def check_inputs(x: Array) -> None:
    if len(x) > MAX_COLUMNS:
        raise ValueError(f"inputs must be at most {MAX_COLUMNS}, each word of a column counted as "
                         f"one (got {len(x)})")


def encoded(name: str, column: Column, kept: Array) -> tuple[tuple[str, ...], Array]:
    """The rows of x that a column of inputs becomes, and their names."""
    if isinstance(column, Numbers):
        return (name,), filled(name, column)[kept][None]
    if len(column.different) > MAX_CLASSES:
        raise ValueError(f"{shown(name)} must have at most {MAX_CLASSES} different words to be an "
                         f"input (got {len(column.different)})")
    check_names(name, column.different)
    names = tuple(f"{name} = {word}" for word in column.different)
    return names, np.eye(len(names))[:, most_frequent(column)[kept]]


def filled(name: str, column: Numbers) -> Array:
    """The numbers with the mean in the place of those that are missing."""
    if column.missing.all():
        raise ValueError(f"{shown(name)} must have a value (got none in any row)")
    mean = scale(column.values[None, ~column.missing], standardise=True)[0]
    return np.where(column.missing, mean.item(), column.values)


def most_frequent(column: Words) -> Array:
    """The codes with that of the most frequent word in the place of those that are missing."""
    frequent = np.bincount(column.codes[~column.missing]).argmax()
    return np.where(column.missing, frequent, column.codes)


def values(name: str, column: Column) -> Array:
    if isinstance(column, Words):
        i = int(np.argmin(column.missing))
        word = column.different[column.codes[i]]
        raise ValueError(f"{shown(name)} must be numbers (got {shown(word)} in row {i + 1})")
    return column.values


def labels(name: str, column: Column, kept: Array) -> tuple[Array, tuple[str, ...]]:
    """Classes 0, 1, ... of the rows that are kept, and what they are called."""
    if isinstance(column, Numbers):
        found, codes = np.unique(column.values[kept], return_inverse=True)
        names = tuple(map(numeral, found.tolist()))
    else:
        found, codes = np.unique(column.codes[kept], return_inverse=True)
        names = tuple(column.different[code] for code in found)
    check_names(name, names)
    if not 2 <= len(names) <= MAX_CLASSES:
        raise ValueError(f"{shown(name)} must have 2 to {MAX_CLASSES} classes (got {len(names)})")
    return codes, names


def check_names(name: str, words: Iterable[str]) -> None:
    """They are shown as names: of the inputs that they become, or of classes."""
    longest = max(map(len, words), default=0)
    if longest > MAX_NAME:
        raise ValueError(f"{shown(name)} must have words of at most {MAX_NAME} characters (got "
                         f"{longest})")


def marked(y: Array, names: tuple[str, ...], kept: Array) -> Array:
    """Classes 0, 1, ... where each of them has a column of 0 and 1."""
    wrong = ((y != 0) & (y != 1)).any(0) | (y.sum(0) != 1)
    if wrong.any():
        i = int(np.argmax(wrong))
        raise ValueError(f"{shown(', '.join(names), 80)} must have one 1 and otherwise 0 in every "
                         f"row (got {shown(', '.join(map(numeral, y[:, i].tolist())))} in row "
                         f"{kept[i] + 1})")
    return y.argmax(0)


def listed(missing: Array, most: int = 5) -> str:
    """row 4; rows 4, 17 and 3 more"""
    found = (np.flatnonzero(missing) + 1).tolist()
    some, more = found[:most], len(found) - most
    text = ", ".join(map(str, some)) + (f" and {more} more" if more > 0 else "")
    return f"row{'s' if len(found) > 1 else ''} {text}"


def counted(count: int, what: str) -> str:
    """1 row, 2 rows, 3 classes."""
    plural = "es" if what.endswith("s") else "s"
    return f"{count} {what}{plural if count > 1 else ''}"


def classes_as_columns(
    names: tuple[str, ...], target: Array
) -> tuple[tuple[str, ...], tuple[Column, ...]]:
    if len(np.unique(target)) < len(names):
        return names, tuple(map(Numbers, np.eye(len(names))[:, target]))
    return ("class",), (read_column("class", [names[c] for c in target], False),)


def fits(column: Column) -> bool:
    """Whether a column can be an input."""
    if isinstance(column, Words):
        return 1 <= len(column.different) <= MAX_CLASSES and are_names(column)
    return not column.missing.all()


def fits_target(column: Column) -> bool:
    if isinstance(column, Words):
        return 2 <= len(column.different) <= MAX_CLASSES and are_names(column)
    return not column.missing.all()


def are_names(column: Words) -> bool:
    return max(map(len, column.different)) <= MAX_NAME


def looks_like_classes(column: Column) -> bool:
    if isinstance(column, Words):
        return True
    found = np.unique(column.values[~column.missing])
    return 2 <= len(found) <= FEW and bool((found == np.round(found)).all())
