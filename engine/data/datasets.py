"""Data: what a network is shown, and what it should answer.

A source makes x of shape (n_0, m), columns are samples, and a target, both without noise:
    classes           labels 0 ... (number of classes - 1), shape (m,)
    unit or numbers   values, shape (K, m); "unit" values lie between 0 and 1

`dataset` adds the noise (to x; to y where the target is numbers), holds back test samples, scales x
by the training samples' means and standard deviations, and turns the target into y of shape (K, m):
two classes are one output (0 or 1) unless the output is softmax or the loss takes a row for each
class; otherwise classes are one-hot.
"""

from typing import NamedTuple

import numpy as np

from engine.data.generators import (
    Make,
    blobs,
    checkerboard,
    circles,
    curve,
    fixed,
    moons,
    noise,
    real,
    spirals,
)
from engine.nn.arrays import Array

MAX_SAMPLES = 2000
LEAST = np.finfo(float).smallest_subnormal  # what is spread at all has a spread above 0


class Source(NamedTuple):
    """Where data comes from. `kind` is "classes", "unit" or "numbers"; `targets` names them.

    samples       how many there are unless another size is wished; at most `most`
    make          (rng, size) -> (x, target), without noise
    noise         the standard deviation of the noise unless another one is wished
    standardise   whether x is scaled unless wished otherwise
    """

    name: str
    title: str
    samples: int
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str
    make: Make
    noise: float = 0.0
    standardise: bool = False
    most: int = MAX_SAMPLES


class Dataset(NamedTuple):
    """x (n_0, m) and y (K, m), the names of their rows, and what was held back for the test.

    x was scaled as (raw - mean) / spread, mean and spread of shape (n_0, 1).
    """

    x: Array
    y: Array
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    test_x: Array
    test_y: Array
    mean: Array
    spread: Array


def one_hot(source: Source, output: str, each_class: bool = False) -> bool:
    """Whether y has a row for each class; `each_class` wishes it for two classes as well."""
    many = len(source.targets) > 2 or output == "softmax" or each_class
    return source.kind == "classes" and many


def output_names(source: Source, output: str, each_class: bool = False) -> tuple[str, ...]:
    """The rows of y: one a class where it is one-hot, else the positive class or the targets."""
    if source.kind != "classes" or one_hot(source, output, each_class):
        return source.targets
    return source.targets[1:]


def encoded(source: Source, target: Array, output: str, each_class: bool = False) -> Array:
    """The target as y, (K, m)."""
    if one_hot(source, output, each_class):
        return np.eye(len(source.targets))[:, target]
    return target[None, :].astype(float) if source.kind == "classes" else target.astype(float)


def test_count(samples: int, split: float) -> int:
    """How many of the samples a test share holds back: never all of them."""
    return min(round(samples * split), samples - 1)


def dataset(
    source: Source, output: str, rng: np.random.Generator, noise: float | None = None,
    size: int | None = None, split: float = 0.0, standardise: bool | None = None,
    each_class: bool = False,
) -> Dataset:
    """The data of a source, its target encoded for this output activation; None: as it has it.

    split is the share of test samples; each_class wishes a row of y for each of two classes, too.
    """
    x, target = samples(source, rng, noise, size)
    y, m = encoded(source, target, output, each_class), x.shape[1]
    held_back = test_count(m, split)
    order = rng.permutation(m) if held_back else np.arange(m)
    test, train = order[:held_back], np.sort(order[held_back:])
    mean, spread = scale(x[:, train], source.standardise if standardise is None else standardise)
    x = scaled(x, mean, spread)
    return Dataset(x[:, train], y[:, train], source.inputs,
                   output_names(source, output, each_class),
                   x[:, test], y[:, test], mean, spread)


def samples(
    source: Source, rng: np.random.Generator, noise: float | None = None, size: int | None = None
) -> tuple[Array, Array]:
    """x and the target with their noise, before anything is scaled or held back."""
    x, target = source.make(rng, source.samples if size is None else size)
    noisy = rng.normal(0, 1, (target if source.kind == "numbers" else x).shape)
    noisy *= source.noise if noise is None else noise
    return (x, target + noisy) if source.kind == "numbers" else (x + noisy, target)


