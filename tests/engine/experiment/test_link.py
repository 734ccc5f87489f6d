"""The link: exact for what is valid, total for what is not."""

import json
import re
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.table_text import read_table
from engine.data.user_data import Own, suggested
from engine.experiment.cures import Lab
from engine.experiment.experiment import Experiment, asdict_shallow
from engine.experiment.forms import MAX_LENGTH
from engine.experiment.layers import Layer
from engine.experiment.limits import problems
from engine.experiment.link import FRAME, MAX_SAID, VERSION, brief, named, needs, read, write
from engine.experiment.link_fields import FORMS
from engine.experiment.state import (
    MAX_PINNED,
    Cursor,
    Place,
    State,
    View,
    cursor_problems,
    place_problems,
    view_problems,
)
from tests.engine.experiment.test_link_size import pets
from tests.states import states


@given(states())
def test_a_state_comes_back_from_its_link_to_the_last_bit(state):
    again, sentences = read(write(state), named(state))
    assert sentences == []
    assert again == state
    assert repr(again) == repr(state)  # -0.0 and 0.0 are equal, but not the same


@given(states())
def test_a_link_is_plain_text_and_names_its_version(state):
    query = write(state)
    assert query["v"] == VERSION
    assert all(isinstance(text, str) for text in query.values())
    json.dumps(query)


def valid(state: State) -> bool:
    return not problems(asdict_shallow(state.experiment)) and not cursor_problems(
        state.cursor, state.experiment) and not view_problems(state.view) and not place_problems(
            state.place)


anything = st.text(max_size=40) | st.sampled_from(
    ["", "nan", "inf", "-inf", "1e999", "-1", "0", "9" * 400, "9999-9999", "4tanh-", "None",
     "9" * 11 + "tanh", "True", "١", "1_0", "0x10", "<b>", "z1", "all", "\x00", "1e-400", "1,2,,3",
     "b1,b1"])
keys = st.sampled_from([*FORMS, *FRAME, "v"]) | st.text(max_size=12)


@settings(max_examples=400)
@given(st.dictionaries(keys, anything, max_size=12))
def test_reading_never_raises_and_always_gives_a_valid_state(query):
    state, sentences = read(query)
    assert valid(state)
    assert all(isinstance(s, str) and s and len(s) < 400 for s in sentences)


@settings(max_examples=200)
@given(states(), keys, anything)
def test_one_wrong_value_leaves_a_valid_state(state, key, text):
    again, _ = read(write(state) | {key: text})
    assert valid(again)


@given(states())
def test_what_was_read_is_written_the_same(state):
    query = write(state)
    assert write(read(query, named(state))[0]) == query


@given(states())
def test_a_brief_link_is_never_longer_and_says_the_same(state):
    query = brief(state)
    assert query.items() <= write(state).items()
    assert read(query, named(state)) == (state, [])


def test_every_field_is_in_the_link():
    names = {f.name for cls in (Experiment, Cursor, Own, View, Place, Lab)
             for f in fields(cls)}
    assert set(FORMS) == names | {"seed", "title"}


def test_an_empty_link_is_the_first_state():
    assert read({}) == (State(), [])


