"""Mistakes: what somebody gets who does one thing wrong.

    MISTAKES     name -> the symbols at which it can be made, and the numbers that it gives
    values_of    those numbers at an address of an iteration

A mistake changes what it is about on a desk (a is 1; W is transposed; the new weights lie in the
place of the old ones), does the step again and reads what came out. It gives no number where it
cannot be made, and several where it can be made in several ways.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.teaching.miscalculations import (
    a_forgotten,
    added,
    bias_forgotten,
    delta_for_du,
    delta_itself,
    factor_of_square,
    gradient_alone,
    mean_kept,
    new_weights,
    one_path,
    one_sample,
    opposite,
    outputs_summed,
    rate_forgotten,
    skip_forgotten,
    slope_at_a,
    slope_forgotten,
    slope_twice,
    spread_kept,
    step_alone,
    sum_for_mean,
    target_first,
    transposed,
    unchanged,
    z_for_a,
)
from engine.teaching.scratch import Address, Desk, Moment, desk


class Mistake(NamedTuple):
    """A named mistake, the symbols at which it can be made, and what it gives."""

    name: str
    symbols: tuple[str, ...]
    values: Callable[[Desk, Address], list[float]]


MISTAKES = {  # the likelier first
    entry.name: entry
    for entry in (
        Mistake("slope_forgotten", ("delta",), slope_forgotten),
        Mistake("target_first", ("delta",), target_first),
        Mistake("transposed", ("delta", "u", "z"), transposed),
        Mistake("new_weights", ("delta",), new_weights),
        Mistake("bias_forgotten", ("z",), bias_forgotten),
        Mistake("z_for_a", ("a", "u", "z", "C", "delta", "dW"), z_for_a),
        Mistake("sum_for_mean", ("dW", "db", "C"), sum_for_mean),
        Mistake("delta_itself", ("dW",), delta_itself),
        Mistake("a_forgotten", ("dW",), a_forgotten),
        Mistake("added", ("W", "b"), added),
        Mistake("rate_forgotten", ("W", "b"), rate_forgotten),
        Mistake("unchanged", ("W", "b"), unchanged),
        Mistake("step_alone", ("W", "b"), step_alone),
        Mistake("gradient_alone", ("W", "b"), gradient_alone),
        Mistake("skip_forgotten", ("a", "delta"), skip_forgotten),
        Mistake("spread_kept", ("n",), spread_kept),
        Mistake("mean_kept", ("n",), mean_kept),
        Mistake("delta_for_du", ("du", "dW"), delta_for_du),
        Mistake("factor_of_square", ("C", "delta"), factor_of_square),
        Mistake("outputs_summed", ("C", "delta"), outputs_summed),
        Mistake("slope_twice", ("delta",), slope_twice),
        Mistake("opposite", ("u", "n", "z", "a", "C", "delta", "du", "dW", "db", "W", "b"),
                opposite),
        Mistake("one_path", ("delta", "u", "z"), one_path),
        Mistake("one_sample", ("dW", "db", "C"), one_sample),
        Mistake("slope_at_a", ("delta",), slope_at_a),
    )
}


def values_of(now: Moment, p: Address, name: str) -> list[float]:
    """The numbers that a mistake gives at a place; only finite ones."""
    entry = MISTAKES[name]
    with np.errstate(all="ignore"):
        found = entry.values(desk(now), p) if p.symbol in entry.symbols else []
    return [value for value in found if np.isfinite(value)]
