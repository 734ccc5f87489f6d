"""What travels in a link in full, and what a link only names."""

import random
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from engine.data.table_text import read_table
from engine.data.tables import Table
from engine.data.user_data import suggested
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.link import named, needs, read, write
from engine.experiment.link_fields import MAX_NUMBERS, MAX_PARAMETERS
from engine.experiment.state import State


def pets(rows: int, title: str = "pets.csv") -> Table:
    lines = (f"{i / 7},{i},{'xy'[i % 2]}" for i in range(rows))
    return read_table("\n".join(["height,mass,kind", *lines]), title)


def test_a_small_table_travels_in_the_link_with_its_title():
    state = State(Experiment(data=suggested(pets(MAX_NUMBERS // 3))))
    again, sentences = read(write(state))
    assert (again, sentences, named(state)) == (state, [], {})
    assert again.experiment.data.table.title == "pets.csv"


def test_a_large_table_is_named_by_file_rows_and_fingerprint_and_taken_up_where_it_fits():
    table = pets(MAX_NUMBERS // 3 + 1)
    state = State(Experiment(data=suggested(table), hidden=(Layer(7, "relu"),)), 3)
    query = write(state)
    alone, sentences = read(query)
    assert alone == State(Experiment(hidden=(Layer(7, "relu"),)), 3)
    need, = needs(query)
    assert str(need) == f"the file pets.csv (67 rows, fingerprint {table.fingerprint})"
    assert sentences == [f"this link needs {need}"]
    assert needs(query, {table.fingerprint: table}) == []
    again, sentences = read(query, {table.fingerprint: pets(67, "renamed.csv")})
    assert (again, sentences) == (state, [])
    assert read(query, {pets(68).fingerprint: pets(68)})[0] == alone


def typed_in(count: int) -> State:
    """A network with this many typed-in parameters, each with all its digits."""
    draw, hidden = random.Random(1).gauss, (Layer(count // 4, "tanh"),)  # 3 in, 1 out, and 1 more
    return State(Experiment(hidden=hidden, parameters=tuple(draw(0, 1) for _ in range(count))))


def test_sixty_typed_parameters_fit_into_fifteen_hundred_characters():
    state = typed_in(61)
    assert read(write(state))[0] == state
    assert len("https://backstep.example.org/?" + urlencode(write(state))) <= 1500
    short = tuple(round(p, 2) for p in state.experiment.parameters)
    rounded = replace(state, experiment=replace(state.experiment, parameters=short))
    assert "_" in write(rounded)["parameters"]  # decimals, where these are shorter
    assert len(urlencode(write(rounded))) <= 800


def test_very_many_typed_parameters_are_named():
    e = Experiment(data="iris", hidden=(Layer(32, "tanh"), Layer(10, "tanh")), loss="mse",
                   parameters=(0.5,) * 523)
    assert len(e.parameters) > MAX_PARAMETERS
    query = write(State(e))
    need, = needs(query)
    assert str(need).startswith("523 typed-in parameters (fingerprint ")
    assert read(query)[0].experiment == replace(e, parameters=())
    assert read(query, named(State(e)))[0].experiment == e


def test_links_with_commas_between_parameters_are_read_as_before():
    query = write(State()) | {"parameters": ",".join(["0.5"] * 17)}
    assert read(query)[0].experiment.parameters == (0.5,) * 17


@pytest.mark.parametrize(("text", "layers"), [
    ("64tanh*20", [Layer(64, "tanh")] * 20),
    ("4tanh-4tanh-3relu", [Layer(4, "tanh")] * 2 + [Layer(3, "relu")]),  # as it was written before
    ("4leaky_relu:1e-05*3-2elu", [Layer(4, "leaky_relu", 1e-5)] * 3 + [Layer(2, "elu")]),
])
def test_equal_layers_in_a_row_may_be_written_once(text, layers):
    state, sentences = read({"hidden": text})
    assert (list(state.experiment.hidden), sentences) == (layers, [])
    assert read(write(state)) == (state, [])
    assert len(write(state)["hidden"]) <= len(text)
