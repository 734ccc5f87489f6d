"""The table of a worked example says what agrees and what does not, and is right about it."""

import pytest

from engine.experiment.presets import PRESETS
from engine.training.run import train
from figures.lessons.examples import agrees, published_table

PUBLISHED = [preset for preset in PRESETS.values() if preset.published]


@pytest.mark.parametrize(("text", "value", "verdict"), [
    ("0.3775", 0.3775, True), ("0.75136507", 0.7513650695523, True), ("0.26", 0.2557, True),
    ("0.26", 0.2546, False), ("-1.81", -1.81, True), ("2", 2.4, True), ("2", 2.6, False),
])
def test_a_number_agrees_when_it_rounds_to_what_is_printed(text, value, verdict):
    assert agrees(text, value) is verdict


@pytest.mark.parametrize("preset", PUBLISHED, ids=lambda preset: preset.name)
def test_every_published_number_has_a_row_and_a_difference_has_its_reason(preset):
    table = published_table(preset, train(preset.state.experiment, preset.state.seed))
    assert table["published"] == [number.text for number in preset.published]
    assert len(set(map(len, table.values()))) == 1
    assert "differs" not in table["verdict"] or preset.error