def scale(x: Array, standardise: bool) -> tuple[Array, Array]:
    """Each row's mean and standard deviation, (n_0, 1); a constant row keeps its size.

    Neither overflows nor underflows: both are taken of x in units of about its largest value, a
    power of 2, which changes no digit.
    """
    if not standardise:
        return np.zeros((len(x), 1)), np.ones((len(x), 1))
    low, high = x.min(-1, keepdims=True), x.max(-1, keepdims=True)
    constant = low == high  # to be asked first: the mean of equal numbers may be another number
    unit = np.ldexp(1.0, np.frexp(np.maximum(-low, high))[1] - 1)
    v = x / np.where(constant, np.inf, unit)
    return (np.where(constant, low, v.mean(-1, keepdims=True) * unit),
            np.where(constant, 1, np.maximum(v.std(-1, keepdims=True) * unit, LEAST)))


def scaled(x: Array, mean: Array, spread: Array) -> Array:
    """(x - mean) / spread, where the difference may be too large for a number."""
    with np.errstate(over="ignore"):
        d = x - mean
    return np.where(np.isinf(d), x / spread - mean / spread, d / spread)


def numbered(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{i + 1}" for i in range(count))


PLANE, BITS = ("x1", "x2"), [[1, 1, 0, 0], [1, 0, 1, 0]]
HEAPS = ("first heap", "second heap", "third heap")  # classes stand in the order of their names
ARMS = ("first arm", "second arm", "third arm")
PIXELS = tuple(f"row {i} column {j}" for i in range(1, 9) for j in range(1, 9))

DATASETS = {
    source.name: source
    for source in (
        Source("xor", "XOR", 4, PLANE, ("0", "1"), "classes", fixed(BITS, [0, 1, 1, 0])),
        Source("and", "AND", 4, PLANE, ("0", "1"), "classes", fixed(BITS, [1, 0, 0, 0])),
        Source("or", "OR", 4, PLANE, ("0", "1"), "classes", fixed(BITS, [1, 1, 1, 0])),
        Source("circles", "two circles", 100, PLANE, ("inner", "outer"), "classes", circles, 0.05),
        Source("moons", "two moons", 100, PLANE, ("left", "right"), "classes", moons, 0.1),
        Source("spirals", "two spirals", 80, PLANE, ARMS[:2], "classes", spirals(2), 0.02),
        Source("spirals3", "three spirals", 120, PLANE, ARMS, "classes", spirals(3), 0.02),
        Source("blobs", "three blobs", 90, PLANE, HEAPS, "classes", blobs, 0.5),
        Source("checkerboard", "a checkerboard", 200, PLANE, ("black", "white"), "classes",
               checkerboard),
        Source("line", "a line", 40, ("x",), ("y",), "numbers", curve(lambda x: 0.8 * x + 0.2),
               0.1),
        Source("sine", "a sine", 60, ("x",), ("y",), "numbers", curve(lambda x: np.sin(np.pi * x)),
               0.1),
        Source("step", "a step", 60, ("x",), ("y",), "numbers",
               curve(lambda x: (x > 0).astype(float)), 0.05),
        Source("iris", "Iris (real, standardised)", 150,
               ("sepal length", "sepal width", "petal length", "petal width"),
               ("setosa", "versicolor", "virginica"), "classes", real("iris.csv"),
               standardise=True, most=150),
        Source("penguins", "Palmer penguins (real, standardised)", 342,
               ("bill length", "bill depth", "flipper length", "body mass"),
               ("Adelie", "Chinstrap", "Gentoo"), "classes", real("penguins.csv"),
               standardise=True, most=342),
        Source("digits", "handwritten digits, 8 × 8 (real)", 1797, PIXELS,
               tuple(map(str, range(10))), "classes", real("digits.csv", divisor=16), most=1797),
        Source("noise", "pure noise, 64 inputs", 128, numbered("x", 64), ("0", "1"), "classes",
               noise(64)),
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
