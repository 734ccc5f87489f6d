"""What a teacher wants to know of a lesson: out of its own file and lessons/for_teachers.md.

    minutes   how long it takes: reading, a pause for each question, and more for a task
    needs     what must be there for it
    solved    its questions with their answers, the numbers put in by the engine
    asked     questions for the class

Minutes are an estimate: WORDS read aloud or quietly in a minute, and what a prediction and a task
take when people really think.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from engine.experiment.state import Place, State
from engine.teaching import quotes
from engine.teaching.tasks import TASKS
from engine.training.run import Run
from figures.lessons.lesson import Chart, Lesson, Myth, Question, Task, Text
from figures.lessons.places import FOLDER, filled, moment_of
from figures.style import number

WORDS, A_QUESTION, A_TASK = 140, 0.6, 2.0  # words a minute; minutes
RunOf = Callable[[State], Run]


class Solved(NamedTuple):
    """A question, where it is asked, its right answer, and why."""

    place: Place
    text: str
    answer: str
    why: str


def minutes(lesson: Lesson) -> int:
    blocks = [block for part in lesson.parts for block in part.blocks]
    words = sum(len(block.markdown.split()) for block in blocks if isinstance(block, Text | Myth))
    tasks = sum(isinstance(block, Task) for block in blocks)
    return round(words / WORDS + A_QUESTION * len(lesson.questions) + A_TASK * tasks)


def needs(lesson: Lesson) -> list[str]:
    """In sentences."""
    blocks = [block for part in lesson.parts for block in part.blocks]
    before = [f"What lesson {lesson.number - 1} taught."] if lesson.number > 1 else []
    again = [f"It begins with a question from lesson {lesson.number - 2}."] if (
        lesson.number > 2) else []
    chart = ["A measurement of about two seconds on the server, when somebody asks for it."
             for block in blocks if isinstance(block, Chart)]
    tasks = [f"For its task, the page {TASKS[block.name].page.capitalize()}."
             for block in blocks if isinstance(block, Task)]
    return [*before, *again, *chart, *tasks]


def myths(lesson: Lesson) -> list[str]:
    return [block.markdown for part in lesson.parts for block in part.blocks
            if isinstance(block, Myth)]


def tasks(lesson: Lesson) -> list[str]:
    return [TASKS[block.name].wish for part in lesson.parts for block in part.blocks
            if isinstance(block, Task)]


def solved(lesson: Lesson, run_of: RunOf) -> Iterator[Solved]:
    """Every question of a lesson with its answer; `run_of` gives the run of a state."""
    for k, part in enumerate(lesson.parts, 1):
        place = Place(lesson.number, k)
        moment = moment_of(place)
        run = run_of(moment)
        for question in part.questions:
            answer, why = right(question, run, moment)
            yield Solved(place, *(filled(text, run, moment)
                                  for text in (question.text, answer, why)))


def right(q: Question, run: Run, moment: State) -> tuple[str, str]:
    """The right answer and what is said of it."""
    if q.wanted:
        return number(quotes.value(q.wanted, run, moment)), q.says
    return next((choice.text, choice.says) for choice in q.choices if choice.right)


@cache
def asked() -> dict[int, str]:
    """Lesson -> questions for the class, as Markdown."""
    text = (FOLDER / "for_teachers.md").read_text("utf-8")
    _, *parts = re.split(r"^## (\d+)\n", text, flags=re.MULTILINE)
    return {int(k): body.strip() for k, body in zip(parts[::2], parts[1::2], strict=True)}
