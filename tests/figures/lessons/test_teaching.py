"""What teachers are told of the lessons is what is in them, and each link opens its lesson."""

import re

import pytest

from engine.experiment import link
from engine.training.run import train
from figures.lessons.places import completed, lessons
from figures.lessons.teaching import asked, minutes, needs, solved

RUNS = {}


def run_of(state):
    key = state.run
    if key not in RUNS:
        RUNS[key] = train(*key)
    return RUNS[key]


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_every_question_has_its_answer_and_no_number_is_left_out(lesson):
    found = list(solved(lesson, run_of))
    assert len(found) == len(lesson.questions)
    for one in found:
        assert one.answer
        assert one.why
        assert "{{" not in f"{one.text}{one.answer}{one.why}"


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_a_lesson_takes_5_to_10_minutes_and_has_questions_for_the_class(lesson):
    assert 5 <= minutes(lesson) <= 10
    assert len(re.findall(r"^- .+\?$", asked()[lesson.number], re.MULTILINE)) >= 2
    assert asked().keys() == {l.number for l in lessons()}


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_its_links_open_it_in_a_seat_and_in_a_room(lesson):
    query = {"lesson": str(lesson.number), "part": "1"}
    for more, presents in (({}, False), ({"presenter": "yes"}, True)):
        state, sentences = link.read(completed(query | more))
        assert (state.place.lesson, state.place.part) == (lesson.number, 1)
        assert state.view.presenter == presents
        assert not sentences


def test_what_a_lesson_needs_follows_from_its_file():
    first, *_, last = lessons()
    assert not [sentence for sentence in needs(first) if "taught" in sentence]
    assert f"What lesson {last.number - 1} taught." in needs(last)
    assert "two seconds" in " ".join(needs(lessons()[7]))
