r"""Costs: how long a run takes and how much memory, estimated before it is begun.

    update    t = CALL + DEAL·[batches] + Σ_layers (LAYER + NORM·[norm] + SKIP·[residual])
                  + P·(MULTIPLY·m + MOVE[optimizer] + MORE·k) + units·m·(VALUE + NORMED·[norm])

for P parameters, m samples and k of penalties, clipping and frozen parameters. Multiplications
alone do not tell: with one sample an update waits for the memory, in a deep narrow network for the
calls. The numbers are nanoseconds of one machine (one core of 2.5 GHz with a single BLAS thread)
and are the same everywhere: they decide what a link may say, which must not depend on who opens it.
`tests/bench/costs.py` says how far they are from the machine that one has.

    memory    bytes of a run that is being computed: what is kept, the workspace, the update
"""

from collections.abc import Mapping
from typing import Any

from engine.nn.network import parameter_count
from engine.nn.optimizers import OPTIMIZERS

NANO = 1e-9
CALL, DEAL, LAYER, NORM, SKIP = 15_000, 12_000, 7_000, 24_000, 3_000
MULTIPLY, VALUE, NORMED = 0.5, 10, 25
MOVE = {"gradient_descent": 3.0, "momentum": 4.0, "nesterov": 4.5, "adagrad": 5.5, "rmsprop": 6.0,
        "adam": 7.0, "adamw": 8.0}
MORE = 1.5  # for each of penalties, clipping and freezing
KEPT = 64 * 2**20  # bytes that the parameters of a run may take (engine/training/run.py)

Values = Mapping[str, Any]


def seconds_of_update(v: Values, sizes: tuple[int, ...], m: int, seeds: int = 1) -> float:
    """One update of the experiment with these values and m samples, of so many seeds at once."""
    P, units, layers = parameter_count(sizes), sum(sizes[1:]), len(sizes) - 1
    normed, more = v["norm"] != "none", sum(map(bool, (v["clip"], v["l1"], v["l2"], v["frozen"])))
    calls = CALL + DEAL * bool(v["batch"]) * seeds + layers * (
        LAYER + NORM * normed + SKIP * bool(v["residual"]))
    numbers = P * (MULTIPLY * m + MOVE[v["optimizer"]] + MORE * more) + units * m * (
        VALUE + NORMED * normed)
    return NANO * (calls + seeds * numbers)


def bytes_of_run(v: Values, sizes: tuple[int, ...], m: int, iterations: int, seeds: int = 1) -> int:
    """What a run takes while it is computed: blocks, their copies, gradient, masks, a workspace."""
    P, units = parameter_count(sizes), sum(sizes)
    block = 8 * P * (1 + len(OPTIMIZERS[v["optimizer"]].state)) * seeds
    kept = min(max(KEPT, 2 * block), block * (iterations + 1))
    values = (8 if v["norm"] != "none" else 5) * 8 * units * m * seeds
    return kept + 2 * block + 40 * P * seeds + 2 * values + 8 * iterations * seeds

