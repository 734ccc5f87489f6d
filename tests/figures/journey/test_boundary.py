"""The borders of hidden units lie where their z is 0, however their layer is normalised."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.tables import Numbers, Table, Words
from engine.data.user_data import Own
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.normalisation import NORMS
from engine.training.run import train
from engine.training.scores import answers
from figures.journey.boundary import (
    deeper,
    exact,
    frame_size,
    frames,
    grid,
    heights,
    keyframes,
    levels,
    picture_kind,
    ranges,
    shift,
    signed_bytes,
    spans,
    target_range,
    words,
)


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


CURVE = Experiment(data="sine", hidden=(Layer(3, "tanh"),), output="identity", loss="mse",
                   iterations=4, split=0.2, noise=0)
THREE = Experiment(data="blobs", hidden=(Layer(3, "tanh"),), output="softmax",
                   loss="cross_entropy", iterations=30, split=0.3)


def every_sample(run):
    return np.hstack([run.data.x, run.data.test_x]), np.hstack([run.data.y, run.data.test_y])


def test_the_picture_reaches_12_percent_of_the_samples_span_beyond_them():
    run = train(CURVE, 1)
    for (low, high), values in zip(ranges(run), every_sample(run), strict=True):
        span = values.max() - values.min()
        np.testing.assert_allclose([values.min() - low, high - values.max()], 0.12 * span)


def test_values_that_are_all_the_same_have_a_picture_around_them():
    np.testing.assert_allclose(spans(np.array([[5.0, 5], [1, 3]])), [[3.76, 6.24], [0.76, 3.24]])


def test_axes_of_like_spans_have_one_scale_and_each_axis_its_own_middle():
    run = train(Experiment(data="moons", iterations=1, size=50), 2)
    x = every_sample(run)[0]
    low, high = x.min(-1), x.max(-1)
    assert (high - low).max() < 4 * (high - low).min()
    found = ranges(run)
    np.testing.assert_allclose(found.mean(-1), (low + high) / 2)
    np.testing.assert_allclose(found[:, 1] - found[:, 0], 1.24 * (high - low).max())


def test_axes_of_very_different_spans_have_a_scale_each():
    table = Table(("u", "v", "c"), (Numbers(np.array([0.0, 1, 2, 1])),
                                    Numbers(np.array([0.0, 8, 4, 2])),
                                    Words(("a", "b"), np.array([0, 1, 0, 1]))))
    own = Own(table, ("u", "v"), ("c",), "classes")
    run = train(Experiment(data=own, standardise=False, iterations=1), 0)
    np.testing.assert_allclose(ranges(run), [[-0.24, 2.24], [-0.96, 8.96]])


def test_a_grid_goes_to_the_edges_row_by_row_the_first_row_on_top():
    run = train(Experiment(data="moons", iterations=1), 2)
    (left, right), (low, high) = ranges(run)
    x, y = grid(run, 5)
    np.testing.assert_allclose(x, np.tile(np.linspace(left, right, 5), 5))
    np.testing.assert_allclose(y, np.repeat(np.linspace(high, low, 5), 5))
    line = train(CURVE, 1)
    np.testing.assert_allclose(grid(line, 5)[0, [0, -1]], ranges(line)[0])


def said(run, *outputs):
    """Class and strength, from 0 to 1, of outputs that are given for each cell."""
    classes = max(2, len(outputs))
    found = levels(run, np.array(outputs, float)[None])[0].astype(int)
    bits = shift(classes)
    return found >> bits, (found & (2**bits - 1)) / (2**bits - 1)


def test_a_cell_says_the_winning_class_and_the_root_of_its_margin():
    one = train(Experiment(data="moons", iterations=1), 0)
    winner, strength = said(one, [0, 0.5, 0.625, 1, np.nan, np.inf])
    assert winner[[0, 2, 3, 5]].tolist() == [0, 1, 1, 1]
    np.testing.assert_allclose(strength, [1, 0, 0.5, 1, 0, 1], atol=0.005)
    three = train(THREE, 0)
    winner, strength = said(three, [1, 0.25, 0.1, np.inf], [0, 0.5, 0.1, 0], [0, 0.25, 0.8, 0])
    assert winner.tolist() == [0, 1, 2, 0]
    np.testing.assert_allclose(strength, [1, 0.5, 0.7**0.5, 1], atol=0.01)


def test_an_output_without_a_squash_is_for_the_first_class_below_0():
    run = train(Experiment(data="moons", output="identity", loss="bce_logits", iterations=1), 0)
    winner, strength = said(run, [-0.125, 0.125, 2])
    assert winner.tolist() == [0, 1, 1]
    np.testing.assert_allclose(strength, [0.5, 0.5, 1], atol=0.005)


@pytest.mark.parametrize(("classes", "bits"), [(2, 7), (3, 6), (4, 6), (5, 5), (8, 5), (9, 4)])
def test_a_class_takes_as_few_bits_as_it_can(classes, bits):
    assert shift(classes) == bits


@pytest.mark.parametrize("e", [
    THREE, Experiment(data="moons", hidden=(Layer(3, "tanh"),), iterations=30, split=0.2),
    Experiment(data="moons", output="identity", loss="bce_logits", iterations=30),
])
def test_each_sample_has_the_bit_of_its_own_wrong_answer(e):
    run = train(e, 5)
    x, y = every_sample(run)
    ts = np.array([0, 29])
    found = np.unpackbits(frames(run, ts)["wrong"], axis=-1, bitorder="little")[:, : x.shape[1]]
    for t, bits in zip(ts, found, strict=True):
        (w,) = answers(run, ts[ts == t], x, y)
        a = w.now.a[w.network.L][0]
        label = a.argmax(0) if len(a) > 1 else (a[0] > (0 if e.output == "identity" else 0.5))
        truth = y.argmax(0) if len(y) > 1 else y[0]
        np.testing.assert_array_equal(bits, label != truth)
    assert 0 < found[0].sum() < x.shape[1]


def test_a_height_is_the_first_output_over_the_range_of_the_targets():
    run = train(Experiment(data="mazur", iterations=1), 0)
    low, high = target_range(run)
    y = every_sample(run)[1][0]
    assert (low, high) == (y[0] - 1, y[0] + 1)  # a single target has no range
    a = np.array([[[low, (low + high) / 2, high, low - 1, high + 1]]])
    assert heights(run, a).tolist() == [[0, 128, 255, 0, 255]]
    several = train(CURVE, 1)
    y = every_sample(several)[1]
    assert target_range(several) == (y.min(), y.max())


def test_the_border_of_a_unit_ends_at_the_edges_of_the_picture():
    run = run_of("none", bias="normal")
    (left, right), (low, high) = ranges(run)
    for x, y in frames(run, np.array([3]))["lines"][0].reshape(-1, 2):
        if np.isfinite(x):
            at_edge = np.isclose([x, x, y, y], [left, right, low, high], atol=1e-5)
            assert at_edge.any()
            assert left - 1e-5 <= x <= right + 1e-5
            assert low - 1e-5 <= y <= high + 1e-5


def test_the_border_of_a_unit_on_a_curve_is_where_its_input_is_0():
    run = train(replace(CURVE, bias="normal", hidden=(Layer(6, "tanh"),)), 3)
    net, (left, right) = run.network(2), ranges(run)[0]
    found = frames(run, np.array([2]))["lines"][0]
    zero = (-net.b[1] / net.W[1])[:, 0]
    inside = (zero > left) & (zero < right)
    assert 0 < inside.sum() < 6
    np.testing.assert_allclose(found[inside, 0], zero[inside], rtol=1e-5)
    np.testing.assert_array_equal(found[:, 0], found[:, 2])
    np.testing.assert_allclose(found[inside][:, [1, 3]],
                               [ranges(run)[1].tolist()] * inside.sum(), rtol=1e-5)
    assert np.isnan(found[~inside]).all()


def test_frames_are_dense_at_the_beginning_and_even_after_it_and_stay_within_their_bytes():
    run = train(replace(CURVE, iterations=400), 1)
    chosen = keyframes(run, 400)
    assert (chosen[0], chosen[1], chosen[-1]) == (0, 1, 399)
    assert chosen.tolist() == sorted({*chosen.tolist()})
    assert len(chosen) * frame_size(run) <= 120_000
    gaps = np.diff(chosen)
    assert gaps[: len(gaps) // 4].max() < gaps[len(gaps) // 2:].max()
    half = min(400, 120_000 // frame_size(run)) // 2
    assert {*np.round(np.linspace(0, 399, half)).astype(int)} <= {*chosen.tolist()}
    assert {*np.round(np.geomspace(1, 400, half) - 1).astype(int)} <= {*chosen.tolist()}
    assert frame_size(run) == sum(a.nbytes for a in frames(run, np.array([0])).values())


@pytest.mark.parametrize(("e", "kind"), [
    (CURVE, "curve"), (THREE, "plane"), (Experiment(data="mazur"), ""),
    (Experiment(data="iris", output="softmax", loss="cross_entropy"), ""),
    (Experiment(loss="output", output="identity"), ""), (Experiment(data="nnfs", loss="mse"), ""),
])
def test_a_picture_needs_one_or_two_inputs_a_target_and_two_samples(e, kind):
    assert picture_kind(e) == kind


def test_the_size_of_what_a_unit_says_is_relative_to_its_own_largest():
    z = np.zeros((2, 31 * 31))
    z[0, :3], z[1, :3] = [4, -2, 1], [-100, np.nan, 50]
    found = signed_bytes(z)
    assert found.shape == (2, 31, 31)
    assert found[0, 0, :4].tolist() == [127, -64, 32, 0]
    assert found[1, 0, :4].tolist() == [-127, 0, 64, 0]
    assert not signed_bytes(np.zeros((1, 31 * 31))).any()


def test_layers_that_are_too_wide_are_not_drawn_unit_by_unit():
    wide = lambda *widths: replace(THREE, hidden=tuple(Layer(n, "tanh") for n in widths))
    assert deeper(wide(3, 24)) == [2]
    assert deeper(wide(3, 25)) == []
    assert deeper(wide(3, 12, 12, 1)) == [2, 3]
    assert deeper(replace(wide(12, 12, 1), norm="layer")) == [1, 2]
    assert deeper(replace(CURVE, hidden=(Layer(2, "tanh"),) * 3)) == []
