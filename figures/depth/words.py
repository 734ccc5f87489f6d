"""The depth lab in words: what became of the error, and what theory has to do with it.

Every sentence says the rule or the number that it comes from.
"""

import numpy as np

from engine.depth.lottery import HALF, Lottery
from engine.depth.maps import Map
from engine.depth.measure import Measured, bands
from engine.depth.race import WEAK, Course
from engine.depth.theory import Prediction, Settled, unknown
from engine.experiment.experiment import Experiment
from figures.style import number

SMALLEST = {"float32": 1.401298464324817e-45, "float64": 5e-324}  # above 0
LARGEST = {"float32": 3.4028234663852886e38, "float64": 1.7976931348623157e308}
LOST, KEPT = 1e-3, 0.3  # of the output's error: below LOST it vanishes, from KEPT on it holds
CLOSE = 1.1  # theory and measurement within so much of each other agree
NARROW = 0.3  # Σ 1/n from which single networks scatter widely: ln‖delta‖² then varies by 5 Σ 1/n
CRITICAL = 0.05  # |χ - 1| below which small errors of theory add up over the layers


def fate(ratio: float) -> str:
    """What became of the error: its size at layer 1, as a multiple of that at the output."""
    if np.isnan(ratio):
        return "overflows"
    for limit, word in ((LOST, "vanishes"), (KEPT, "shrinks"), (1 / KEPT, "holds"),
                        (1 / LOST, "grows")):
        if ratio < limit:
            return word
    return "explodes"


def journey(m: Measured) -> str:
    """The error's way down the hidden layers, of the first seed; the title of its picture.

    From the last hidden layer on: an output of another width has another rms, which is no fate.
    """
    sizes = m.rms_delta[0]
    last = max(1, len(sizes) - 1)
    first, top = sizes[0], sizes[last - 1]
    if not np.isfinite(sizes).all():
        return f"The error overflows: {overflowed(m)}"
    if not first:
        return f"No error arrives at layer 1: {vanished(m)}"
    ratio = first / top
    return f"The error {fate(ratio)}: at layer 1 it is {number(ratio)} times that at layer {last}"


def vanished(m: Measured) -> str:
    """Where the first seed's error has fallen below what a float can hold; "" where it has not."""
    sizes = m.rms_delta[0]
    if (zero := np.flatnonzero(sizes == 0)).size:
        return f"it is exactly 0 from layer {zero[-1] + 1} down"
    if (below := np.flatnonzero(sizes < SMALLEST["float32"])).size:
        return f"below the smallest float32 (1.4e−45) from layer {below[-1] + 1} down"
    return ""


def overflowed(m: Measured) -> str:
    """Where the first seed's values or errors are no numbers any more; "" where all are."""
    z, delta = ~np.isfinite(m.std_z[0]), ~np.isfinite(m.rms_delta[0])
    if z.any():
        return f"z overflows from layer {np.flatnonzero(z)[0] + 1} up"
    return f"δ overflows from layer {np.flatnonzero(delta)[-1] + 1} down" if delta.any() else ""


def agreement(m: Measured, p: Prediction, e: Experiment) -> str:
    """Measurement over theory, layer 1 against the output, over all seeds; and why they part."""
    if reason := unknown(e):
        return reason
    measured, L = bands(m.ratio).rms[0], e.L
    with np.errstate(all="ignore"):  # both may be 0
        factor = np.divide(measured, p.ratio_rms[0])
    count = f"the rms over {len(m.seeds)} seeds" if len(m.seeds) > 1 else "this one network"
    if not np.isfinite(factor) or not factor:
        return "Theory and measurement cannot be compared: one has left the range of floats."
    said = (f"Mean field expects δ[1] to be {number(p.ratio_rms[0])} of δ[{L}]; {count} measured "
            f"{number(measured)}")
    if 1 / CLOSE <= factor <= CLOSE:
        return f"{said}: they agree within 10 %."
    return f"{said}, {times(factor)}. {' '.join(why(m, p, e)[:2])}".rstrip()


def times(factor: float) -> str:
    return (f"{number(factor)} times as much" if factor > 1 else
            f"{number(1 / factor)} times less")


