"""What the page of the data shows is what the network is shown."""

import numpy as np
import pytest

from engine.data.datasets import DATASETS
from engine.data.table_text import read_table
from engine.data.user_data import Own, suggested
from engine.experiment.experiment import Experiment, suited
from engine.experiment.state import State
from engine.training.start import loaded
from figures.samples import (
    described,
    inputs_table,
    is_scaled,
    kept_where,
    samples_table,
    targets_table,
)

PETS = Own(read_table("height,home,kind\n1,house,cat\n2,flat,dog\n6,flat,cat\n"),
           ("height", "home"), ("kind",))


def tables(own: Own, **fields):
    data = loaded(Experiment(**suited(own) | fields), 0)
    source = own.source
    parts = inputs_table(data, own), targets_table(data, source), samples_table(data, source)
    return [dict(part) for part in parts]


def test_every_input_names_its_column_its_scale_and_its_range():
    inputs, *_ = tables(PETS, standardise=True)
    assert inputs["input"] == ["height", "home = flat", "home = house"]
    assert inputs["from column"] == ["height", "home", "home"]
    assert inputs["mean"] == ["3", "0.6667", "0.3333"]
    assert inputs["standard deviation"] == ["2.160", "0.4714", "0.4714"]
    assert inputs["greatest x"] == ["1.389", "0.7071", "1.414"]


def test_what_is_not_scaled_has_no_scale():
    inputs, *_ = tables(PETS)
    assert inputs.keys() == {"input", "from column", "least x", "greatest x"}
    assert inputs["greatest x"] == ["6", "1", "1"]
    assert not is_scaled(loaded(Experiment(), 0))


def test_classes_are_counted_and_those_held_back_too():
    assert tables(PETS)[1] == {"class": ["cat", "dog"], "samples": ["2", "1"]}
    _, targets, _ = tables(PETS, split=0.4)
    counts = np.array([targets["samples"], targets["test samples"]], int)
    assert counts.sum() == 3
    assert counts.sum(1).tolist() == [2, 1]


@pytest.mark.parametrize("name", ["iris", "geoj", "xor"])
def test_each_class_is_counted_as_often_as_it_is_there(name):
    e = Experiment(data=name, loss="half_sum", output="softmax")
    columns = dict(targets_table(loaded(e, 0), DATASETS[name]))
    counts = {"iris": ["50"] * 3, "geoj": ["0", "0", "1"], "xor": ["2", "2"]}
    assert columns["samples"] == counts[name]


def test_targets_that_are_numbers_have_a_range():
    own = Own(PETS.table, ("home",), ("height",), "numbers")
    assert tables(own)[1] == {
        "target": ["height"], "least": ["1"], "mean": ["3"], "greatest": ["6"]}


def test_the_first_samples_are_those_that_the_network_is_shown():
    assert tables(PETS)[2] == {
        "sample": ["1", "2", "3"], "height": ["1", "2", "6"], "home = flat": ["0", "1", "1"],
        "home = house": ["1", "0", "0"], "class": ["cat", "dog", "cat"]}
    numbers = Own(PETS.table, ("home",), ("height",), "numbers")
    assert tables(numbers)[2]["height"] == ["1", "2", "6"]


def test_two_columns_of_one_name_are_two_columns():
    own = Own(read_table("sample,class\n1,a\n2,b\n"), ("sample",), ("class",))
    data = loaded(Experiment(**suited(own)), 0)
    assert [name for name, _ in samples_table(data, own.source)] == ["sample", "sample", "class"]


def test_a_sentence_counts_what_there_is():
    own = Own(PETS.table, ("height",), ("kind",))
    data = loaded(Experiment(**suited(own), split=0.4), 0)
    assert described(own.source, data) == (
        "your own data: 3 samples with 1 input and 2 classes; 1 of them is held back for the test.")


def test_a_page_says_whether_the_link_holds_the_data():
    rows = "".join(f"{i},{i % 2}\n" for i in range(101))
    small, large = PETS, suggested(read_table(f"a,b\n{rows}"))
    assert "names this data set" in kept_where(State())
    assert "travels in the link" in kept_where(State(Experiment(**suited(small))))
    sentence = kept_where(State(Experiment(**suited(large))))
    assert "at most 200 numbers" in sentence
    assert "101 rows" in sentence
    assert large.table.fingerprint in sentence
