"""What the tab keeps: every answer comes back, and whatever is in a browser breaks nothing."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.table_text import read_table
from engine.data.user_data import suggested
from engine.experiment.experiment import Experiment
from engine.experiment.state import Place, State
from engine.teaching.scratch import Address
from figures.lessons.kept import MAX_ANSWERS, MAX_LENGTH, MAX_PAST, NOTHING, Kept, read, written
from figures.lessons.lesson import Question
from figures.lessons.places import lessons
from figures.stage.marking import Answer

QUESTIONS = {(Place(lesson.number, p), k): block for lesson in lessons()
             for p, part in enumerate(lesson.parts, 1) for k, block in enumerate(part.blocks)
             if isinstance(block, Question)}
ANSWERS = {key: "0.25" if q.wanted else len(q.choices) - 1 for key, q in QUESTIONS.items()}
GUESS = Answer(3, Address("delta", 2, 0, 1), "number", "0,25", "right", "Right: 0.25.", 0.25)
SHOWN = Answer(3, Address("z", 1), "shown", "", "shown", "")
STAGE = {(Experiment(), 3): [GUESS, SHOWN], (Experiment(learning_rate=0.5), 0): [GUESS]}
PAST = [State(seed=1), State(Experiment(data="iris", loss="mse"), 2)]


def test_what_was_answered_and_can_be_undone_comes_back():
    kept = Kept(ANSWERS, STAGE, PAST)
    assert read(written(kept)) == kept
    assert (written(NOTHING), read("")) == ("", NOTHING)


def test_of_much_the_last_is_kept():
    many = {(Experiment(), seed): [GUESS] * 60 for seed in range(8)}
    found = read(written(Kept(ANSWERS, many, [State(seed=k) for k in range(50)])))
    assert sum(map(len, found.stage.values())) == MAX_ANSWERS
    assert [*found.stage] == [*many][-4:]
    assert [state.seed for state in found.past] == [*range(50)][-MAX_PAST:]
    assert found.lessons == ANSWERS


def test_what_would_be_too_long_is_the_answers_alone():
    long = GUESS._replace(told="x" * 1000)
    text = written(Kept(ANSWERS, {(Experiment(), 3): [long] * MAX_ANSWERS}, []))
    assert len(text) < MAX_LENGTH
    assert read(text) == Kept(ANSWERS, {}, [])


def test_data_that_a_link_only_names_cannot_be_gone_back_to():
    rows = "".join(f"{i},{i / 7},{'ab'[i % 2]}\n" for i in range(90))
    own = State(Experiment(data=suggested(read_table("height,mass,kind\n" + rows, "pets.csv"))))
    assert read(written(Kept({}, {}, [own, *PAST]))).past == PAST


KEY, Q = next((key, q) for key, q in QUESTIONS.items() if not q.wanted)
PLACE = [KEY[0].lesson, KEY[0].part, KEY[1]]


@pytest.mark.parametrize("entry", [
    [*PLACE, len(Q.choices)], [*PLACE, -1], [*PLACE, "0"], [*PLACE, True], [0, 0, 0, 0],
    [99, 1, 0, 0], [*PLACE[:2], 999, 0], PLACE, "x", None, [[], {}, None, 1], [1, 1, 10**30, 0]])
def test_an_answer_to_no_question_is_left_out(entry):
    assert read(json.dumps({"lessons": [entry, [*PLACE, 0]]})).lessons == {KEY: 0}


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5)
    | st.sampled_from(["\ud800", 10**400, "z", {"v": "1"}, {"seed": "x"}]),
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(
        st.sampled_from(["lessons", "stage", "past", "v"]), inner, max_size=3), max_leaves=30)


@settings(max_examples=150)
@given(st.text(max_size=30) | values.map(json.dumps))
def test_any_text_is_read_and_what_is_read_can_be_kept(text):
    found = read(text)
    assert read(written(found)) == found


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 6000, '{"lessons": ' * 2000, "\ud800"])
def test_a_hostile_text_is_nothing(text):
    assert read(text) == NOTHING
