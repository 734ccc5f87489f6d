"""A quantity layer by layer: measured in one network, over many seeds, and as theory has it.

    figure(m, quantity, theme, p, bound, xi)
    alt(m, quantity, p)        the same in a sentence
    rows(m, quantity, p)       the same as a table: (heading, texts) for each column

m is Measured (its first seed is the network of the link), p theory's Prediction or None, bound what
no network exceeds (theory.chain_bound), xi the depth scale. One colour is the measured error; ink
and dashes are theory. The ranges of float32 and float64 are marked where the picture comes near.
"""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from engine.data.columns import counted
from engine.depth.measure import Measured, bands
from engine.depth.theory import Prediction
from engine.nn.arrays import Array
from figures.depth.charts import Columns, chart, colours, decades, layer_axis, log_axis, texts
from figures.depth.words import LARGEST, SMALLEST, journey
from figures.style import faded, number

NEAR = 6.0  # decades within which the end of a float's range is shown


class Quantity(NamedTuple):
    """What is drawn: its label in a menu, its axis, its title, and the colour of its phase."""

    label: str
    axis: str
    title: str
    phase: str = "backward"
    log: bool = True


QUANTITIES = {
    "rms_delta": Quantity("error δ", "rms δ[l]", ""),
    "norm_dW": Quantity("gradient dW", "‖dW[l]‖", "The gradient of each layer's weights"),
    "relative": Quantity("gradient ÷ weight", "‖dW[l]‖ / ‖W[l]‖",
                         "What one step with learning rate 1 would change"),
    "std_z": Quantity("spread of z", "standard deviation of z[l]",
                      "How widely the pre-activations are spread", "forward"),
    "std_a": Quantity("spread of a", "standard deviation of a[l]",
                      "How widely the activations are spread", "forward"),
    "mean_slope": Quantity("mean |f′|", "mean |f′(z[l])|", "How steep the activations are there",
                           "forward"),
    "gain": Quantity("gain of Wᵀ", "‖da[l]‖ / ‖δ[l+1]‖",
                     "What the weights above make of the error's size"),
    "passed": Quantity("passed by f′", "‖δ[l]‖ / ‖da[l]‖", "What the slope lets through of it"),
    "saturated": Quantity("saturated", "share of (unit, sample)",
                          "Where the slope is below 1/20 of the steepest", "forward", False),
    "dead": Quantity("dead", "share of units", "Units without any slope on every sample",
                     "forward", False),
}


def title_of(m: Measured, quantity: str) -> str:
    return journey(m) if quantity == "rms_delta" else QUANTITIES[quantity].title


def expected(m: Measured, quantity: str, p: Prediction | None) -> Array | None:
    """What theory says of a quantity, (L,); its error is scaled to the measured one at the output.
    """
    if p is None or quantity not in ("rms_delta", "std_z"):
        return None
    found = {"rms_delta": p.ratio_rms * bands(m.rms_delta[:, -1:]).rms, "std_z": np.sqrt(p.q)}
    return found[quantity]


def figure(
    m: Measured, quantity: str = "rms_delta", theme: str = "light", p: Prediction | None = None,
    bound: Array | None = None, xi: float = np.inf,
) -> go.Figure:
    q, values = QUANTITIES[quantity], getattr(m, quantity)
    fig = chart(theme, title_of(m, quantity))
    if len(m.seeds) > 1:
        fig.add_traces(over_seeds(values, colours(theme)[q.phase]))
    fig.add_trace(single(values[0], m.seeds[0], colours(theme)[q.phase]))
    lines = [theory := expected(m, quantity, p)]
    if theory is not None:
        fig.add_trace(line("theory (mean field)", theory, colours(theme)["ink"], "dash"))
    if bound is not None and quantity == "rms_delta":
        lines.append(bound * bands(values[:, -1:]).rms)
        fig.add_trace(line("bound of a chain with |w| = 1: 0.25^(L−l)", lines[-1],
                           colours(theme)["muted"], "dot"))
    drawn = np.concatenate([values.ravel(), *(v for v in lines if v is not None)])
    set_axes(fig, q, values.shape[1], drawn)
    if q.log:
        mark_floats(fig, theme)
    if quantity == "rms_delta":
        mark_depth_scale(fig, xi, values.shape[1], theme)
    return fig


def layer_numbers(values: Array) -> list[int]:
    return [*range(1, values.shape[-1] + 1)]


def line(name: str, values: Array, colour: str, dash: str = "solid", **more) -> go.Scatter:
    return go.Scatter(x=layer_numbers(values), y=positive(values), name=name, mode="lines",
                      line={"color": colour, "dash": dash, "width": 2.5},
                      hovertemplate="layer %{x}: %{y:.4~g}<extra>" + name + "</extra>", **more)


