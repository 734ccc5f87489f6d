"""Typed-in parameters: exact both ways; what is no table of numbers gets its sentence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.training.run import train
from engine.training.typed_weights import read, rounded, rows_of, with_rows, written

finite = st.floats(allow_nan=False, allow_infinity=False)
shapes = st.tuples(st.integers(1, 6), st.integers(2, 6))
E = Experiment(hidden=(Layer(3, "tanh"), Layer(2, "relu")))


@given(shapes.flatmap(lambda s: st.lists(
    st.lists(finite, min_size=s[1], max_size=s[1]), min_size=s[0], max_size=s[0])))
def test_rows_come_back_from_their_text_to_the_last_bit(rows):
    again = read(written(rows), len(rows), len(rows[0]))
    assert repr(again) == repr([[float(v) for v in row] for row in rows])


@pytest.mark.parametrize("text", [
    "1.5\t-2\n0\t3e-2", "1.5, -2\n0, 3e-2\n", "1.5 -2\n\n0 3e-2",
    "1,5;-2\n0;3e-2", "1,5\t-2\r\n0\t0,03",
])
def test_tabs_semicolons_commas_and_spaces_are_read(text):
    assert read(text, 2, 2) == [[1.5, -2.0], [0.0, 0.03]]


WRONG = [
    ("1 2\n3 x", "row 2, column 2 must be a finite number (got x)"),
    ("1 2\n3 inf", "row 2, column 2 must be a finite number (got inf)"),
    ("1\t2\n\t4", "row 2, column 1 must be a finite number (got nothing)"),
    ("1 2\n3 1_0", "row 2, column 2 must be a finite number (got 1_0)"),
    ("weight one\nof two", "row 1, column 1 must be a finite number (got weight)"),
    ("1 2", "the table must be 2 rows of 2 numbers (got 1 rows of 2)"),
    ("1 2 3\n4 5 6", "the table must be 2 rows of 2 numbers (got 2 rows of 3)"),
    ("1 2\n3", "the table must be 2 rows of 2 numbers (got 2 rows of 1 or 2)"),
    ("", "the table must be 2 rows of 2 numbers (got 0 rows of 0)"),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_what_is_no_table_of_numbers_gets_its_sentence(text, sentence):
    with pytest.raises(ValueError, match="must be") as error:
        read(text, 2, 2)
    assert str(error.value) == sentence


@settings(max_examples=200)
@given(st.text(max_size=40) | st.text("0123456789.,;- \t\n+e_٣x", max_size=40))
def test_any_text_is_a_table_or_gets_a_sentence(text):
    rows, sentence = None, ""
    try:
        rows = read(text, 2, 2)
    except ValueError as error:
        sentence = str(error)
    assert bool(rows) != (0 < len(sentence) < 300)
    assert not rows or np.isfinite(rows).all()


@pytest.mark.parametrize("l", [1, 2, 3])
def test_a_layers_rows_are_its_weights_with_the_bias_at_the_end(l):
    rows, network = np.array(rows_of(E, 5, l)), train(E, 5).network(0)
    np.testing.assert_array_equal(rows[:, :-1], network.W[l])
    np.testing.assert_array_equal(rows[:, -1:], network.b[l])


@pytest.mark.parametrize("l", [1, 2, 3])
def test_only_what_was_typed_changes(l):
    rows = rows_of(E, 5, l)
    rows[0][-1], rows[-1][0] = 0.25, -7.0
    typed = Experiment(hidden=E.hidden, parameters=with_rows(E, 5, l, rows))
    assert rows_of(typed, 5, l) == rows
    assert all(rows_of(typed, 5, k) == rows_of(E, 5, k) for k in {1, 2, 3} - {l})


def test_rounded_parameters_have_few_digits():
    assert rounded(E, 5, 2) == tuple(np.round(train(E, 5).network(0).flat, 2).tolist())
