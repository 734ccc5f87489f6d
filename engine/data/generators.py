"""The samples of the built-in data sets: drawn, listed, or read from assets/data.

    Make(rng, size) -> x (n, m), target (m,) or (k, m)
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from engine.data.table_text import decoded, read_table
from engine.nn.arrays import Array

Make = Callable[[np.random.Generator, int], tuple[Array, Array]]
FOLDER = Path(__file__).parent.parent.parent / "assets" / "data"


def rows(x: Array, target: Array, rng: np.random.Generator, size: int) -> tuple[Array, Array]:
    """All samples, or as many as wished, drawn without replacement and kept in their order."""
    m = x.shape[1]
    chosen = np.arange(m) if size >= m else np.sort(rng.choice(m, size, replace=False))
    return x[:, chosen], target[..., chosen]


@cache
def stored(file: str) -> tuple[Array, Array]:
    """The columns of one of our own tables; its last one holds the class."""
    table = read_table(decoded((FOLDER / file).read_bytes()))
    columns = np.array([column.values for column in table.columns])
    return columns[:-1], columns[-1].astype(int)


def real(file: str, divisor: float = 1.0) -> Make:
    return lambda rng, size: rows(stored(file)[0] / divisor, stored(file)[1], rng, size)


def fixed(x: list, y: list) -> Make:
    """Given samples, again and again where more are wished than there are."""
    def make(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
        i = np.arange(size) % len(x[0])
        return np.array(x, float)[:, i], np.array(y)[..., i]
    return make


def spirals(arms: int, turns: float = 1.25) -> Make:
    """Arms that wind around each other (after Lang & Witbrock 1988)."""
    def make(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
        label = np.sort(np.arange(size) % arms)
        each = np.bincount(label, minlength=arms)
        radius = np.concatenate([np.linspace(0.1, 1, n) for n in each])
        angle = 2 * np.pi * turns * radius + 2 * np.pi * label / arms
        return radius * np.stack([np.sin(angle), np.cos(angle)]), label
    return make


def circles(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
    """A ring of radius 1/2 within a ring of radius 1."""
    label = np.arange(size) % 2
    angle = rng.uniform(0, 2 * np.pi, size)
    return np.where(label, 1, 0.5) * np.stack([np.cos(angle), np.sin(angle)]), label


def moons(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
    """Two half circles of radius 1 that reach into each other: an arch and, to its right, a bowl.
    """
    label, angle = np.arange(size) % 2, rng.uniform(0, np.pi, size)
    left, right = (np.cos(angle), np.sin(angle)), (1 - np.cos(angle), 0.5 - np.sin(angle))
    return np.where(label, right, left) - [[0.5], [0.25]], label


def blobs(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
    """Three heaps, their centres on a circle of radius 1.5; the noise is their width."""
    label = np.arange(size) % 3
    angle = 2 * np.pi * label / 3
    return 1.5 * np.stack([np.sin(angle), np.cos(angle)]), label


def checkerboard(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
    """Four by four squares over [-1, 1]²."""
    x = rng.uniform(-1, 1, (2, size))
    return x, np.floor(2 * x).astype(int).sum(0) % 2


def noise(inputs: int) -> Make:
    """Inputs and classes that have nothing to do with each other: each input is N(0, 1)."""
    def make(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
        return rng.normal(size=(inputs, size)), rng.integers(0, 2, size)
    return make


def curve(f: Callable[[Array], Array]) -> Make:
    """f over evenly spaced x from -1 to 1."""
    def make(rng: np.random.Generator, size: int) -> tuple[Array, Array]:
        x = np.linspace(-1, 1, size)[None]
        return x, f(x)
    return make
