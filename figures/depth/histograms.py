"""How z and a are spread in some layers: a row of small pictures for each, zones shaded.

    figure(h, zones, theme)    h: engine.depth.measure.histograms; zones: layer ->
                               engine.depth.measure.zones(f)
    alt(h, zones)
    rows(h, zones)             the table: of each layer the shares in its zones

All layers have the same axis, so that one sees them shrink or spread. The output has zones of its
own; a zone in a is shaded where f only rises, for there it is one stretch.
"""

from typing import Any

import plotly.graph_objects as go

from engine.depth.measure import Histogram, Zone
from engine.nn.arrays import Array
from figures.depth.charts import Columns, colours, titled
from figures.style import faded, number

SHADE = {"saturated": 0.18, "dead": 0.38}
ROW = 84  # pixels
GAP = 0.06  # between the columns, of the width
TITLE = "How z and a are spread, layer by layer; shaded: where the activation is flat"


def figure(h: list[Histogram], zones: dict[int, list[Zone]], theme: str = "light") -> go.Figure:
    """Written as a whole: Plotly's make_subplots and its updates take ten times as long."""
    traces, axes, shapes, colour = [], {}, [], colours(theme)["forward"]
    for i, one in enumerate(h):
        for j, (edges, shares, name) in enumerate(
                ((one.z_edges, one.z, "z"), (one.a_edges, one.a, "a"))):
            k = axis_number(i, j)
            traces.append(bars(edges, shares, one.layer, name, colour, k))
            axes |= {f"xaxis{k}": across(i, j, h), f"yaxis{k}": upright(i, j, h)}
            shapes += shades(zones.get(one.layer, []), name, edges, k, theme)
    layout = titled(theme, TITLE, 150 + ROW * len(h)) | axes
    return go.Figure([*traces, *legend(theme)],
                     layout | {"bargap": 0, "showlegend": True, "shapes": shapes})


def across(i: int, j: int, h: list[Histogram]) -> dict[str, Any]:
    """A horizontal axis: of a column all are that of its last picture, which has the words."""
    edges, left, right, words = ((h[0].z_edges, 0, 0.5 - GAP / 2, "pre-activation z"),
                                 (h[0].a_edges, 0.5 + GAP / 2, 1, "activation a"))[j]
    last = len(h) - 1
    own = {"title": words} if i == last else {
        "matches": f"x{axis_number(last, j)}", "showticklabels": False}
    return {"anchor": f"y{axis_number(i, j)}", "domain": [left, right],
            "range": [edges[0], edges[-1]], **own}


def upright(i: int, j: int, h: list[Histogram]) -> dict[str, Any]:
    """A vertical axis, the first picture's at the top; the left ones say which layer it is."""
    between = 0.25 / (len(h) + 2)
    height = (1 - between * (len(h) - 1)) / len(h)
    top = 1 - i * (height + between)
    title = {"title": {"text": f"layer {h[i].layer}", "standoff": 4}} if j == 0 else {}
    return {"anchor": f"x{axis_number(i, j)}", "domain": [max(0.0, top - height), top],
            "showticklabels": False, "showgrid": False, "rangemode": "tozero", **title}


def axis_number(i: int, j: int) -> str:
    """As Plotly numbers the axes of two columns: "" for the first, then 2, 3, ..."""
    k = 2 * i + j + 1
    return str(k) if k > 1 else ""


def bars(
    edges: Array, shares: Array, layer: int, name: str, colour: str, k: str
) -> go.Bar:
    return go.Bar(x=(edges[:-1] + edges[1:]) / 2, y=shares, width=edges[1] - edges[0],
                  marker={"color": colour, "line": {"width": 0}}, showlegend=False,
                  xaxis=f"x{k}", yaxis=f"y{k}",
                  hovertemplate=f"layer {layer}, {name} near %{{x:.3~g}}: %{{y:.2%}} of all"
                                "<extra></extra>")


def shades(zones: list[Zone], name: str, edges: Array, k: str, theme: str) -> list[dict]:
    """The parts of the zones that are in the picture."""
    found = [(zone.kind, max(span[0], edges[0]), min(span[1], edges[-1]))
             for zone in zones if (span := getattr(zone, name))]
    return [{"type": "rect", "x0": low, "x1": high, "y0": 0, "y1": 1, "xref": f"x{k}",
             "yref": f"y{k} domain", "layer": "below", "line": {"width": 0},
             "fillcolor": faded(colours(theme)["muted"], SHADE[kind])}
            for kind, low, high in found if low < high]


def legend(theme: str) -> list[go.Scatter]:
    """What the shades mean."""
    words = {"saturated": "saturated: |f′| below 1/20 of the steepest", "dead": "dead: f′ = 0"}
    return [go.Scatter(x=[None], y=[None], mode="markers", name=words[kind],
                       marker={"symbol": "square", "size": 14,
                               "color": faded(colours(theme)["muted"], shade)})
            for kind, shade in SHADE.items()]


def inside(one: Histogram, zones: list[Zone], kind: str) -> float:
    """The share of a layer's z in the zones of a kind, to the width of a bin."""
    middle = (one.z_edges[:-1] + one.z_edges[1:]) / 2
    where = sum(((middle >= z.z[0]) & (middle <= z.z[1])) for z in zones if z.kind == kind)
    return float((one.z * where).sum()) if zones else 0.0


def alt(h: list[Histogram], zones: dict[int, list[Zone]]) -> str:
    said = [f"layer {one.layer} {inside(one, zones.get(one.layer, []), 'saturated'):.0%} saturated "
            f"and {inside(one, zones.get(one.layer, []), 'dead'):.0%} dead" for one in h]
    return f"{TITLE}. Of all z: {'; '.join(said)}."


def rows(h: list[Histogram], zones: dict[int, list[Zone]]) -> Columns:
    spread = lambda shares, edges: float(
        ((shares * ((edges[:-1] + edges[1:]) / 2) ** 2).sum() / max(shares.sum(), 1e-300)) ** 0.5)
    of = lambda kind: [f"{inside(one, zones.get(one.layer, []), kind):.1%}" for one in h]
    return [("layer", [str(one.layer) for one in h]),
            ("rms z", [number(spread(one.z, one.z_edges)) for one in h]),
            ("rms a", [number(spread(one.a, one.a_edges)) for one in h]),
            ("z saturated", of("saturated")), ("z dead", of("dead")),
            ("z beyond the picture", [f"{one.z_beyond:.1%}" for one in h])]
