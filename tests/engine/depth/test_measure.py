"""Depth: what is measured of many seeds is what the first step of each run is."""

import tracemalloc

import numpy as np
import pytest

from engine.depth import measure
from engine.depth.measure import (
    bands,
    histograms,
    measured,
    measuring,
    numbers,
    seen,
    singular_values,
    zones,
)
from engine.experiment import limits
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.activations import ACTIVATIONS
from engine.training.diagnostics import diagnostics
from engine.training.run import train

MIXED = Experiment(data="moons", hidden=(Layer(6, "sigmoid"), Layer(5, "tanh"), Layer(4, "relu")),
                   initializer="he_normal", bias="normal", iterations=1)


def chain(L: int, n: int, f: str = "tanh", **more) -> Experiment:
    return Experiment(data="noise", hidden=(Layer(n, f),) * L,
                      **{"iterations": 1, "initializer": "lecun_normal"} | more)


@pytest.mark.parametrize("change", [{}, {"batch": 10}, {"norm": "layer"}, {"residual": 1.0}])
def test_what_is_measured_is_the_first_step_of_each_run(change):
    e = Experiment(**{**MIXED.__dict__, **change})
    m = measured(e, (3, 8))
    for r, seed in enumerate((3, 8)):
        run = train(e, seed)
        d, now = diagnostics(run), run.trace(0)
        for name in ("rms_delta", "norm_dW", "norm_W", "mean_slope", "saturated", "dead"):
            np.testing.assert_allclose(getattr(m, name)[r], getattr(d, name)[0], rtol=1e-10)
        np.testing.assert_allclose(m.gain[r, :-1], d.gain[0, :-1], rtol=1e-10)
        np.testing.assert_allclose(m.relative[r], d.norm_dW[0] / d.norm_W[0], rtol=1e-10)
        np.testing.assert_allclose(m.std_z[r], [np.std(now.z[l]) for l in range(1, 5)])
        np.testing.assert_allclose(m.std_a[r], [np.std(now.a[l]) for l in range(1, 5)])


def test_seeds_come_one_first_and_in_the_end_all(monkeypatch):
    monkeypatch.setattr(measure, "AT_ONCE", 3 * numbers(MIXED))
    parts = [m.seeds for m in measuring(MIXED, tuple(range(9)))]
    assert [len(seeds) for seeds in parts] == [1, 4, 7, 9]
    *_, last = measuring(MIXED, (4, 2, 7))
    whole = measured(MIXED, (4, 2, 7))
    for one, other in zip(last, whole, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10)


def test_bands_are_taken_over_the_seeds_and_know_no_smallest_square():
    values = np.arange(1, 101.0)[:, None] * [[1, 1e-200]]
    b = bands(values)
    np.testing.assert_allclose(b.median, [50.5, 50.5e-200])
    np.testing.assert_allclose(b.low, [5.95, 5.95e-200])
    np.testing.assert_allclose(b.high, [95.05, 95.05e-200])
    np.testing.assert_allclose(b.rms, np.sqrt(101 * 201 / 6) * np.array([1, 1e-200]))


def test_a_gradient_far_below_the_smallest_square_is_still_measured():
    """0.05 in each of 99 layers of identities: 1e-129; its square would be 0 in the end."""
    e = chain(100, 8, "identity", initializer="orthogonal", gain=0.01)
    m = measured(e, (1,))
    np.testing.assert_allclose(m.rms_delta[0, 1:-1] / m.rms_delta[0, :-2], 100, rtol=1e-6)
    assert 0 < m.rms_delta[0, 0] < 1e-190


def test_many_samples_are_looked_at_evenly():
    e = Experiment(data="digits", iterations=1, output="softmax", loss="cross_entropy")
    x, y = seen(e, 0)
    assert x.shape == (64, 128)
    assert y.sum(1).min() > 3
    assert seen(chain(2, 3, size=40), 0)[0].shape == (64, 40)


