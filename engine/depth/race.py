r"""Race: a few experiments from one seed, and how their costs and their first gradients go.

    course(name, run)   the Course of one run, at COURSE iterations at most

    stuck    its last cost is above HALF of what the best constant answer costs
             (engine/depth/lottery.py)
    weak     rms delta[1] / rms delta[L] is below WEAK at the start; strong: above 1 / WEAK
    dead     no gradient arrives at layer 1 at the end
"""

from typing import NamedTuple

import numpy as np

from engine.depth.lottery import HALF, guess
from engine.nn.arrays import Array
from engine.training.diagnostics import diagnostics
from engine.training.run import Run

COURSE = 100
WEAK = 1e-3


class Course(NamedTuple):
    """cost, gradient = ‖dW[1]‖ and ratio = rms delta[1] / rms delta[L], (T,) each at `iterations`.

    overflow is the iteration at which it overflowed; None: it did not.
    """

    name: str
    iterations: Array
    cost: Array
    gradient: Array
    ratio: Array
    guess: float
    overflow: int | None

    @property
    def stuck(self) -> bool:
        return not (self.overflow or self.cost[-1] <= HALF * self.guess or np.isnan(self.guess))

    @property
    def reason(self) -> str:
        """"overflow", "dead", "weak", "strong" or "": what its first layer had to learn from."""
        if self.overflow is not None:
            return "overflow"
        if not self.gradient[-1]:
            return "dead"
        return "weak" if self.ratio[0] < WEAK else "strong" if self.ratio[0] > 1 / WEAK else ""


@np.errstate(all="ignore")
def course(name: str, run: Run) -> Course:
    """Of a run of one seed. Its costs are those of each iteration's own batch."""
    chosen = np.unique(np.linspace(0, run.last, min(run.last + 1, COURSE)).astype(int))
    d = diagnostics(run, chosen)
    return Course(name, chosen, run.costs[chosen], d.norm_dW[:, 0],
                  d.rms_delta[:, 0] / d.rms_delta[:, -1], float(guess(run.experiment, run.data)),
                  len(run.costs) if run.overflow else None)
