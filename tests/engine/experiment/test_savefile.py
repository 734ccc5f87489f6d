"""The file: exact for what is valid; for all else a sentence, and nothing happens."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.table_text import read_table
from engine.data.tables import MAX_NAME
from engine.data.user_data import suggested
from engine.experiment import link, link_fields
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.limits import MAX_HIDDEN
from engine.experiment.savefile import MAX_BYTES, MAX_PARTS, opened, saved, too_large
from engine.experiment.state import State
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
    ("1" * (MAX_BYTES + 1), f"a file must have at most {MAX_BYTES:,} characters"),
    ("[" + "[]," * MAX_PARTS + "1]", "the file must be one that Backstep saved (got one with thou"),
    ('{"backstep": 1, "state": {' + '"k": "", ' * MAX_PARTS + '"v": "1"}}',
     "the file must be one that Backstep saved (got one with thousands of parts)"),
    ('{"backstep": ' + "7" * 5000 + "}",
     "the file must have whole numbers of at most 40 digits (got 5,000)"),
    ('"' + '\\"' * 100_000, "the file must be whole JSON"),
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


HALF = "\ud800"
TABLE = "a,b,c\n1,x,2\n2,y,3\n"
HALVES = {
    "data": {"data": HALF}, "title": {"data": "own", "table": TABLE, "title": HALF},
    "column": {"data": "own", "table": TABLE.replace("a", HALF)},
    "word": {"data": "own", "table": TABLE.replace("x", f"x{HALF}")},
    "key": {HALF: "1"}, "key of a run beside it": {f"with1.{HALF}": "1"},
    "title of a run beside it": {"with1.title": HALF, "with1.seed": "2"},
}


def is_sound(state: State) -> None:
    """Its link and its file can be written, sent and read again."""
    query = link.write(state)
    assert all(f"{name}{text}".encode() for name, text in query.items())
    assert link.read(query, link.named(state)) == (state, [])
    assert opened(saved(state)) == (state, [])


@pytest.mark.parametrize("content", HALVES.values(), ids=HALVES)
def test_half_of_a_character_is_refused_in_a_sentence_that_can_be_sent(content):
    state, sentences = opened(json.dumps({"backstep": 1, "state": content | {"seed": "7"}}))
    is_sound(state)
    assert state.seed == 7
    assert len(sentences) == 1
    assert sentences[0].encode()


strange = st.text(st.characters(exclude_categories=[]) | st.sampled_from("\0\u202e\ud800\udfff"),
                  max_size=30)
tables = st.builds("{},{}\n{},{}\n{},2\n".format, strange, strange, strange, strange, strange)
values = strange | tables | st.sampled_from(
    ["own", "1", "W1,W1", "1~loss~mse~loss~mse", "norm~none~norm~none", "9" * 5000, "[" * 3000,
     "1e308", "-0.0", "@0123456789.12", "x"])
names = st.sampled_from([*link_fields.FORMS, "v"])
names |= st.builds("with{}.{}".format, st.integers(0, 4), names) | strange
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | strange | st.integers(-10**4000, 10**4000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strange, inner, max_size=3))
own = st.builds(lambda more, table: more | {"data": "own", "table": table},
                st.dictionaries(names, values, max_size=5), tables)
contents = st.fixed_dictionaries({"backstep": st.just(1) | anything}, optional={
    "state": own | st.dictionaries(names, values, max_size=9) | anything, "more": anything})


@settings(max_examples=150)
@given(contents | anything)
def test_any_json_gives_a_sentence_or_a_state_whose_link_comes_back(content):
    try:
        state, sentences = opened(json.dumps(content))
    except ValueError as error:
        state, sentences = State(), [str(error)]
    is_sound(state)
    assert all(0 < len(sentence.encode()) < 700 for sentence in sentences)
    assert len(sentences) <= link.MAX_SAID + 1


@pytest.mark.parametrize("depth", [10, 900, 10**6])
def test_nesting_ends_in_a_sentence(depth):
    text = '{"backstep": 1, "state": ' + "[" * depth + "]" * depth + "}"
    with pytest.raises(ValueError, match=r"^(state must be an object|the file must be one that)"):
        opened(text)


WIDE = State(Experiment(hidden=(Layer(64, "tanh"),) * 3, parameters=(1 / 3,) * 8577))


def test_what_is_saved_can_be_opened_or_is_too_large_to_be_saved(monkeypatch):
    assert (too_large(State()), too_large(LARGE), too_large(WIDE)) == ("", "", "")
    assert opened(saved(WIDE)) == (WIDE, [])
    monkeypatch.setattr("engine.experiment.savefile.MAX_BYTES", 90_000)
    assert re.fullmatch(r"a file must have at most \d+ MB \(got 0\.1 MB\)", too_large(WIDE))
    with pytest.raises(ValueError, match="a file must have at most"):
        opened(saved(WIDE))
    monkeypatch.setattr("engine.experiment.savefile.MAX_BYTES", 95_000)
    assert too_large(WIDE) == ""
    assert opened(saved(WIDE)) == (WIDE, [])


def test_a_table_that_would_not_be_read_again_is_not_saved(monkeypatch):
    """Few characters in a spreadsheet's file, and many when they are written out."""
    table = read_table("x,y\n" + "1e9,1\n" * 500 + "2,0\n")
    state = State(Experiment(data=suggested(table)))
    monkeypatch.setattr("engine.experiment.savefile.OF_A_TABLE", 6_000)
    monkeypatch.setattr("engine.experiment.savefile.MAX_BYTES", 40_000)
    assert too_large(state) == "a table must have at most 6,000 characters (got 6,508)"


def test_a_name_in_a_file_is_no_longer_than_a_name_may_be():
    content = {"data": "own", "table": TABLE, "title": "t" * (MAX_NAME + 1)}
    _, sentences = opened(json.dumps({"backstep": 1, "state": content}))
    assert sentences == [f"title must be a name of at most 200 characters (got {'t' * 37}...)"]
