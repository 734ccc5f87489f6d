"""The singular values of each layer's Jacobian diag(f'(z)) W, on a logarithmic axis.

    figure(values, theme)      values: engine.depth.measure.singular_values
    alt(values), rows(values)

Each is a factor by which the layer stretches or shrinks an error of some direction. At most MOST of
a layer are drawn, evenly spaced from the largest to the smallest; what is 0 (a dead unit, a layer
that narrows) has no place on a logarithmic axis and is counted instead.
"""

import numpy as np
import plotly.graph_objects as go

from engine.nn.arrays import Array
from figures.depth.charts import Columns, chart, colours, decades, layer_axis, log_axis, texts
from figures.style import faded, number

MOST = 40
NOTHING = 1e-13  # of the largest: a value below is 0, but for rounding


def nonzero(s: Array) -> Array:
    return s[s > NOTHING * max(float(s[0]), 1e-300)] if np.isfinite(s).all() else s[:0]


def ends(values: dict[int, Array]) -> dict[str, Array]:
    """The largest, the middle and the smallest above 0 of each layer, (L,)"""
    found = [nonzero(s) for s in values.values()]
    pick = lambda place: np.array([s[place(len(s))] if len(s) else np.nan for s in found])
    return {"largest": pick(lambda n: 0), "median": pick(lambda n: n // 2),
            "smallest above 0": pick(lambda n: n - 1)}


def title_of(values: dict[int, Array]) -> str:
    middle = ends(values)["median"]
    if not np.isfinite(middle).any():
        return "No layer lets any error through"
    typical = float(np.exp(np.nanmean(np.log(middle))))
    word = "shrinks" if typical < 0.95 else "stretches" if typical > 1.05 else "keeps"
    return f"A layer {word} errors: its median singular value is {number(typical)}"


def figure(values: dict[int, Array], theme: str = "light") -> go.Figure:
    c, fig = colours(theme), chart(theme, title_of(values))
    points = [(l, v) for l, s in values.items() for v in few(nonzero(s))]
    x, y = zip(*points, strict=True) if points else ((), ())
    fig.add_trace(go.Scatter(x=x, y=y, mode="markers", name="singular values", hoverinfo="skip",
                             marker={"symbol": "line-ew", "size": 9, "line": {
                                 "width": 1.5, "color": faded(c["backward"], 0.55)}}))
    for (name, line), dash in zip(ends(values).items(), ("solid", "dot", "dash"), strict=True):
        fig.add_trace(go.Scatter(x=[*values], y=line, mode="lines", name=name,
                                 line={"color": c["backward"], "dash": dash, "width": 2},
                                 hovertemplate="layer %{x}: %{y:.4~g}<extra>" + name + "</extra>"))
    fig.add_trace(go.Scatter(x=[0.5, max(values) + 0.5], y=[1, 1], mode="lines", hoverinfo="skip",
                             name="1: kept as it is", line={"color": c["ink"], "width": 1}))
    fig.update_xaxes(layer_axis(max(values)))
    fig.update_yaxes(log_axis(decades(np.array([*y, 1.0])), "singular value of f′(z) W"))
    return fig


def few(s: Array) -> Array:
    return s[np.linspace(0, len(s) - 1, min(len(s), MOST)).astype(int)] if len(s) else s


def alt(values: dict[int, Array]) -> str:
    largest = ends(values)["largest"]
    known = largest[np.isfinite(largest)]
    if not known.size:
        return "No layer has a singular value above 0."
    return (f"{title_of(values)}. Over the layers the largest goes from {number(known.min())} to "
            f"{number(known.max())}; {sum(zeros(s) for s in values.values())} values are 0.")


def zeros(s: Array) -> int:
    return len(s) - len(nonzero(s))


def rows(values: dict[int, Array]) -> Columns:
    return [("layer", [str(l) for l in values]),
            *((name, texts(line)) for name, line in ends(values).items()),
            ("values that are 0", [str(zeros(s)) for s in values.values()])]