def why(m: Measured, p: Prediction, e: Experiment) -> list[str]:
    """Why theory and measurement part in this experiment; what weighs most comes first."""
    narrow = sum(1 / n for n in e.sizes[1:-1])
    chi = p.chi[:-1]
    found = {
        "So few networks scatter around the mean; look at more seeds.": len(m.seeds) < 20,
        f"The layers are narrow for this depth (Σ 1/n = {number(narrow)}): networks scatter, and a "
        "few large ones make the mean.": narrow > NARROW,
        "It is close to critical (χ near 1), where small differences add up from layer to layer.":
            bool(len(chi)) and bool(np.median(abs(chi - 1)) < CRITICAL),
        "Orthogonal weights are not independent of each other, as theory takes them to be.":
            e.initializer == "orthogonal",
        f"Theory is exact for endless width; the narrowest layer has {min(e.sizes[1:-1])} units.":
            True,
    }
    return [sentence for sentence, holds in found.items() if holds]


def depth_scale(s: Settled) -> str:
    """How deep a network of these settings may be."""
    chi, xi = float(s.chi), float(s.xi)
    if np.isinf(xi):
        return "χ = 1: critical. The error neither vanishes nor explodes, however deep."
    word = "vanishes" if chi < 1 else "explodes"
    how = "shrinks" if chi < 1 else "grows"
    return (f"Far from the input χ is {number(chi)}, so the error {word}: ‖δ‖² {how} e times "
            f"within ξ = {xi:.2g} layers. About 5 ξ = {5 * xi:.2g} layers is as deep as it trains.")


def map_words(found: Map) -> str:
    """What a whole map shows, and on which networks it was measured."""
    rows = found.log_ratio[: round(found.done * len(found.y))]
    lost, kept, over = (np.mean(v) if rows.size else 0.0 for v in (
        rows < np.log10(LOST), abs(rows) <= -np.log10(LOST), (rows > -np.log10(LOST))))
    depth = f"{found.depth} hidden layers" if found.depth else "of the depth on the axis"
    return (f"Of {rows.size} settings the error vanishes in {lost:.0%}, explodes in {over:.0%}, "
            f"and stays within a factor of 1,000 in {kept:.0%}. Each cell: {found.networks} "
            f"networks, {depth}, {found.width} units wide, {found.samples} samples.")


def lottery_words(found: Lottery) -> str:
    """How many came off, by which rule."""
    R = len(found.seeds)
    if np.isnan(found.guess).all():
        return f"{R} networks; without a target nobody can be stuck."
    wild = f" {int(found.diverged.sum())} diverged." if found.diverged.any() else ""
    return (f"{int(found.stuck.sum())} of {R} networks are stuck ({found.share:.0%}): their cost "
            f"is above {HALF:g} × {number(float(np.mean(found.guess)))}, half of what the best "
            f"constant answer costs.{wild}")


def parting_words(found: Lottery) -> str:
    """Whether the units of layer 1 ever become different."""
    start, end = float(found.apart[0].max()), float(found.apart[-1].max())
    if end < 1e-9:
        return ("All rows of W[1] are equal and stay equal: units that start alike get equal "
                "gradients for ever, and the layer is worth one unit.")
    if start < 1e-9:
        return "The rows of W[1] start equal and part: something else makes their gradients differ."
    return (f"The rows of W[1] differ from the start: {number(start)} of their size at first, "
            f"{number(end)} at the end.")


REASONS = {
    "overflow": "its numbers overflowed at iteration {overflow}",
    "dead": "no gradient reaches its first layer: ‖dW[1]‖ is 0",
    "weak": "at its start only {ratio} of the error reached layer 1 (below {weak})",
    "strong": "at its start the error at layer 1 was {ratio} times the output's",
}


def course_words(c: Course) -> str:
    """Of one run: whether it learns, and why not."""
    values = {"overflow": c.overflow, "ratio": number(float(c.ratio[0])), "weak": number(WEAK)}
    reason = REASONS[c.reason].format(**values) if c.reason else ""
    cost = f"from {number(float(c.cost[0]))} to {number(float(c.cost[-1]))}"
    if c.reason == "overflow":
        return f"{c.name} diverges: {reason}."
    if not c.stuck:
        return f"{c.name} learns: its cost goes {cost}."
    why = f": {reason}" if reason else ", though the error reaches its first layer"
    limit = number(HALF * c.guess)
    return f"{c.name} is stuck{why}. Its cost goes {cost}; half of the best guess would be {limit}."


def race_words(courses: list[Course]) -> str:
    return " ".join(map(course_words, courses))
