"""Whatever the numbers are, a picture of the depth lab has a bounded number of parts, and is drawn.
"""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.depth import measure
from engine.depth.lottery import HALF, Lottery, drawing
from engine.depth.race import Course, course
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.activations import activation
from engine.training.run import train
from figures.depth import histograms, profile, race, singular
from figures.depth import lottery as lots

MOST_BINS = 2 * lots.BINS + 2
ANY = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from(
    [0.0, 5e-324, 1e-300, 1e122, 1e300, 1.7e308, -1e308, np.inf, np.nan])
HUGE = st.sampled_from([1e308, -1e308, 1.7e308, 1e200, -1e154, 0.0, 1.0, 5e-324])


def drawn(fig) -> str:
    text = fig.to_json()
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in a figure"))
    return text


@st.composite
def lotteries(draw):
    n = draw(st.integers(1, 12))
    values = lambda: np.array(draw(st.lists(ANY, min_size=n, max_size=n)))
    guess = abs(values()) if draw(st.booleans()) else np.full(n, np.nan)
    return Lottery((*range(n),), values(), values(), guess, np.arange(3),
                   np.array([values() for _ in range(3)]), 1.0)


@given(lotteries())
def test_no_cost_and_no_guess_decides_how_many_bins_a_lottery_has(found):
    edges = lots.bins(found)
    assert 2 <= len(edges) <= MOST_BINS
    assert np.isfinite(edges).all()
    assert (np.diff(edges) > 0).all()
    every = lots.counts(found, np.ones(len(found.costs), bool), edges)
    assert every.sum() == len(found.costs)


@settings(max_examples=12)
@given(lotteries())
def test_a_lottery_of_any_numbers_is_drawn_and_told(found):
    assert len(drawn(lots.figure(found))) < 100_000
    drawn(lots.parting(found))
    drawn(lots.widths({1: found, 2: found}))
    for said in (lots.alt(found), lots.parting_alt(found), lots.widths_alt({1: found})):
        assert said
    for rows in (lots.rows(found), lots.widths_rows({1: found}), lots.parting_rows(found)):
        assert len({len(texts) for _, texts in rows}) == 1


@pytest.mark.parametrize("more", [
    {"data": "sine", "output": "identity", "loss": "mse", "hidden": (Layer(4, "relu"),),
     "iterations": 1, "gain": 100.0},
    {"loss": "half_sum", "output": "identity", "hidden": (Layer(4, "relu"),),
     "learning_rate": 3.0, "iterations": 50},
])
def test_a_lottery_that_explodes_has_the_bins_of_any_other(more):
    *_, found = drawing(Experiment(**more), tuple(range(20)))
    edges = lots.bins(found)
    assert len(edges) <= MOST_BINS
    assert np.isclose(edges, HALF * found.guess.mean()).any()
    assert len(drawn(lots.figure(found))) < 100_000


@settings(max_examples=8)
@given(st.lists(HUGE, min_size=17, max_size=17), st.sampled_from(["tanh", "relu", "identity"]))
def test_a_network_of_any_weights_is_drawn_in_every_picture_of_its_start(parameters, f):
    e = Experiment(hidden=(Layer(4, f),), output="identity", loss="mse", iterations=1,
                   parameters=tuple(parameters))
    h = measure.histograms(e, 0)
    zones = {l: measure.zones(activation(name)) for l, name in enumerate(e.activations, start=1)}
    drawn(histograms.figure(h, zones))
    assert histograms.alt(h, zones)
    assert histograms.rows(h, zones)
    values = measure.singular_values(e, 0)
    drawn(singular.figure(values))
    assert singular.alt(values)
    assert singular.rows(values)
    m = measure.measured(e, (0,))
    for quantity in ("rms_delta", "std_z", "dead"):
        drawn(profile.figure(m, quantity))
        assert profile.alt(m, quantity)
        assert profile.rows(m, quantity)
    courses = [course("a run", train(e, 0))]
    drawn(race.figure(courses))
    assert race.alt(courses)


@settings(max_examples=12)
@given(st.lists(ANY, min_size=3, max_size=3), st.lists(ANY, min_size=3, max_size=3), ANY)
def test_a_race_of_any_numbers_is_drawn(costs, gradients, guess):
    values = abs(np.array([costs, gradients]))
    one = Course("a run", np.arange(3), *values, values[1], guess, None)
    drawn(race.figure([one, one]))
    assert race.alt([one])
    assert race.rows([one])
