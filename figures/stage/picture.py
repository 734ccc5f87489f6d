"""The diagram: where units stand. Columns are layers, left to right; positions never change."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

MAX_COLUMNS = 8  # inputs, six hidden layers, outputs
MAX_ROWS = 12
ROOMY, MEDIUM, DENSE = (28, 96, 210), (22, 66, 140), (18, 42, 118)  # radius, row, column
HEAD = {"title": 16, "activation": 35, "symbol": 54}  # baselines, from the top
BESIDE = 600  # up to this width the picture stands beside the words
FEW_CONNECTIONS = 24  # up to here every connection has its number beside it
SENTENCE = ("The picture shows up to {rows} units in a layer and {columns} columns. This network "
            "is larger: each bar is a layer, as high as what it shows is large (its rms, from 10⁻⁸ "
            "to 10). Press a bar to go there; the matrices are below.")


def drawn(sizes: tuple[int, ...]) -> bool:
    return max(sizes) <= MAX_ROWS and len(sizes) <= MAX_COLUMNS


def picture(sizes: tuple[int, ...], targets: bool, skips: Sequence[int] = ()) -> dict[str, Any]:
    """Positions in a box of width x height; small networks get more room for each unit.

    `skips` are the layers that have a path around them, unit by unit: an arc above the weights.
    """
    few = sum(k * n for k, n in pairwise(sizes)) <= FEW_CONNECTIONS
    radius, row, column = ROOMY if few else MEDIUM if max(sizes) <= 7 else DENSE
    head, margin = 62, 30
    right = 80 if targets else margin
    height = head + row * max(*sizes, 2) + 10
    middle = head + (height - head) / 2
    width = margin + 2 * radius + column * (len(sizes) - 1) + right
    x = [margin + radius + column * l for l in range(len(sizes))]
    y = [[middle + row * (unit - (n - 1) / 2) for unit in range(n)] for n in sizes]
    arcs = {str(l): "".join(arc(x[l - 1], x[l], unit, radius, row) for unit in y[l]) for l in skips}
    return {
        "drawn": drawn(sizes),
        "sentence": "" if drawn(sizes) else SENTENCE.format(rows=MAX_ROWS, columns=MAX_COLUMNS),
        "radius": radius,
        "width": width, "height": height, "column": column, "head": HEAD,
        "x": x, "y": y if drawn(sizes) else [],
        "wide": width > BESIDE or (len(sizes) > 3 and max(sizes) > 8),
        "weights": few, "biases": few or max(sizes) <= 7, "targets": targets,
        **({"arcs": arcs} if arcs and drawn(sizes) else {}),
    }


def arc(left: float, right: float, y: float, radius: float, row: float) -> str:
    """From the upper side of a circle to that of the next one, in SVG."""
    side = 0.7 * radius
    start, end, top = left + side, right - side, y - side - 0.4 * row
    return (f"M{start:.1f} {y - side:.1f}C{start + side:.1f} {top:.1f} "
            f"{end - side:.1f} {top:.1f} {end:.1f} {y - side:.1f}")
