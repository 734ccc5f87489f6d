"""A map of settings, coloured by how much of the error is left at the first layer.

    figure(found, theme, here, shown)   found: a Map of kind "sigma" or "gain", finished or not
    alt(found), rows(found)

Below 0 (vanishing) has the hue of negative numbers, above 0 (exploding) that of positive ones;
colours end at MOST decades, or where most of the map does. The line is theory's critical one.
`shown` is "log_ratio", what was measured, or "predicted", what mean field says; `here` is a
marker (x, y).

Each cell has an invisible point on it, whose customdata is [row, column]: it says the numbers under
the pointer, and it is what a click chooses (engine.depth.maps.at_cell makes it the experiment).
"""

import numpy as np
import plotly.graph_objects as go

from engine.depth.maps import Map
from engine.nn.arrays import Array
from figures.depth.charts import Columns, chart, colours
from figures.depth.words import map_words
from figures.style import DIVERGING, number, scale

MOST = 12  # decades to each side
AXES = {
    "sigma": ("σ_w: spread of the weights × √fan-in", "σ_b: spread of the biases"),
    "gain": ("gain of the first weights (log)", "hidden layers"),
}
TITLES = {
    "log_ratio": "Left of the line the error vanishes, right of it it explodes (measured)",
    "predicted": "Left of the line the error vanishes, right of it it explodes (mean field)",
}


def title_of(found: Map, shown: str = "log_ratio") -> str:
    if np.isfinite(found.critical).any():
        return TITLES[shown]
    return "Where the error vanishes, and where it explodes (measured; theory says nothing here)"


def limit(values: Array) -> float:
    """Where the colours end: what a quarter of the cells goes beyond, MOST at most."""
    sizes = abs(values[np.isfinite(values)])
    return float(np.clip(np.ceil(np.quantile(sizes, 0.75)), 2, MOST)) if sizes.size else 2.0


def figure(
    found: Map, theme: str = "light", here: tuple[float, float] | None = None,
    shown: str = "log_ratio",
) -> go.Figure:
    c, values = colours(theme), getattr(found, shown)
    fig = chart(theme, title_of(found, shown), height=480, clickmode="event+select")
    fig.add_trace(heat(found, values, theme))
    if np.isposinf(found.log_ratio).any() and shown == "log_ratio":
        fig.add_trace(overflown(found, c["muted"]))
    fig.add_trace(critical_line(found, c["ink"]))
    if here:
        fig.add_trace(go.Scatter(x=here[:1], y=here[1:], mode="markers", name="here",
                                 unselected={"marker": {"opacity": 1}},
                                 marker={"symbol": "x", "size": 14, "color": c["ink"],
                                         "line": {"width": 2, "color": c["page"]}}))
    fig.add_trace(points(found))
    x_title, y_title = AXES[found.kind]
    fig.update_xaxes(title=x_title, showgrid=False, range=ends(found, "x"))
    if found.kind == "gain":
        fig.update_xaxes(type="log", tickvals=[0.1, 0.2, 0.5, 1, 2, 5, 10],
                         ticktext=["0.1", "0.2", "0.5", "1", "2", "5", "10"])
    fig.update_yaxes(title=y_title, showgrid=False, range=ends(found, "y"))
    return fig


def ends(found: Map, axis: str) -> list[float]:
    """The outer edges of the cells."""
    values = getattr(found, axis).astype(float)
    values = np.log10(values) if found.kind == "gain" and axis == "x" else values
    half = (values[-1] - values[0]) / max(len(values) - 1, 1) / 2
    return [float(values[0] - half), float(values[-1] + half)]


def heat(found: Map, values: Array, theme: str) -> go.Heatmap:
    most = limit(values)
    ticks = np.unique(np.linspace(-most, most, 5).round()).tolist()
    return go.Heatmap(
        x=found.x, y=found.y, z=np.clip(values, -most, most),
        zmin=-most, zmax=most, colorscale=scale(DIVERGING[theme]), hoverinfo="skip",
        colorbar={"title": {"text": "‖δ[1]‖ / ‖δ[L]‖", "side": "right"}, "tickvals": ticks,
                  "ticktext": [power(t) for t in ticks], "thickness": 16, "outlinewidth": 0})


def power(exponent: float) -> str:
    return f"10<sup>{exponent:.0f}</sup>".replace("-", "−") if exponent else "1"


def overflown(found: Map, colour: str) -> go.Scatter:
    """A cross on each cell that overflowed."""
    i, j = np.nonzero(np.isposinf(found.log_ratio))
    return go.Scatter(x=found.x[j], y=found.y[i], mode="markers", name="overflows",
                      hoverinfo="skip", marker={"symbol": "x-thin", "size": 6, "line": {
                          "width": 1.5, "color": colour}})


def critical_line(found: Map, colour: str) -> go.Scatter:
    return go.Scatter(x=found.critical, y=found.y, mode="lines", name="critical: χ = 1",
                      hoverinfo="skip", line={"color": colour, "width": 3, "dash": "dash"},
                      showlegend=bool(np.isfinite(found.critical).any()))


def points(found: Map) -> go.Scatter:
    """What is under the pointer, and what a click chooses."""
    i, j = np.indices(found.log_ratio.shape)
    i, j = i.ravel(), j.ravel()
    text = [f"{said(found, a, b)}" for a, b in zip(i, j, strict=True)]
    invisible = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=found.x[j], y=found.y[i], mode="markers", name="", showlegend=False, text=text,
        customdata=np.stack([i, j], -1), hovertemplate="%{text}<extra></extra>",
        marker={"size": 9, "opacity": 0, "symbol": "square"}, selected=invisible,
        unselected=invisible)


def said(found: Map, i: int, j: int) -> str:
    """A cell in words."""
    x, y = number(float(found.x[j])), number(float(found.y[i]))
    where = f"σ_w = {x}, σ_b = {y}" if found.kind == "sigma" else f"gain {x}, {y} hidden layers"
    theory = found.predicted[i, j]
    if i >= round(found.done * len(found.y)):
        return f"{where}<br>not measured yet"
    more = "" if np.isnan(theory) else f"<br>theory: {ratio(theory)}"
    return f"{where}<br>‖δ[1]‖ / ‖δ[L]‖ = {ratio(found.log_ratio[i, j])}{more}"


def ratio(log: float) -> str:
    """A ratio from its log10, which may be beyond any float."""
    if not np.isfinite(log):
        return {np.inf: "overflow", -np.inf: "0"}.get(log, "0 / 0")
    return number(10.0**log) if -300 < log < 300 else f"10^{log:.0f}".replace("-", "−")


def alt(found: Map) -> str:
    known = found.critical[np.isfinite(found.critical)]
    x = AXES[found.kind][0]
    line = (f" The critical line goes from {number(float(known[0]))} (bottom) to "
            f"{number(float(known[-1]))} (top) on the axis {x}.") if known.size else ""
    return f"{title_of(found)}. {map_words(found)}{line}"


def rows(found: Map, every: int = 5) -> Columns:
    """Every fifth row and column of the map, as ratios; the first column is y."""
    i, j = range(0, len(found.y), every), range(0, len(found.x), every)
    name = "σ_w" if found.kind == "sigma" else "gain"
    first = ("σ_b" if found.kind == "sigma" else "hidden layers",
             [number(float(found.y[a])) for a in i])
    return [first, *((f"{name} = {number(float(found.x[b]))}",
                      [ratio(found.log_ratio[a, b]) for a in i]) for b in j)]
