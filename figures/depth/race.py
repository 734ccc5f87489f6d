"""A race: cost and first-layer gradient of up to four runs, one above the other, on one time axis.

    figure(courses, theme)     courses: engine.depth.race.course of each run
    alt(courses), rows(courses)

A run has a hue, and a dash as well; both pictures use the same. The thin line is the cost of the
best constant answer: a run that stays there has learned nothing from its inputs.
"""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from engine.depth.race import Course
from engine.nn.arrays import Array
from figures.depth.charts import Columns, colours, decades, log_axis, texts, titled
from figures.depth.words import race_words
from figures.style import DASHES

MOST = 4


def title_of(courses: list[Course]) -> str:
    learn = [c.name for c in courses if learns(c)]
    lame = [c.name for c in courses if not learns(c)]
    if not learn or not lame:
        return "All of them learn" if learn else "None of them learns"
    return (f"{' and '.join(learn)} {'learns' if len(learn) == 1 else 'learn'}; "
            f"{' and '.join(lame)} {'does' if len(lame) == 1 else 'do'} not")


def learns(c: Course) -> bool:
    return not c.stuck and c.reason != "overflow"


def figure(courses: list[Course], theme: str = "light") -> go.Figure:
    c = colours(theme)
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    fig.update_layout(titled(theme, title_of(courses), 560), hovermode="x unified")
    for k, one in enumerate(courses[:MOST]):
        look = {"color": c[f"class{k}"], "dash": DASHES[k], "width": 2.5}
        for row, values in ((1, one.cost), (2, one.gradient)):
            fig.add_trace(go.Scatter(x=one.iterations, y=above_zero(values), mode="lines",
                                     name=one.name, legendgroup=one.name, showlegend=row == 1,
                                     line=look, hovertemplate="%{y:.4~g}"), row, 1)
    if np.isfinite(courses[0].guess):
        fig.add_hline(y=courses[0].guess, row=1, col=1, line={"color": c["muted"], "width": 1},
                      annotation={"text": "best constant answer", "font": {"color": c["muted"]}},
                      annotation_position="bottom right")
    for row, name, title in ((1, "cost", "cost"), (2, "gradient", "‖dW[1]‖")):
        values = np.concatenate([getattr(one, name) for one in courses[:MOST]])
        fig.update_yaxes(log_axis(decades(values), title), row=row, col=1)
    fig.update_xaxes(title="iteration", row=2, col=1)
    return fig


def above_zero(values: Array) -> list[float | None]:
    """As a logarithmic axis takes them."""
    return [float(v) if np.isfinite(v) and v > 0 else None for v in values]


def alt(courses: list[Course]) -> str:
    return f"Cost and gradient of the first layer over the iterations. {race_words(courses)}"


def rows(courses: list[Course]) -> Columns:
    of = lambda name, at: texts(np.array([getattr(one, name)[at] for one in courses]))
    return [("run", [one.name for one in courses]), ("first cost", of("cost", 0)),
            ("last cost", of("cost", -1)), ("first ‖dW[1]‖", of("gradient", 0)),
            ("last ‖dW[1]‖", of("gradient", -1)),
            ("learns", ["yes" if learns(one) else "no" for one in courses])]
