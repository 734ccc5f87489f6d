"""What of a large network travels to the player: the layers and the units around the cursor.

A shallow network travels whole. Of a deep one the words and numbers of whole blocks of layers go
together, so that small moves send nothing new; its ends are always there. Of a wide layer those
units are sent that the player may show: the first ones, the last one, and those around the unit in
focus (`assets/stage/` shows no more than twelve rows or columns of a matrix).
"""

import re
from typing import NamedTuple

from engine.experiment.experiment import Experiment
from engine.experiment.state import Cursor

ALL_LAYERS = 12  # up to here all layers travel
BLOCK = 3  # layers that come and go together; that of the cursor has one on each side
ENDS = 2  # layers at each end that are always there
ALL_UNITS = 32  # up to here all units of a layer travel
FEW = 12  # units in a row that are shown at most


class Near(NamedTuple):
    """layers, ascending; units: of each layer which ones, None for all of them."""

    layers: tuple[int, ...]
    units: dict[int, list[int] | None]


def near(e: Experiment, cursor: Cursor) -> Near:
    focus = in_focus(cursor)
    units = {l: units_near(n, focus.get(l, 0)) for l, n in enumerate(e.sizes)}
    return Near(layers_near(e, cursor), units)


def everything(e: Experiment) -> Near:
    return Near((*range(1, e.L + 1),), dict.fromkeys(range(e.L + 1)))


def layers_near(e: Experiment, cursor: Cursor) -> tuple[int, ...]:
    """The layers whose words and numbers travel."""
    if e.L <= ALL_LAYERS:
        return (*range(1, e.L + 1),)
    first = (layer_of(cursor, e.L) - 1) // BLOCK * BLOCK + 1
    found = {*range(first - BLOCK, first + 2 * BLOCK), *around(cursor.unit),
             *range(1, ENDS + 1), *range(e.L + 1 - ENDS, e.L + 1)}
    return tuple(sorted(l for l in found if 1 <= l <= e.L))


def layer_of(cursor: Cursor, L: int) -> int:
    """The layer of the cursor's step; the cost belongs to the last one."""
    digits = re.sub(r"\D", "", cursor.step)
    return int(digits) if digits else L


def around(unit: tuple[int, ...]) -> range:
    """The layers that the derivation of a unit or a connection needs."""
    return range(unit[0] - 1, unit[0] + 2) if unit else range(0)


def in_focus(cursor: Cursor) -> dict[int, int]:
    """Layer -> unit: that of the cursor, and where a chosen connection comes from."""
    if not cursor.unit:
        return {}
    l, j, *i = cursor.unit
    return {l: j} | ({l - 1: i[0]} if i else {})


def units_near(n: int, focus: int) -> list[int] | None:
    if n <= ALL_UNITS:
        return None
    shown = {*range(FEW), *range(focus - FEW, focus + FEW), n - 1}
    return sorted(j for j in shown if 0 <= j < n)
