"""The borders of hidden units lie where their z is 0, however their layer is normalised."""

import numpy as np
import pytest

from engine.normalisation import NORMS
from engine.scores import answers
from engine.spec import Experiment, Layer
from engine.training import train
from figures.boundary import exact, frames, words


def run_of(norm, data="moons", **more):
    hidden = (Layer(5, "tanh"), Layer(4, "tanh"))
    return train(Experiment(data=data, hidden=hidden, iterations=20, norm=norm, **more), 3)


@pytest.mark.parametrize("batch", [0, 16])
@pytest.mark.parametrize("norm", ["none", "batch"])
def test_on_the_line_of_a_unit_its_z_is_0(norm, batch):
    run = run_of(norm, batch=batch, bias="normal")
    lines = frames(run, np.array([0, 15]))["lines"].astype(float)
    for t, ends in zip((0, 15), lines, strict=True):
        there = np.isfinite(ends[:, 0])
        middle = (ends[:, :2] + ends[:, 2:]).T / 2
        y = np.zeros((1, middle.shape[1]))
        (w,) = answers(run, np.array([t]), np.nan_to_num(middle), y)
        assert there.any()
        np.testing.assert_allclose(np.diag(w.now.z[1][0])[there], 0, atol=1e-5)


@pytest.mark.parametrize("norm", NORMS)
def test_every_hidden_layer_has_borders_to_show(norm):
    run = run_of(norm)
    assert words(run)["hidden"] == [1, 2]
    found = exact(run, 4)
    straight = words(run)["straight"]
    assert ("lines" in found) == (straight == [1])
    assert {f"hidden {l}" for l in (1, 2) if l not in straight} == {
        name for name in found if name.startswith("hidden")}


def test_what_is_shown_of_a_curved_border_has_the_sign_of_z():
    found = exact(run_of("layer"), 4)["hidden 1"]
    assert found.min() < 0 < found.max()


@pytest.mark.parametrize("norm", NORMS)
def test_a_curve_is_drawn_whatever_the_norm(norm):
    run = run_of(norm, data="sine", output="identity", loss="mse")
    assert frames(run, np.array([0, 3]))["curves"].shape[:2] == (2, 1)
