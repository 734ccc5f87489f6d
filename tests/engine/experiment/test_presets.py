"""Presets: the worked examples, number by number, and their mistakes, named and measured."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.data.datasets import DATASETS
from engine.experiment.link import read, write
from engine.experiment.presets import PRESETS, preset_of
from engine.nn.losses import LOSSES
from engine.training.run import train
from figures.lessons.examples import computed
from tests.truth_adapter import LOSS_NAMES

TRUTH = Path(__file__).parent.parent.parent / "data" / "truth"
EXAMPLES = json.loads((TRUTH / "worked_examples.json").read_text())["cases"]
NETWORKS = [case for case in EXAMPLES if case["kind"] == "mlp"]
PUBLISHED = [(preset, number) for preset in PRESETS.values() for number in preset.published]

# What a preset's `error` explains: how far the published number is from the right one.
WRONG = {
    ("mazur", "0.291027924"): 1.502e-7,
    ("geoj", "0.221490524653"): 4.7e-13,
    ("geoj", "0.978240210068"): 8.9e-13,
    ("geoj", "0.504998396209"): 1.2e-12,
    ("geoj", "-0.090933756736"): 3.3e-12,
    ("geoj", "0.034100158776"): 1.3e-12,
}


@pytest.fixture(scope="module")
def runs():
    return {name: train(p.state.experiment, p.state.seed) for name, p in PRESETS.items()}


def last_digit(text: str) -> float:
    """What one unit of the last printed digit is worth."""
    return 10.0 ** -len(text.partition(".")[2])


@pytest.mark.parametrize(("preset", "number"), PUBLISHED, ids=lambda x: getattr(x, "name", None))
def test_published_numbers_are_the_engines_but_for_those_that_the_error_names(preset, number, runs):
    difference = abs(computed(number, runs[preset.name]) - float(number.text))
    wrong = WRONG.get((preset.name, number.text))
    if wrong is None:
        assert difference <= 0.5001 * last_digit(number.text)
    else:
        assert preset.error
        assert difference == pytest.approx(wrong, rel=0.2 if preset.name == "geoj" else 1e-3)


def test_every_wrong_number_is_published_by_its_preset():
    assert set(WRONG) <= {(preset.name, number.text) for preset, number in PUBLISHED}


@pytest.mark.parametrize("case", NETWORKS, ids=lambda case: case["id"])
def test_every_worked_example_has_a_preset_with_its_network_and_data(case):
    pairs = zip(case["params"]["W"], case["params"]["b"], strict=True)
    flat = np.concatenate([np.ravel(part) for pair in pairs for part in pair])
    (preset,) = [p for p in PRESETS.values() if p.state.experiment.parameters == tuple(flat)]
    e, run = preset.state.experiment, train(preset.state.experiment, 0)
    assert list(e.sizes) == case["sizes"]
    assert list(e.activations) == case["activations"]
    assert e.loss == LOSS_NAMES.get(case["loss"], case["loss"])
    np.testing.assert_array_equal(run.data.x, case["X"])
    np.testing.assert_array_equal(run.data.y, case["Y"])
    np.testing.assert_allclose(run.trace(0).C, case["ref"]["loss"], rtol=1e-12)


def test_the_exact_second_prediction_of_hmkcode():
    """By hand: the new weights are 0.121326 0.226989 0.132135 0.0982025 and 0.1743825 0.169416."""
    h1, h2 = 2 * 0.121326 + 3 * 0.226989, 2 * 0.132135 + 3 * 0.0982025
    second = 0.1743825 * h1 + 0.169416 * h2
    run = train(PRESETS["hmkcode"].state.experiment, 0)
    assert float(run.trace(1).a[2][0, 0]) == pytest.approx(second, rel=1e-13)
    assert f"{second:.4f}" == "0.2557"


def test_the_planar_courses_cost_belongs_to_other_targets():
    extra = next(c["extra"] for c in NETWORKS if c["id"].startswith("w05"))["compute_cost_test"]
    a, y = np.array([extra["A2"]]), np.array([extra["Y"]], float)
    assert f"{LOSSES['bce'].cost(a, y).mean():.13f}" == "0.6930587610395"


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())
def test_a_preset_survives_its_link_and_is_found_again(preset):
    state, sentences = read(write(preset.state))
    assert sentences == []
    assert state == preset.state
    assert preset_of(state) is preset


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "explosion"])
def test_a_preset_runs_to_its_end_and_learns(name, runs):
    run, preset = runs[name], PRESETS[name]
    assert run.overflow is None
    assert run.last == preset.state.experiment.iterations - 1
    assert run.costs[-1] < run.costs[0]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())
def test_a_preset_says_what_to_see_and_a_borrowed_one_names_its_source(preset):
    assert preset.title
    assert preset.note.endswith(".")
    assert preset.source or preset.name in PRESETS
    assert not preset.published or preset.source
    assert preset.state.experiment.data in DATASETS
