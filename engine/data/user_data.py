"""Own data: somebody's table, and how it is read as samples.

    inputs     columns of numbers, as they are, and columns of words, as one row of x for each word
    targets    one column of classes; or a column of 0 and 1 for each class; or columns of numbers
    missing    rows with a missing value are dropped; or, in inputs, the gaps are filled with the
               mean of the column's numbers, or with its most frequent word

A row without a target is always dropped: what it should answer is not known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine.data.columns import (
    MAX_CLASSES,
    check_inputs,
    classes_as_columns,
    counted,
    encoded,
    fits,
    fits_target,
    labels,
    listed,
    looks_like_classes,
    marked,
    values,
)
from engine.data.datasets import DATASETS, Source
from engine.data.generators import rows
from engine.data.tables import Column, Numbers, Table, Words, numeral, shown
from engine.nn.arrays import Array

KINDS = {"classes": "one class of several", "numbers": "numbers"}
MISSING = {"drop": "leave its row out", "fill": "fill in the mean or the most frequent word"}


@dataclass(frozen=True)
class Own:
    """Own data; ValueError, in a sentence, where a column does not fit."""

    table: Table
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str = "classes"
    missing: str = "drop"

    def __post_init__(self) -> None:
        check_choices(self)
        _ = self.source  # whatever is wrong with the columns is said at once

    @cached_property
    def source(self) -> Source:
        """The samples, as every data set of the engine has them."""
        kept = self.kept
        parts = [encoded(name, self.table.column(name), kept) for name in self.inputs]
        x = np.concatenate([x for _, x in parts])
        check_inputs(x)
        names = tuple(name for names, _ in parts for name in names)
        y, outputs, kind = self.target(kept)
        m = x.shape[1]
        return Source("own", self.title, m, names, outputs, kind,
                      lambda rng, size: rows(x, y, rng, size), most=m)

    @property
    def origins(self) -> tuple[str, ...]:
        """The column that each row of x comes from."""
        def rows_of(column: Column) -> int:
            return len(column.different) if isinstance(column, Words) else 1

        return tuple(name for name in self.inputs for _ in range(rows_of(self.table.column(name))))

    @property
    def title(self) -> str:
        return self.table.title or "your own data"

    @cached_property
    def kept(self) -> Array:
        """Which rows are samples, in their order."""
        gaps = [self.table.column(name).missing for name in self.columns_that_must_be_whole]
        found = np.flatnonzero(~np.any(gaps, axis=0))
        if not len(found):
            raise ValueError("the columns must have a row in which no value is missing (got none)")
        return found

    @property
    def columns_that_must_be_whole(self) -> tuple[str, ...]:
        return self.targets + (self.inputs if self.missing == "drop" else ())

    def target(self, kept: Array) -> tuple[Array, tuple[str, ...], str]:
        """The target, what its rows or classes are called, and its kind
        (engine/data/datasets.py).
        """
        if self.kind == "classes" and len(self.targets) == 1:
            return *labels(self.targets[0], self.table.column(self.targets[0]), kept), "classes"
        y = np.array([values(name, self.table.column(name))[kept] for name in self.targets])
        if self.kind == "classes":
            return marked(y, self.targets, kept), self.targets, "classes"
        return y, self.targets, "unit" if y.min() >= 0 and y.max() <= 1 else "numbers"

    @cached_property
    def largest(self) -> float:
        columns = map(self.table.column, (*self.inputs, *self.targets))
        numbers = [column.values for column in columns if isinstance(column, Numbers)]
        return max((float(np.nanmax(abs(v), initial=0)) for v in numbers), default=0.0)

    @property
    def remarks(self) -> list[str]:
        """What has to be known about this choice: rows that are missing, targets that say nothing.
        """
        gaps = {name: self.table.column(name).missing for name in (*self.inputs, *self.targets)}
        said = [f"{shown(name)} has no value in {listed(missing)}."
                for name, missing in gaps.items() if missing.any()]
        left_out = self.table.rows - len(self.kept)
        if left_out:
            said.append(f"{counted(left_out, 'row')} of {self.table.rows} left out.")
        if said and self.missing == "fill" and any(gaps[name].any() for name in self.inputs):
            said.append("Missing inputs are filled with the mean of the column, or with its most "
                        "frequent word.")
        return said + self.constants()

    def constants(self) -> list[str]:
        """Targets that are the same everywhere."""
        if self.kind == "classes" or len(self.kept) < 2:
            return []
        y = self.target(self.kept)[0]
        return [f"{shown(name)} is {numeral(row[0])} in every row: there is nothing to learn."
                for name, row in zip(self.targets, y.tolist(), strict=True)
                if len({*row}) == 1]


Data = str | Own


def largest(data: Data) -> float:
    """The largest size of a number in own data."""
    return data.largest if isinstance(data, Own) else 0.0


def source_of(data: Data) -> Source:
    """Where an experiment's data comes from: one of ours by its name, or somebody's own."""
    return data.source if isinstance(data, Own) else DATASETS[data]


def name_of(data: Data) -> str:
    return source_of(data).name


def check_choices(own: Own) -> None:
    if own.kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)} (got {shown(own.kind)})")
    if own.missing not in MISSING:
        raise ValueError(f"missing must be one of {', '.join(MISSING)} (got {shown(own.missing)})")
    if not own.inputs:
        raise ValueError("inputs must be one column or more (got none)")
    if not 1 <= len(own.targets) <= MAX_CLASSES:
        raise ValueError(f"targets must be 1 to {MAX_CLASSES} columns (got {len(own.targets)})")
    chosen = own.inputs + own.targets
    for i, name in enumerate(chosen):
        if name in chosen[:i]:
            raise ValueError(f"every column must be used once (got {shown(name)} twice)")


def suggested(table: Table) -> Own:
    """How a table is read unless wished otherwise: its last column is the target.

    Columns that cannot be inputs, such as names and numbers of rows in words, are left out.
    """
    target = next((name for name in reversed(table.names) if fits_target(table.column(name))), None)
    if target is None:
        raise ValueError("a column must be numbers, or 2 to 20 classes, to be the target "
                         "(got none)")
    inputs = tuple(name for name in table.names if name != target and fits(table.column(name)))
    kind = "classes" if looks_like_classes(table.column(target)) else "numbers"
    try:
        return Own(table, inputs, (target,), kind)
    except ValueError:  # it may be that too few rows are whole
        return Own(table, inputs, (target,), kind, "fill")


def valid(choices: Iterable[dict]) -> Own:
    """Own data by the first choice that can be; where there is none, the ValueError of the first.
    """
    problems = []
    for choice in choices:
        try:
            return Own(**choice)
        except ValueError as problem:
            problems.append(problem)
    raise problems[0]


def aimed_at(own: Own, targets: tuple[str, ...]) -> Own:
    """Other targets: those before become inputs, where they can."""
    used = {*own.inputs, *own.targets} - {*targets}
    swapped = tuple(name for name in own.table.names if name in used)
    rest = tuple(name for name in own.inputs if name not in targets)
    classes = own.kind == "classes" if len(targets) > 1 else (
        looks_like_classes(own.table.column(targets[0])))
    return valid({"table": own.table, "inputs": inputs, "targets": targets, "kind": kind,
                  "missing": own.missing}
                 for kind in sorted(KINDS, reverse=not classes) for inputs in (swapped, rest))


def with_table(own: Own, table: Table) -> Own:
    """The same choice of columns in another table."""
    return replace(own, table=replace(table, title=own.table.title))


def as_own(source: Source, x: Array, target: Array) -> Own:
    """Samples of a source as a table: the same x and y come of it again, to the last bit.

    x is (n_0, m), the target as the source makes it. Where some class has no sample, each class
    has a column of 0 and 1.
    """
    if source.kind == "classes":
        names, columns = classes_as_columns(source.targets, target)
    else:
        names, columns = source.targets, tuple(map(Numbers, target))
    table = Table((*source.inputs, *names), (*map(Numbers, x), *columns))
    return Own(table, source.inputs, names, "classes" if source.kind == "classes" else "numbers")
