"""What the cures of the depth lab do, drawn into its profile and said in words.

    with_before(fig, before, quantity, theme)   the curve without the cures, faint
    difference(m, before)                       what became of the error, without and with them
    training_words(e, before, m)                what clipping and a larger learning rate change
"""

import numpy as np
import plotly.graph_objects as go

from engine.depth.measure import Measured
from engine.experiment.cures import Before
from engine.experiment.experiment import Experiment
from figures.depth.charts import colours, decades, log_axis
from figures.depth.profile import QUANTITIES, line
from figures.depth.words import fate
from figures.style import faded, number

WITHOUT = "without the cures"


def with_before(
    fig: go.Figure, before: Measured, quantity: str, theme: str = "light"
) -> go.Figure:
    """The first seed's curve as it was; the axis has room for both."""
    values, q = getattr(before, quantity)[0], QUANTITIES[quantity]
    fig.add_trace(line(WITHOUT, values, faded(colours(theme)[q.phase], 0.45), "dash"))
    if q.log:
        ends = [*fig.layout.yaxis.range, *decades(values)]
        title = fig.layout.yaxis.title.text.removesuffix(" (log)")
        fig.update_yaxes(log_axis([min(ends), max(ends)], title))
    return fig


def difference(m: Measured, before: Measured | None) -> str:
    """Layer 1 over the last hidden layer, of the first seed."""
    if before is None:
        return ""
    now, then = (ratio(one) for one in (m, before))
    return (f"Without the cures the error {fate(then)} (layer 1 has {number(then)} times that of "
            f"the last hidden layer); with them it {fate(now)} ({number(now)} times).")


def ratio(m: Measured) -> float:
    sizes = m.rms_delta[0]
    with np.errstate(all="ignore"):
        return float(sizes[0] / sizes[max(0, len(sizes) - 2)])


def training_words(e: Experiment, before: Before, m: Measured) -> str:
    """What is no part of the picture: it changes how long a step is, and no layer's share of it."""
    said = []
    if e.clip:
        said.append(clipped(e.clip, m))
    was = dict(before).get("learning_rate")
    if was and was < e.learning_rate:
        factor = number(e.learning_rate / was)
        said.append(
            f"A learning rate {factor} times as large is no cure: the errors above are the same. "
            f"It makes the update of every layer {factor} times as large, those that learn too "
            "fast already too, and layer 1 keeps its share. The race shows what comes of it.")
    return " ".join(said)


def clipped(limit: float, m: Measured) -> str:
    """By the weights' gradients alone, which are nearly all of it."""
    with np.errstate(all="ignore"):
        length = float(np.sqrt((m.norm_dW[0] ** 2).sum()))
    if not np.isfinite(length):
        return "The gradient overflows: there is nothing to be clipped."
    if length <= limit:
        return (f"Clipping at {number(limit)} changes nothing here: the gradient of all weights "
                f"has the length {number(length)}.")
    return (f"Clipping shortens the gradient of all weights from {number(length)} to "
            f"{number(limit)}: every layer's by the same factor. It tames an explosion, and "
            "brings nothing back that has vanished.")
