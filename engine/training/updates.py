r"""The update of one iteration, formula by formula, for those who look at it.

    lines    every formula between the gradient g and the new parameter p, in order
    update   what each of them gives in a run, (P,): computed from the text of the line itself

Tests hold the last of them against the update that training makes (engine/training/descent.py).
"""

from typing import NamedTuple

import numpy as np

from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.nn.backprop import flat_gradient
from engine.nn.optimizers import Line, evaluated
from engine.training.descent import masks, optimizer_of, rates
from engine.training.run import Run

NORM = Line("norm", r"\sqrt{\sum_{\mathrm{all}} g^{2}}", "np.sqrt((g**2).sum(-1, keepdims=True))")
CLIPPED = Line("g", r"\g \cdot \min\left(1, \frac{\clip}{\norm + 10^{-6}}\right)",
               "g * np.minimum(1, clip / (norm + 1e-6))")


class Update(NamedTuple):
    """`before` has what each symbol stands for at first; `values` what each line gives."""

    lines: tuple[Line, ...]
    before: dict[str, Array | float]
    values: list[Array]

    @property
    def after(self) -> dict[str, Array]:
        """What each symbol that a line gives stands for at last."""
        return {line.symbol: value for line, value in zip(self.lines, self.values, strict=True)}


def update_lines(e: Experiment) -> tuple[Line, ...]:
    """The formulas of one weight; a bias has the same without the penalties.

    Beside the placeholders of the optimizer's lines there are \\clip and \\norm, the length of the
    gradient of all parameters together; the penalties have λ₁ and λ₂.
    """
    clipping = (NORM, CLIPPED) if e.clip else ()
    return (*penalty_lines(e), *clipping, *optimizer_of(e)[0].lines)


def penalty_lines(e: Experiment) -> tuple[Line, ...]:
    """g + λ₂ p + λ₁ sign(p), as much of it as is wished."""
    terms = [(e.l2, r" + \lambda_{2}\,\p", " + l2 * p"),
             (e.l1, r" + \lambda_{1}\,\mathrm{sign}(\p)", " + l1 * np.sign(p)")]
    latex = "".join(latex for wished, latex, _ in terms if wished)
    code = "".join(code for wished, _, code in terms if wished)
    return (Line("g", r"\g" + latex, "g" + code),) if latex else ()


def update(run: Run, t: int) -> Update:
    """Update t of a run of one seed. Frozen parameters have no gradient and no learning rate."""
    e, block = run.experiment, run.block(t)
    optimizer, settings = optimizer_of(e)
    weights, learns = masks(e)
    before = {
        "p": block[0], "g": flat_gradient(run.trace(t)) * learns,
        "eta": rates(e, t, t + 1)[0] * learns, "t": t + 1 - e.renewed,
        "l1": e.l1 * weights * learns, "l2": e.l2 * weights * learns, "clip": e.clip,
        **dict(zip(optimizer.state, block[1:], strict=True)),
        **dict(zip((s.name for s in optimizer.settings), settings, strict=True)),
    }
    with np.errstate(all="ignore"):
        return Update(update_lines(e), before, evaluated(update_lines(e), before))
