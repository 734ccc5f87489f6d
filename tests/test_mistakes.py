"""Mistakes: the number of outputs, of samples and of products is that of the place itself."""

import numpy as np
import pytest

from engine.desk import Address, desk, moment
from engine.mistakes import MISTAKES, MOST, values_of
from engine.spec import Experiment, Layer
from engine.training import train

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
