"""Every lesson is read: its formulas, numbers, links, questions, claims, and how easy it reads."""

import re
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import ALL, MAX_LESSON, MAX_PART, Cursor, Place, State
from engine.teaching import quotes
from engine.teaching.tasks import TASKS
from engine.training.run import Run, train
from figures.lessons.lesson import Chart, Lesson, Myth, Opens, Part, Question, Task, Text
from figures.lessons.places import (
    address_of,
    completed,
    files,
    filled,
    fitted,
    following,
    lessons,
    moment_of,
)
from figures.lessons.reader import read_lesson
from figures.stage.numbers import notice
from figures.stage.steps.formulas import math
from tests.reading import ease, mean_length, sentences
from ui.lessons.blocks import page_of
from ui.lessons.charts import CHARTS
from ui.lessons.questions import order

PLACES = [Place(l.number, k) for l in lessons() for k in range(1, len(l.parts) + 1)]
FORMULA = re.compile(r"\${1,2}([^$]+)\${1,2}")
TYPED = re.compile(r"(?<![\w\[{.])\d*\.\d*[1-9]\d{2,}")  # more digits than one types by heart
LONGEST, MEAN, EASE = 25, 16, 60
ids = lambda place: f"{place.lesson}.{place.part}"


def texts(part: Part) -> list[str]:
    """All that a part says."""
    found = [part.title]
    for block in part.blocks:
        if isinstance(block, Text | Myth):
            found.append(block.markdown)
        if isinstance(block, Question):
            found += [block.text, *(text for c in block.choices for text in (c.text, c.says))]
            found += [block.says] if block.wanted else []
    return found


def texts_of(lesson: Lesson) -> list[str]:
    return [lesson.able, *(text for part in lesson.parts for text in texts(part))]


def run_at(place: Place) -> tuple[Run, State]:
    moment = moment_of(place)
    if moment.run not in runs:
        runs[moment.run] = train(*moment.run)
    return runs[moment.run], moment


runs: dict = {}


def part_at(place: Place) -> Part:
    return lessons()[place.lesson - 1].parts[place.part - 1]


def blocks(kind: type) -> list:
    return [block for place in PLACES for block in part_at(place).blocks if isinstance(block, kind)]


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_every_file_is_read_without_a_complaint(file):
    assert read_lesson(file.read_text("utf-8"), file.name)[1] == []


def test_there_are_nine_lessons_in_the_order_of_their_numbers():
    assert [int(file.name.partition("_")[0]) for file in files()] == [*range(1, 10)]
    assert [lesson.number for lesson in lessons()] == [*range(1, 10)]


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_every_lesson_has_predictions_a_myth_a_task_a_summary_and_a_way_onward(lesson):
    own = [part for part in lesson.parts if part.title != "Do you remember?"]
    count = lambda kind: sum(isinstance(b, kind) for part in own for b in part.blocks)
    assert lesson.able.endswith(".")
    assert 3 <= count(Question) <= 6
    assert (count(Myth), count(Task)) == (1, 1)
    assert own[-1].title == "Summary"
    assert any(isinstance(block, Opens) for block in own[-1].blocks)
    assert own[0].moment, "the first screen shows a network"
    assert own[0].questions, "and asks for a prediction"


@pytest.mark.parametrize("lesson", lessons()[2:], ids=lambda lesson: lesson.title)
def test_a_lesson_begins_with_a_question_from_two_lessons_before(lesson):
    (asked,) = lesson.parts[0].questions
    earlier = lessons()[lesson.number - 3]
    assert [q for q in earlier.questions if q.again] == [asked._replace(again=True)]


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_every_number_in_a_text_is_computed_from_the_moment_of_its_part(place):
    for text in texts(part_at(place)):
        shown = filled(text, *run_at(place))
        assert "{{" not in shown
        assert "overflow" not in shown
        assert "nan" not in re.findall(r"\w+", shown)


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_no_number_of_a_network_is_typed_in(place):
    for text in texts(part_at(place)):
        assert not TYPED.findall(re.sub(r"\{\{.+?\}\}", "", text))


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_every_formula_renders_without_residue(place):
    for text in texts(part_at(place)):
        shown = filled(text, *run_at(place))
        assert shown.count("$") % 2 == 0
        for latex in FORMULA.findall(shown):
            words = re.sub(r"<[^>]*>", "", math(latex.strip()))
            assert "\\" not in words, latex
            assert "&" not in re.sub(r"&#?\w+;", "", words), latex
            assert not re.search(r"[{}]", words), latex


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_every_claim_is_true(place):
    for claim in part_at(place).claims:
        assert quotes.value(claim, *run_at(place)) is True or quotes.value(claim, *run_at(place))


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_no_notice_of_the_stage_gives_an_answer_away(place):
    assert not notice(run_at(place)[0])


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_every_question_has_one_right_answer_and_says_something_of_each(place):
    for q in part_at(place).questions:
        if q.wanted:
            run, moment = run_at(place)
            assert abs(quotes.value(q.wanted, run, moment)) < 1e6
            assert q.says
        else:
            assert [choice.right for choice in q.choices].count(True) == 1
            said = [choice.says for choice in q.choices]
            assert len({*said}) == len(said), "each answer has its own sentence"
            assert len({choice.text for choice in q.choices}) == len(q.choices)
            assert all(said)


