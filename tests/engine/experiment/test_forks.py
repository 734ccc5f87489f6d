"""Forks: the past is shared to the last bit; from the fork on exactly one thing is different."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.experiment.experiment import Experiment, stream
from engine.experiment.layers import Layer
from engine.nn.activations import ACTIVATIONS
from engine.nn.backprop import flat_gradient, trace
from engine.training import run as training
from engine.training.descent import network_of, optimizer_of
from engine.training.diagnostics import diagnostics
from engine.training.run import pieces, train
from engine.training.scores import costs_and_scores
from engine.training.start import drawn_parameters
from engine.training.updates import update
from figures.stage.numbers import iteration_window

MOONS = Experiment(data="moons", hidden=(Layer(5, "tanh"), Layer(4, "relu")), iterations=60,
                   learning_rate=0.3)
ADAM = replace(MOONS, optimizer="adam", learning_rate=0.05)
OTHER = {
    "learning_rate": 0.01,
    "hidden": (Layer(5, "sigmoid"), Layer(4, "sigmoid")),
    "loss": "mse",
    "initializer": "he_normal",
    "optimizer": "momentum",
}


def parameters(run, start=0):
    return np.stack([run.network(t).flat for t in range(start, run.last + 2)])


@pytest.mark.parametrize("name", OTHER)
def test_a_fork_shares_its_past_to_the_last_bit_and_nothing_after_it(name):
    past, fork = train(ADAM, 3), train(ADAM.forked(25, **{name: OTHER[name]}), 3)
    np.testing.assert_array_equal(fork.costs[:25], past.costs[:25])
    np.testing.assert_array_equal(parameters(fork)[:25], parameters(past)[:25])
    assert fork.last == past.last
    assert (parameters(fork)[26] != parameters(past)[26]).any()


@pytest.mark.parametrize("name", ["learning_rate", "hidden", "loss", "optimizer"])
def test_after_a_fork_it_is_the_run_that_begins_at_that_moment_with_the_one_thing_changed(name):
    past = train(MOONS, 3)
    fork = train(MOONS.forked(25, **{name: OTHER[name]}), 3)
    typed = tuple(past.network(25).flat.tolist())
    fresh = train(replace(MOONS, parameters=typed, iterations=35, **{name: OTHER[name]}), 3)
    np.testing.assert_array_equal(parameters(fork, 25), parameters(fresh))
    np.testing.assert_array_equal(fork.costs[25:], fresh.costs)


@pytest.mark.parametrize("e", [MOONS, ADAM, replace(ADAM, batch=32), replace(ADAM, schedule="step",
                                                                           every=20)])
def test_a_fork_that_changes_nothing_changes_nothing_not_even_what_the_optimizer_remembers(e):
    fork = e.forked(17, learning_rate=e.learning_rate).forked(40, loss=e.loss)
    np.testing.assert_array_equal(parameters(train(fork, 2)), parameters(train(e, 2)))


def test_an_optimizer_that_is_changed_begins_to_count_anew():
    e = MOONS.forked(25, optimizer="adam").forked(40, learning_rate=0.1)
    run = train(e, 3)
    counts = [update(run, t).before["t"] for t in (24, 25, 39, 40) if t >= 25]
    assert counts == [1, 15, 16]
    assert not run.block(25)[1:].any()
    assert run.block(40)[1:].any()


def test_weights_that_are_drawn_anew_are_those_that_the_initializer_draws():
    e = ADAM.forked(25, initializer="he_normal")
    drawn = drawn_parameters(replace(MOONS, initializer="he_normal"), 3)
    np.testing.assert_array_equal(train(e, 3).network(25).flat, drawn)


def test_typed_in_weights_are_those_before_every_fork():
    count = train(MOONS, 0).network(0).flat.size
    typed = tuple(stream(7, "weights").normal(size=count).tolist())
    e = replace(MOONS, parameters=typed).forked(5, initializer="he_normal")
    run = train(e, 3)
    np.testing.assert_array_equal(run.network(0).flat, typed)
    assert (run.network(5).flat != typed).all() or (run.network(5).flat == 0).any()


def test_a_fork_of_a_fork_of_a_fork_keeps_each_past():
    e = MOONS
    for t, name in enumerate(("learning_rate", "hidden", "loss")):
        e = e.forked(10 * (t + 1), **{name: OTHER[name]})
    run = train(e, 3)
    for t, past in ((9, MOONS), (19, e.past.past), (29, e.past), (59, e)):
        now = past
        assert e.at(t) == now
        assert run.at(t).experiment == now
        np.testing.assert_array_equal(run.network(t).flat, train(now, 3).network(t).flat)
    assert run.network(15).activations[1] == ACTIVATIONS["tanh"]
    assert run.network(25).activations[1] == ACTIVATIONS["sigmoid"]


def test_a_fork_before_an_earlier_one_leaves_that_one_out():
    e = MOONS.forked(30, learning_rate=0.01).forked(10, loss="mse")
    assert e.learning_rate == MOONS.learning_rate
    assert [fork.iteration for fork in e.forks] == [10]


def test_what_is_not_kept_is_computed_again_on_both_sides_of_a_fork(monkeypatch):
    e = replace(ADAM, batch=32).forked(25, optimizer="momentum")
    whole = parameters(train(e, 3))
    monkeypatch.setattr(training, "MEMORY", 20 * whole[0].nbytes)
    run = train(e, 3)
    assert run.stride > 1
    np.testing.assert_array_equal(parameters(run), whole)


def test_the_pieces_of_a_fork_lead_through_its_past_to_the_whole(monkeypatch):
    monkeypatch.setattr(training, "piece_length", lambda e, seeds: 8)
    lasts = [run.last for run in pieces(MOONS.forked(25, learning_rate=0.1), 3)]
    assert lasts == [7, 15, 23, 24, 32, 40, 48, 56, 59]


def test_a_fork_at_the_very_start_has_no_past():
    run = train(MOONS.forked(0, optimizer="adam"), 3)
    np.testing.assert_array_equal(parameters(run),
                                  parameters(train(replace(MOONS, optimizer="adam"), 3)))
    assert run.at(0) is run


def test_a_fork_behind_an_overflow_is_never_reached():
    e = Experiment(data="mazur", output="identity", loss="half_sum", learning_rate=1e9)
    past, fork = train(e, 0), train(e.forked(150, learning_rate=0.1), 0)
    assert past.overflow
    assert (fork.last, fork.overflow) == (past.last, past.overflow)


def test_quantities_over_all_iterations_are_those_of_the_parts():
    e = MOONS.forked(25, hidden=OTHER["hidden"]).forked(40, loss="mse")
    run, t = train(e, 3), np.array([3, 24, 25, 26, 39, 40, 59])
    d = diagnostics(run, t)
    for k, now in enumerate(t):
        alone = diagnostics(run.at(now), np.array([now]))
        np.testing.assert_array_equal(d.rms_delta[k], alone.rms_delta[0])
        np.testing.assert_array_equal(d.update[k], alone.update[0])
    cost, _ = costs_and_scores(run, t, run.data.x, run.data.y)
    np.testing.assert_allclose(cost, run.costs[t], rtol=1e-12)


def test_many_seeds_can_be_forked_side_by_side():
    e = ADAM.forked(25, initializer="he_normal")
    many, one = train(e, (3, 5)), train(e, 5)
    np.testing.assert_allclose(many.network(50).flat[1], one.network(50).flat, rtol=1e-9)


def test_the_stage_is_sent_iterations_of_one_part_alone():
    run = train(MOONS.forked(25, loss="mse"), 3)
    assert iteration_window(run.at(24), 24, 4)[-1] == 24
    assert iteration_window(run.at(25), 25, 4)[0] == 25


def test_bad_forks_are_refused_with_a_sentence():
    for fork in (lambda: MOONS.forked(60, learning_rate=0.1),
                 lambda: MOONS.forked(5, iterations=7),
                 lambda: MOONS.forked(5, hidden=(Layer(6, "tanh"), Layer(4, "relu"))),
                 lambda: MOONS.forked(5, loss="output"),
                 lambda: MOONS.forked(5),
                 lambda: replace(MOONS, forks=9 * MOONS.forked(5, loss="mse").forks)):
        with pytest.raises(ValueError, match=r"forks must .*"):
            fork()


TWICE = {"learning_rate": [0.01, 0.2], "initializer": ["he_normal", "xavier_normal"],
         "hidden": [(Layer(3, "sigmoid"), Layer(2, "elu")), (Layer(3, "relu"), Layer(2, "tanh"))],
         "loss": ["mse", "bce"], "optimizer": ["momentum", "adam", "gradient_descent"]}
SMALL = Experiment(data="xor", hidden=(Layer(3, "tanh"), Layer(2, "relu")), iterations=6,
                   learning_rate=0.1, optimizer="adam")
changes = st.sampled_from([{name: value} for name in TWICE for value in TWICE[name]])
both = st.builds(dict.__or__, changes, changes)
forks = st.lists(st.tuples(st.integers(0, 5), changes | both), max_size=5).map(
    lambda found: sorted(found, key=lambda fork: fork[0]))


def step_by_step(e: Experiment, forks: list, seed: int) -> np.ndarray:
    """The parameters of 0 ... T: each fork changes what it names, in order; then comes an update.
    """
    p = drawn_parameters(e, seed)
    state, count, found = optimizer_of(e)[0].init(p), 0, [p]
    data = train(e, seed).data
    for t in range(e.iterations):
        for fields in (fields for at, fields in forks if at == t):
            e = replace(e, **fields)
            p = drawn_parameters(e, seed) if "initializer" in fields else p
            if "initializer" in fields or "optimizer" in fields:
                state, count = optimizer_of(e)[0].init(p), 0
        found[-1], count = p, count + 1
        gradient = flat_gradient(trace(network_of(e, p), data.x, data.y))
        p, state = optimizer_of(e)[0].update(p, gradient, state, e.learning_rate, count)
        found.append(p)
    return np.stack(found)


@given(forks, st.integers(0, 3))
@example([(3, {"initializer": "he_normal"}), (3, {"learning_rate": 0.2})], 0)
@example([(0, {"initializer": "he_normal"}), (0, {"loss": "mse"}), (0, {"learning_rate": 0.2})], 1)
@example([(2, {"optimizer": "momentum"}), (2, {"optimizer": "adam"}), (2, {"loss": "mse"})], 2)
def test_any_forks_change_what_they_name_one_after_the_other(forks, seed):
    e = SMALL
    for t, fields in forks:
        e = e.forked(t, **fields)
    run = train(e, seed)
    np.testing.assert_allclose(parameters(run), step_by_step(SMALL, forks, seed), rtol=1e-9,
                               atol=1e-12)
    assert [run.at(t).experiment for t in range(6)] == [e.at(t) for t in range(6)]
    lasts = [piece.last for piece in pieces(e, seed)]
    assert lasts == sorted({*lasts})
