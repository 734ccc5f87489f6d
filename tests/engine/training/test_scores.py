"""Accuracy and R², from their definitions and on whole runs."""

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.training import scores
from engine.training.run import train
from engine.training.scores import SCORES, accuracy, costs_and_scores, outputs, predicted, r_squared

CLASSES = Experiment(data="moons", size=30, split=0.3, hidden=(Layer(4, "tanh"),), iterations=40)
LOGITS = Experiment(data="moons", size=30, loss="bce_logits", output="identity", iterations=40,
                    hidden=(Layer(4, "tanh"),))
IRIS = Experiment(data="iris", loss="cross_entropy", output="softmax", iterations=30,
                  hidden=(Layer(5, "relu"),), initializer="he_normal", learning_rate=0.1)
NUMBERS = Experiment(data="sine", loss="mse", output="identity", iterations=40,
                     hidden=(Layer(4, "tanh"),), learning_rate=0.1)


def test_one_output_is_class_1_above_the_middle_and_several_vote_for_the_largest():
    one = np.array([[0.2, 0.5, 0.51, 3]])
    assert predicted(one).tolist() == [0, 0, 1, 1]
    assert predicted(one - 0.5, 0).tolist() == [0, 0, 1, 1]
    assert predicted(np.array([[0.1, 0.5], [0.7, 0.2], [0.2, 0.3]])).tolist() == [1, 0]


def test_accuracy_is_the_share_of_right_answers_of_each_iteration():
    y = np.array([[1.0, 0, 1, 1]])
    a = np.array([[[0.9, 0.1, 0.8, 0.7]], [[0.9, 0.9, 0.1, 0.6]], [[0.1, 0.9, 0.1, 0.1]]])
    assert accuracy(a, y, 0.5).tolist() == [1, 0.5, 0]
    three = np.eye(3)[[0, 2, 1]].T
    assert accuracy(np.eye(3)[None], three, 0.5) == pytest.approx(1 / 3)


def test_r_squared_is_what_is_left_of_the_spread_around_each_outputs_mean():
    y = np.array([[1.0, 2, 6], [-1, 0, 4]])
    a = y + np.array([[[0.0, 0, 0], [0, 0, 0]], [[1, -1, 2], [0, 0.5, -1]]])
    spread = sum((v - sum(row) / 3) ** 2 for row in y.tolist() for v in row)
    left = 1 + 1 + 4 + 0.25 + 1
    np.testing.assert_allclose(r_squared(a, y, 0.5), [1, 1 - left / spread], rtol=1e-14)
    np.testing.assert_allclose(r_squared(y.mean(-1, keepdims=True) + 0 * a, y, 0.5), 0, atol=1e-15)


def test_targets_that_do_not_differ_have_no_r_squared():
    same = np.full((1, 4), 0.3)
    assert np.isnan(r_squared(np.zeros((2, 1, 4)), same, 0.5)).tolist() == [True, True]
    assert np.isfinite(r_squared(np.zeros((2, 1, 4)), same + np.eye(4)[:1], 0.5)).all()


@pytest.mark.parametrize("e", [CLASSES, LOGITS, IRIS, NUMBERS],
                         ids=["classes", "logits", "several", "numbers"])
def test_on_a_run_they_are_those_of_its_networks(e):
    run, shown = train(e, 3), np.array([0, 7, e.iterations - 1])
    costs, found = costs_and_scores(run, shown, run.data.x, run.data.y)
    np.testing.assert_allclose(costs, run.costs[shown], rtol=1e-12)
    for t, score in zip(shown, found, strict=True):
        a, y = run.trace(int(t)).a[e.L], run.data.y
        if e is NUMBERS:
            wanted = 1 - ((y - a) ** 2).sum() / ((y - y.mean()) ** 2).sum()
        elif e is IRIS:
            wanted = np.mean([a[:, s].argmax() == y[:, s].argmax() for s in range(e.samples)])
        else:
            wanted = np.mean((a > (0 if e is LOGITS else 0.5)) == (y == 1))
        assert score == pytest.approx(wanted, rel=1e-12)


def test_without_samples_there_is_neither_cost_nor_score():
    run = train(LOGITS, 0)
    assert not run.data.test_x.shape[-1]
    found = costs_and_scores(run, np.array([0, 5]), run.data.test_x, run.data.test_y)
    assert np.isnan(found).all()
    assert np.shape(found) == (2, 2)


def test_how_many_iterations_are_computed_together_changes_nothing(monkeypatch):
    run, shown = train(IRIS, 1), np.arange(0, 30, 3)
    together = outputs(run, shown, run.data.x)
    monkeypatch.setattr(scores, "AT_ONCE", 1)
    np.testing.assert_allclose(outputs(run, shown, run.data.x), together, rtol=1e-12)
    assert together.shape == (10, 3, 150)


def test_without_a_target_there_is_no_score():
    assert np.isnan(SCORES[""](np.ones((2, 1, 3)), np.ones((1, 3)), 0.5)).tolist() == [True] * 2
