"""Runs are computed once for all, little by little where they are long, and can be stopped."""

import threading

import numpy as np
import pytest

from engine import link
from engine.own import suggested
from engine.spec import Experiment, Layer, State
from engine.tables import read_table
from engine.training import train
from tests.test_pages import opened, staged, whole
from ui import runs

LONG = State(Experiment(data="circles", hidden=(Layer(8, "tanh"), Layer(8, "tanh")),
                        iterations=100_000))


def button(app, label):
    return next((button for button in app.button if button.label == label), None)


def test_the_parts_of_a_computation_are_the_run():
    e = Experiment(iterations=700, data="moons", batch=10)
    computation = runs.begun(e, 3)
    while not computation.done:
        so_far = len(computation.found.costs)
        computation.advance(1e-4)  # one piece
        assert computation.done or len(computation.found.costs) > so_far
    for one, other in zip(computation.found, train(e, 3), strict=True):
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other)


def test_what_is_computed_stays_as_it_is_while_the_rest_follows():
    computation = runs.begun(LONG.experiment, 0)
    first = computation.found
    costs, parameters = first.costs.copy(), first.network(first.last).flat.copy()
    computation.advance(0.1)
    np.testing.assert_array_equal(first.costs, costs)
    np.testing.assert_array_equal(first.network(first.last).flat, parameters)


def test_two_sessions_do_not_compute_the_same_part_twice():
    computation = runs.begun(LONG.experiment, 0)
    with computation.lock:
        before = computation.found
        other = threading.Thread(target=computation.advance, args=(10,))
        other.start()
        other.join(timeout=2)
        assert not other.is_alive()  # it does not wait either
        assert computation.found is before


def test_a_short_run_is_whole_at_once_and_shows_no_progress():
    app = opened()
    assert staged(app)["last"] == 199
    assert button(app, "Stop computing") is None


def test_a_long_run_can_be_looked_at_while_it_is_computed_stopped_and_gone_on_with():
    app = opened(link.write(LONG))
    so_far = staged(app)["last"]
    assert 0 < so_far < LONG.experiment.iterations - 1
    assert "so far" in staged(app)["end"]
    whole(button(app, "Stop computing").click().run())
    stopped = staged(app)["last"]
    whole(app.run())
    assert staged(app)["last"] == stopped
    assert "iterations are computed" in app.info[0].value
    whole(button(app, "Go on computing").click().run())
    assert staged(app)["last"] > stopped
    assert button(app, "Go on computing") is None


@pytest.fixture
def scopes(monkeypatch) -> list[tuple[str, int]]:
    """Records for which sessions something is cached, and how many entries there are."""
    asked: list[tuple[str, int]] = []

    def cache(compute, scope="global", max_entries=0, **options):
        return lambda *arguments: asked.append((scope, max_entries))

    monkeypatch.setattr(runs.st, "cache_resource", cache)
    return asked


def test_what_is_made_of_own_data_is_cached_for_one_session_alone(scopes):
    look_up = runs.cached(train, 3, 2)
    look_up(Experiment(), 0)
    look_up(Experiment(data=suggested(read_table("x,y\n1,a\n2,b\n"))), 0)
    assert scopes == [("global", 3), ("session", 2)]


def test_of_small_runs_more_are_kept_than_of_large_ones(scopes):
    look_up = runs.cached(train, 3, 2, small=9)
    look_up(Experiment(), 0)
    look_up(LONG.experiment, 0)
    assert scopes == [("global", 9), ("global", 3)]
