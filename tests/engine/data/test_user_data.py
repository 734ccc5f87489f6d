"""Own data: columns become samples as they should, and what cannot be gets its sentence."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from engine.data.datasets import DATASETS, dataset
from engine.data.table_text import read_table
from engine.data.tables import MAX_NAME
from engine.data.user_data import Own, aimed_at, as_own, source_of, suggested, with_table
from engine.experiment.experiment import Experiment, stream
from engine.experiment.link import read, write
from engine.experiment.state import State, own_of
from tests.states import own_data

PETS = read_table("height,home,kind,age\n1,house,cat,0.1\n2,,dog,0.2\n,flat,cat,0.3\n4,flat,,1\n"
                  "7,house,dog,0.5\n")


def samples(own: Own, output: str = "sigmoid"):
    return dataset(own.source, output, np.random.default_rng(0))


def test_numbers_stay_and_words_become_one_row_each():
    own = Own(PETS, ("height", "home"), ("kind",))
    data = samples(own)
    assert data.inputs == ("height", "home = flat", "home = house")
    np.testing.assert_array_equal(data.x, [[1, 7], [0, 0], [1, 1]])


def test_rows_with_gaps_are_dropped_and_named():
    own = Own(PETS, ("height",), ("age",), "numbers")
    np.testing.assert_array_equal(samples(own, "identity").x, [[1, 2, 4, 7]])
    np.testing.assert_array_equal(samples(own, "identity").y, [[0.1, 0.2, 1, 0.5]])
    assert own.remarks == ["height has no value in row 3.", "1 row of 5 left out."]


def test_gaps_are_filled_with_the_mean_or_the_most_frequent_word_where_that_is_wished():
    own = Own(PETS, ("height", "home"), ("age",), "numbers", "fill")
    data = samples(own, "identity")
    np.testing.assert_array_equal(data.x[0], [1, 2, 3.5, 4, 7])
    np.testing.assert_array_equal(data.x[1:], [[0, 1, 1, 1, 0], [1, 0, 0, 0, 1]])
    assert own.remarks[-1].startswith("Missing inputs are filled")


def test_a_gap_in_huge_numbers_is_filled_with_a_number():
    table = read_table("x,y\n1.5e308,1\n,2\n1.1e308,3\n1.7e308,4\n")
    filled = samples(Own(table, ("x",), ("y",), "numbers", "fill"), "identity")
    np.testing.assert_allclose(filled.x[0, 1] / 1e308, 4.3 / 3, rtol=1e-15)


def test_a_row_without_a_target_is_dropped_even_when_gaps_are_filled():
    own = Own(PETS, ("height",), ("kind",), missing="fill")
    np.testing.assert_array_equal(samples(own).y, [[0, 1, 0, 1]])
    np.testing.assert_array_equal(samples(own).x, [[1, 2, 3.5, 7]])


def test_numbers_may_be_classes_in_their_order():
    table = read_table("x,y\n1,10\n2,9\n3,-1.5\n4,10\n")
    assert Own(table, ("x",), ("y",)).source.targets == ("-1.5", "9", "10")
    np.testing.assert_array_equal(samples(Own(table, ("x",), ("y",)), "softmax").y.argmax(0),
                                  [2, 1, 0, 2])


def test_targets_between_0_and_1_may_have_losses_that_need_that():
    assert Own(PETS, ("height",), ("age",), "numbers").source.kind == "unit"
    table = read_table("x,y,z\n1,0,0\n2,1,1.5\n")
    assert Own(table, ("x",), ("y", "z"), "numbers").source.kind == "numbers"
    np.testing.assert_array_equal(samples(Own(table, ("x",), ("y", "z"), "numbers"), "identity").y,
                                  [[0, 1], [0, 1.5]])


def test_a_constant_target_is_named():
    table = read_table("x,y\n1,3\n2,3\n")
    assert Own(table, ("x",), ("y",), "numbers").remarks == [
        "y is 3 in every row: there is nothing to learn."]
    assert Own(read_table("x,y\n1,3\n"), ("x",), ("y",), "numbers").remarks == []


WRONG = [
    ({"inputs": ()}, r"inputs must be one column or more \(got none\)"),
    ({"inputs": ("tail",)}, r"column must be one of height, .* \(got tail\)"),
    ({"targets": ()}, r"targets must be 1 to 20 columns \(got 0\)"),
    ({"targets": ("kind", "age")}, r"kind must be numbers \(got cat in row 1\)"),
    ({"targets": ("age",), "kind": "classes", "inputs": ("home", "home")},
     r"every column must be used once \(got home twice\)"),
    ({"targets": ("height",)}, r"every column must be used once \(got height twice\)"),
    ({"kind": "ranks"}, r"kind must be one of classes, numbers \(got ranks\)"),
    ({"missing": "guess"}, r"missing must be one of drop, fill \(got guess\)"),
    ({"kind": "numbers"}, r"kind must be numbers \(got cat in row 1\)"),
]


@pytest.mark.parametrize(("choice", "sentence"), WRONG)
def test_a_wrong_choice_of_columns_gets_its_sentence(choice, sentence):
    own = Own(PETS, ("height",), ("kind",))
    with pytest.raises(ValueError, match="^" + sentence):
        replace(own, **choice)


TABLES = [
    ("x,y\n1,a\n2,a\n", r"y must have 2 to 20 classes \(got 1\)"),
    ("x,y\n" + "".join(f"{i},c{i}\n" for i in range(21)), r"y must have 2 to 20 classes"),
    ("x,y\n1,\n,b\n", "the columns must have a row in which no value is missing"),
    ("x,y\n,a\n,b\n", "the columns must have a row"),
]


@pytest.mark.parametrize(("text", "sentence"), TABLES)
def test_a_table_that_says_nothing_gets_its_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        Own(read_table(text), ("x",), ("y",))


def test_an_empty_column_and_one_of_many_words_cannot_be_inputs():
    with pytest.raises(ValueError, match="x must have a value"):
        Own(read_table("x,y\n,a\n,b\n"), ("x",), ("y",), missing="fill")
    many = read_table("x,y\n" + "".join(f"w{i},{i % 2}\n" for i in range(21)))
    with pytest.raises(ValueError, match=r"x must have at most 20 different words .* \(got 21\)"):
        Own(many, ("x",), ("y",))


def test_one_hundred_inputs_are_the_most():
    names = [f"c{i}" for i in range(6)]
    rows = [",".join([f"w{i % 20}"] * 6 + [str(i % 2)]) for i in range(40)]
    table = read_table(",".join([*names, "y"]) + "\n" + "\n".join(rows))
    with pytest.raises(ValueError, match=r"inputs must be at most 100, .* \(got 120\)"):
        Own(table, tuple(names), ("y",))


def test_the_last_column_is_the_target_unless_wished_otherwise():
    own = suggested(read_table("name,x,z,kind\n" + "".join(
        f"n{i},{i},,{'ab'[i % 2]}\n" for i in range(30))))
    assert (own.inputs, own.targets, own.kind) == (("x",), ("kind",), "classes")
    assert suggested(read_table("x,y\n1,0.5\n2,0.7\n")).kind == "numbers"
    assert suggested(read_table("x,y\n1,0\n2,1\n3,1\n")).kind == "classes"
    assert suggested(read_table("z,x,id\n1,1,a\n1,1,b\n" + "".join(
        f"2,2,c{i}\n" for i in range(30)))).targets == ("x",)


def test_gaps_in_every_row_are_filled_rather_than_all_rows_dropped():
    assert suggested(read_table("x,z,y\n1,,a\n,2,b\n")).missing == "fill"


@given(own_data())
def test_own_data_is_a_source_like_all_others(own):
    source = source_of(own)
    x, y = source.make(np.random.default_rng(0), source.samples)
    assert x.shape == (len(source.inputs), source.samples)
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()
    if source.kind == "classes":
        assert set(y.tolist()) == set(range(len(source.targets)))
    else:
        assert y.shape == (len(source.targets), source.samples)


@pytest.mark.parametrize("name", DATASETS)
def test_a_table_of_our_data_is_the_same_data_to_the_last_bit(name):
    state = State(Experiment(data=name, loss="half_sum", output="identity"), seed=3)
    own = own_of(state)
    for output in ("identity", "softmax"):
        ours = dataset(DATASETS[name], output, stream(3, "data"), standardise=False)
        theirs = dataset(own.source, output, stream(3, "data"))
        assert (ours.x.tobytes(), ours.y.tobytes()) == (theirs.x.tobytes(), theirs.y.tobytes())
        assert ours.inputs == theirs.inputs
        assert ours.outputs == theirs.outputs or own.targets == ("class",)
        assert own.source.targets == DATASETS[name].targets


@given(own_data())
def test_any_samples_are_a_table_that_gives_them_back(own):
    x, y = own.source.make(np.random.default_rng(0), own.source.samples)
    again = as_own(own.source, x, y)
    x_again, y_again = again.source.make(np.random.default_rng(0), again.source.samples)
    assert x.tobytes() == x_again.tobytes()
    np.testing.assert_array_equal(y, y_again)


def test_a_table_of_our_data_travels_in_a_link_and_comes_back():
    for name in ("xor", "mazur", "geoj", "planar", "line"):
        own = own_of(State(Experiment(data=name, loss="half_sum", output="identity")))
        state = State(Experiment(data=own, loss="half_sum", output="identity"))
        assert read(write(state)) == (state, [])


MARKED = read_table("x,a,b,c\n1,0,1,0\n2,0,0,1\n3,0,1,0\n,9,9,9\n")


def test_a_column_of_0_and_1_for_each_class_is_classes_too():
    own = Own(MARKED, ("x",), ("a", "b", "c"))
    np.testing.assert_array_equal(samples(own, "softmax").y, [[0, 0, 0], [1, 0, 1], [0, 1, 0]])
    assert own.source.targets == ("a", "b", "c")


@pytest.mark.parametrize(("row", "got"), [
    ("0,0,0", "0, 0, 0"), ("1,1,0", "1, 1, 0"), ("0,0.5,0.5", "0, 0.5, 0.5"),
    ("1,1,-1", "1, 1, -1"),
])
def test_a_row_without_just_one_1_gets_its_sentence(row, got):
    table = read_table(f"x,a,b,c\n,1,0,0\n1,0,0,1\n2,{row}\n")
    with pytest.raises(ValueError, match=rf"^a, b, c must have one 1 .* \(got {got} in row 3\)"):
        Own(table, ("x",), ("a", "b", "c"))


def test_another_target_swaps_with_an_input_and_is_read_as_it_looks():
    own = Own(PETS, ("height", "home"), ("kind",), missing="fill")
    aimed = aimed_at(own, ("age",))
    assert (aimed.inputs, aimed.targets, aimed.kind) == (
        ("height", "home", "kind"), ("age",), "numbers")
    assert aimed_at(own, ("home",)).inputs == ("height", "kind")
    assert aimed_at(aimed, ("kind",)).kind == "classes"
    assert aimed_at(Own(MARKED, ("x",), ("a",), "numbers"), ("a", "b")).kind == "numbers"


def test_a_target_that_cannot_be_an_input_is_left_out():
    names = "".join(f"name {i},{i},{i % 2}\n" for i in range(40))
    own = Own(read_table("name,x,y\n" + names), ("x",), ("y",))
    for column in ("x", "y"):
        assert "name" not in aimed_at(own, (column,)).inputs
    with pytest.raises(ValueError, match="name must have 2 to 20 classes"):
        aimed_at(own, ("name",))
    many = read_table("x,name,y\n" + "".join(f"{i},{i / 7},{i % 2}\n" for i in range(40)))
    assert aimed_at(Own(many, ("x",), ("y",)), ("x",)).inputs == ("y",)


def test_another_table_keeps_the_choice_of_columns_and_the_title():
    own = Own(read_table("a,b,c\n1,2,x\n3,4,y\n", "pets.csv"), ("b",), ("c",))
    again = with_table(own, read_table("a,b,c\n9,8,x\n7,6,y\n"))
    assert (again.inputs, again.targets, again.title) == (("b",), ("c",), "pets.csv")
    with pytest.raises(ValueError, match="c must have 2 to 20 classes"):
        with_table(own, read_table("a,b,c\n9,8,x\n7,6,x\n"))


def test_every_input_knows_its_column():
    assert Own(PETS, ("home", "height"), ("kind",)).origins == ("home", "home", "height")


def test_a_long_text_is_no_name_of_a_class_or_of_an_input():
    long, short = "a" * (MAX_NAME + 1), "a" * MAX_NAME
    table = read_table(f"text,name,y\n{long},{short},1\nb,b,2\nc,c,1\n")
    assert suggested(table).inputs == ("name",)
    for inputs, targets in ((("text",), ("y",)), (("y",), ("text",))):
        with pytest.raises(ValueError, match=r"text must have words of at most 200 .*\(got 201\)"):
            Own(table, inputs, targets)


@pytest.mark.parametrize(("text", "sentence"), [
    ("a" * (MAX_NAME + 1) + ",b\n1,2\n", "the name of a column must have at most 200 characters "
     "(column 1 has 201)"),
    ("a\ud800,b\n1,2\n", "the name of a column must be of whole characters (got a?)"),
    ("a,b\n1,x\n2,y\udc00\n", "b must be text of whole characters (got y? in row 2)"),
])
def test_a_name_is_short_and_of_whole_characters(text, sentence):
    with pytest.raises(ValueError, match="characters") as error:
        read_table(text)
    assert str(error.value) == sentence
