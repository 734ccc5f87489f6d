"""Data: what a network is shown, and what it should answer.

A source makes x of shape (n_0, m), columns are samples, and a target:
    classes           labels 0 ... (number of classes - 1), shape (m,)
    unit or numbers   values, shape (K, m); "unit" values lie between 0 and 1

`dataset` turns the target into y of shape (K, m): two classes are one output (0 or 1) unless the
output is softmax; otherwise classes are one-hot.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

Array = np.ndarray
FOLDER = Path(__file__).parent.parent / "assets" / "data"


class Source(NamedTuple):
    """Where data comes from. `kind` is "classes", "unit" or "numbers"; `targets` names them."""

    name: str
    title: str
    samples: int
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str
    make: Callable[[np.random.Generator], tuple[Array, Array]]


class Dataset(NamedTuple):
    """x (n_0, m) and y (K, m) with the names of their rows."""

    x: Array
    y: Array
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def one_hot(source: Source, output: str) -> bool:
    return source.kind == "classes" and (len(source.targets) > 2 or output == "softmax")


def output_names(source: Source, output: str) -> tuple[str, ...]:
    """The rows of y: one a class where it is one-hot, else the positive class or the targets."""
    if source.kind != "classes" or one_hot(source, output):
        return source.targets
    return source.targets[1:]


def dataset(name: str, output: str, rng: np.random.Generator) -> Dataset:
    """The data `name`, its target encoded for this output activation."""
    source = DATASETS[name]
    x, y = source.make(rng)
    if one_hot(source, output):
        y = np.eye(len(source.targets))[:, y]
    elif source.kind == "classes":
        y = y[None, :].astype(float)
    return Dataset(x, y, source.inputs, output_names(source, output))


def standardised(x: Array) -> Array:
    """Each row with mean 0 and standard deviation 1."""
    return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)


def spirals(rng: np.random.Generator, each: int = 40, turns: float = 1.25) -> tuple[Array, Array]:
    """Two arms that wind around each other (after Lang & Witbrock 1988), with a little noise."""
    radius = np.tile(np.linspace(0.1, 1, each), 2)
    label = np.repeat([0, 1], each)
    angle = 2 * np.pi * turns * radius + np.pi * label
    x = radius * np.stack([np.sin(angle), np.cos(angle)])
    return x + rng.normal(0, 0.02, x.shape), label


def table(file: str) -> tuple[Array, Array]:
    """Numbers in all columns but the last, which holds the class."""
    rows = np.loadtxt(FOLDER / file, delimiter=",", skiprows=1)
    return standardised(rows[:, :-1].T), rows[:, -1].astype(int)


def fixed(x: list, y: list) -> Callable[[np.random.Generator], tuple[Array, Array]]:
    """Data that needs no randomness; a copy each time, so that nobody shares it."""
    return lambda rng: (np.array(x, float), np.array(y))


def numbered(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{i + 1}" for i in range(count))


DATASETS = {
    source.name: source
    for source in (
        Source("xor", "XOR", 4, ("x1", "x2"), ("0", "1"), "classes",
               fixed([[1, 1, 0, 0], [1, 0, 1, 0]], [0, 1, 1, 0])),
        Source("spirals", "two spirals", 80, ("x1", "x2"), ("first arm", "second arm"), "classes",
               spirals),
        Source("iris", "Iris (real, standardised)", 150,
               ("sepal length", "sepal width", "petal length", "petal width"),
               ("setosa", "versicolor", "virginica"), "classes",
               lambda rng: table("iris.csv")),
        Source("mazur", "Mazur's one sample", 1, numbered("x", 2), numbered("y", 2), "unit",
               fixed([[0.05], [0.1]], [[0.01], [0.99]])),
        Source("hmkcode", "hmkcode's one sample", 1, numbered("x", 2), ("y1",), "unit",
               fixed([[2], [3]], [[1.0]])),
        Source("karpathy", "Karpathy's neuron", 1, numbered("x", 2), ("y1",), "unit",
               fixed([[2], [0]], [[0.0]])),
        Source("geoj", "g-eoj's one sample", 1, numbered("x", 2), ("1", "2", "3"), "classes",
               fixed([[16], [-6]], [2])),
        Source("planar", "the planar course test", 3, numbered("x", 2), ("0", "1"), "classes",
               fixed([[1.6243453636632417, -0.6117564136500754, -0.5281717522634557],
                      [-1.0729686221561705, 0.8654076293246785, -2.3015386968802827]], [1, 0, 1])),
        Source("nnfs", "nnfs, batch of three", 3, numbered("x", 4), numbered("y", 3), "unit",
               fixed([[1, 2, -1.5], [2, 5, 2.7], [3, -1, 3.3], [2.5, 2, -0.8]],
                     [[0.0, 0, 0], [0, 0, 0], [0, 0, 0]])),
    )
}
