"""The lottery: who is stuck, and units that never part; and the race."""

from dataclasses import replace

import numpy as np
import pytest

from engine.depth.lottery import (
    apart,
    by_width,
    drawing,
    group_size,
    guess,
    kept_iterations,
    unlike,
)
from engine.depth.race import course
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.training.run import train

XOR = Experiment(hidden=(Layer(2, "tanh"),), iterations=600)


def last(parts):
    *_, found = parts
    return found


def test_costs_are_those_of_each_run_alone():
    found = last(drawing(XOR, (3, 9)))
    for r, seed in enumerate((3, 9)):
        np.testing.assert_allclose(found.costs[r], train(XOR, seed).costs[-1], rtol=1e-9)
        np.testing.assert_allclose(found.first[r], train(XOR, seed).costs[0], rtol=1e-12)


def test_two_units_often_give_up_on_half_of_xor_and_eight_never_do():
    found = last(by_width(XOR, (2, 8), tuple(range(60))))
    assert 0.2 < found[2].share < 0.8
    assert found[8].share == 0
    stuck = found[2].costs[found[2].stuck]
    assert (stuck > np.log(2) / 2).all()


def test_progress_is_told_and_the_last_one_is_whole():
    done = [found.done for found in drawing(XOR, (0, 1))]
    assert done == sorted(done)
    assert len(done) > 1
    assert done[-1] == 1


@pytest.mark.parametrize(("loss", "output", "expected"), [
    ("bce", "sigmoid", np.log(2)), ("bce_logits", "identity", np.log(2)),
    ("cross_entropy", "softmax", np.log(2)), ("cross_entropy_logits", "identity", np.log(2)),
    ("kl", "softmax", np.log(2)), ("mse", "sigmoid", 0.25), ("half_sum", "sigmoid", 0.125),
    ("mae", "sigmoid", 0.5), ("huber", "sigmoid", 0.125), ("output", "identity", np.nan),
])
def test_the_best_constant_answer_to_xor_costs(loss, output, expected):
    e = Experiment(loss=loss, output=output, iterations=1)
    np.testing.assert_allclose(guess(e, train(e, 0).data), expected)


def test_the_best_constant_for_the_absolute_error_is_the_median_of_each_seed():
    e = Experiment(data="spirals", loss="mae", split=0.3, iterations=1)
    run = train(e, (0, 1))
    y = run.data.y[:, 0]
    assert (np.median(y, -1) != y.mean(-1)).any()
    wanted = [abs(row - np.median(row)).mean() for row in y]
    np.testing.assert_allclose(guess(e, run.data), wanted)


def test_how_far_units_are_apart_is_looked_at_evenly_from_the_first_iteration_on():
    run = train(replace(XOR, iterations=1000), (0, 1))
    kept = kept_iterations(run)
    assert kept.tolist() == [*range(0, 1001, 5)]
    found = last(drawing(replace(XOR, iterations=1000), (0, 1)))
    np.testing.assert_array_equal(found.iterations, kept)
    for k in (0, 3, 200):
        wanted = unlike(run.network(int(kept[k])).W[1])
        np.testing.assert_allclose(found.apart[k], wanted, rtol=1e-9)


def test_without_a_target_nobody_is_stuck():
    found = last(drawing(Experiment(loss="output", output="identity", iterations=3), (0, 1)))
    assert not found.stuck.any()


def test_a_diverged_network_is_stuck():
    e = Experiment(loss="mse", output="identity", hidden=(Layer(3, "identity"),), iterations=300,
                   learning_rate=50.0)
    found = last(drawing(e, (0, 1)))
    assert found.diverged.all()
    assert found.stuck.all()


@pytest.mark.parametrize("initializer", ["zeros", "constant"])
@pytest.mark.parametrize("f", ["tanh", "sigmoid"])
def test_units_that_start_alike_never_part(initializer, f):
    e = Experiment(data="moons", hidden=(Layer(4, f),), initializer=initializer, iterations=200)
    assert last(drawing(e, (0, 1, 2))).apart.max() < 1e-9
    run = train(e, 0)
    W = run.network(200).W[1]
    np.testing.assert_allclose(W, W[:1].repeat(4, 0), rtol=1e-9)
    assert (run.network(0).W[1] != W).any() == (initializer == "constant")


def test_units_that_start_apart_stay_apart():
    run = train(XOR, (0, 1))
    assert apart(run, np.array([0, 600])).min() > 0.1


def test_how_unlike_rows_are():
    np.testing.assert_allclose(unlike(np.array([[3.0, 4], [3, 4]])), 0)
    np.testing.assert_allclose(unlike(np.array([[1.0, 0], [-1, 0]])), 1)
    np.testing.assert_allclose(unlike(np.array([[1.0, 0], [0, 1]])), np.sqrt(0.5))
    assert unlike(np.zeros((2, 2))) == 0


