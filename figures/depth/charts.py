"""What the charts of the depth lab begin with: a figure in the palette, its title wrapped."""

from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from engine.nn.arrays import Array
from figures.style import PALETTE, number, template

Columns = list[tuple[str, list[str]]]
LINE = 22  # pixels; Plotly places the first line of a title, and the others below it
TITLE = 40  # letters in a line of a title, so that a phone has room for it


def chart(theme: str, title: str, height: int = 420, **layout) -> go.Figure:
    return go.Figure(layout=titled(theme, title, height) | layout)


def titled(theme: str, title: str, height: int) -> dict[str, Any]:
    """The layout of a figure, with room for the lines of its title."""
    lines = wrap(title, TITLE)
    return {"template": template(theme), "height": height, "margin": {"t": 30 + LINE * len(lines)},
            "title": {"text": "<br>".join(lines), "pad": {"b": 4 + LINE * len(lines)}}}


def colours(theme: str) -> dict[str, str]:
    return PALETTE[theme]


def texts(values: Array) -> list[str]:
    return [number(float(v)) for v in values]


def decades(values: Array, least: float = 2.0) -> list[float]:
    """The range of a log axis: log10 of the smallest and largest above 0, with some air."""
    found = np.log10(values[np.isfinite(values) & (values > 0)])
    low, high = (found.min(), found.max()) if found.size else (-1.0, 1.0)
    air = max(0.06 * (high - low), (least - (high - low)) / 2, 0.1)
    return [float(low - air), float(high + air)]


def log_axis(limits: list[float], title: str) -> dict[str, Any]:
    """A log axis whose ticks are powers of ten alone, seven at most."""
    return {"type": "log", "range": limits, "title": f"{title} (log)",
            "dtick": max(1, int(np.ceil((limits[1] - limits[0]) / 7)))}


def layer_axis(L: int) -> dict[str, Any]:
    return {"title": "layer l (1: next to the input)", "range": [0.5, L + 0.5],
            "tick0": 0 if L > 12 else 1, "dtick": max(1, int(np.ceil(L / 12)))}
