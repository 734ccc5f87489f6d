"""What the tests of the workers have computed: short, endless, deadly."""

import os
from collections.abc import Iterator
from itertools import count
from time import perf_counter

import numpy as np


def busy(seconds: float) -> float:
    end = perf_counter() + seconds
    while (now := perf_counter()) < end:
        pass
    return now


def endless() -> Iterator[int]:
    for k in count():
        busy(0.01)
        yield k


def some(n: int) -> Iterator[int]:
    yield from range(n)


def plain(found: int) -> int:
    return found


def pid() -> int:
    return os.getpid()


def hanging() -> None:
    busy(3600)


def deadly() -> None:
    os._exit(3)


def greedy() -> float:
    return float(np.ones(2 * 10**8).sum())


def broken() -> None:
    raise ValueError("a mistake in the code")
