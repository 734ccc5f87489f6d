"""What pages ask of a run, as functions of plain values: a worker can answer them as well.

Each takes the run first, as it is computed so far. `light` is what the web process has of a run
that lives in a worker: all but the parameters.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from engine.datasets import Dataset
from engine.depth_map import Map, chart, gain_map, sigma_map
from engine.desk import Address, address_problem, desk, moment
from engine.guesses import read
from engine.marking import RIGHT, mark
from engine.race import Course, course
from engine.spec import Cursor, Experiment, State, View
from engine.steps import Step
from engine.tasks import TASKS, Verdict
from engine.training import Run
from figures import journey
from figures.exports import EXPORTS, MARK, OF_ONE_SAMPLE, encoded
from figures.marking import Answer, Predicted, told
from figures.run_table import run_pieces
from figures.stage import Built, payload

Array = np.ndarray
PLAIN = View()
SHOWN = "shown"  # asked for when somebody wants to see


class Part(NamedTuple):
    """A part of a run without its parameters: how many forks were before it, and its blocks."""

    forks: int
    start: int
    stop: int
    stride: int
    shape: tuple[int, ...]


class Light(NamedTuple):
    """The parts of a run, the first one first."""

    parts: tuple[Part, ...]
    costs: Array
    overflow: Step | None


def light(run: Run) -> Light:
    parts, part = [], run
    while part is not None:
        shape = (0, *part.blocks.shape[1:])
        parts.append(Part(len(part.experiment.forks), part.start, part.stop, part.stride, shape))
        part = part.past
    return Light(tuple(reversed(parts)), run.costs, run.overflow)


def run_of(found: Light, e: Experiment, seed: int, data: Dataset) -> Run:
    """A run that knows all but its parameters."""
    run = None
    for forks, start, stop, stride, shape in found.parts:
        run = Run(before(e, forks), seed, data, np.empty(shape), stride, found.costs, None, stop,
                  start, run)
    return replace(run, overflow=found.overflow)


def before(e: Experiment, forks: int) -> Experiment:
    """The experiment as it was when it had so many forks."""
    while len(e.forks) > forks:
        e = e.past
    return e


def is_light(run: Run) -> bool:
    """Whether the parameters are elsewhere."""
    return not len(run.blocks)


def played(run: Run, cursor: Cursor, view: View = PLAIN) -> tuple[Run, State]:
    """The part of a run that the cursor is in, or the nearest one, and its state there."""
    t = min(cursor.iteration, run.last)
    part = run.at(t)
    here = replace(cursor, iteration=t).fitted(part.experiment)
    return part, State(part.experiment, run.seed, here, view=view)


def same(found: Any) -> Any:
    """What is shown as it is found."""
    return found


def map_of(e: Experiment, seed: int, kind: str) -> Iterator[Map]:
    return MAPS[kind](e, seed)


MAPS = {"sigma": sigma_map, "gain": gain_map, "chart": chart}


def stage(
    run: Run, cursor: Cursor, view: View, move: str, words: str, built: Built | None,
    beside: bool, predicted: Predicted | None,
) -> bytes:
    """What the stage plays around the cursor."""
    part, here = played(run, cursor, view)
    return payload(part, here, move, words, built, beside, predicted=predicted)


def travel(run: Run, others: tuple[Run, ...]) -> bytes:
    """What the journey needs of the runs."""
    return journey.payload(run, others)


def sample(run: Run, s: int) -> bytes:
    return journey.sample(run, s)


def at_moment(run: Run, others: tuple[Run, ...], t: int, s: int, turn: int) -> bytes:
    return journey.moment(run, t, s, turn, others)


def raced(run: Run, name: str) -> Course:
    return course(name, run)


def verdict(run: Run, task: str) -> Verdict:
    return TASKS[task].verdict(run)


FORMS = {entry.title: entry for entry in (*EXPORTS.values(), *OF_ONE_SAMPLE.values())}


def export(run: Run, state: State, title: str) -> bytes:
    return FORMS[title].contents(run, state)


def sizes(run: Run, state: State) -> dict[str, int]:
    """How large the file of each form will be, by its title."""
    return {title: form.bytes_of(run, state) for title, form in FORMS.items()}


def table(run: Run) -> bytes:
    return encoded(chain([MARK], run_pieces(run)))


def answer_to(
    run: Run, cursor: Cursor, asked: str, text: str, address: Any, earlier: Mapping[Address, float]
) -> Answer | None:
    """The answer to a guess; None where it is about nothing."""
    run, state = played(run, cursor)
    t, e, p = state.cursor.iteration, state.experiment, address_of(address)
    m = e.batch_size(t)
    if p is None or address_problem(p, e, m):
        return None
    if asked not in RIGHT or not isfinite(desk(moment(run, t)).at(p)):
        return Answer(t, p, SHOWN, "", SHOWN, "")
    try:
        guess = read(text)
    except ValueError as error:
        return Answer(t, p, asked, text, "unread", f"{str(error)[0].upper()}{str(error)[1:]}.")
    found = mark(run, t, p, guess, asked, earlier)
    return Answer(t, p, asked, text, found.kind, told(found, p, e, m), guess.value)


def address_of(words: Any) -> Address | None:
    """What a player sends: symbol, layer, row, column."""
    try:
        symbol, *numbers = words
        return Address(str(symbol), *map(int, numbers))
    except (TypeError, ValueError):
        return None
