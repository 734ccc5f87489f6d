"""The file: exact for what is valid; for all else a sentence, and nothing happens."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.own import suggested
from engine.savefile import MAX_BYTES, opened, saved
from engine.spec import MAX_HIDDEN, Experiment, State
from engine.tables import read_table
from tests.states import states

LARGE = State(Experiment(data=suggested(read_table(
    "a,b,<i>\n" + "".join(f"{i / 7},{i},{'xy'[i % 2]}\n" for i in range(3000)), "pets.csv"))))


@given(states())
def test_a_state_comes_back_from_its_file_to_the_last_bit(state):
    again, sentences = opened(saved(state))
    assert sentences == []
    assert repr(again) == repr(state)
    assert again == state


def test_large_data_and_its_title_are_in_the_file():
    again, sentences = opened(saved(LARGE))
    assert (again, sentences) == (LARGE, [])
    assert again.experiment.data.table.title == "pets.csv"


TEXT = saved(State())
WRONG = [
    (TEXT[:60], "the file must be whole JSON, as Backstep saves it (line "),
    ("", "the file must be whole JSON"),
    ("[1, 2]", "the file must be one that Backstep saved (got other JSON)"),
    ('{"cells": []}', "the file must be one that Backstep saved (got other JSON)"),
    (TEXT.replace('"backstep": 1', '"backstep": 2'), "backstep must be 1, the version of files"),
    (TEXT.replace('"backstep": 1', '"backstep": true'), "backstep must be 1, the version"),
    (TEXT.replace('"backstep": 1', '"backstep": NaN'), "the file must hold finite numbers (got N"),
    ('{"backstep": 1, "state": {"seed": 3}}', "state must be an object of texts"),
    ('{"backstep": 1, "state": {"hidden": 1000000000}}', "state must be an object of texts"),
    ('{"backstep": 1, "state": "iris"}', "state must be an object of texts"),
    ("[" * 100 + "]" * 100, "the file must be one that Backstep saved (got other JSON)"),
    ("[" * 100_000, "the file must be one that Backstep saved (got one with thousands"),
    ('{"backstep": 1, "state": ' + '{"a": ' * 100 + "1" + "}" * 101, "state must be an object of"),
    ("1" * (MAX_BYTES + 1), f"a file must have at most {MAX_BYTES} characters"),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG, ids=[s[:50] for _, s in WRONG])
def test_a_wrong_file_gets_its_sentence(text, sentence):
    with pytest.raises(ValueError, match=r"file|state|backstep") as error:
        opened(text)
    assert str(error.value).startswith(sentence)
    assert len(str(error.value)) < 300


def test_a_field_that_cannot_be_is_dropped_and_named():
    content = json.loads(TEXT)
    content["state"] |= {"hidden": "-".join(["4tanh", "3relu"] * 60), "seed": "7"}
    state, sentences = opened(json.dumps(content))
    assert state.seed == 7
    assert sentences == [f"hidden must have at most {MAX_HIDDEN} layers (got 120)"]


@settings(max_examples=200)
@given(st.text(max_size=40) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["backstep", "state", "v", "hidden"]), inner, max_size=3)).map(json.dumps))
def test_any_text_is_a_file_or_gets_a_sentence(text):
    state, sentence = None, ""
    try:
        state, _ = opened(text)
    except ValueError as error:
        sentence = str(error)
    assert bool(state) != (0 < len(sentence) < 300)
