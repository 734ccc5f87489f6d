"""What a diagnosis measures."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer, losses
from engine.training.diagnosis import (
    blank_error,
    diagnose,
    factor,
    highest,
    largest,
    overflowing,
    seen,
    stopped_by,
)
from engine.training.diagnostics import Diagnostics, diagnostics, norm
from engine.training.run import train
from figures.journey.diagnosis import sentences, spoken
from figures.journey.payload import findings as sent
from tests.states import states

MOONS = Experiment(data="moons", size=60, iterations=3)
LINE = replace(MOONS, hidden=(Layer(5, "identity"),) * 3)
SINE = Experiment(data="sine", hidden=(Layer(8, "tanh"),), output="identity", loss="mse",
                  learning_rate=0.1, iterations=3)


class Told:
    """An experiment's run with all that is said of it."""

    def __init__(self, e: Experiment, seed: int = 1) -> None:
        self.run = train(e, seed)
        self.d = diagnostics(self.run)
        with np.errstate(all="ignore"):
            self.values = self.d._asdict() | {"factor": self.d.gain * self.d.passed}
        self.diagnosis = diagnose(self.run, self.d)
        self.values |= self.diagnosis.measured
        self.sentences = sentences(self.diagnosis)

    def rules(self, k: int = 0) -> list[str]:
        return [finding.rule for finding in self.diagnosis.findings[k]]

    def finding(self, rule: str, k: int = 0):
        return next(f for f in self.diagnosis.findings[k] if f.rule == rule)

    def text(self, rule: str, k: int = 0) -> str:
        one = self.sentences[k][self.rules(k).index(rule)]
        return spoken(one.text, self.values, k)


def test_a_norm_is_right_even_where_its_squares_leave_the_range():
    for size in (1e-200, 1e200, 1.0):
        v = size * np.array([[[3.0, 4.0]], [[0.0, 0.0]]])
        with np.errstate(over="ignore", under="ignore"):
            np.testing.assert_allclose(norm(v), [5 * size, 0])
    with np.errstate(all="ignore"):
        for odd in (np.inf, np.nan):
            assert not np.isfinite(norm(np.array([[odd, 1.0]])))


def test_what_travels_says_the_same_as_what_was_found():
    told = Told(Experiment(iterations=300))
    words, arrays = sent(told.run, told.d)
    for k in range(300):
        which = next(which for start, which in reversed(words["said"]) if start <= k)
        assert tuple(words["sentences"][i] for i in which) == told.sentences[k]
    assert len(words["said"]) == 2
    assert {*arrays} == {"reach", "left"}


def small(e: Experiment) -> Experiment:
    """As much of an experiment as is computed at once."""
    hidden = tuple(layer._replace(width=min(layer.width, 5)) for layer in e.hidden[:4])
    end = {} if e.loss in losses("moons") else {"loss": "mse", "output": "tanh"}
    return replace(e, data="moons", size=None, noise=None, batch=0, hidden=hidden, parameters=(),
                   frozen=(), forks=(), iterations=2, **end)


@given(states())
@settings(max_examples=10, suppress_health_check=[*HealthCheck])
def test_of_any_network_something_is_said_and_all_its_numbers_are_there(state):
    told = Told(small(state.experiment), state.seed)
    for k, said in enumerate(told.sentences):
        assert said
        for text, _ in said:
            assert "{" not in spoken(text, told.values, k)


def measured(e: Experiment, **columns: np.ndarray):
    """What the rules look at, of hand-made diagnostics; what is not given is 1."""
    T = len(next(iter(columns.values())))
    ones = {name: np.ones((T, e.L)) for name in Diagnostics._fields[1:]}
    return seen(Diagnostics(np.arange(T), **(ones | columns)), e, 0.5)


def test_the_reach_of_an_error_is_split_into_slopes_and_weights():
    passed = np.array([[0.5, 0.2, 0.9, 0.3], [0.1, 1, 2, 7]])
    s = measured(LINE, passed=passed, rms_delta=np.array([[0.01, 1, 1, 4], [6, 5, 4, 3]]))
    np.testing.assert_allclose(s.reach, [0.0025, 2])
    np.testing.assert_allclose(s.slopes, [0.5 * 0.2 * 0.9, 0.1 * 2])
    np.testing.assert_allclose(s.weights * s.slopes, s.reach)


def test_a_factor_belongs_to_every_layer_but_the_last():
    gain, passed = np.array([[2.0, 3, 5, 7]]), np.array([[0.5, 1, 0.1, 3]])
    found = factor(measured(LINE, gain=gain, passed=passed))
    np.testing.assert_allclose(found[0, :3], [1, 3, 0.5])
    assert np.isnan(found[0, 3])


def test_where_an_error_stops_it_is_the_highest_such_layer_that_counts():
    silent = np.array([[0, 0, 1.0, 1], [0, 1, 1, 1]])
    s = measured(LINE, rms_delta=silent, gain=0 * silent)
    assert highest(s).argmax(-1).tolist() == [1, 0]
    assert stopped_by(s).tolist() == ["weights"] * 2
    s = measured(LINE, rms_delta=silent, gain=0 * silent, norm_W=np.array([[1.0, 1, 0, 1]] * 2))
    assert stopped_by(s).tolist() == ["zeros", "weights"]
    assert stopped_by(measured(LINE, rms_delta=silent)).tolist() == ["slopes"] * 2


def test_the_largest_is_looked_for_only_where_something_holds():
    values = np.array([[1.0, 2, 3], [4, 5, 6]])
    where = np.array([[True, True, False], [False] * 3])
    assert largest(values, where).tolist() == [2, -np.inf]


@pytest.mark.parametrize("name", ["rms_delta", "norm_dW", "norm_W"])
def test_what_is_not_finite_overflows_in_its_layer(name):
    values = np.ones((1, 4))
    values[0, 2] = np.inf
    assert overflowing(measured(LINE, **{name: values})).tolist() == [[False, False, True, False]]


def test_a_blank_answer_leaves_the_error_of_the_mean():
    y = np.array([[1.0, 2, 6], [0, 3, 0]])
    away = y - y.mean(-1, keepdims=True)
    e = replace(SINE, loss="half_sum")
    assert blank_error(y, e) == pytest.approx(np.sqrt((away**2).mean()))
    one_hot = np.array([[1.0, 0, 0], [0, 1, 1]])
    iris = Experiment(data="iris", loss="cross_entropy", output="softmax")
    left = one_hot - one_hot.mean(-1, keepdims=True)
    assert blank_error(one_hot, iris) == pytest.approx(np.sqrt((left**2).mean()))
