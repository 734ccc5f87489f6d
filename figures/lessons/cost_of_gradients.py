"""What a gradient costs as a network grows: measured times on axes where each tick is ten times
the last, beside dashed lines that rise as the count of multiplications does, like N and like N².
"""

import plotly.graph_objects as go

from engine.teaching.gradient_costs import Costs
from figures.style import PALETTE, number

NAMES = ("backpropagation", "finite differences")
HUES, SYMBOLS, COUNTED = ("backward", "forward"), ("circle", "square"), (1, 2)
POWERS = {1: "N", 2: "N²"}


def cost_of_gradients(fast: Costs, slow: Costs, theme: str) -> go.Figure:
    """Both as measured, with the lines that were to be expected through their largest networks."""
    colours = PALETTE.get(theme, PALETTE["light"])
    figure = go.Figure()
    looks = zip((fast, slow), NAMES, HUES, SYMBOLS, COUNTED, strict=True)
    for costs, name, hue, symbol, k in looks:
        line = {"color": colours[hue]}
        figure.add_scatter(x=costs.N, y=costs.seconds, name=name, mode="lines+markers", line=line,
                           marker={"symbol": symbol, "size": 9})
        figure.add_scatter(x=costs.N, y=expected(costs, k), name=f"like {POWERS[k]}", mode="lines",
                           line=line | {"dash": "dash", "width": 1}, hoverinfo="skip")
    axis = {"type": "log", "dtick": 1, "gridcolor": colours["line"], "exponentformat": "power",
            "color": colours["muted"]}
    figure.update_layout(
        title="Time for one whole gradient", height=420,
        margin={"l": 10, "r": 10, "t": 50, "b": 10},
        legend={"orientation": "h", "y": -0.2}, font={"color": colours["ink"], "size": 14},
        paper_bgcolor=colours["page"], plot_bgcolor=colours["page"],
        xaxis=axis | {"title": "parameters N"}, yaxis=axis | {"title": "seconds"})
    return figure


def expected(costs: Costs, k: int) -> list[float]:
    """c N^k through the last point."""
    return [costs.seconds[-1] * (N / costs.N[-1]) ** k for N in costs.N]


def table(fast: Costs, slow: Costs) -> dict[str, list[str]]:
    """The numbers of the picture; nothing where it would have taken too long."""
    known = dict(zip(slow.N, slow.seconds, strict=True))
    return {
        "parameters N": [f"{N:,}" for N in fast.N],
        "backpropagation (ms)": [number(1000 * s) for s in fast.seconds],
        "finite differences (ms)": [number(1000 * known[N]) if N in known else "" for N in fast.N],
    }


def told(fast: Costs, slow: Costs) -> str:
    """The picture in words, with its slopes."""
    times = slow.seconds[-1] / fast.seconds[fast.N.index(slow.N[-1])]
    return (f"In the largest networks, time grows like N to the power of {fast.slope:.1f} for "
            f"backpropagation, and of {slow.slope:.1f} for finite differences. With {slow.N[-1]:,} "
            f"parameters, finite differences took {times:,.0f} times as long.")
