"""The link: exact for what is valid, total for what is not."""

import json
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.link import FORMS, FRAME, MAX_LENGTH, VERSION, read, write
from engine.spec import Cursor, Experiment, State, asdict_shallow, cursor_problems, problems
from tests.states import states


@given(states())
def test_a_state_comes_back_from_its_link_to_the_last_bit(state):
    again, sentences = read(write(state))
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
        state.cursor, state.experiment)


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
    assert write(read(query)[0]) == query


def test_every_field_is_in_the_link():
    names = {f.name for cls in (Experiment, Cursor) for f in fields(cls)} | {"seed"}
    assert set(FORMS) == names


def test_an_empty_link_is_the_first_state():
    assert read({}) == (State(), [])


BAD = [
    ("learning_rate", "0", "learning_rate must be above 0"),
    ("learning_rate", "-1", "learning_rate must be above 0"),
    ("learning_rate", "nan", "learning_rate must be above 0"),
    ("learning_rate", "inf", "learning_rate must be above 0"),
    ("learning_rate", "fast", "learning_rate must be a number (got fast)"),
    ("learning_rate", "1e10", "learning_rate must be above 0 and at most 1e+09"),
    ("hidden", "9999-9999", "hidden must be layers such as 4tanh-3relu (got 9999-9999)"),
    ("hidden", "9999tanh", "width of a hidden layer must be a whole number from 1 to"),
    ("hidden", "-".join(["4tanh"] * 9), "hidden must have at most"),
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