def test_the_right_answer_does_not_always_stand_in_the_same_place():
    asked = [q for q in blocks(Question) if q.choices]
    places = [next(k for k, at in enumerate(order(q)) if q.choices[at].right) for q in asked]
    for k in range(3):
        assert places.count(k) > len(places) / 6


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_every_place_has_a_link_that_says_all_of_it(place):
    query = link.write(moment_of(place))
    assert link.read(query) == (moment_of(place), [])
    assert len(urlencode(query)) < 2000


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_lesson_and_part_alone_are_a_link_as_well(place):
    short = {"lesson": str(place.lesson), "part": str(place.part)}
    assert link.read(completed(short)) == (moment_of(place), [])


def test_a_link_with_a_network_of_its_own_is_left_alone():
    query = link.write(State(seed=3, place=Place(2, 1)))
    assert completed(query) == query
    assert completed({}) == {}
    assert completed({"lesson": "x"}) == {"lesson": "x"}


def test_every_page_task_and_chart_that_is_named_is_there():
    for block in blocks(Opens):
        assert page_of(block.page)
    for block in blocks(Task):
        assert page_of(TASKS[block.name].page)
    assert {block.name for block in blocks(Task)} == TASKS.keys()
    assert {block.name for block in blocks(Chart)} == CHARTS.keys()


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_every_lesson_is_written_in_short_and_easy_sentences(lesson):
    found = texts_of(lesson)
    long = [" ".join(s) for text in found for s in sentences(text) if len(s) > LONGEST]
    assert not long
    assert mean_length(found) <= MEAN
    assert ease(found) >= EASE


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_a_lesson_takes_five_to_ten_minutes(lesson):
    """At 130 words a minute, and half a minute for each prediction; the task takes longer."""
    words = sum(len(s) for text in texts_of(lesson) for s in sentences(text))
    assert 4 <= words / 130 + len(lesson.questions) / 2 <= 10


# ── Places ──
@given(st.builds(Place, st.integers(0, MAX_LESSON), st.integers(0, MAX_PART)))
def test_any_place_has_a_nearest_one_that_is_there(place):
    there = fitted(place)
    assert there == Place() if not place.lesson else there in PLACES
    assert fitted(there) == there


def test_the_way_leads_through_all_parts_and_back():
    assert [following(place) for place in PLACES] == [*PLACES[1:], None]
    assert [following(place, -1) for place in PLACES] == [None, *PLACES[:-1]]


def test_a_number_is_put_into_text_and_formula_as_each_writes_it():
    e = Experiment(data="and", hidden=(), parameters=(-2e-7, 1.0, 0.0))
    run, state = train(e, 0), State(e)
    assert filled("w is {{W[1][1,1]}}.", run, state) == r"w is $−2 \cdot 10^{−7}$."
    assert filled("$ {{(W[1][1,1])}} x$", run, state) == r"$ (−2 \cdot 10^{−7}) x$"
    assert filled("{{(W[1][1,2])}}", run, state) == "1"


def test_a_number_that_can_be_marked_has_an_address():
    state = State(Experiment(hidden=(Layer(3, "relu"),)), cursor=Cursor(sample=2))
    assert address_of("delta[1][3]", state) == ("delta", 1, 2, 2)
    assert address_of("delta[1][3,1]", state) == ("delta", 1, 2, 0)
    assert address_of("dW[2][1,3]", state) == ("dW", 2, 0, 2)
    assert address_of("db[1][3]", state) == ("db", 1, 2, 0)
    assert address_of("C", state) == ("C", 2, 0, 0)
    assert address_of("2 * C", state) is None
    assert address_of("W[1][1,1] @ 1", State(cursor=Cursor(sample=ALL))) is None
