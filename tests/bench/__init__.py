"""Benchmarks: what `make bench` measures. Not tests: they print a table and never fail.

Each module measures one topic with a function `measure() -> list[Row]`; its docstring says how.
"""

import os
from operator import eq, ge, le
from statistics import quantiles
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy reads it when it is first imported


class Row(NamedTuple):
    """One measured number, and the goal that it has: "≤", "≥" or "=" a limit, or none."""

    what: str
    measured: float
    unit: str = ""
    relation: str = ""
    goal: float = 0

    @property
    def verdict(self) -> str:
        if not self.relation:
            return ""
        met = {"=": eq, "≤": le, "≥": ge}[self.relation](self.measured, self.goal)
        return "ok" if met else "misses"


def show(title: str, rows: list[Row]) -> None:
    """Print a table: what, measured, goal, verdict."""
    print(f"\n{title:62}{'measured':>12}  {'goal':<12}")
    for row in rows:
        goal = f"{row.relation} {row.goal:g} {row.unit}" if row.relation else ""
        measured = f"{row.measured:,.4g} {row.unit}".strip()
        print(f"{row.what:62}{measured:>12}  {goal:<12}  {row.verdict}".rstrip(), flush=True)


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20, method="inclusive")[-1]
