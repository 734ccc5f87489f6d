"""The initialisation lottery in three pictures: final costs, share by width, rows that part or not.

    figure(found, theme)     histogram of the last costs; stuck ones hatched
    widths(found, theme)     share of stuck networks for each width (engine.depth.lottery.by_width)
    parting(found, theme)    how far the rows of W[1] are apart over the iterations
    alt, rows / widths_alt, widths_rows / parting_alt, parting_rows
"""

import numpy as np
import plotly.graph_objects as go

from engine.depth.lottery import HALF, Lottery
from engine.nn.arrays import Array
from figures.depth.charts import Columns, chart, colours, texts
from figures.depth.words import lottery_words, parting_words
from figures.style import number

BINS = 40
FAR, LEAST = 1e150, 1e-9  # costs beyond are drawn there; the least width of the picture
LINES = 30  # seeds whose rows are followed


def figure(found: Lottery, theme: str = "light") -> go.Figure:
    c = colours(theme)
    fig = chart(theme, title_of(found), barmode="stack", bargap=0.04)
    edges = bins(found)
    for name, which, pattern in (("learned", ~found.stuck, ""), ("stuck", found.stuck, "/")):
        look = bar(c["cost"], pattern)
        fig.add_trace(go.Bar(
            x=(edges[:-1] + edges[1:]) / 2, y=counts(found, which, edges), name=name, marker=look,
            width=np.diff(edges),
            hovertemplate="%{y} networks near cost %{x:.3~g}<extra>" + name + "</extra>"))
    guess = float(np.nanmean(found.guess)) if np.isfinite(found.guess).any() else np.nan
    for at, text in ((HALF * guess, "half of it"), (guess, "constant answer")):
        if np.isfinite(at):
            fig.add_vline(x=at, line={"color": c["ink"], "dash": "dash"})
            fig.add_annotation(text=text, x=at, yref="paper", y=1, yanchor="bottom")
    fig.update_xaxes(title="cost at the end (mean over the samples)", range=[edges[0], edges[-1]])
    fig.update_yaxes(title="networks")
    return fig


def bar(colour: str, pattern: str) -> dict:
    """Hatched where there is a pattern."""
    return {"color": colour, "line": {"color": colour, "width": 1.5},
            "pattern": {"shape": pattern, "solidity": 0.4}}


def title_of(found: Lottery) -> str:
    return (f"{int(found.stuck.sum())} of {len(found.seeds)} networks are stuck, above half the "
            "cost of a constant answer")


def bins(found: Lottery) -> Array:
    """Beyond the guess, or nearly all costs; what is further off is in the last bin.

    Half the guess is between two bins, so that none holds stuck and other networks. How many bins
    there are depends on no cost: BINS, and as many again where that moves the edges.
    """
    finite = found.costs[np.isfinite(found.costs)].clip(-FAR, FAR)
    known = found.guess[np.isfinite(found.guess)].clip(-FAR, FAR)
    half = HALF * float(known.mean()) if known.size else 0.0
    nearly_all = float(np.quantile(finite, 0.95)) if finite.size else 0.0
    high, low = max(2.3 * half, nearly_all, LEAST), min(0.0, float(finite.min(initial=0.0)))
    if half > LEAST:
        high, low = min(high, BINS * half), max(low, -BINS * half)
    step = (high - low) / BINS
    if half >= step:
        step = half / round(half / step)
    return step * np.arange(np.floor(low / step), np.ceil(high / step) + 1)


def counts(found: Lottery, which: Array, edges: Array) -> Array:
    costs = np.where(np.isfinite(found.costs), found.costs, edges[-1])
    return np.histogram(np.clip(costs[which], edges[0], edges[-1]), edges)[0]


def alt(found: Lottery) -> str:
    q = np.nanquantile(np.where(np.isfinite(found.costs), found.costs, np.nan), [0, 0.5, 1])
    return (f"Histogram of the final costs. {lottery_words(found)} Least cost {number(q[0])}, "
            f"median {number(q[1])}, greatest {number(q[2])}.")


def rows(found: Lottery) -> Columns:
    """Each seed, the worst first."""
    order = np.argsort(-np.where(np.isfinite(found.costs), found.costs, np.inf), kind="stable")
    return [("seed", [str(found.seeds[i]) for i in order]),
            ("first cost", texts(found.first[order])), ("last cost", texts(found.costs[order])),
            ("stuck", ["yes" if found.stuck[i] else "no" for i in order])]


def widths(found: dict[int, Lottery], theme: str = "light") -> go.Figure:
    c = colours(theme)
    fig = chart(theme, "Width buys tickets: the share of stuck networks for each width", height=340)
    x, shares = [str(width) for width in found], [one.share for one in found.values()]
    fig.add_trace(go.Bar(x=x, y=shares, name="stuck", text=[f"{share:.0%}" for share in shares],
                         textposition="outside", cliponaxis=False, hoverinfo="skip",
                         marker=bar(c["cost"], "/")))
    fig.update_xaxes(title="units in each hidden layer", type="category")
    fig.update_yaxes(title="share of stuck networks", tickformat=".0%", range=[0, 1.08])
    return fig


def widths_alt(found: dict[int, Lottery]) -> str:
    said = ", ".join(f"{one.share:.0%} at width {width}" for width, one in found.items())
    return f"Share of stuck networks: {said}."


def widths_rows(found: dict[int, Lottery]) -> Columns:
    return [("width", [str(width) for width in found]),
            ("networks", [str(len(one.seeds)) for one in found.values()]),
            ("stuck", [f"{one.share:.0%}" for one in found.values()]),
            ("median cost", texts(np.array([np.median(one.costs) for one in found.values()])))]


def parting(found: Lottery, theme: str = "light") -> go.Figure:
    c, alike = colours(theme), float(found.apart[-1].max()) < 1e-9
    title = ("The units of layer 1 stay equal: they never part" if alike else
             "How far the units of layer 1 are from being all the same")
    fig = chart(theme, title, height=340)
    for r in range(min(len(found.seeds), LINES)):
        fig.add_trace(go.Scatter(
            x=found.iterations, y=found.apart[:, r], mode="lines", showlegend=False,
            line={"color": c["update"], "width": 1.5}, opacity=0.6,
            hovertemplate=f"iteration %{{x}}: %{{y:.3~g}}<extra>seed {found.seeds[r]}</extra>"))
    fig.update_xaxes(title="iteration")
    fig.update_yaxes(title="distance of the rows of W[1], of their size", range=[-0.04, 1.04])
    return fig


def parting_alt(found: Lottery) -> str:
    return parting_words(found)


def parting_rows(found: Lottery) -> Columns:
    few = np.unique(np.linspace(0, len(found.iterations) - 1, 11).astype(int))
    return [("iteration", [str(t) for t in found.iterations[few]]),
            ("least distance", texts(found.apart[few].min(1))),
            ("greatest distance", texts(found.apart[few].max(1)))]
