"""What a worksheet asks: its numbers are those of a network with exactly the numbers that it gives.
"""

from dataclasses import replace

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.limits import MAX_SEED
from engine.experiment.presets import PRESETS
from engine.nn.backprop import trace
from engine.teaching.homework import DECIMALS, MOST, homework, problem
from engine.training.run import train

IRIS = PRESETS["iris"].state.experiment
CASES = [Experiment(), IRIS, Experiment(data="moons", hidden=(Layer(3, "relu"), Layer(2, "tanh"))),
         Experiment(frozen=("W1", "b2"))]


@pytest.mark.parametrize("e", CASES)
@pytest.mark.parametrize("decimals", DECIMALS)
def test_every_given_number_has_so_few_decimals(e, decimals):
    task = homework(e, 5, 1, decimals)
    for given in (task.x, task.y, task.network.flat):
        np.testing.assert_array_equal(given, given.round(decimals))
    assert not np.signbit(task.network.flat[task.network.flat == 0]).any()


@pytest.mark.parametrize("e", CASES)
def test_the_gradient_is_the_slope_of_the_cost_and_the_update_goes_against_it(e):
    task, h = homework(e, 2, 0, 2), 1e-6
    W, b = task.network.W[1], task.network.b[1]

    def cost(change):
        flat = task.network.flat.copy()
        flat[:W.size] += change
        return trace(task.network.at(flat), task.x, task.y).C

    for k in range(W.size):
        bump = np.eye(W.size)[k] * h
        slope = (cost(bump) - cost(-bump)) / (2 * h)
        assert task.trace.dW[1].ravel()[k] == pytest.approx(slope, abs=1e-6)
    moved = 0 if "W1" in e.frozen else task.eta
    np.testing.assert_allclose(task.after.W[1], W - moved * task.trace.dW[1])
    np.testing.assert_allclose(task.after.b[1], b - task.eta * task.trace.db[1])


def test_a_run_of_one_sample_with_the_same_numbers_takes_the_same_step():
    one = Experiment(batch=1, iterations=4)
    for sample in range(4):
        task = homework(one, 3, sample, 1)
        run = train(replace(one, parameters=tuple(task.network.flat.tolist())), 3)
        if np.array_equal(run.samples(0)[0], task.x):
            np.testing.assert_allclose(run.network(1).flat, task.after.flat)
            return
    pytest.fail("no sample of XOR is the batch's")


def test_an_update_that_is_not_plain_is_not_asked_for():
    for e in (Experiment(optimizer="adam"), Experiment(clip=1.0), Experiment(l2=0.1)):
        task = homework(e, 0, 0, 2)
        assert task.after is None
        assert {step.phase for step in task.steps} == {"forward", "cost", "backward"}


@pytest.mark.parametrize(("e", "seed", "sheets", "sentence"), [
    (Experiment(hidden=(Layer(11, "tanh"),)), 0, 1, "sizes must be at most 10 units"),
    (Experiment(hidden=(Layer(2, "tanh"),) * 7), 0, 1, "and 8 columns"),
    (Experiment(norm="layer"), 0, 1, "norm must be none"),
    (Experiment(), 0, MOST + 1, "sheets must be a whole number from 1 to 40 (got 41)"),
    (Experiment(), MAX_SEED, 2, f"seed must be a whole number from 0 to {MAX_SEED - 1}"),
    (Experiment(), MAX_SEED, 1, ""),
])
def test_what_has_no_room_on_a_page_is_refused_by_name(e, seed, sheets, sentence):
    assert sentence in problem(e, seed, sheets)
    assert bool(problem(e, seed, sheets)) == bool(sentence)
