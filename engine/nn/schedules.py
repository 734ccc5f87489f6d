r"""Schedules: the learning rate of iteration t = 0, 1, ..., T - 1, as a multiple of the first one.

    constant     1
    step         factor^⌊t / every⌋
    cosine       (1 + cos(π t / T)) / 2                    (Loshchilov & Hutter 2017, no restarts)
    warm-up      all of them times min(1, (t + 1) / warmup)

An entry is (t, T, every, factor) -> multiples, t an array of iterations.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.nn.arrays import Array


class Schedule(NamedTuple):
    """A named schedule; `latex` is the multiple of η at t."""

    name: str
    title: str
    multiple: Callable[[Array, int, int, float], Array]
    latex: str


SCHEDULES = {
    entry.name: entry
    for entry in (
        Schedule("constant", "constant", lambda t, T, every, factor: np.ones(len(t)), "1"),
        Schedule("step", "steps down", lambda t, T, every, factor: factor ** (t // every),
                 r"\text{factor}^{\lfloor t / \text{every} \rfloor}"),
        Schedule("cosine", "cosine", lambda t, T, every, factor: (1 + np.cos(np.pi * t / T)) / 2,
                 r"\tfrac{1}{2}\left(1 + \cos\tfrac{\pi t}{T}\right)"),
    )
}


def multiples(
    name: str, t: Array, T: int, every: int = 100, factor: float = 0.5, warmup: int = 0
) -> Array:
    """The multiples of the learning rate at the iterations t, for a run of T."""
    rising = np.minimum(1, (t + 1) / warmup) if warmup else 1
    return SCHEDULES[name].multiple(t, T, every, factor) * rising
