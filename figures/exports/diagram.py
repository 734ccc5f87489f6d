"""The network as a picture for paper: circles and lines, with their weights where they are few.

Positions are those of the stage (figures/stage/picture.py). A unit has its number in it, an input
its name; a target stands beside its output.
"""

from html import escape
from typing import Any

import numpy as np

from engine.data.tables import numeral
from engine.nn.network import Network
from figures.stage.picture import picture
from figures.style import MINUS, PALETTE

LETTER = 8.5  # pixels that a letter of a name takes


def diagram(layers: list[dict[str, Any]], network: Network, y: np.ndarray | None) -> str:
    """An SVG; `layers` as figures/stage/payload.py names them."""
    box = picture(network.sizes, targets=y is not None)
    left = LETTER * max(len(name) for name in layers[0]["units"])
    right = LETTER * max(len(name) for name in (*layers[-1]["units"], "y = −0.00")) + 12
    size = f"{-left:.0f} 0 {box['width'] + left + right:.0f} {box['height']}"
    parts = [*(line for l in range(1, network.L + 1) for line in connections(box, network, l)),
             *(part for l, layer in enumerate(layers)
               for part in column(box, layer, l, network, y))]
    return (f'<svg viewBox="{size}" role="img" aria-label="The network" font-family="system-ui" '
            f'font-size="15" fill="{INK}">{"".join(parts)}</svg>')


INK, PAPER, GREY = (PALETTE["light"][name] for name in ("ink", "page", "muted"))


def connections(box: dict[str, Any], network: Network, l: int) -> list[str]:
    """The lines into a layer, and on them their weights, each unit's at a distance of its own."""
    n, before = network.W[l].shape
    ends = [(i, j, box["x"][l - 1], box["y"][l - 1][i], box["x"][l], box["y"][l][j])
            for i in range(before) for j in range(n)]
    lines = [f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{GREY}"/>'
             for _, _, x1, y1, x2, y2 in ends]
    if not box["weights"]:
        return lines
    along = lambda i: 0.28 + 0.44 * (i + 0.5) / before
    return lines + [
        text(x1 + along(i) * (x2 - x1), y1 + along(i) * (y2 - y1) + 5, written(network.W[l][j, i]),
             f'text-anchor="middle" font-size="13" paint-order="stroke" stroke="{PAPER}" '
             'stroke-width="5"')
        for i, j, x1, y1, x2, y2 in ends]


def column(box: dict[str, Any], layer: dict[str, Any], l: int, network: Network,
           y: np.ndarray | None) -> list[str]:
    """The units of a layer, under its title."""
    x, r, last = box["x"][l], box["radius"], l == network.L
    middle = 'text-anchor="middle"'
    parts = [text(x, box["head"]["title"], layer["title"], f'{middle} font-weight="600"'),
             text(x, box["head"]["activation"], layer["activation"], middle)]
    for j, name in enumerate(layer["units"]):
        here = box["y"][l][j]
        inside = name if l == 0 and len(name) <= 3 else str(j + 1)
        parts += [f'<circle cx="{x}" cy="{here}" r="{r}" fill="{PAPER}" stroke="{INK}" '
                  'stroke-width="1.5"/>', text(x, here + 5, inside, middle)]
        if l == 0 and inside != name:
            parts.append(text(x - r - 8, here + 5, name, 'text-anchor="end"'))
        if last:
            named = "" if name == str(j + 1) else name
            target = "" if y is None else f"y = {written(y[j, 0])}"
            parts.append(text(x + r + 10, here + 5, f"{named} {target}".strip(), ""))
        if l and box["biases"]:
            parts.append(text(x, here + r + 16, f"b {written(network.b[l][j, 0])}",
                              f'{middle} font-size="12.5"'))
    return parts


def text(x: float, y: float, words: str, look: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words)}</text>'


def written(value: float) -> str:
    return numeral(float(value)).replace("-", MINUS)
