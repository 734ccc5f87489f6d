"""Checks of one value: each returns a sentence, "" where all is well.

    name must be <what is allowed> (got <value>)
"""

from collections.abc import Callable, Iterable
from typing import Any

from engine.data.tables import shown

Check = Callable[[str, Any], str]


def whole(name: str, value: Any, low: int, high: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return ""
    return f"{name} must be a whole number from {low} to {high} (got {shown(value)})"


def one_of(name: str, value: Any, table: Iterable[str]) -> str:
    if isinstance(value, str) and value in table:
        return ""
    return f"{name} must be one of {', '.join(table)} (got {shown(value)})"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def above_zero(high: float) -> Check:
    return lambda name, value: "" if is_number(value) and 0 < value <= high else (
        f"{name} must be above 0 and at most {high:g} (got {shown(value)})")


def between(low: float, high: float) -> Check:
    return lambda name, value: "" if is_number(value) and low <= value <= high else (
        f"{name} must be a number from {low:g} to {high:g} (got {shown(value)})")


def in_range(low: int, high: int) -> Check:
    return lambda name, value: whole(name, value, low, high)


def in_table(table: dict) -> Check:
    return lambda name, value: one_of(name, value, table)


def optional(check: Check) -> Check:
    """None stands for what the data suggests."""
    return lambda name, value: "" if value is None else check(name, value)


def yes_or_no(name: str, value: Any) -> str:
    return "" if isinstance(value, bool) else f"{name} must be yes or no (got {shown(value)})"
