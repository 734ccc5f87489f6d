"""What pages ask of a run, as functions of plain values: a worker can answer them as well.

Each takes the run first, as it is computed so far; nothing here knows of Streamlit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from math import isfinite
from typing import Any

from engine.depth.maps import Map, chart, gain_map, sigma_map
from engine.depth.race import Course, course
from engine.experiment.experiment import Experiment
from engine.experiment.state import Cursor, State, View
from engine.teaching.guesses import read
from engine.teaching.marking import RIGHT, mark
from engine.teaching.scratch import Address, address_problem, desk, moment
from engine.teaching.tasks import TASKS, Verdict
from engine.training.run import Run
from figures.exports.exports import EXPORTS, MARK, OF_ONE_SAMPLE, encoded
from figures.exports.run_table import run_pieces
from figures.journey import payload as journey
from figures.stage.marking import Answer, Predicted, told
from figures.stage.payload import Built, Cargo, message, words, words_cargo

PLAIN = View()
SHOWN = "shown"  # asked for when somebody wants to see


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


def words_as_cargo(e: Experiment, m: int, building: bool, told: tuple[int, ...]) -> Cargo:
    return words_cargo(words(e, m, building, told))


def stage(
    run: Run, cursor: Cursor, view: View, move: str, cargo: dict[str, str], built: Built | None,
    beside: bool, ahead: bool, predicted: Predicted | None,
) -> bytes:
    """What the stage plays around the cursor."""
    part, here = played(run, cursor, view)
    return message(part, here, move, cargo, built, beside=beside, ahead=ahead, predicted=predicted)


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
