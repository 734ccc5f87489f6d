"""Timing: several candidates measured in turns, so that a slow moment hits all of them."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

REPEATS = 15
SECONDS = 0.02  # how long one measurement lasts, about
Steps = Callable[[int], object]  # goes through so many steps


def seconds(steps: Steps, count: int) -> float:
    start = perf_counter()
    steps(count)
    return (perf_counter() - start) / count


def medians(candidates: dict[str, Steps], repeats: int = REPEATS) -> dict[str, float]:
    """Seconds per step of each candidate: the median of interleaved measurements."""
    counts = {}
    for name, steps in candidates.items():
        seconds(steps, 3)  # warm
        counts[name] = max(1, min(2000, round(SECONDS / seconds(steps, 3))))
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(repeats):
        for name, steps in candidates.items():
            times[name].append(seconds(steps, counts[name]))
    return {name: median(values) for name, values in times.items()}
