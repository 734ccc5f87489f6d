"""What a visitor's tab keeps of a session, as one text, and back: the browser's half of
ui/lessons/keep.py.

    {"lessons": [[lesson, part, block, answer], ...],      answers to the lessons' questions
     "stage": [[link, [[iteration, address, ...], ...]], ...],      of each run those on the stage
     "past": [link, ...]}      what can be undone, the last at the end

`read` is total: the text was in a browser, where anybody can write into it. What is not there any
more, such as a question of an older version, is left out; so is what a link can only name.
"""

import json
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, NamedTuple

from engine.data.tables import is_whole
from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.state import Place, State
from engine.teaching.scratch import Address
from figures.lessons.lesson import Question
from figures.lessons.places import fitted, part_at
from figures.stage.marking import Answer

MAX_LENGTH = 200_000  # characters
MAX_ANSWERS = 200  # on the stage
MAX_PAST = 10  # states
MAX_WORDS = 1000  # characters of a text in an answer
Key = tuple[Place, int]
Run = tuple[Experiment, int]


class Kept(NamedTuple):
    lessons: dict[Key, Any]
    stage: dict[Run, list[Answer]]
    past: list[State]


NOTHING = Kept({}, {}, [])


def written(kept: Kept) -> str:
    """The text; "" for nothing, and where it would be too long."""
    if kept == NOTHING:
        return ""
    text = json.dumps({
        "lessons": [[*place_of(key), what] for key, what in kept.lessons.items()],
        "stage": stage_of(kept.stage),
        "past": [*map(link.write, kept.past[-MAX_PAST:])],
    }, ensure_ascii=False)
    return text if len(text) <= MAX_LENGTH else written(kept._replace(stage={}, past=[]))


def place_of(key: Key) -> tuple[int, int, int]:
    place, k = key
    return place.lesson, place.part, k


def stage_of(stage: Mapping[Run, list[Answer]]) -> list:
    """The last answers; each run with its link."""
    found, room = [], MAX_ANSWERS
    for (e, seed), answers in reversed(stage.items()):
        some = answers[-room:] if room else []
        listed = [[a.iteration, [*a.address], *a[2:]] for a in some]
        found.append([link.write(State(e, seed)), listed])
        room -= len(some)
    return [entry for entry in reversed(found) if entry[1]]


def read(text: str) -> Kept:
    """What is right in a text."""
    content = parsed(text)
    listed = lambda name: content[name] if isinstance(content.get(name), list) else []
    lessons = dict(filter(None, map(lesson_answer, listed("lessons"))))
    stage = dict(filter(None, map(stage_answers, listed("stage")[:MAX_ANSWERS])))
    past = [state for query in listed("past")[-MAX_PAST:] if (state := state_of(query))]
    return Kept(lessons, stage, past)


def parsed(text: str) -> dict:
    try:
        content = json.loads(text) if len(text) <= MAX_LENGTH and is_whole(text) else {}
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def lesson_answer(entry: Any) -> tuple[Key, Any] | None:
    """An answer to a question that is there."""
    if not isinstance(entry, list) or len(entry) != 4 or not are_whole(entry[:3]):
        return None
    place, k, what = Place(*entry[:2]), entry[2], entry[3]
    if not place.lesson or fitted(place) != place:
        return None
    blocks = part_at(place).blocks
    q = blocks[k] if 0 <= k < len(blocks) else None
    return ((place, k), what) if isinstance(q, Question) and answers(q, what) else None


def answers(q: Question, what: Any) -> bool:
    if q.wanted:
        return is_text(what)
    return are_whole([what]) and 0 <= what < len(q.choices)


def are_whole(values: Iterable[Any]) -> bool:
    return all(type(value) is int and abs(value) < 10**9 for value in values)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_WORDS and is_whole(value)


def stage_answers(entry: Any) -> tuple[Run, list[Answer]] | None:
    """The answers in a run."""
    if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[1], list):
        return None
    state, found = state_of(entry[0]), [*filter(None, map(answer, entry[1][:MAX_ANSWERS]))]
    return ((state.experiment, state.seed), found) if state and found else None


def state_of(query: Any) -> State | None:
    """The state of a link that is whole."""
    if not isinstance(query, dict) or not all(isinstance(v, str) for v in query.values()):
        return None
    state, sentences = link.read(query)
    return None if sentences else state


def answer(entry: Any) -> Answer | None:
    """iteration, address, asked, text, kind, what was said, and the value or nothing."""
    if not isinstance(entry, list) or len(entry) != len(Answer._fields):
        return None
    t, address, *words, value = entry
    number = value is None or (isinstance(value, float) and isfinite(value))
    if not (are_whole([t]) and all(map(is_text, words)) and number and is_address(address)):
        return None
    return Answer(t, Address(*address), *words, value)


def is_address(words: Any) -> bool:
    return isinstance(words, list) and len(words) == len(Address._fields) and (
        is_text(words[0]) and are_whole(words[1:]))