def test_the_largest_setting_stays_below_a_gigabyte():
    """At a smaller depth and width; the rest is proportional to `numbers`."""
    e = chain(12, 128)
    tracemalloc.start()
    for _ in measuring(e, (0, 1, 2)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.5 * 8 * max(numbers(e), measure.AT_ONCE)
    assert 1.5 * 8 * numbers(chain(100, 140)) < 2**30
    most = 5 * limits.MAX_ACTIVITY + 3 * limits.MAX_PARAMETERS  # whatever the border allows
    assert 1.5 * 8 * most < 2**30


@pytest.mark.parametrize(("name", "kind", "z", "a"), [
    ("relu", "dead", (-np.inf, 0), (0, 0)),
    ("hard_tanh", "dead", (1, np.inf), (1, 1)),
    ("tanh", "saturated", (2.19, np.inf), (np.tanh(2.19), 1)),
    ("sigmoid", "saturated", (-np.inf, -4.36), (0, 1 / (1 + np.exp(4.36)))),
    ("elu", "saturated", (-np.inf, -3), (-1, np.exp(-3) - 1)),
])
def test_zones_begin_where_the_slope_is_a_twentieth(name, kind, z, a):
    """tanh' = 1/20 at artanh √(19/20) = 2.18; σ' = 1/80 at ± 4.357; elu' = 1/20 at ln 0.05."""
    zone = next(v for v in zones(ACTIVATIONS[name]) if v.kind == kind and (
        v.z[0] == z[0] or v.z[1] == z[1]))
    np.testing.assert_allclose(zone.z, z, atol=0.011)
    np.testing.assert_allclose(zone.a, a, atol=1e-3)


def test_what_never_flattens_has_no_zone_and_what_falls_none_in_a():
    assert zones(ACTIVATIONS["identity"]) == []
    assert zones(ACTIVATIONS["leaky_relu"])[0].kind == "saturated"  # 0.01 is below a twentieth
    assert all(zone.a is None for zone in zones(ACTIVATIONS["gelu"]))
    assert zones(ACTIVATIONS["softmax"]) == []


def test_histograms_count_every_value_once():
    h = histograms(MIXED, 5)
    now = train(MIXED, 5).trace(0)
    assert [one.layer for one in h] == [1, 2, 3, 4]
    for one in h:
        np.testing.assert_allclose(one.z.sum() + one.z_beyond, 1)
        z = now.z[one.layer]
        inside = ((z >= one.z_edges[20]) & (z < one.z_edges[40])).mean()
        np.testing.assert_allclose(one.z[20:40].sum(), inside, atol=1e-12)
    assert [one.layer for one in histograms(chain(20, 4), 0)] == [1, 5, 9, 13, 17, 21]


@pytest.mark.parametrize("f", ["tanh", "relu", "softmax", "gelu"])
def test_a_layers_jacobian_is_the_slope_of_its_activation_by_finite_differences(f):
    e = Experiment(data="moons", hidden=(Layer(5, "tanh"), Layer(4, f)), iterations=1)
    run, h = train(e, 2), 1e-6
    net, now = run.network(0), run.trace(0)
    out = lambda a: net.activations[2].f(net.W[2] @ a + net.b[2])
    below = now.a[1][:, [7]]
    J = np.hstack([(out(below + h * step) - out(below - h * step)) / (2 * h)
                   for step in np.eye(5)[:, :, None]])
    np.testing.assert_allclose(singular_values(e, 2, sample=7)[2],
                               np.linalg.svd(J, compute_uv=False), atol=1e-8)


def test_what_overflows_is_nan_and_no_warning():
    e = chain(100, 8, "identity", gain=1000.0, loss="mse", output="identity")
    hot = chain(100, 8, "relu", gain=1000.0, bias="normal", bias_scale=1000.0)
    for one in (e, hot):
        m = measured(one, (0,))
        assert m.rms_delta.shape == (1, 101)
        histograms(one, 0)
        singular_values(one, 0)
