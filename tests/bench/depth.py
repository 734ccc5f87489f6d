"""The depth lab: a network at its start, a hundred of them, and a map of 1,600.

Depth 20 and width 64 on 128 samples, tanh with Xavier's weights, as a visitor sees it: with the
histograms and the singular values, for one seed; for a hundred the bands alone. The memory is the
peak of all arrays while three seeds of the largest setting are measured: 100 layers of 140 units.
"""

import tracemalloc
from collections.abc import Callable, Iterable
from statistics import median
from time import perf_counter

from engine.depth.lottery import drawing
from engine.depth.maps import chart, gain_map, sigma_map
from engine.depth.measure import histograms, measuring, singular_values
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from tests.bench import Row


def chain(depth: int, width: int) -> Experiment:
    return Experiment(data="noise", hidden=(Layer(width, "tanh"),) * depth, iterations=1)


def seconds(what: Callable[[], object], repeats: int = 3) -> float:
    """The median of a few."""
    found = []
    for _ in range(repeats):
        start = perf_counter()
        what()
        found.append(perf_counter() - start)
    return median(found)


def gone_through(parts: Iterable) -> int:
    return sum(1 for _ in parts)


def picture(e: Experiment) -> None:
    gone_through(measuring(e, (0,)))
    histograms(e, 0)
    singular_values(e, 0)


def peak(e: Experiment) -> float:
    """MB"""
    tracemalloc.start()
    gone_through(measuring(e, (0, 1, 2)))
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found / 1e6


def measure() -> list[Row]:
    lab = chain(20, 64)
    lottery = Experiment(hidden=(Layer(4, "tanh"),), iterations=1000)
    return [
        Row("depth 20, width 64: one seed in all", 1000 * seconds(lambda: picture(lab), 9), "ms",
            "≤", 100),
        Row("depth 20, width 64: a hundred seeds",
            seconds(lambda: gone_through(measuring(lab, tuple(range(100))))), "s", "≤", 1.5),
        Row("map σ_w × σ_b, 40 × 40", seconds(lambda: gone_through(sigma_map(lab, 0))), "s",
            "≤", 4),
        Row("map gain × depth, 40 × 40", seconds(lambda: gone_through(gain_map(lab, 0))), "s",
            "≤", 4),
        Row("chart initializer × activation", seconds(lambda: gone_through(chart(lab, 0))), "s"),
        Row("lottery: 200 networks for XOR, 1,000 iterations",
            seconds(lambda: gone_through(drawing(lottery, tuple(range(200))))), "s"),
        Row("largest setting: memory of all arrays", peak(chain(100, 140)), "MB", "≤", 1000),
    ]
