"""Maps: their cells are the networks that they say, and lie on both sides of the critical line."""

from dataclasses import replace

import numpy as np
import pytest

from engine.depth import sketches
from engine.depth.maps import at_cell, chart, gain_map, sigma_map
from engine.depth.sketches import few, log_ratio, log_rms, sketched
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.backprop import trace
from engine.nn.initializers import INITIALIZERS
from engine.nn.network import views
from engine.training.descent import network_of
from engine.training.start import first_parameters


def chain(L: int, n: int, f: str = "tanh", **more) -> Experiment:
    return Experiment(data="noise", hidden=(Layer(n, f),) * L, iterations=1, **more)


def last(maps):
    *_, found = maps
    return found


def test_a_cell_is_the_rms_over_real_networks(monkeypatch):
    """At a width at which nothing is made smaller, a cell's networks are the lab's own."""
    monkeypatch.setattr(sketches, "SAMPLES", 128)
    e = chain(5, 16)
    for found, i, j in ((last(sigma_map(e, 4, cells=5)), 3, 2), (last(gain_map(e, 4, 6)), 2, 4)):
        one, ratios = at_cell(e, found, i, j), []
        for seed in (4, 5, 6):
            x, y = few(e, 4)
            delta = trace(network_of(one, first_parameters(one, seed)), x, y).delta
            ratios.append(np.linalg.norm(delta[1]) / np.linalg.norm(delta[one.L]))
        np.testing.assert_allclose(found.log_ratio[i, j], np.log10(np.mean(np.square(ratios))) / 2,
                                   rtol=1e-9, atol=1e-9)


def test_rows_come_one_by_one():
    maps = list(sigma_map(chain(3, 4), 0, cells=4))
    assert [m.done for m in maps] == [0.25, 0.5, 0.75, 1]
    assert [np.isfinite(m.log_ratio).all(1).sum() for m in maps] == [1, 2, 3, 4]
    np.testing.assert_array_equal(maps[0].log_ratio[0], maps[3].log_ratio[0])


@pytest.mark.parametrize("f", ["tanh", "relu", "sigmoid"])
def test_on_the_left_of_the_critical_line_it_vanishes_and_on_its_right_it_explodes(f):
    m = last(sigma_map(chain(30, 32, f), 1, cells=8))
    left, right = m.x < 0.7 * m.critical[:, None], m.x > 1.4 * m.critical[:, None]
    assert left.any()
    assert right.any()
    assert (m.log_ratio[left] < -0.5).all()
    assert (m.log_ratio[right] > 0.5).all()
    near = np.isfinite(m.log_ratio)
    assert np.median(abs(m.log_ratio - m.predicted)[near]) < 1


def test_theory_says_the_same_of_a_gain_map():
    m = last(gain_map(chain(10, 32, "relu", initializer="he_normal"), 2, cells=6))
    np.testing.assert_allclose(m.critical, 1, rtol=1e-6)
    np.testing.assert_allclose(m.y[[0, -1]], [1, 40])
    expected = (m.y[:, None] - 1) * np.log10(m.x)  # each hidden layer above the first: × gain
    expected = expected + np.log10(m.x * np.sqrt(32 * 2 / 32 / 2))  # and the output's
    np.testing.assert_allclose(m.predicted, expected, atol=1e-4)
    assert np.median(abs(m.log_ratio - m.predicted)) < 0.3


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_smaller_network_keeps_what_its_layers_add_up(name):
    e = chain(2, 128, initializer=name)
    W, _ = views((64, 32, 32, 1), sketched(e, 2, 3, 20))
    own, _ = views((64, 128, 128, 1), np.stack([first_parameters(e, k) for k in range(20)]))
    for l in (1, 2, 3):
        n_var = lambda W: W.shape[-1] * np.mean(W**2)
        expected = n_var(own[l]) * (own[l].shape[-1] / W[l].shape[-1] if name == "constant" else 1)
        np.testing.assert_allclose(n_var(W[l]), expected, rtol=0.15)


def test_the_chart_has_a_row_for_each_initializer_and_he_is_made_for_relu():
    m = last(chart(chain(15, 32), 0))
    at = lambda initializer, f: m.log_ratio[list(m.y).index(initializer), list(m.x).index(f)]
    assert abs(at("he_normal", "relu")) < 0.6
    np.testing.assert_allclose(at("xavier_normal", "relu") - at("he_normal", "relu"),
                               -15 / 2 * np.log10(2), atol=0.3)
    assert at("xavier_uniform", "sigmoid") < -8
    assert np.isneginf(m.log_ratio[list(m.y).index("zeros")]).all()
    assert at_cell(chain(3, 4), m, 2, 3).hidden == (Layer(4, str(m.x[3])),) * 3


def test_squares_of_tiny_ratios_are_not_lost():
    logs = np.log10([[3.0, 3e-200], [4.0, 4e-200]])
    np.testing.assert_allclose(log_rms(logs), np.log10([12.5**0.5, 12.5**0.5 * 1e-200]))
    assert np.isneginf(log_rms(np.array([[-np.inf], [-np.inf]])))


def test_networks_that_have_no_error_to_begin_with_are_left_out():
    logs = np.array([[np.nan, np.nan, np.nan], [1.0, np.inf, np.nan], [1.0, 0.0, np.nan]])
    np.testing.assert_allclose(log_rms(logs), [1, np.inf, np.nan])
    e = Experiment(data="and", hidden=(Layer(2, "identity"),), output="identity", loss="mse")
    with np.errstate(all="ignore"):
        right = log_ratio(e, np.zeros(9), np.ones((2, 3)), np.zeros((1, 3)))
    assert np.isnan(right)  # the outputs are exactly the targets


def test_norms_and_skips_are_in_the_map_and_theory_is_not():
    for change in ({"norm": "batch"}, {"residual": 1.0}):
        m = last(sigma_map(chain(12, 16, **change), 0, cells=4))
        assert np.isnan(m.predicted).all()
        assert np.isnan(m.critical).all()
        plain = last(sigma_map(chain(12, 16), 0, cells=4))
        assert m.log_ratio[1, 0] > plain.log_ratio[1, 0] + 1


def test_a_network_without_hidden_layers_and_one_of_many_kinds_have_a_map():
    for e in (Experiment(hidden=()), Experiment(hidden=(Layer(3, "tanh"), Layer(5, "softmax")))):
        e = replace(e, frozen=("W1",))
        for make in (sigma_map, gain_map):
            assert last(make(e, 0, cells=3)).done == 1


def test_a_gain_map_is_no_deeper_than_an_experiment_may_be():
    wide = last(gain_map(chain(3, 256), 0, cells=3))
    assert wide.y[-1] < 40
    assert wide.y[-1] + 1 == at_cell(chain(3, 256), wide, 2, 0).L
    many = Experiment(data="digits", output="softmax", loss="cross_entropy", iterations=1,
                      hidden=(Layer(200, "tanh"), Layer(8, "relu")))
    assert last(gain_map(many, 0, cells=3)).done == 1
    assert last(chart(many, 0)).done == 1


def test_what_overflows_is_infinite_and_no_error_at_all_is_minus_infinity():
    e = chain(60, 8, "identity", output="identity", loss="mse", initializer="normal")
    flat = sketched(e, 60, 0, 1)
    assert np.isneginf(log_ratio(e, 0 * flat, *few(e, 0)))
    with np.errstate(all="ignore"):
        assert np.isposinf(log_ratio(e, 1e200 * flat, *few(e, 0)))