BAD = [
    ("learning_rate", "0", "learning_rate must be above 0"),
    ("learning_rate", "-1", "learning_rate must be above 0"),
    ("learning_rate", "nan", "learning_rate must be above 0"),
    ("learning_rate", "inf", "learning_rate must be above 0"),
    ("learning_rate", "fast", "learning_rate must be a number (got fast)"),
    ("learning_rate", "1e10", "learning_rate must be above 0 and at most 1e+09"),
    ("hidden", "9999-9999", "hidden must be layers such as 4tanh-3relu or 64tanh*20 "
     "(got 9999-9999)"),
    ("hidden", "9999tanh", "width of a hidden layer must be a whole number from 1 to"),
    ("hidden", "-".join(["4tanh", "4relu"] * 51), "hidden must have at most 100 layers (got 102)"),
    ("hidden", "4tanh*101", "hidden must have at most 100 layers (got 101)"),
    ("hidden", "4tanh*99999999", "hidden must be layers such as 4tanh-3relu or 64tanh*20 (got 4"),
    ("hidden", "4tanh*0", "hidden must be layers such as 4tanh-3relu or 64tanh*20 (got 4tanh*0)"),
    ("hidden", "256tanh*100", "hidden must have at most 2,000,000 parameters in all layers"),
    ("hidden", "4cosine", "activation must be one of identity, sigmoid"),
    ("hidden", "0tanh", "width of a hidden layer must be a whole number from 1 to"),
    ("data", "mnist", "data must be one of xor"),
    ("output", "linear", "output must be one of identity, sigmoid"),
    ("output", "tanh", "output must be sigmoid for the loss bce"),
    ("loss", "hinge", "loss must be one of half_sum"),
    ("initializer", "magic", "initializer must be one of"),
    ("parameters", "1,2", "parameters must be 17 numbers for this network (got 2)"),
    ("parameters", ",".join(["nan"] * 17), "parameters must be finite numbers"),
    ("parameters", "1,x", "parameters must be numbers with commas"),
    ("frozen", "W9", "frozen must be among W1, b1, W2, b2 (got W9)"),
    ("iterations", "0", "iterations must be a whole number from 1 to"),
    ("iterations", "1e3", "iterations must be a whole number (got 1e3)"),
    ("fade", "both", "fade must be one of shown, last, layer, all (got both)"),
    ("presenter", "1", "presenter must be yes or no (got 1)"),
    ("detail", "", "detail must be one of words, numbers, algebra, matrices, all"),
    ("lesson", "two", "lesson must be a whole number (got two)"),
    ("part", "100", "part must be a whole number from 0 to 99 (got 100)"),
    ("seed", "seven", "seed must be a whole number (got seven)"),
    ("seed", "-1", "seed must be a whole number from 0 to"),
    ("iteration", "200", "iteration must be a whole number from 0 to 199 (got 200)"),
    ("iteration", "-1", "iteration must be a whole number from 0 to 199 (got -1)"),
    ("sample", "4", "sample must be a whole number from -1 to 3 (got 4)"),
    ("sample", "none", "sample must be a whole number or all (got none)"),
    ("step", "z3", "step must be one of z1, a1"),
    ("unit", "2.5", "unit must be a unit or a connection of this network (got 2.5)"),
    ("unit", "x", "unit must be numbers such as"),
    ("grain", "coarse", "grain must be one of formula, layer, phase (got coarse)"),
    ("v", "99", "v must be 1, the version of links here (got 99)"),
    ("colour", "red", "colour is not a part of a link"),
]


@pytest.mark.parametrize(("key", "text", "sentence"), BAD, ids=lambda value: value[:24])
def test_a_bad_value_gets_its_sentence_and_the_rest_is_kept(key, text, sentence):
    others = {"seed": "5", "learning_rate": "0.25", "step": "C", "grain": "layer"}
    others = {name: value for name, value in others.items() if name != key}
    state, sentences = read(others | {key: text})
    assert any(s.startswith(sentence) for s in sentences)
    kept = write(state)
    assert all(kept[name] == value for name, value in others.items())
    assert valid(state)


def test_a_long_value_is_quoted_short_and_not_looked_at():
    _, sentences = read({"hidden": "4tanh-" * MAX_LENGTH, "x" * 500: ""})
    assert all(len(sentence) < 120 for sentence in sentences)
    assert len(sentences) == 2


def test_the_parts_of_the_frame_pass_in_silence():
    assert read({"embed": "true", "embed_options": "dark_theme"}) == (State(), [])


def test_a_link_may_leave_the_choice_of_columns_to_us():
    state, sentences = read({"data": "own", "table": "x,y\n1,a\n2,b\n"})
    assert sentences == []
    assert state.experiment.data == suggested(read_table("x,y\n1,a\n2,b\n"))


OWN = [
    ({}, "table must be in a link whose data is own (got none)"),
    ({"table": "x,y"}, "a table must have a header and a row or more (got 1 lines)"),
    ({"table": "x,y\n1,a\n2,b\n", "inputs": "q", "targets": "y"}, "column must be one of x, y"),
    ({"table": "x,y\n1,a\n2,b\n", "kind": "ranks"}, "kind must be one of classes, numbers"),
    ({"table": "@0123456789.12", "title": "a.csv"}, "this link needs the file a.csv (12 rows, "),
    ({"parameters": "~AAAA"}, "parameters must be numbers with commas"),
    ({"parameters": "~" + "x" * 11}, "parameters must be"),
]


@pytest.mark.parametrize(("values", "sentence"), OWN, ids=lambda value: str(value)[:40])
def test_wrong_own_data_gets_its_sentence(values, sentence):
    state, sentences = read({"data": "own", "seed": "5"} | values)
    assert any(s.startswith(sentence) for s in sentences)
    assert (state.seed, state.experiment.data) == (5, "xor")


