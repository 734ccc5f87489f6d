"""Steps: the order in which the formulas of one training step become known.

    forward   z[1], a[1], ..., z[L], a[L]
    cost      C
    backward  delta[L], dW[L], db[L], ..., delta[1], dW[1], db[1]
    update    W[1], b[1], ..., W[L], b[L]

A normalised hidden layer has u[l], n[l] before its z[l], and du[l] after its delta[l].
A step is an address into a trace. A grain says how many steps one press of a key takes together.
"""

from itertools import groupby
from typing import NamedTuple

PHASES = {
    "u": "forward", "n": "forward", "z": "forward", "a": "forward", "C": "cost",
    "delta": "backward", "du": "backward", "dW": "backward", "db": "backward",
    "W": "update", "b": "update",
}


class Step(NamedTuple):
    """One formula of one layer; C belongs to the output layer."""

    symbol: str
    layer: int

    @property
    def phase(self) -> str:
        return PHASES[self.symbol]

    def __str__(self) -> str:
        """As it is written in links: z1, delta2, C."""
        return self.symbol if self.symbol == "C" else f"{self.symbol}{self.layer}"


def steps(L: int, normalised: bool = False) -> list[Step]:
    """All steps of a network of L layers, in order: 7 L + 1, and 3 more where one is normalised."""
    up, down = range(1, L + 1), range(L, 0, -1)
    before = lambda l: ("u", "n") if normalised and l < L else ()
    behind = lambda l: ("du",) if normalised and l < L else ()
    return [
        *(Step(s, l) for l in up for s in (*before(l), "z", "a")),
        Step("C", L),
        *(Step(s, l) for l in down for s in ("delta", *behind(l), "dW", "db")),
        *(Step(s, l) for l in up for s in ("W", "b")),
    ]


GRAINS = {
    "formula": lambda step: step,
    "layer": lambda step: (step.phase, step.layer),
    "phase": lambda step: step.phase,
}


def walk(order: list[Step], grain: str) -> list[list[Step]]:
    """The steps of one training step, grouped by the grain: formula, layer or phase."""
    return [list(group) for _, group in groupby(order, GRAINS[grain])]
