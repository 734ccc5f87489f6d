"""Costs: how long an update takes here, beside what engine/nn/costs.py says that it takes.

The estimate decides how many iterations a run may have, so it should be right within a factor of
two where the machine is as fast as the one that it speaks of. Each update is timed a few at a time,
and the fastest counts, in time of this thread: other work of the machine is no cost of it.
"""

from time import thread_time

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.training.descent import descend, descent
from engine.training.run import begun
from tests.bench import Row

SECONDS = 0.5
LARGE = {"data": "mazur", "loss": "half_sum", "hidden": (Layer(256, "tanh"),) * 28,
         "iterations": 99, "learning_rate": 1e-4}
KINDS = {
    "as the app opens": {"iterations": 2000},
    "moons, 64-64, batches of 32, Adam": {
        "data": "moons", "hidden": (Layer(64, "tanh"),) * 2, "batch": 32, "optimizer": "adam",
        "iterations": 2000, "learning_rate": 1e-3},
    "a hundred layers of one unit": {"hidden": (Layer(1, "tanh"),) * 100, "iterations": 900},
    "the same with layer norm, residuals, AdamW": {
        "hidden": (Layer(1, "tanh"),) * 100, "norm": "layer", "residual": 1.0,
        "optimizer": "adamw", "iterations": 900},
    "1.8M parameters, one sample": LARGE,
    "1.8M parameters, one sample, AdamW": LARGE | {"optimizer": "adamw"},
    "2,000 moons, 20 layers of 64": {
        "data": "moons", "size": 2000, "hidden": (Layer(64, "tanh"),) * 20, "iterations": 30},
    "digits, 100-100, batches of 32": {
        "data": "digits", "output": "softmax", "loss": "cross_entropy", "batch": 32,
        "hidden": (Layer(100, "relu"),) * 2, "iterations": 900, "learning_rate": 0.01},
}


def measure() -> list[Row]:
    return [row for name, kind in KINDS.items() for row in rows(name, Experiment(**kind))]


def rows(name: str, e: Experiment) -> list[Row]:
    found = fastest(e)
    return [Row(f"{name}: an update", 1000 * found, "ms"),
            Row("    of what is estimated", found / e.seconds_of_update(), "", "≤", 2)]


def fastest(e: Experiment) -> float:
    """Seconds of an update, the least of many."""
    run = begun(e, 0)
    d = descent(e, 0, run.data, run.blocks[-1].copy())
    times, t, few = [], 0, max(1, int(0.005 / e.seconds_of_update()))
    while t + few <= e.iterations and sum(times) < SECONDS:
        start = thread_time()
        descend(d, t, t + few, lambda t, w: None)
        times.append(thread_time() - start)
        t += few
    return min(times) / few