@given(states(), st.dictionaries(
    st.builds("with{}.{}".format, st.integers(0, 9), st.sampled_from([*FORMS, "with1.seed", "x"])),
    st.text(max_size=30) | st.sampled_from(["5~hidden~", "~", "1~loss~mse 0~loss~bce", "-1", "@"])))
def test_whatever_is_said_of_runs_beside_it_the_rest_of_the_link_remains(state, more):
    own = write(replace(state, pinned=()))
    found, _ = read(own | more, named(state))
    assert replace(found, pinned=()) == replace(state, pinned=())
    assert len(found.pinned) <= MAX_PINNED


@given(states())
def test_a_link_needs_the_tables_of_the_runs_beside_it_too(state):
    assert {need.fingerprint for need in needs(write(state))} == {*named(state)}


LONG = {"digits": "7." * 9000, "words": "W1," * 6000, "pairs": "gain~1~" * 2500, "letters":
        "x" * 19_000, "layers": "4" + "tanh" * 4000, "numbers": "0.5_" * 4000, "nested": "[" * 9000,
        "table": "a" * 150 + ",y\n1,2\n" + "b" * 300 + ",3", "one word": "1," + "z" * 500}
KEYS = [*FORMS, "v", "colour", "with1.unit", "with2.colour"]


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_no_sentence_quotes_more_than_80_characters_of_a_value(text):
    for key in KEYS:
        query = {"data": "own", "table": "x,y\n1,a\n2,b\n", key: text}
        for sentence in read(query)[1] + read(query, in_full=True)[1]:
            assert not any(text[i : i + 81] in sentence for i in range(200))
            assert len(sentence) < 500


def test_strange_parts_of_a_link_are_counted_not_listed():
    _, sentences = read({f"k{i}": "" for i in range(5000)})
    assert sentences == ["k0 and 4,999 more are not parts of a link"]


def test_a_link_is_answered_in_few_sentences():
    wrong = dict.fromkeys([name for name in FORMS if name != "data"], "?")
    _, sentences = read(wrong | {f"with{k}.{name}": "!" for k in (1, 2, 3) for name in wrong})
    assert len(sentences) == MAX_SAID + 1
    assert re.fullmatch(r"… and \d+ more", sentences[-1])


TWICE = [
    ({"frozen": "W1,W1"}, "frozen must name each parameter once (got W1 twice)"),
    ({"forks": "1~learning_rate~1.0~learning_rate~2.0"},
     "forks must change each thing once at an iteration (got learning_rate twice)"),
    ({"before": "gain~1.0~gain~2.0"}, "before must have each field once (got gain twice)"),
]


@pytest.mark.parametrize(("query", "sentence"), TWICE)
def test_what_stands_twice_is_refused_in_links_and_files(query, sentence):
    assert read(query) == read(query, in_full=True) == (State(), [sentence])


def test_a_link_that_lacks_its_table_asks_for_it_and_says_nothing_of_what_other_data_cannot_have():
    own = suggested(pets(300))
    e = Experiment(data=own, hidden=(Layer(3, "tanh"),), loss="bce", batch=32)
    wanted = State(e, cursor=Cursor(5, sample=30, unit=(0, 1)))
    query = write(wanted)
    _, sentences = read(query)
    assert sentences == [f"this link needs {needs(query)[0]}"]
    _, sentences = read(query | {"learning_rate": "-3", "batch": "many"})
    assert [sentence.split()[0] for sentence in sentences] == ["this", "batch", "learning_rate"]
    assert read(query, named(wanted)) == (wanted, [])


def test_runs_beside_it_stand_in_the_order_of_their_numbers_whatever_the_order_in_the_link():
    lines = {"with3.seed": "33", "with1.seed": "11", "with2.seed": "22"}
    for order in (lines, dict(reversed(lines.items())), dict(sorted(lines.items()))):
        found, sentences = read({"seed": "7"} | order)
        assert [run.seed for run in found.pinned] == [11, 22, 33]
        assert (found.seed, sentences) == (7, [])


def test_a_run_beside_it_is_the_own_run_but_for_what_the_link_says_of_it():
    found, _ = read({"seed": "7", "hidden": "3relu", "with1.hidden": "2tanh", "with2.seed": "8"})
    one, two = found.pinned
    assert (one.seed, one.experiment.hidden) == (7, (Layer(2, "tanh"),))
    assert (two.seed, two.experiment) == (8, found.experiment)
