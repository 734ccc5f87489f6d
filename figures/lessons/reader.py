"""The text of a lesson, read into parts; lessons/README.md says how it is written.

    read_lesson  a text -> a Lesson, and a sentence with file and line for each thing that is wrong

A part is a row of blocks: texts, questions, a task, a link, a chart. Any text is read to its end.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from engine.experiment import link
from engine.experiment.presets import PRESETS
from engine.experiment.state import State
from figures.lessons.lesson import (
    Block,
    Chart,
    Choice,
    Lesson,
    Myth,
    Opens,
    Part,
    Question,
    Task,
    Text,
)

QUOTED = re.compile(r"\{\{(.+?)\}\}")


class Line(NamedTuple):
    """A block of a text: where it begins, its mark, and what stands behind the mark."""

    number: int
    mark: str
    first: str
    rest: tuple[str, ...]


MARKS = ("# ", "## ", "?? ", "? ", "able:", "moment:", "myth:", "claim:", "task:", "open:",
         "chart:")


def lines(text: str) -> Iterator[Line]:
    """The blocks of a text: blank lines part them."""
    block: list[str] = []
    for k, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            block.append(line.rstrip())
        elif block:
            yield marked(k - len(block), block)
            block = []


def marked(number: int, block: list[str]) -> Line:
    mark = next((mark for mark in MARKS if block[0].startswith(mark)), "")
    return Line(number, mark, block[0][len(mark):].strip(), tuple(block[1:]))


class Reader:
    """What has been read of a lesson so far, and what was wrong with it."""

    def __init__(self, file: str) -> None:
        self.file, self.title, self.able = file, "", ""
        self.parts: list[Part] = []
        self.wrong: list[str] = []
        self.state = State()

    def say(self, line: int, sentence: str) -> None:
        self.wrong.append(f"{self.file}, line {line}: {sentence}")

    def change(self, line: Line, **fields: Any) -> None:
        """Another last part."""
        if self.parts:
            self.parts[-1] = self.parts[-1]._replace(**fields)
        else:
            self.say(line.number, 'a part must begin with "## " and its title before this')

    def add(self, line: Line, block: Block) -> None:
        self.change(line, blocks=(*(self.parts[-1].blocks if self.parts else ()), block))


def read_title(r: Reader, line: Line) -> None:
    r.title = line.first


def read_able(r: Reader, line: Line) -> None:
    r.able = " ".join((line.first, *line.rest))


def read_part(r: Reader, line: Line) -> None:
    r.parts.append(Part(line.first))


def read_moment(r: Reader, line: Line) -> None:
    base, words = begun(r, line)
    pairs = [word.partition("=") for word in words]
    for name, equals, _ in pairs:
        if not equals:
            r.say(line.number, f"a moment must be of fields such as step=z1 (got {name})")
    query = base | {name: text.replace(r"\n", "\n") for name, equals, text in pairs if equals}
    r.state, sentences = link.read(query)
    for sentence in sentences:
        r.say(line.number, sentence)
    r.change(line, moment=r.state)


def begun(r: Reader, line: Line) -> tuple[dict[str, str], list[str]]:
    """What a moment begins with, and the fields that it changes."""
    first, *words = line.first.split() or [""]
    if first == "same":
        return link.write(r.state), words
    if first.startswith("preset="):
        name = first.removeprefix("preset=")
        if name not in PRESETS:
            r.say(line.number, f"preset must be one of {', '.join(PRESETS)} (got {name})")
            return {}, words
        return link.write(PRESETS[name].state), words
    return {}, [first, *words] if first else []


def read_question(r: Reader, line: Line) -> None:
    again, entries = line.mark == "?? ", list(answers(line.rest))
    text = " ".join([line.first, *(text for mark, text, _ in entries if not mark)])
    found = [Choice(text, says, mark == "+") for mark, text, says in entries if mark in ("+", "-")]
    wanted = [(text, says) for mark, text, says in entries if mark == "="]
    name, says = wanted[0] if wanted else ("", "")
    question = Question(text, tuple(found), name, says, again)
    for sentence in problems(question):
        r.say(line.number, sentence)
    r.add(line, question)


def answers(rest: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """mark, text and what is said below it, of each answer; the question's own text has no mark."""
    found: list[list[str]] = []
    for text in rest:
        if text[:2] in ("+ ", "- ", "= "):
            found.append([text[0], text[2:].strip(), ""])
        elif found:
            found[-1][2] = f"{found[-1][2]} {text.strip()}".strip()
        else:
            yield "", text.strip(), ""
    yield from map(tuple, found)


def problems(q: Question) -> list[str]:
    """What a question must have."""
    right = sum(choice.right for choice in q.choices)
    found = []
    if q.wanted and q.choices:
        found.append('a question must have either answers or one "= number"')
    if not q.wanted and (right != 1 or len(q.choices) < 2):
        found.append(f'a question must have one right answer "+ " and wrong ones "- " '
                     f"(got {right} and {len(q.choices) - right})")
    says = [choice.says for choice in q.choices] + ([q.says] if q.wanted else [])
    if not all(says):
        found.append("each answer must have what is said of it on the lines below")
    if q.again and any(QUOTED.search(text) for text in (q.text, *says)):
        found.append("a question that is asked again must not quote a number")
    return found


def read_task(r: Reader, line: Line) -> None:
    r.add(line, Task(line.first))


def read_open(r: Reader, line: Line) -> None:
    page, _, label = line.first.partition(" ")
    if not label:
        r.say(line.number, f"open must be a page and a label (got {line.first or 'nothing'})")
    r.add(line, Opens(page, label.strip()))


def read_claim(r: Reader, line: Line) -> None:
    r.change(line, claims=(*(r.parts[-1].claims if r.parts else ()), line.first))


def read_myth(r: Reader, line: Line) -> None:
    r.add(line, Myth(" ".join((line.first, *line.rest))))


def read_chart(r: Reader, line: Line) -> None:
    r.add(line, Chart(line.first))


def read_text(r: Reader, line: Line) -> None:
    """Text that follows on text belongs to it."""
    text = "\n".join((line.first, *line.rest))
    blocks = r.parts[-1].blocks if r.parts else ()
    if blocks and isinstance(blocks[-1], Text):
        r.change(line, blocks=(*blocks[:-1], Text(f"{blocks[-1].markdown}\n\n{text}")))
    else:
        r.add(line, Text(text))


READ: dict[str, Callable[[Reader, Line], None]] = {
    "# ": read_title, "able:": read_able, "## ": read_part, "moment:": read_moment,
    "? ": read_question, "?? ": read_question, "task:": read_task, "open:": read_open,
    "claim:": read_claim, "myth:": read_myth, "chart:": read_chart, "": read_text,
}


def read_lesson(text: str, file: str, number: int = 0) -> tuple[Lesson, list[str]]:
    """The lesson in a text, as far as it can be read, and what is wrong with it."""
    r = Reader(file)
    for line in lines(text):
        READ[line.mark](r, line)
    for name in ("title", "able", "parts"):
        if not getattr(r, name):
            r.say(1, f"a lesson must have its {name} (got none)")
    return Lesson(number, r.title, r.able, tuple(r.parts)), r.wrong
