"""Marking a prediction: is this number right, and if not, where does it come from?

    mark      the verdict on a guess at an address (engine/teaching/scratch.py) of an iteration
    blanks    the steps whose results are to be predicted

A number is right within the precision shown, which is 4 digits, or within its own if it has from 2
to 4. A wrong one is compared with what follows from the learner's own earlier answers, and with
what each named mistake gives (engine/teaching/mistakes.py). Where two mistakes give the same
number, the one that stands first in their table is named; none is named that would give the right
number.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from engine.experiment.experiment import Experiment
from engine.nn.steps import Step
from engine.teaching.guesses import Guess
from engine.teaching.mistakes import MISTAKES, values_of
from engine.teaching.scratch import Address, Desk, Moment, desk, first_steps, moment, redo
from engine.training.run import Run

Answers = Mapping[Address, float]
DIGITS = 4  # that are shown
FACTOR = 5.0  # an order of size is right up to this factor
DUST = 1e-12  # of the largest number of a matrix: what is smaller is rounding, and 0 is right, too


class Verdict(NamedTuple):
    """What is to be said of a guess.

    kind   right; rough: as far as one digit goes; mistake; carried: it follows from an earlier
           wrong answer; wrong
    """

    kind: str
    asked: str
    guess: float
    truth: float
    mistake: str = ""


def mark(
    run: Run, t: int, p: Address, guess: Guess, asked: str = "number",
    answers: Answers | None = None,
) -> Verdict:
    """The verdict on a guess at an address; `answers` are those given before, right or not.

    `asked` is what was asked for: the number, the order of its size, or the sign.
    """
    now = moment(run, t)
    d = desk(now)
    truth = 0.0 if guess.value == 0 and is_dust(d, p) else d.at(p)
    kind, name = "right" if RIGHT[asked](guess, truth) else "wrong", ""
    if kind == "wrong" and asked == "number":
        kind, name = explained(now, p, guess, truth, answers or {})
    return Verdict(kind, asked, guess.value, d.at(p), name)


def explained(
    now: Moment, p: Address, guess: Guess, truth: float, answers: Answers
) -> tuple[str, str]:
    """The kind of a number that is not right, and its mistake."""
    if follows(now, p, guess, truth, answers):
        return "carried", ""
    if name := mistaken(now, p, guess, truth):
        return "mistake", name
    return ("rough" if is_rough(guess, truth) else "wrong"), ""


def agree(guess: Guess, value: float) -> bool:
    """Whether a guess is this number within the precision shown, or within its own.

    What is computed by hand from four digits may be wrong by one in the fourth.
    """
    if guess.value == value:
        return True
    digits = min(guess.digits, DIGITS) if guess.digits >= 2 else DIGITS
    return abs(guess.value - value) <= unit(value, guess.value, digits)


def unit(value: float, guess: float, digits: int) -> float:
    """How far a guess may lie from a value: half a unit of its last digit; one, of the fourth."""
    size = max(abs(value), abs(guess))
    if not size:
        return 0.0
    last = 10.0 ** (np.floor(np.log10(size)) - digits + 1)
    return float(last * (1 if digits == DIGITS else 0.5) * (1 + 1e-9))


def is_rough(guess: Guess, value: float) -> bool:
    """One digit only, and that is right."""
    return guess.digits < 2 and abs(guess.value - value) <= unit(value, guess.value, 1)


def same_size(guess: float, value: float) -> bool:
    """Whether the order of size is right."""
    if not guess or not value:
        return guess == value
    return 1 / FACTOR <= abs(guess) / abs(value) <= FACTOR


def is_dust(d: Desk, p: Address) -> bool:
    """Whether a number is nothing beside the others of its matrix: what rounding left of a 0."""
    matrix = abs(d.layers[p.symbol][p.layer])
    return bool(matrix[p.row, p.column] < DUST * matrix.max())


RIGHT: dict[str, Callable[[Guess, float], bool]] = {
    "number": agree,
    "size": lambda guess, truth: same_size(guess.value, truth),
    "sign": lambda guess, truth: bool(np.sign(guess.value) == np.sign(truth)),
}


def mistaken(now: Moment, p: Address, guess: Guess, truth: float) -> str:
    """The first mistake that gives this number, and not the right one; "" if there is none."""
    for name in MISTAKES:
        values = [v for v in values_of(now, p, name) if not alike(v, truth)]
        if any(agree(guess, v) for v in values):
            return name
    return ""


def alike(value: float, truth: float) -> bool:
    """Whether two numbers are the same as they are shown."""
    return abs(value - truth) <= unit(value, truth, DIGITS)


def follows(now: Moment, p: Address, guess: Guess, truth: float, answers: Answers) -> bool:
    """Whether a guess follows from the learner's own earlier answers, though not from the truth.

    Either all that lies between was computed from them, or this step alone.
    """
    steps, between = now.experiment.steps, first_steps(now.experiment)
    before = {q: value for q, value in answers.items()
              if q.step in steps and steps.index(q.step) < steps.index(p.step)}
    ways = [carried(now, p, before, between), carried(now, p, before, [])] if before else []
    return any(agree(guess, value) and not alike(value, truth) for value in ways)


def carried(now: Moment, p: Address, answers: Answers, steps: list[Step]) -> float:
    """The number at an address when these answers stand in the place of the right ones.

    `steps` are those that are computed again on the way.
    """
    d = desk(now)
    for step in steps[: steps.index(p.step)] if p.step in steps else steps:
        redo(d, step)
        lay(d, {q: value for q, value in answers.items() if q.step == step})
    lay(d, answers)
    redo(d, p.step)
    return d.at(p)


def lay(d: Desk, answers: Answers) -> None:
    for q, value in answers.items():
        d.put(q, value)


BLANKS: dict[str, Callable[[Step], bool]] = {  # by the fade of a view; each rung has the last one's
    "shown": lambda step: False,
    "last": lambda step: step == Step("delta", 1),
    "layer": lambda step: step.layer == 1 and step.symbol != "C",
    "all": lambda step: True,
}


def blanks(e: Experiment, fade: str) -> list[Step]:
    """The steps whose results are to be predicted: the last δ is that of layer 1."""
    return [step for step in e.steps if BLANKS[fade](step)]
