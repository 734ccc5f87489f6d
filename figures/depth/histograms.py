"""How z and a are spread in some layers: a row of small pictures for each, zones shaded.

    figure(h, zones, theme)    h: engine.depth.measure.histograms; zones: layer ->
                               engine.depth.measure.zones(f)
    alt(h, zones)
    rows(h, zones)             the table: of each layer the shares in its zones

All layers have the same axis, so that one sees them shrink or spread. The output has zones of its
own; a zone in a is shaded where f only rises, for there it is one stretch.
"""

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from engine.depth.measure import Histogram, Zone
from engine.nn.arrays import Array
from figures.depth.charts import Columns, colours, titled
from figures.style import faded, number

SHADE = {"saturated": 0.18, "dead": 0.38}
ROW = 84  # pixels
TITLE = "How z and a are spread, layer by layer; shaded: where the activation is flat"


def figure(h: list[Histogram], zones: dict[int, list[Zone]], theme: str = "light") -> go.Figure:
    fig = make_subplots(
        rows=len(h), cols=2, shared_xaxes="columns", vertical_spacing=0.25 / (len(h) + 2),
        horizontal_spacing=0.06)
    shapes, colour = [], colours(theme)["forward"]
    for i, one in enumerate(h):
        for j, (edges, shares, name) in enumerate(
                ((one.z_edges, one.z, "z"), (one.a_edges, one.a, "a"))):
            k = axis_number(i, j)
            fig.add_trace(bars(edges, shares, one.layer, name, colour, k))
            shapes += shades(zones.get(one.layer, []), name, edges, k, theme)
    fig.update_layout(titled(theme, TITLE, 150 + ROW * len(h)), bargap=0, showlegend=True,
                      shapes=shapes)
    fig.update_yaxes(showticklabels=False, showgrid=False, rangemode="tozero")
    for i, one in enumerate(h):
        title = {"text": f"layer {one.layer}", "standoff": 4}
        fig.layout[f"yaxis{axis_number(i, 0)}"].title = title
    for j, (edges, title) in enumerate(((h[0].z_edges, "pre-activation z"),
                                        (h[0].a_edges, "activation a"))):
        fig.update_xaxes(range=[edges[0], edges[-1]], col=j + 1)
        fig.layout[f"xaxis{axis_number(len(h) - 1, j)}"].title = title
    fig.add_traces(legend(theme))
    return fig


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
