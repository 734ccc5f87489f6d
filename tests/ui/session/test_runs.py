"""Runs are computed once for all, little by little where they are long, and can be stopped."""

from dataclasses import replace

import pytest

from engine.data.table_text import read_table
from engine.data.user_data import suggested
from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.experiment.state import State
from engine.training.light import is_light
from engine.training.run import train
from figures.lessons.places import lessons as taught
from tests.ui.test_pages import opened, staged, whole
from ui.session import answers, bounds, runs
from ui.session.gradual import Whole

LONG = State(Experiment(data="circles", hidden=(Layer(8, "tanh"), Layer(8, "tanh")),
                        iterations=100_000))


def button(app, label):
    return next((button for button in app.button if button.label == label), None)


@pytest.mark.parametrize(("e", "quick"), [
    (Experiment(), True),
    (LONG.experiment, False),
    (Experiment(data="mazur", output="sigmoid", loss="half_sum", iterations=1,
                hidden=(Layer(256, "tanh"),) * 30), False),
])
def test_only_what_takes_no_time_is_computed_where_pages_are_drawn(e, quick):
    assert runs.is_quick(e) == quick
    assert isinstance(runs.computation_of(State(e)), Whole) == quick


def test_every_run_of_a_lesson_and_of_an_example_takes_no_time():
    lessons = [part.moment for lesson in taught() for part in lesson.parts if part.moment]
    examples = [preset.state for preset in PRESETS.values() if preset.published]
    assert lessons
    assert examples
    assert not [s for s in (*lessons, *examples) if not runs.is_quick(s.experiment)]


def test_a_long_run_is_here_without_its_parameters_and_answers_what_is_asked_of_it():
    run = runs.run_of(LONG)
    assert 0 < len(run.costs) <= LONG.experiment.iterations
    assert is_light(run)
    there = runs.of_run(answers.at_moment, LONG, run, (), 3, 0, 0)
    whole_run = train(replace(LONG.experiment, iterations=300), 0)
    assert len(there) == len(answers.at_moment(whole_run, (), 3, 0, 0))


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
def scopes(monkeypatch) -> list[tuple]:
    """Records for which sessions something is cached, how many entries there are, and bytes."""
    asked: list[tuple] = []

    def cache(compute, scope="global", max_entries=0, max_size=None, **options):
        return lambda *arguments: asked.append((scope, max_entries, max_size))

    monkeypatch.setattr(runs.st, "cache_resource", cache)
    monkeypatch.setattr(runs.st, "cache_data", cache)
    monkeypatch.setitem(bounds.CACHES, "runs", bounds.Bound(3, 300, 2))
    return asked


@pytest.mark.parametrize(("kind", "sizes"), [
    (runs.cached, (300, 200)), (runs.shared, (None, None))])
def test_what_is_made_of_own_data_is_cached_for_one_session_alone(scopes, kind, sizes):
    look_up = kind(train, "runs")
    look_up(Experiment(), 0)
    look_up(Experiment(data=suggested(read_table("x,y\n1,a\n2,b\n"))), 0)
    assert scopes == [("global", 3, sizes[0]), ("session", 2, sizes[1])]
