"""Numbers by their names: the run's own, and a sentence for what is no number."""

from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.experiment.state import ALL, Cursor, State
from engine.teaching.quotes import FUNCTIONS, NAMES, value
from engine.training.run import train
from figures.lessons.examples import computed

MAZUR = PRESETS["mazur"].state
RUN = train(MAZUR.experiment, 0)
XOR = State(cursor=Cursor(sample=2))
XOR_RUN = train(XOR.experiment, 0)


@pytest.mark.parametrize("number", PRESETS["mazur"].published, ids=lambda n: n.text)
def test_published_numbers_are_found_under_their_names(number):
    one, two = number.row + 1, number.column + 1
    place = {"C": "", "W": f"[{number.layer}][{one},{two}]", "dW": f"[{number.layer}][{one},{two}]"}
    name = f"{number.symbol}{place.get(number.symbol, f'[{number.layer}][{one}]')}"
    assert value(f"{name} @ {number.iteration}", RUN, MAZUR) == computed(number, RUN)


def test_units_and_samples_count_from_1_and_the_moment_has_a_sample():
    now = XOR_RUN.trace(0)
    assert value("z[1][4]", XOR_RUN, XOR) == now.z[1][3, 2]
    assert value("z[1][4,1]", XOR_RUN, XOR) == now.z[1][3, 0]
    assert value("x[2]", XOR_RUN, XOR) == now.a[0][1, 2]
    assert value("y[1]", XOR_RUN, XOR) == now.y[0, 2]
    assert value("loss", XOR_RUN, XOR) == now.losses[2]
    assert value("losses[4]", XOR_RUN, XOR) == now.losses[3]
    assert value("W[1][4,2]", XOR_RUN, XOR) == XOR_RUN.network(0).W[1][3, 1]
    assert value("db[1][4]", XOR_RUN, XOR) == now.db[1][3, 0]


def test_a_slope_is_that_of_the_activation_at_its_z():
    assert value("slope[1][2]", XOR_RUN, XOR) == pytest.approx(
        1 - np.tanh(value("z[1][2]", XOR_RUN, XOR)) ** 2)


def test_an_iteration_is_looked_up_where_it_stands():
    assert value("C @ 10", XOR_RUN, XOR) == XOR_RUN.costs[10]
    assert value("C @ 10 - C", XOR_RUN, XOR) == XOR_RUN.costs[10] - XOR_RUN.costs[0]
    later = State(cursor=Cursor(iteration=10))
    assert value("C", XOR_RUN, later) == XOR_RUN.costs[10]


def test_counts_and_rates():
    e = Experiment(data="circles", hidden=(Layer(3, "relu"),), batch=30, learning_rate=0.25)
    run, state = train(e, 0), State(e, cursor=Cursor(iteration=3))
    found = {name: value(name, run, state) for name in ("m", "samples", "N", "L", "eta")}
    assert found == {"m": 10, "samples": 100, "N": 13, "L": 2, "eta": 0.25}


def test_sizes_of_matrices_are_over_all_their_numbers():
    now = XOR_RUN.trace(0)
    assert value("norm(dW[1])", XOR_RUN, XOR) == pytest.approx(np.linalg.norm(now.dW[1]))
    assert value("rms(delta[1])", XOR_RUN, XOR) == pytest.approx(np.sqrt((now.delta[1]**2).mean()))


def test_a_claim_is_true_or_false():
    assert value("C @ 50 < C and 1 < 2 < 3", XOR_RUN, XOR)
    assert not value("C @ 50 >= C", XOR_RUN, XOR)
    assert not value("1 < 2 < 2", XOR_RUN, XOR)
    assert value("1 == 2 or 1 != 2", XOR_RUN, XOR)


@pytest.mark.parametrize("name", [
    "", "z", "z[1]", "z[9][1]", "z[1][0]", "z[1][9]", "W[1][1]", "C @ 200", "C @ -1", "C @ 0.5",
    "nothing", "'x'", "1 / 0", "__import__('os')", "C.real", "(lambda: 1)()", "a b", "z[1][1][1]",
    "abs(C, C)", "slope[1][1.5]", "[1]", "True and", "open", "min()", "9" * 5000,
])
def test_what_is_no_number_is_said(name):
    with pytest.raises(ValueError, match="is no number of this network"):
        value(name, XOR_RUN, XOR)


def test_a_number_of_a_sample_needs_one():
    every = State(cursor=Cursor(sample=ALL))
    for name in ("z[1][1]", "loss"):
        with pytest.raises(ValueError, match="is no number"):
            value(name, XOR_RUN, every)
    assert value("z[1][1,3]", XOR_RUN, every) == value("z[1][1]", XOR_RUN, XOR)


parts = [*NAMES, *FUNCTIONS, "[", "]", "(", ")", "[1]", "[2][1]", ",", "1", "0.5", "@ 3", "+", "-",
         "*", "/", "<", "==", " and ", "not ", "'", ".", ":", "lambda", "\n", "\x00", "**", "ẑ"]


@given(st.lists(st.sampled_from(parts), max_size=10).map("".join) | st.text(max_size=20))
def test_any_text_is_a_number_or_a_sentence(text):
    with suppress_sentence():
        assert isinstance(value(text, XOR_RUN, XOR), float | bool | np.bool_)


@contextmanager
def suppress_sentence():
    """Lets a ValueError pass that is a sentence of ours, and nothing else."""
    try:
        yield
    except ValueError as error:
        if "is no number of this network" not in str(error):
            raise
