"""The lessons: their order, what each part shows, and the numbers in their texts.

    lessons      all of them (figures/lessons/reader.py reads them from lessons/)
    moment_of    the state that a place shows: its own moment, or the last one before it
    completed    a link that says only lesson and part, with the network of that place
    filled       a text with the run's own numbers in the places of their names
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from engine.experiment import link, link_fields
from engine.experiment.state import Place, State
from engine.teaching import quotes
from engine.teaching.scratch import Address
from engine.training.run import Run
from figures.lessons.lesson import Lesson, Part, Text
from figures.lessons.reader import QUOTED, read_lesson
from figures.style import MINUS, number

FOLDER = Path(__file__).parent.parent.parent / "lessons"
FORMULA = re.compile(r"(\$[^$]+\$)")
POWER = re.compile(rf"({MINUS}?[0-9.]+)e({MINUS}?[0-9]+)")
PLAIN = re.compile(r"(z|a|delta|dW|db)\[(\d+)\]\[(\d+)(?:,\s*(\d+))?\]")
BACK = 2  # a question comes back so many lessons later


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons in order; from the third on they begin with a question from two before."""
    found = [read_lesson(file.read_text("utf-8"), file.name, k)[0]
             for k, file in enumerate(files(), 1)]
    return tuple(remembering(lesson, found[k - BACK] if k >= BACK else None)
                 for k, lesson in enumerate(found))


def files() -> list[Path]:
    return sorted(FOLDER.glob("[0-9]*_*.md"))


def remembering(lesson: Lesson, earlier: Lesson | None) -> Lesson:
    """The lesson with an earlier one's question in front."""
    again = next((q for q in earlier.questions if q.again), None) if earlier else None
    if not again:
        return lesson
    asked = Text(f"From lesson {earlier.number}, *{earlier.title}*:")
    first = Part("Do you remember?", None, (asked, again._replace(again=False)))
    return lesson._replace(parts=(first, *lesson.parts))


def fitted(place: Place) -> Place:
    """The nearest place that there is; none where no lesson was opened."""
    if not place.lesson:
        return Place()
    lesson = min(place.lesson, len(lessons()))
    return Place(lesson, min(max(1, place.part), len(lessons()[lesson - 1].parts)))


def part_at(place: Place) -> Part:
    return lessons()[place.lesson - 1].parts[place.part - 1]


def moment_of(place: Place) -> State:
    """What is shown at a place: the last moment up to it, or the lesson's first one."""
    parts = lessons()[place.lesson - 1].parts
    moments = [part.moment for part in parts if part.moment]
    so_far = [part.moment for part in parts[: place.part] if part.moment]
    chosen = so_far[-1] if so_far else moments[0] if moments else State()
    return replace(chosen, place=place)


def following(place: Place, step: int = 1) -> Place | None:
    """The part after this one, or before it; through all lessons."""
    every = [Place(l.number, k) for l in lessons() for k in range(1, len(l.parts) + 1)]
    k = every.index(place) + step
    return every[k] if 0 <= k < len(every) else None


def completed(query: Mapping[str, str]) -> dict[str, str]:
    """A link that names a place and no network has the network of that place."""
    if "lesson" not in query or query.keys() & link_fields.OF_A_RUN.keys():
        return dict(query)
    place = fitted(link.read(query)[0].place)
    return link.write(moment_of(place)) | dict(query) if place.lesson else dict(query)


def filled(text: str, run: Run, state: State) -> str:
    """A text with the numbers that it quotes. ValueError: a sentence."""
    parts = FORMULA.split(text)
    return "".join(QUOTED.sub(lambda found, p=part: put(found[1], run, state, p[:1] == "$"), part)
                   for part in parts)


def put(name: str, run: Run, state: State, in_formula: bool) -> str:
    """A number as it is written in a text or in a formula: with its power of ten written out."""
    name = name.strip()
    wrapped = name.startswith("(") and name.endswith(")")
    text = number(quotes.value(name, run, state))
    power = r"\1 \\cdot 10^{\2}" if in_formula else r"$\1 \\cdot 10^{\2}$"
    text = POWER.sub(power, text)
    return f"({text})" if wrapped and text.startswith(MINUS) else text


def address_of(name: str, state: State) -> Address | None:
    """Where a quoted number is, if it is one that can be predicted step by step."""
    if name.strip() == "C":
        return Address("C", state.experiment.L)
    match = PLAIN.fullmatch(name.strip())
    if not match:
        return None
    symbol, layer, row, column = match.groups()
    of_sample = symbol in ("z", "a", "delta")
    last = int(column) - 1 if column else max(0, state.cursor.sample) if of_sample else 0
    return Address(symbol, int(layer), int(row) - 1, last)
