"""Each mistake gives the number of its own formula, written here a second time."""

from dataclasses import replace

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.activation_functions import sigmoid
from engine.teaching.guesses import Guess
from engine.teaching.marking import agree, mark
from engine.teaching.miscalculations import MOST
from engine.teaching.mistakes import MISTAKES, values_of
from engine.teaching.scratch import Address, desk, moment
from engine.training.run import train
from tests.engine.teaching.test_marking import (
    DEEP,
    MANY,
    MEAN,
    NORMED,
    PLAIN,
    SQUARE,
    WORDY,
    Hand,
    T,
    places,
    run_of,
)

WIDE = Experiment(data="geoj", hidden=(Layer(4, "tanh"),), output="identity", loss="mse",
                  iterations=3, initializer="normal", learning_rate=0.01)  # widths 2, 4, 3
BATCH = Experiment(data="iris", size=30, batch=5, hidden=(Layer(4, "tanh"), Layer(2, "relu")),
                   output="softmax", loss="cross_entropy", iterations=4)


def values(e: Experiment, mistake: str, *place) -> list[float]:
    return values_of(moment(train(e, 2), 1), Address(*place), mistake)


@pytest.mark.parametrize("place", [("C", 2, 0, 0), ("delta", 2, 1, 0)])
def test_a_sum_over_outputs_is_as_many_times_the_mean_as_there_are_outputs(place):
    truth = desk(moment(train(WIDE, 2), 1)).at(Address(*place))
    assert values(WIDE, "outputs_summed", *place) == pytest.approx([3 * truth])


@pytest.mark.parametrize("place", [("delta", 1, 0, 0), ("z", 2, 0, 0), ("dW", 2, 0, 0)])
def test_only_at_the_output_a_mean_over_outputs_can_be_forgotten(place):
    assert values(WIDE, "outputs_summed", *place) == []


def test_where_there_is_one_output_its_sum_is_its_mean():
    one = Experiment(data="hmkcode", output="identity", loss="mse", iterations=3)
    assert values(one, "outputs_summed", "C", 2, 0, 0) == []


def test_what_one_sample_adds_is_listed_sample_by_sample_and_makes_the_mean():
    now = train(BATCH, 2).trace(1)
    for place, truth in ((("dW", 2, 1, 3), now.dW[2][1, 3]), (("db", 3, 2, 0), now.db[3][2, 0]),
                         (("C", 3, 0, 0), now.C)):
        found = values(BATCH, "one_sample", *place)
        assert len(found) == 5
        assert np.mean(found) == pytest.approx(truth)


def test_an_error_of_one_sample_is_one_of_the_units_own():
    now = train(BATCH, 2).trace(1)
    np.testing.assert_allclose(values(BATCH, "delta_itself", "dW", 2, 1, 3), now.delta[2][1])


def test_of_many_samples_none_is_singled_out():
    many = Experiment(data="moons", size=MOST + 1, hidden=(Layer(2, "tanh"),), iterations=3)
    most = Experiment(data="moons", size=MOST, hidden=(Layer(2, "tanh"),), iterations=3)
    for mistake in ("delta_itself", "one_sample"):
        assert values(many, mistake, "dW", 1, 0, 0) == []
        assert len(values(most, mistake, "dW", 1, 0, 0)) == MOST


def test_a_mistake_is_looked_for_only_where_it_can_be_made():
    run = moment(train(BATCH, 2), 1)
    for mistake in MISTAKES.values():
        for step in BATCH.steps:
            if step.symbol not in mistake.symbols:
                assert values_of(run, Address(step.symbol, step.layer), mistake.name) == []


eta = lambda h: h.e.learning_rate
g = lambda h: {"W": h.t.dW, "b": h.t.db}[h.p.symbol][h.l][h.at]
old = lambda h: {"W": h.net.W, "b": h.net.b}[h.p.symbol][h.l][h.at]
back = lambda h, W: ((W @ h.t.delta[h.l + 1]) * h.slope())[h.at]
error_times = lambda h, a: (h.t.delta[h.l] @ a.T / h.m)[h.at]

