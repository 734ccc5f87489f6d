"""The depth lab's own part of the state, its cures, and that its presets say what is measured."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.depth.measure import MOST_SAMPLES, bands, measured
from engine.experiment.cures import (
    CURES,
    LOOKS,
    LOTTERIES,
    MOST_NETWORKS,
    QUANTITIES,
    Lab,
    lab_problems,
    switched,
    without,
)
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.link import read, write
from engine.experiment.presets import PRESETS
from engine.experiment.state import State
from engine.training.run import train
from figures.depth.profile import QUANTITIES as DRAWN

DEEP = {name: preset for name, preset in PRESETS.items() if preset.deep}
SEEDS = tuple(range(20))
TANH = Experiment(hidden=(Layer(5, "tanh"),) * 4, initializer="pytorch", gain=2.0)


def test_what_can_be_chosen_is_what_can_be_drawn():
    assert {*QUANTITIES} == {*DRAWN}


@given(st.builds(Lab, st.integers(-5, 400) | st.text(), st.text() | st.sampled_from(QUANTITIES),
                 st.text() | st.sampled_from([*LOOKS]), st.text() | st.sampled_from([*LOTTERIES])))
def test_any_lab_can_be_fitted_and_each_change_has_a_sentence(lab):
    assert lab_problems(lab.fitted()) == {}
    for name in lab_problems(lab):
        assert getattr(lab.fitted(), name) == getattr(Lab(), name)


@given(st.integers(1, MOST_NETWORKS), st.sampled_from(QUANTITIES), st.sampled_from([*LOOKS]),
       st.sampled_from([*LOTTERIES]),
       st.lists(st.sampled_from([("norm", "batch"), ("gain", 0.1), ("clip", 2.5),
                                 ("hidden", (Layer(3, "elu", 0.2),) * 9), ("residual", 0.3)]),
                unique=True))
def test_a_link_restores_the_lab(networks, quantity, look, drawn, before):
    state = State(lab=Lab(networks, quantity, look, drawn, tuple(before)))
    assert read(write(state)) == (state, [])


@pytest.mark.parametrize("query", [
    {"networks": "0"}, {"networks": "1e9"}, {"quantity": "love"}, {"look": "away"},
    {"before": "norm"}, {"before": "norm~x~gain"}, {"before": "gain~much"}, {"before": "~~~"},
])
def test_an_absurd_lab_in_a_link_is_left_out(query):
    state, sentences = read(query)
    assert lab_problems(state.lab) == {}
    assert sentences or state.lab.before == ()


def test_what_was_before_is_of_fields_that_cures_change_alone():
    state, _ = read({"before": "seed~7~norm~batch"})
    assert state.lab.before == (("norm", "batch"),)


@pytest.mark.parametrize("name", CURES)
def test_a_cure_that_is_switched_on_and_off_leaves_the_experiment_as_it_was(name):
    fields, before = switched(TANH, (), name, True)
    cured = replace(TANH, **fields)
    assert CURES[name].is_on(cured)
    assert not CURES[name].is_on(TANH)
    assert without(cured, before) == TANH
    back, rest = switched(cured, before, name, False)
    assert replace(cured, **back) == TANH
    assert rest == ()


@pytest.mark.parametrize("name", CURES)
def test_a_cure_can_be_switched_off_where_nobody_knows_what_was_before(name):
    cured = replace(TANH, **CURES[name].fields(TANH))
    back, _ = switched(cured, (), name, False)
    assert not CURES[name].is_on(replace(cured, **back))


def test_the_first_value_is_remembered_through_several_cures():
    e, before = TANH, ()
    for name in ("matched", "orthogonal", "residual"):
        fields, before = switched(e, before, name, True)
        e = replace(e, **fields)
    assert without(e, before) == TANH


def test_what_was_before_and_no_longer_fits_is_not_shown():
    assert without(TANH, (("hidden", (Layer(256, "tanh"),) * 100),)) == TANH


@cache
def ratios(name: str, cured: bool = True) -> np.ndarray:
    """rms δ of each layer over that of the last hidden one, seed by seed, (20, L)."""
    state = DEEP[name].state
    e = state.experiment if cured else without(state.experiment, state.lab.before)
    rms = measured(e, SEEDS).rms_delta
    return rms / rms[:, -2:-1]


def test_the_textbook_collapse_lets_less_than_a_fifth_through_each_layer():
    r = bands(ratios("collapse")).rms
    assert ((r[:-2] / r[1:-1]) < 1 / 5).all()
    assert (ratios("collapse")[:, 0] < 1e-6).all()


def test_xavier_saves_tanh():
    assert (ratios("xavier_tanh")[:, 0] > 1 / 20).all()
    assert (ratios("xavier_tanh", False)[:, 0] < 1e-3).all()


def test_xavier_loses_a_factor_of_the_root_of_two_in_each_relu_layer_and_he_does_not():
    for cured, factor in ((True, 1.0), (False, 2**-0.5)):
        r = bands(ratios("he_relu", cured)).rms
        assert r[0] ** (1 / (len(r) - 2)) == pytest.approx(factor, rel=0.03)
    assert (ratios("he_relu")[:, 0] > 0.3).all()


def test_the_explosion_doubles_the_error_in_each_layer():
    r = bands(ratios("explosion")).rms
    assert r[0] ** (1 / (len(r) - 2)) == pytest.approx(2, rel=0.03)
    assert (ratios("explosion")[:, 0] > 1e5).all()
    run = train(*DEEP["explosion"].state.run)
    assert run.overflow
    assert run.last < 5


def test_dead_relus_send_exactly_nothing_to_the_first_layer():
    e = DEEP["dead"].state.experiment
    for seed in SEEDS:
        m = measured(e, (seed,))
        assert m.rms_delta[0, 0] == 0
        assert m.dead[0, :-1].max() == 1
        assert m.dead[0, 0] < 1


def test_of_thirty_layers_he_trains_and_xavier_stalls():
    state = DEEP["thirty"].state
    he, xavier = (train(*run) for run in (state.run, *state.pinned))
    assert he.costs[-1] < 0.01
    assert abs(xavier.costs[-1] - xavier.costs[0]) < 0.01
    delta = xavier.trace(0).delta
    size = lambda v: np.sqrt((v**2).mean())
    assert size(delta[1]) / size(delta[31]) < 1e-4
    assert state.pinned[0].experiment == replace(state.experiment, initializer="xavier_normal")


def test_residuals_bring_the_error_through_fifty_layers():
    assert (ratios("residuals", False)[:, 0] < 1e-10).all()
    r = ratios("residuals")[:, 0]
    assert ((r > 1) & (r < 10)).all()


def test_nielsens_layers_learn_about_five_times_as_fast_as_those_below():
    r = bands(ratios("nielsen")).rms[:-1]
    assert r[:-1] / r[1:] == pytest.approx(np.full(3, 0.2048), rel=0.15)
    assert "0.2048" in DEEP["nielsen"].note


@pytest.mark.parametrize("name", DEEP)
def test_each_preset_of_the_lab_comes_back_from_its_link_and_is_quick_to_measure(name):
    state = DEEP[name].state
    assert read(write(state)) == (state, [])
    assert min(state.experiment.batch_size(0), MOST_SAMPLES) <= 128
