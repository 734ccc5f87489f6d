"""Data as tables of text: what the network is shown, and how it was scaled.

A table is a list of columns, each a heading and its texts. Headings and texts may be a user's own:
they are shown as they are, never as markup.
"""

import numpy as np

from engine.data.columns import counted
from engine.data.datasets import Dataset, Source
from engine.data.user_data import Own
from engine.experiment.link_fields import MAX_NUMBERS, name_of_table
from engine.experiment.state import State
from figures.style import number

Columns = list[tuple[str, list[str]]]
ROWS = 20  # samples that are shown


def inputs_table(data: Dataset, own: Own | None) -> Columns:
    """Each row of x: where it is from, and the mean and standard deviation that scaled it."""
    origins = [("from column", list(own.origins))] if own else []
    mean, spread = numbers(data.mean[:, 0]), numbers(data.spread[:, 0])
    scale = [("mean", mean), ("standard deviation", spread)] if is_scaled(data) else []
    return [("input", list(data.inputs)), *origins, *scale,
            ("least x", numbers(data.x.min(1))), ("greatest x", numbers(data.x.max(1)))]


def is_scaled(data: Dataset) -> bool:
    return bool((data.mean != 0).any() or (data.spread != 1).any())


def numbers(values: np.ndarray) -> list[str]:
    return list(map(number, values.tolist()))


def targets_table(data: Dataset, source: Source) -> Columns:
    """How often each class is there, or between which numbers each target lies."""
    if source.kind != "classes":
        return [("target", list(data.outputs)), ("least", numbers(data.y.min(1))),
                ("mean", numbers(data.y.mean(1))), ("greatest", numbers(data.y.max(1)))]
    count = lambda y: list(map(str, np.bincount(classes(y), minlength=len(source.targets))))
    tests = [("test samples", count(data.test_y))] if data.test_y.size else []
    return [("class", list(source.targets)), ("samples", count(data.y)), *tests]


def samples_table(data: Dataset, source: Source, most: int = ROWS) -> Columns:
    """The first samples as the network is shown them, and what it should answer."""
    count = min(most, data.x.shape[1])
    inputs = [(name, numbers(row[:count]))
              for name, row in zip(data.inputs, data.x, strict=True)]
    return [("sample", [str(i + 1) for i in range(count)]), *inputs, *answers(data, source, count)]


def answers(data: Dataset, source: Source, count: int) -> Columns:
    if source.kind == "classes":
        return [("class", [source.targets[c] for c in classes(data.y[:, :count])])]
    return [(name, numbers(row[:count])) for name, row in zip(data.outputs, data.y, strict=True)]


def classes(y: np.ndarray) -> np.ndarray:
    """The class of each column of y, (K, m): one-hot, or one row of 0 and 1."""
    return y.argmax(0) if len(y) > 1 else y[0].astype(int)


def described(source: Source, data: Dataset) -> str:
    """penguins.csv: 333 samples with 4 inputs, 3 classes; 67 of them are for the test."""
    tests, m = data.test_x.shape[1], data.x.shape[1]
    what = "class" if source.kind == "classes" else "target"
    held_back = ""
    if tests:
        held_back = f"; {tests} of them {'is' if tests == 1 else 'are'} held back for the test"
    return (f"{source.title}: {counted(m + tests, 'sample')} with "
            f"{counted(len(data.inputs), 'input')} and "
            f"{counted(len(source.targets), what)}{held_back}.")


def kept_where(state: State) -> str:
    """Whether the link holds the data."""
    if not isinstance(state.experiment.data, Own):
        return "The link names this data set, and has the seed that draws it."
    table = state.experiment.data.table
    if name_of_table(table) is None:
        return f"This data travels in the link. Its fingerprint is {table.fingerprint}."
    return (f"A link holds at most {MAX_NUMBERS} numbers: this data is only named in it, by its "
            f"{table.rows} rows and its fingerprint {table.fingerprint}, and whoever opens the "
            "link is asked for the file. To keep everything in one file, use the page Save.")