def test_a_large_network_is_drawn_in_groups_of_one_size():
    assert group_size(XOR, 200) == 200
    digits = Experiment(data="digits", output="softmax", loss="cross_entropy", iterations=1,
                        hidden=(Layer(32, "tanh"),) * 8)
    values = 5 * (64 + 8 * 32 + 10) * digits.samples  # x, z, a, da and delta
    assert 2 <= group_size(digits, 200) <= 2**25 / values
    assert 200 % group_size(digits, 200) == 0
    assert group_size(replace(digits, batch=32), 200) > group_size(digits, 200)


def test_groups_together_are_the_same_as_all_at_once(monkeypatch):
    at_once = last(drawing(XOR, (0, 1, 2, 3)))
    monkeypatch.setattr("engine.depth.lottery.ROOM", 400)
    assert group_size(XOR, 4) < 4
    parts = [*drawing(XOR, (0, 1, 2, 3))]
    done = [found.done for found in parts]
    assert done == sorted(done)
    for name in ("seeds", "first", "costs", "guess", "iterations", "apart", "done"):
        np.testing.assert_allclose(getattr(parts[-1], name), getattr(at_once, name), rtol=1e-9)


def test_a_race_says_who_is_stuck_and_what_reached_its_first_layer():
    fine = course("a", train(Experiment(hidden=(Layer(8, "tanh"),), iterations=600), 0))
    assert (fine.stuck, fine.reason) == (False, "")
    deep = Experiment(data="moons", hidden=(Layer(6, "sigmoid"),) * 8, iterations=50)
    run = train(deep, 0)
    lame = course("b", run)
    assert (lame.stuck, lame.reason) == (True, "weak")
    np.testing.assert_allclose(lame.gradient[0], np.linalg.norm(run.trace(0).dW[1]))
    dead = course("c", train(Experiment(initializer="zeros", iterations=20), 0))
    assert (dead.stuck, dead.reason) == (True, "dead")
    wild = course("d", train(Experiment(loss="mse", output="identity", iterations=300,
                                        hidden=(Layer(3, "identity"),), learning_rate=50.0), 0))
    assert wild.reason == "overflow"
    assert len(wild.cost) == len(wild.iterations) <= 100


def test_a_race_is_looked_at_from_the_first_iteration_to_the_last():
    run = train(replace(XOR, iterations=250), 0)
    one = course("a", run)
    assert (one.iterations[0], one.iterations[-1], len(one.iterations)) == (0, run.last, 100)
    assert abs(np.diff(one.iterations) - 2.5).max() <= 0.5
    np.testing.assert_array_equal(one.cost, run.costs[one.iterations])
    for k in (0, 57, 99):
        now = run.trace(int(one.iterations[k]))
        rms = lambda v: np.sqrt((v**2).mean())
        np.testing.assert_allclose(one.gradient[k], np.linalg.norm(now.dW[1]))
        np.testing.assert_allclose(one.ratio[k], rms(now.delta[1]) / rms(now.delta[2]))
    assert len(course("b", train(replace(XOR, iterations=7), 0)).iterations) == 7


def of_a_race(**changes):
    plain = course("a", train(replace(XOR, iterations=3), 0))
    return plain._replace(cost=np.array([1.0, 1.0]), gradient=np.array([1.0, 1.0]),
                          ratio=np.array([1.0, 1.0]), guess=2.0, overflow=None)._replace(**changes)


@pytest.mark.parametrize(("changes", "stuck"), [
    ({"cost": np.array([9, 1.0])}, False), ({"cost": np.array([0, 1.01])}, True),
    ({"cost": np.array([9, 9.0]), "guess": np.nan}, False),
    ({"cost": np.array([9, 9.0]), "overflow": 3}, False),
])
def test_stuck_is_above_half_of_the_constant_answer_at_the_end(changes, stuck):
    assert of_a_race(**changes).stuck == stuck


@pytest.mark.parametrize(("changes", "reason"), [
    ({}, ""), ({"ratio": np.array([1e-4, 1])}, "weak"), ({"ratio": np.array([1e-3, 1])}, ""),
    ({"ratio": np.array([1e4, 1])}, "strong"), ({"ratio": np.array([1, 1e-4])}, ""),
    ({"ratio": np.array([999.0, 1])}, ""), ({"gradient": np.array([1.0, 0])}, "dead"),
    ({"gradient": np.array([0, 1.0])}, ""), ({"overflow": 0}, "overflow"),
    ({"gradient": np.array([1.0, 0]), "ratio": np.array([1e-4, 1])}, "dead"),
])
def test_what_a_first_layer_had_to_learn_from_is_named(changes, reason):
    assert of_a_race(**changes).reason == reason