def positive(values: Array) -> list[float | None]:
    """As Plotly takes them: what is no number has no point."""
    return [float(v) if np.isfinite(v) else None for v in values]


def over_seeds(values: Array, colour: str) -> list[go.Scatter]:
    """The band from 5 to 95 % of the seeds, their median, their rms."""
    b, R = bands(values), len(values)
    edge = {"line": {"width": 0}, "mode": "lines", "hoverinfo": "skip"}
    x = layer_numbers(values)
    return [
        go.Scatter(x=x, y=positive(b.high), showlegend=False, **edge),
        go.Scatter(x=x, y=positive(b.low), name=f"5 to 95 % of {R} seeds", fill="tonexty",
                   fillcolor=faded(colour, 0.22), **edge),
        line("median", b.median, colour, "dot"),
        line("rms over the seeds", b.rms, colour),
    ]


def single(values: Array, seed: int, colour: str) -> go.Scatter:
    return go.Scatter(x=layer_numbers(values), y=positive(values), name=f"seed {seed}",
                      mode="markers", marker={"color": colour, "size": 8, "symbol": "circle-open",
                                              "line": {"width": 2}},
                      hovertemplate=f"layer %{{x}}: %{{y:.4~g}}<extra>seed {seed}</extra>")


def set_axes(fig: go.Figure, q: Quantity, L: int, values: Array) -> None:
    fig.update_xaxes(layer_axis(L))
    if q.log:
        fig.update_yaxes(log_axis(decades(values), q.axis))
    else:
        fig.update_yaxes(range=[-0.03, 1.03], tickformat=".0%", title=q.axis)


def mark_floats(fig: go.Figure, theme: str) -> None:
    """Beyond the ends of float32 and float64, where they are in or near the picture."""
    low, high = fig.layout.yaxis.range
    for ends, side in ((SMALLEST, -1), (LARGEST, 1)):
        for name, value in ends.items():
            at = np.log10(value)
            if low - NEAR < at < high + NEAR:
                low, high = min(low, at - 1), max(high, at + 1)
                fig.add_hline(y=value, line={"color": colours(theme)["muted"], "dash": "longdash"})
                fig.add_annotation(
                    text=f"{name} ends: {number(value)}", xref="paper", x=0.99, y=at,
                    xanchor="right", yanchor="bottom" if side < 0 else "top",
                    font={"color": colours(theme)["muted"]})
    fig.update_yaxes(log_axis([low, high], fig.layout.yaxis.title.text.removesuffix(" (log)")))


def mark_depth_scale(fig: go.Figure, xi: float, L: int, theme: str) -> None:
    """Five depth scales below the output: about as deep as it trains; and one, if not too near."""
    marks = {"5 ξ": 5 * xi} if xi < L / 10 else {"ξ": xi, "5 ξ": 5 * xi}
    for text, layers in marks.items():
        if L - layers >= 1:
            fig.add_vline(x=L - layers, line={"color": colours(theme)["muted"], "width": 1})
            fig.add_annotation(text=f"{text} = {layers:.2g} layers", x=L - layers, yref="paper",
                               y=1, yanchor="bottom", font={"color": colours(theme)["muted"]},
                               xanchor="right" if layers < L / 3 else "center")


def alt(m: Measured, quantity: str = "rms_delta", p: Prediction | None = None) -> str:
    values, L = getattr(m, quantity)[0], m.rms_delta.shape[1]
    seen = f"{QUANTITIES[quantity].axis} for layers 1 to {L}, of {counted(len(m.seeds), 'seed')}. "
    known = np.flatnonzero(np.isfinite(values))[[0, -1]] if np.isfinite(values).any() else []
    ends = " and ".join(f"{number(values[i])} at layer {i + 1}" for i in known) or "no number"
    theory = expected(m, quantity, p)
    said = f" Theory: {number(theory[0])} at layer 1." if theory is not None else ""
    return f"{title_of(m, quantity)}. {seen}Seed {m.seeds[0]}: {ends}.{said}"


def rows(m: Measured, quantity: str = "rms_delta", p: Prediction | None = None) -> Columns:
    values = getattr(m, quantity)
    b, theory = bands(values), expected(m, quantity, p)
    many = [(f"{name} of {len(m.seeds)} seeds", texts(v)) for name, v in (
        ("5 %", b.low), ("median", b.median), ("rms", b.rms), ("95 %", b.high))]
    return [("layer", [str(l) for l in layer_numbers(values)]),
            (f"seed {m.seeds[0]}", texts(values[0])), *(many if len(m.seeds) > 1 else []),
            *([("theory", texts(theory))] if theory is not None else [])]