BY_HAND = [  # mistake, symbol, network, where, formula
    ("slope_forgotten", "delta", PLAIN, lambda h: h.l < h.L, lambda h: h.arrives[h.at]),
    ("slope_forgotten", "delta", WORDY, lambda h: h.l == 1, lambda h: h.arrives[h.at]),
    ("slope_forgotten", "delta", SQUARE, lambda h: True, lambda h: h.arrives[h.at]),
    ("target_first", "delta", WORDY, lambda h: h.l == h.L, lambda h: (h.y - h.t.a[h.L])[h.at]),
    ("target_first", "delta", PLAIN, lambda h: h.l == h.L, lambda h: (h.y - h.t.a[h.L])[h.at]),
    ("transposed", "delta", WORDY, lambda h: h.l == 1, lambda h: back(h, h.W[2])),
    ("transposed", "delta", SQUARE, lambda h: h.l == 2, lambda h: back(h, h.W[3])),
    ("transposed", "z", WORDY, lambda h: h.l == 3,
     lambda h: (h.W[3].T @ h.t.a[2] + h.net.b[3])[h.at]),
    ("new_weights", "delta", PLAIN, lambda h: h.l < h.L, lambda h: back(h, h.new.W[h.l + 1].T)),
    ("new_weights", "delta", WORDY, lambda h: h.l == 1, lambda h: back(h, h.new.W[2].T)),
    ("bias_forgotten", "z", PLAIN, lambda h: True, lambda h: (h.W[h.l] @ h.t.a[h.l - 1])[h.at]),
    ("bias_forgotten", "z", WORDY, lambda h: True, lambda h: (h.W[h.l] @ h.t.a[h.l - 1])[h.at]),
    ("z_for_a", "dW", PLAIN, lambda h: h.l > 1, lambda h: error_times(h, h.t.z[h.l - 1])),
    ("z_for_a", "dW", WORDY, lambda h: h.l > 1, lambda h: error_times(h, h.t.z[h.l - 1])),
    ("z_for_a", "a", WORDY, lambda h: True, lambda h: h.t.z[h.l][h.at]),
    ("z_for_a", "z", PLAIN, lambda h: h.l > 1,
     lambda h: (h.W[h.l] @ h.t.z[h.l - 1] + h.net.b[h.l])[h.at]),
    ("z_for_a", "delta", PLAIN, lambda h: h.l == h.L, lambda h: (h.t.z[h.L] - h.y)[h.at]),
    ("sum_for_mean", "dW", PLAIN, lambda h: True,
     lambda h: (h.t.delta[h.l] @ h.t.a[h.l - 1].T)[h.at]),
    ("sum_for_mean", "dW", WORDY, lambda h: True,
     lambda h: (h.t.delta[h.l] @ h.t.a[h.l - 1].T)[h.at]),
    ("sum_for_mean", "db", WORDY, lambda h: True, lambda h: h.t.delta[h.l][h.p.row].sum()),
    ("sum_for_mean", "C", PLAIN, lambda h: True,
     lambda h: -(h.y * np.log(h.t.a[h.L]) + (1 - h.y) * np.log(1 - h.t.a[h.L])).sum()),
    ("delta_itself", "dW", WORDY, lambda h: True, lambda h: h.t.delta[h.l][h.p.row, 0]),
    ("delta_itself", "dW", SQUARE, lambda h: True, lambda h: h.t.delta[h.l][h.p.row, 0]),
    ("a_forgotten", "dW", WORDY, lambda h: True, lambda h: h.t.delta[h.l][h.p.row].mean()),
    ("a_forgotten", "dW", PLAIN, lambda h: True, lambda h: h.t.delta[h.l][h.p.row].mean()),
    ("added", "W", WORDY, lambda h: True, lambda h: old(h) + eta(h) * g(h)),
    ("added", "b", SQUARE, lambda h: True, lambda h: old(h) + eta(h) * g(h)),
    ("rate_forgotten", "W", SQUARE, lambda h: True, lambda h: old(h) - g(h)),
    ("rate_forgotten", "b", WORDY, lambda h: True, lambda h: old(h) - g(h)),
    ("unchanged", "W", PLAIN, lambda h: True, old),
    ("step_alone", "W", SQUARE, lambda h: True, lambda h: -eta(h) * g(h)),
    ("gradient_alone", "W", SQUARE, lambda h: True, g),
    ("skip_forgotten", "a", DEEP, lambda h: h.l in (2, 3), lambda h: 0.5 * np.tanh(
        h.t.z[h.l])[h.at]),
    ("skip_forgotten", "delta", DEEP, lambda h: h.l == 1, lambda h: back(h, h.W[2].T)),
    ("spread_kept", "n", NORMED, lambda h: True,
     lambda h: (h.t.u[h.l] - h.t.u[h.l].mean(1, keepdims=True))[h.at]),
    ("mean_kept", "n", NORMED, lambda h: True,
     lambda h: (h.t.u[h.l] / np.sqrt(h.t.u[h.l].var(1, keepdims=True) + 1e-5))[h.at]),
    ("delta_for_du", "du", NORMED, lambda h: True, lambda h: h.t.delta[h.l][h.at]),
    ("delta_for_du", "dW", NORMED, lambda h: h.l < h.L,
     lambda h: error_times(h, h.t.a[h.l - 1])),
    ("factor_of_square", "delta", MEAN, lambda h: h.l == h.L,
     lambda h: ((h.t.a[h.L] - h.y) / 2)[h.at]),
    ("factor_of_square", "C", SQUARE, lambda h: True,
     lambda h: ((h.t.a[h.L] - h.y)**2).sum(0).mean()),
    ("factor_of_square", "delta", SQUARE, lambda h: h.l == h.L, lambda h: 2 * h.truth),
    ("z_for_a", "C", MANY, lambda h: True,
     lambda h: ((h.t.z[h.L] - h.y)**2).sum(0).mean() / 2),
    ("step_alone", "W", WORDY, lambda h: True, lambda h: eta(h) * g(h)),
    ("outputs_summed", "C", MEAN, lambda h: True,
     lambda h: ((h.t.a[h.L] - h.y)**2).sum(0).mean()),
    ("slope_twice", "delta", PLAIN, lambda h: h.l == h.L,
     lambda h: ((h.t.a[h.L] - h.y) * h.slope())[h.at]),
    ("opposite", "z", PLAIN, lambda h: True, lambda h: -h.t.z[h.l][h.at]),
    ("opposite", "dW", WORDY, lambda h: True, lambda h: -h.t.dW[h.l][h.at]),
    ("one_path", "delta", PLAIN, lambda h: h.l == 1,
     lambda h: h.W[2][0, h.p.row] * h.t.delta[2][0, h.p.column] * h.slope()[h.at]),
    ("one_path", "delta", WORDY, lambda h: h.l == 1,
     lambda h: h.W[2][1, h.p.row] * h.t.delta[2][1, h.p.column] * h.slope()[h.at]),
    ("one_sample", "dW", WORDY, lambda h: True,
     lambda h: h.t.delta[h.l][h.p.row, 0] * h.t.a[h.l - 1][h.p.column, 0]),
    ("one_sample", "C", PLAIN, lambda h: True, lambda h: h.t.losses[1]),
    ("slope_at_a", "delta", PLAIN, lambda h: h.l == 2,
     lambda h: (h.arrives * h.slope(sigmoid(h.t.z[2])))[h.at]),
    ("slope_at_a", "delta", SQUARE, lambda h: h.l == 2,
     lambda h: (h.arrives * h.slope(np.tanh(h.t.z[2])))[h.at]),
]


