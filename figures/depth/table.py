"""Initializer × activation: how much of the error is left at the first layer, as a coloured table.

    figure(found, theme, here)   found: a Map of kind "chart"; here: (activation, initializer)
    alt(found), rows(found)

A cell says the power of ten, so that it can be read without its colour, which is a map's
(figures/depth/maps.py). Its points are to be clicked as those of a map. It needs 600 pixels of
width; on a phone the rows are the better picture.
"""

import numpy as np
import plotly.graph_objects as go

from engine.depth.maps import Map
from engine.nn.initializers import INITIALIZERS
from figures.depth.charts import Columns, chart, colours
from figures.depth.maps import limit, ratio
from figures.style import DIVERGING, scale


def title_of(found: Map) -> str:
    return (f"Which first weights suit which activation: ‖δ[1]‖ / ‖δ[L]‖ through {found.depth} "
            "hidden layers, as a power of ten")


def names(found: Map) -> tuple[list[str], list[str]]:
    """Activations and initializers as they are called."""
    return ([str(name).replace("_", " ") for name in found.x],
            [INITIALIZERS[str(name)].title for name in found.y])


def figure(
    found: Map, theme: str = "light", here: tuple[str, str] | None = None
) -> go.Figure:
    (x, y), most, values = names(found), limit(found.log_ratio), found.log_ratio
    fig = chart(theme, title_of(found), height=150 + 30 * len(y), clickmode="event+select")
    fig.add_trace(go.Heatmap(
        x=x, y=y, z=np.clip(values, -most, most), zmin=-most, zmax=most, xgap=1, ygap=1,
        colorscale=scale(DIVERGING[theme]), hoverinfo="skip", showscale=False,
        text=labels(found), texttemplate="%{text}", textfont={"size": 13}))
    fig.add_trace(points(found, x, y))
    if here:
        at = x[list(found.x).index(here[0])], y[list(found.y).index(here[1])]
        fig.add_trace(go.Scatter(x=at[:1], y=at[1:], mode="markers", name="here", hoverinfo="skip",
                                 unselected={"marker": {"opacity": 1}},
                                 marker={"symbol": "square-open", "size": 26, "line_width": 3,
                                         "color": colours(theme)["ink"]}))
    fig.update_xaxes(title="activation of all hidden layers", showgrid=False, tickangle=-40)
    fig.update_yaxes(title="first weights", showgrid=False, autorange="reversed")
    return fig


def labels(found: Map) -> list[list[str]]:
    """The power of ten in each cell that is filled."""
    done = round(found.done * len(found.y))
    return [[label(v) if i < done else "" for v in row] for i, row in enumerate(found.log_ratio)]


def points(found: Map, x: list[str], y: list[str]) -> go.Scatter:
    """What is under the pointer, and what a click chooses."""
    cells = [*np.ndindex(found.log_ratio.shape)]
    invisible = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=[x[j] for _, j in cells], y=[y[i] for i, _ in cells], mode="markers", name="",
        showlegend=False, customdata=cells, hovertemplate="%{hovertext}<extra></extra>",
        hovertext=[f"{y[i]}, {x[j]}<br>‖δ[1]‖ / ‖δ[L]‖ = {ratio(found.log_ratio[i, j])}"
                   for i, j in cells],
        marker={"opacity": 0, "size": 22, "symbol": "square"}, selected=invisible,
        unselected=invisible)


def label(log: float) -> str:
    """−12, 0, +3; −∞ where no error arrives; ✕ where it overflowed; – where there was none."""
    if not np.isfinite(log):
        return {np.inf: "✕", -np.inf: "−∞"}.get(log, "–")
    return f"{round(log):+d}".replace("-", "−") if round(log) else "0"


def alt(found: Map) -> str:
    x, y = names(found)
    best = [(abs(v), a, b) for (a, b), v in np.ndenumerate(found.log_ratio) if np.isfinite(v)]
    said = ", ".join(f"{y[a]} with {x[b]}" for _, a, b in sorted(best)[:5])
    return f"{title_of(found)}. Nearest to 1: {said}."


def rows(found: Map) -> Columns:
    x, y = names(found)
    return [("first weights", y), *((name, [ratio(v) for v in found.log_ratio[:, b]])
                                    for b, name in enumerate(x))]
