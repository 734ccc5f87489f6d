"""Matrices as they travel to the stage: their shapes as words, all their numbers in one array.

A number takes 8 bytes and is exact. Of a tree of dicts and matrices the shapes are left:

    a number -> null    n numbers -> n    a matrix -> "rows x columns"    a dict, a list -> the same

The numbers follow in the order in which a browser goes through such a tree: keys that are whole
numbers first, ascending (assets/stage/unpacking.js). Words such as "overflow" are numbers here
that are not finite.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np

from figures.style import word

WORDS = {word(value): value for value in (np.nan, np.inf, -np.inf)}


def packed(tree: Any) -> tuple[Any, np.ndarray]:
    """The shapes of a tree, and its numbers."""
    numbers: list[float | str] = []
    shapes = shape_of(tree, numbers)
    try:
        return shapes, np.array(numbers, float)
    except ValueError:  # some are words
        return shapes, np.array([WORDS[v] if isinstance(v, str) else v for v in numbers], float)


def shape_of(branch: Any, numbers: list) -> Any:
    """The shape of a branch, whose numbers are added to those before."""
    if isinstance(branch, dict):
        return {name: shape_of(value, numbers) for name, value in in_order(branch)}
    if not isinstance(branch, list):
        numbers.append(branch)
        return None
    if not branch or not isinstance(branch[0], list | dict):
        numbers.extend(branch)
        return len(branch)
    if isinstance(branch[0], dict):
        return [shape_of(value, numbers) for value in branch]
    numbers.extend(chain.from_iterable(branch))
    return f"{len(branch)}x{len(branch[0])}"


def in_order(branch: dict) -> Iterator[tuple[str, Any]]:
    """The entries in the order of a browser."""
    named = [(str(name), value) for name, value in branch.items()]
    yield from sorted((pair for pair in named if pair[0].isdecimal()), key=lambda p: int(p[0]))
    yield from (pair for pair in named if not pair[0].isdecimal())


def unpacked(shapes: Any, numbers: np.ndarray) -> Any:
    """The tree again, as the browser has it."""
    return rebuilt(shapes, iter([v if np.isfinite(v) else word(v) for v in numbers.tolist()]))


def rebuilt(shape: Any, numbers: Iterator) -> Any:
    if shape is None:
        return next(numbers)
    if isinstance(shape, dict):
        return {name: rebuilt(value, numbers) for name, value in shape.items()}
    if isinstance(shape, list):
        return [rebuilt(value, numbers) for value in shape]
    if isinstance(shape, int):
        return [next(numbers) for _ in range(shape)]
    rows, columns = map(int, shape.split("x"))
    return [[next(numbers) for _ in range(columns)] for _ in range(rows)]
