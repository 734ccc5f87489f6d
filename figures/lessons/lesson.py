"""A lesson as data: its parts, and the blocks that a part is made of."""

from typing import NamedTuple

from engine.experiment.state import State


class Choice(NamedTuple):
    text: str
    says: str
    right: bool


class Question(NamedTuple):
    """With answers to choose from; or without: then `wanted` is the name of a number."""

    text: str
    choices: tuple[Choice, ...] = ()
    wanted: str = ""
    says: str = ""
    again: bool = False


class Text(NamedTuple):
    markdown: str


class Myth(NamedTuple):
    markdown: str


class Task(NamedTuple):
    name: str


class Opens(NamedTuple):
    page: str
    label: str


class Chart(NamedTuple):
    name: str


Block = Question | Text | Myth | Task | Opens | Chart


class Part(NamedTuple):
    """`moment` is None where it has no stage; `claims` are for tests only."""

    title: str
    moment: State | None = None
    blocks: tuple[Block, ...] = ()
    claims: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Question))


class Lesson(NamedTuple):
    number: int
    title: str
    able: str
    parts: tuple[Part, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for part in self.parts for question in part.questions)
