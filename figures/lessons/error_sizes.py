"""The size of the errors, layer by layer, as bars on a logarithmic scale: what vanishes is short.

An SVG in the colours of the text around it. A bar begins at the smallest size, rounded down to a
power of ten.
"""

from html import escape
from math import floor, log10

import numpy as np

from engine.nn.workspace import Trace
from figures.style import number

WIDTH, ROW, LEFT, RIGHT = 420, 26, 64, 84


def error_sizes(now: Trace) -> dict[int, float]:
    """rms δ of each layer, over units and samples."""
    return {l: float(np.sqrt(np.square(delta).mean())) for l, delta in sorted(now.delta.items())}


def picture(sizes: dict[int, float]) -> str:
    """A row for each layer, the output layer on top: the way back leads down."""
    height = ROW * len(sizes) + 8
    rows = "".join(row(k, l, sizes) for k, l in enumerate(reversed(sizes)))
    return (f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(told(sizes))}" '
            f'style="width: 100%; max-width: {WIDTH}px; font-size: 14px" fill="currentColor">'
            f'{rows}</svg>')


def row(k: int, l: int, sizes: dict[int, float]) -> str:
    y, length = ROW * k + 4, bar(sizes[l], sizes)
    return (f'<text x="0" y="{y + 15}">Layer {l}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{ROW - 6}" opacity="0.7"/>'
            f'<text x="{LEFT + length + 6:.1f}" y="{y + 15}">{escape(number(sizes[l]))}</text>')


def bar(size: float, sizes: dict[int, float]) -> float:
    """Pixels: as many powers of ten above the least as the size has."""
    found = [log10(v) for v in sizes.values() if v > 0]
    if not size > 0 or not np.isfinite(found).all():
        return 0.0
    least = floor(min(found) - 1e-9)
    return (WIDTH - LEFT - RIGHT) * (log10(size) - least) / (max(found) - least)


def told(sizes: dict[int, float]) -> str:
    return "Size of the errors: " + ", ".join(
        f"layer {l} {number(size)}" for l, size in reversed(sizes.items()))
