"""Marking: the truth is right however it is typed, and every named mistake is known by its number.

What a mistake gives is computed here from its own formula, on the numbers of a trace.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import FADES
from engine.nn.activation_functions import sigmoid
from engine.nn.steps import Step
from engine.teaching.guesses import Guess, read
from engine.teaching.marking import Verdict, agree, blanks, mark
from engine.teaching.mistakes import MISTAKES, values_of
from engine.teaching.scratch import Address, address_problem, desk, moment
from engine.training.run import Run, train
from figures.stage.marking import told
from figures.style import number
from tests.experiments import EXPERIMENTS, name

T = 2
WORDY = Experiment(data="iris", size=30, hidden=(Layer(3, "tanh"), Layer(3, "relu")), batch=8,
                   output="softmax", loss="cross_entropy", iterations=5, learning_rate=0.3)
PLAIN = Experiment(data="xor", hidden=(Layer(2, "tanh"), Layer(3, "sigmoid")), iterations=5,
                   initializer="normal", bias="normal")
SQUARE = Experiment(data="mazur", output="sigmoid", loss="half_sum", iterations=5,
                    hidden=(Layer(4, "relu"), Layer(2, "tanh")), initializer="normal",
                    learning_rate=0.2)
MEAN = Experiment(data="mazur", output="identity", loss="mse", iterations=5,
                  hidden=(Layer(3, "leaky_relu"),), initializer="normal", learning_rate=0.2)
DEEP = Experiment(data="planar", hidden=(Layer(3, "tanh"),) * 3, residual=0.5, iterations=5,
                  learning_rate=0.3)
NORMED = Experiment(data="planar", hidden=(Layer(3, "tanh"), Layer(4, "sigmoid")), norm="batch",
                    iterations=5)
MANY = Experiment(data="planar", hidden=(Layer(3, "tanh"),), output="sigmoid", loss="half_sum",
                  iterations=5)
NETWORKS = [WORDY, PLAIN, SQUARE, MEAN, DEEP, NORMED]


@cache
def run_of(e: Experiment) -> Run:
    return train(e, 3)


def places(e: Experiment, *symbols: str) -> list[Address]:
    """Every place of these symbols; of many samples the first three."""
    layers = desk(moment(run_of(e), T)).layers
    return [Address(s, l, *at) for s in symbols for l, M in layers[s].items()
            for at in np.ndindex(M.shape) if at[1] < 3 and Step(s, l) in e.steps]


class Hand:
    """The numbers of an iteration by the names of the formulas, at one place."""

    def __init__(self, e: Experiment, p: Address) -> None:
        run = run_of(e)
        self.e, self.p, self.l, self.at = e, p, p.layer, (p.row, p.column)
        self.net, self.new, self.t = run.network(T), run.network(T + 1), run.trace(T)
        self.W, self.m, self.L = self.net.W, self.t.y.shape[-1], e.L
        self.x, self.y = self.t.a[0], self.t.y

    def slope(self, z: np.ndarray | None = None) -> np.ndarray:
        z = self.t.z[self.l] if z is None else z
        f = self.net.activations[self.l]
        return (f.f(z + 1e-6) - f.f(z - 1e-6)) / 2e-6

    @property
    def arrives(self) -> np.ndarray:
        """∂C_i/∂a"""
        if self.l < self.L:
            return self.W[self.l + 1].T @ self.t.delta[self.l + 1]
        return self.net.loss.grad(self.t.a[self.L], self.y)

    @property
    def truth(self) -> float:
        layers = {"W": self.new.W, "b": self.new.b, "C": {self.L: np.array([[self.t.C]])}}
        return layers.get(self.p.symbol, getattr(self.t, self.p.symbol, None))[self.l][self.at]


@pytest.mark.parametrize("e", EXPERIMENTS, ids=name)
def test_a_desk_has_the_numbers_of_the_trace_and_of_the_update(e):
    run = train(e, 1)
    t = min(1, run.last)
    found, now, after = desk(moment(run, t)).layers, run.trace(t), run.network(t + 1)
    for symbol in ("u", "n", "z", "a", "delta", "du", "dW", "db"):
        for l, M in getattr(now, symbol).items():
            np.testing.assert_allclose(found[symbol][l], M, rtol=1e-12, atol=1e-300)
    assert found["C"][e.L] == pytest.approx(now.C)
    for l in after.W:
        np.testing.assert_allclose(found["W"][l], after.W[l], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(found["b"][l], after.b[l], rtol=1e-9, atol=1e-12)


FORMATS = [repr, number, "{:.4g}".format, "{:.3g}".format, "{:.2e}".format, "{:.1e}".format,
           "{:.10f}".format, lambda v: repr(v).replace(".", ","), lambda v: f"  {v:+.4g} "]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NETWORKS), st.data())
def test_the_truth_is_right_however_it_is_typed(e, data):
    run = run_of(e)
    symbol = data.draw(st.sampled_from([*{step.symbol for step in e.steps}]))
    p = data.draw(st.sampled_from(places(e, symbol)))
    truth = desk(moment(run, T)).at(p)
    text = data.draw(st.sampled_from(FORMATS))(truth)
    guess = read(text)
    assume(guess.digits > 1 or guess.value == truth)
    assume(guess.value or not truth)
    assert mark(run, T, p, guess).kind == "right"
    assert mark(run, T, p, Guess(truth * 1.2), "size").kind == "right"
    assert mark(run, T, p, Guess(np.sign(truth)), "sign").kind == "right"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NETWORKS), st.data())
def test_a_number_that_is_right_is_never_called_a_mistake_nor_a_wrong_one_right(e, data):
    p = data.draw(st.sampled_from(places(e, "z", "a", "delta", "dW", "W")))
    truth = desk(moment(run_of(e), T)).at(p)
    for mistake in MISTAKES:
        for value in values_of(moment(run_of(e), T), p, mistake):
            kind = mark(run_of(e), T, p, Guess(value)).kind
            assert (kind == "right") == agree(Guess(value), truth)


def test_a_single_digit_is_only_roughly_right():
    p = Address("z", 1, 0, 1)
    truth = run_of(PLAIN).trace(T).z[1][0, 1]
    assert mark(run_of(PLAIN), T, p, read(f"{truth:.0e}")).kind == "rough"
    assert mark(run_of(PLAIN), T, p, read("77.7")).kind == "wrong"


def test_nothing_is_a_right_answer_where_rounding_left_some_dust():
    e = Experiment(data="xor", hidden=(), output="identity", loss="half_sum", iterations=3,
                   parameters=(0.1, 0.2, -0.3), learning_rate=0.5)
    p = next(p for p in places(e, "z") if 0 < abs(run_of(e).trace(0).z[1][0, p.column]) < 1e-12)
    assert mark(run_of(e), 0, p, read("0")).kind == "right"


@pytest.mark.parametrize("e", [WORDY, PLAIN, SQUARE])
def test_what_follows_from_an_earlier_wrong_answer_is_not_a_new_error(e):
    run = run_of(e)
    unit = int(abs(run.trace(T).delta[1][:, 0]).argmax())
    h = Hand(e, Address("delta", 1, unit, 0))
    wrong = {Address("delta", 2, j, 0): 0.5 - j for j in range(e.sizes[2])}
    delta2 = h.t.delta[2].copy()
    delta2[:, 0] = list(wrong.values())
    value = ((h.W[2].T @ delta2) * h.slope())[h.at]
    assert mark(run, T, h.p, Guess(value), answers=wrong).kind == "carried"
    assert mark(run, T, h.p, Guess(value)).kind in ("wrong", "mistake")
    assert mark(run, T, h.p, Guess(h.truth), answers=wrong).kind == "right"


def test_an_error_is_carried_through_the_steps_between():
    """A wrong z; then the a after the next one, and the new weight at the very end."""
    h = Hand(PLAIN, Address("a", 2, 0, 1))
    z1 = h.t.z[1].copy()
    z1[0, 1] = 2.0
    a2 = sigmoid(h.W[2] @ np.tanh(z1) + h.net.b[2])
    wrong = {Address("z", 1, 0, 1): 2.0}
    assert mark(run_of(PLAIN), T, h.p, Guess(a2[0, 1]), answers=wrong).kind == "carried"
    dW = h.t.dW[1][0, 0] + 0.25
    new = h.W[1][0, 0] - PLAIN.learning_rate * dW
    verdict = mark(run_of(PLAIN), T, Address("W", 1, 0, 0), Guess(new),
                   answers={Address("dW", 1, 0, 0): dW})
    assert verdict.kind == "carried"


def test_a_later_answer_does_not_excuse_an_earlier_one():
    h = Hand(PLAIN, Address("z", 1, 0, 1))
    verdict = mark(run_of(PLAIN), T, h.p, Guess(5.5), answers={Address("a", 1, 0, 1): 0.1})
    assert verdict.kind == "wrong"


def test_each_rung_of_the_ladder_has_the_blanks_of_the_one_before():
    for e in NETWORKS:
        rungs = [{*blanks(e, fade)} for fade in FADES]
        assert [len(rungs[0]), len(rungs[1]), len(rungs[-1])] == [0, 1, len(e.steps)]
        assert all(less < more for less, more in pairwise(rungs))


@given(st.text(max_size=5) | st.sampled_from(["z", "C", "dW", "b"]), st.integers(-2, 5),
       st.integers(-2, 9), st.integers(-2, 9))
def test_every_address_is_refused_in_a_sentence_or_has_a_number(symbol, layer, row, column):
    p, d = Address(symbol, layer, row, column), desk(moment(run_of(PLAIN), T))
    if sentence := address_problem(p, PLAIN, 4):
        assert sentence.startswith("address must be in ")
    else:
        assert np.isfinite(d.at(p))


def test_an_error_is_carried_where_it_is_used_next_though_the_steps_between_are_right():
    """A wrong a, and then the gradient from it and from the δ that was shown."""
    h = Hand(WORDY, Address("dW", 2, 1, 0))
    a1 = h.t.a[1].copy()
    a1[0, 0] += 1.0
    value = (h.t.delta[2] @ a1.T / h.m)[1, 0]
    wrong = {Address("a", 1, 0, 0): float(a1[0, 0])}
    assert mark(run_of(WORDY), T, h.p, Guess(value), answers=wrong).kind == "carried"
    assert mark(run_of(WORDY), T, h.p, Guess(value)).kind != "carried"


def test_of_several_earlier_answers_every_one_has_its_part():
    h = Hand(WORDY, Address("z", 2, 1, 0))
    a1 = h.t.a[1].copy()
    a1[:2, 0] = [0.9, -0.8]
    value = (h.W[2] @ a1 + h.net.b[2])[1, 0]
    both = {Address("a", 1, k, 0): float(a1[k, 0]) for k in (0, 1)}
    assert mark(run_of(WORDY), T, h.p, Guess(value), answers=both).kind == "carried"
    for one in both:
        only = {one: both[one]}
        assert mark(run_of(WORDY), T, h.p, Guess(value), answers=only).kind != "carried"


@pytest.mark.parametrize(("truth", "word"), [
    (0.25, "positive"), (1e-9, "positive"), (-0.25, "negative"), (0.0, "0"), (-0.0, "0")])
def test_a_sign_is_positive_negative_or_0(truth, word):
    verdict = Verdict("right", "sign", np.sign(truth), truth)
    assert told(verdict, Address("z", 1), PLAIN, 4) == f"Right: it is {word}."


@pytest.mark.parametrize(("guess", "truth", "sentence"), [
    (0.2, 0.25, "The sign and the order of size are right."),
    (2e-9, 0.25, "The sign is right, the order of size is not."),
    (-0.2, 0.25, "The order of size is right, the sign is not."),
    (-2e9, 0.25, "Neither the sign nor the order of size is right."),
    (0.2, 0.0, "Neither the sign nor the order of size is right."),
])
def test_of_a_wrong_number_it_is_told_what_is_right(guess, truth, sentence):
    verdict = Verdict("wrong", "number", guess, truth)
    assert told(verdict, Address("z", 1), PLAIN, 4) == f"Not that. {sentence}"


@pytest.mark.parametrize(("guess", "truth", "word"), [
    (1.0, -2.0, "larger"), (-3.0, 2.0, "smaller"), (1.0, 2.0, "larger")])
def test_of_a_wrong_size_it_is_told_which_way_the_truth_lies(guess, truth, word):
    verdict = Verdict("wrong", "size", guess, truth)
    assert told(verdict, Address("z", 1), PLAIN, 4) == f"Not that. It is {word} in size."


@pytest.mark.parametrize(("times", "right"), [(1.0, True), (4.9, True), (5.1, False),
                                              (1 / 4.9, True), (1 / 5.1, False), (-3.0, True)])
def test_a_size_is_right_up_to_five_times_whatever_its_sign(times, right):
    p = Address("z", 1, 0, 1)
    truth = desk(moment(run_of(PLAIN), T)).at(p)
    assert (mark(run_of(PLAIN), T, p, Guess(times * truth), "size").kind == "right") == right