def differs(value: float, truth: float) -> bool:
    return abs(value - truth) > 2e-3 * max(abs(value), abs(truth))


@pytest.mark.parametrize(("mistake", "symbol", "e", "where", "formula"), BY_HAND)
def test_a_mistake_is_recognised_by_the_number_that_it_gives(mistake, symbol, e, where, formula):
    found = []
    for p in places(e, symbol):
        hand = Hand(e, p)
        value = float(formula(hand)) if where(hand) else 0.0
        if not value or not differs(value, hand.truth):
            continue
        verdict = mark(run_of(e), T, p, Guess(value))
        assert verdict.kind == "mistake"
        assert any(agree(Guess(value), v)
                   for v in values_of(moment(run_of(e), T), p, verdict.mistake))
        found.append(verdict.mistake)
    assert mistake in found
    assert found.count(mistake) >= 0.5 * len(found)  # here and there others give the same


def test_every_mistake_is_held_against_its_formula():
    assert {row[0] for row in BY_HAND} == {*MISTAKES}


def test_one_of_the_samples_is_only_looked_for_where_there_are_a_few():
    sizes = {1: SQUARE, 8: WORDY, MOST + 1: replace(WORDY, batch=MOST + 1, size=75)}
    for m, e in sizes.items():
        found = values_of(moment(run_of(e), T), Address("dW", 1), "one_sample")
        assert len(found) == (m if 1 < m <= MOST else 0)


def test_the_likelier_of_two_mistakes_that_give_the_same_number_is_named():
    one = Experiment(data="mazur", hidden=(Layer(2, "sigmoid"),), output="sigmoid",
                     loss="half_sum", iterations=3)
    delta = train(one, 0).trace(T).delta[1][0, 0]
    verdict = mark(train(one, 0), T, Address("dW", 1, 0, 0), Guess(delta))
    assert (verdict.kind, verdict.mistake) == ("mistake", "delta_itself")
