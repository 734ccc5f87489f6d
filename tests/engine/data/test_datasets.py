"""Datasets: what each says of itself is true."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.data import datasets
from engine.data.datasets import DATASETS, Dataset
from engine.data.generators import FOLDER

each = pytest.mark.parametrize("source", DATASETS.values(), ids=DATASETS.keys())


def dataset(name: str, *how, **options) -> Dataset:
    return datasets.dataset(DATASETS[name], *how, **options)


def rng() -> np.random.Generator:
    return np.random.default_rng(2)


@each
def test_a_source_is_what_it_says(source):
    x, y = source.make(rng(), source.samples)
    assert x.shape == (len(source.inputs), source.samples)
    assert np.isfinite(x).all()
    if source.kind == "classes":
        assert y.shape == (source.samples,)
        assert set(np.unique(y)) <= set(range(len(source.targets)))
    else:
        assert y.shape == (len(source.targets), source.samples)
    if source.kind == "unit":
        assert y.min() >= 0
        assert y.max() <= 1


@each
@pytest.mark.parametrize("output", ["identity", "sigmoid", "softmax"])
def test_the_encoded_target_fits_the_output(source, output):
    data = dataset(source.name, output, rng())
    assert data.y.shape == (len(data.outputs), source.samples)
    assert data.x.shape == (len(data.inputs), source.samples)
    if source.kind == "classes":
        assert set(np.unique(data.y)) <= {0, 1}
        if output == "softmax" or len(source.targets) > 2:
            np.testing.assert_array_equal(data.y.sum(0), 1)
            assert data.outputs == source.targets
        else:
            assert len(data.y) == 1


@each
def test_data_is_the_same_for_the_same_seed_and_never_shared(source):
    once, again = source.make(rng(), source.samples)[0], source.make(rng(), source.samples)[0]
    np.testing.assert_array_equal(once, again)
    assert not np.shares_memory(once, again)


def test_noise_is_standard_normal_and_its_classes_are_a_toss():
    x, label = DATASETS["noise"].make(rng(), 2000)
    assert x.shape == (64, 2000)
    np.testing.assert_allclose([x.mean(), x.std()], [0, 1], atol=0.01)
    np.testing.assert_allclose(label.mean(), 0.5, atol=0.05)
    assert abs(np.corrcoef(np.vstack([x, label]))[-1, :-1]).max() < 0.1


def test_xor_is_exclusive_or():
    data = dataset("xor", "sigmoid", rng())
    np.testing.assert_array_equal(data.y[0], data.x[0] != data.x[1])


def test_iris_is_the_real_one():
    """150 flowers, 50 of each species; means from Fisher's paper, in centimetres."""
    rows = np.loadtxt(FOLDER / "iris.csv", delimiter=",", skiprows=1)
    assert rows.shape == (150, 5)
    np.testing.assert_array_equal(np.bincount(rows[:, 4].astype(int)), 50)
    means = [rows[rows[:, 4] == k, :4].mean(0) for k in range(3)]
    np.testing.assert_allclose(means, [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326],
                                       [6.588, 2.974, 5.552, 2.026]], atol=1e-9)


def test_iris_is_standardised():
    data = dataset("iris", "softmax", rng())
    np.testing.assert_allclose(data.x.mean(-1), 0, atol=1e-12)
    np.testing.assert_allclose(data.x.std(-1), 1, rtol=1e-12)


def test_the_two_spirals_have_as_many_points_each_and_wind_out_to_the_rim():
    x, label = DATASETS["spirals"].make(rng(), 80)
    np.testing.assert_array_equal(np.bincount(label), 40)
    assert 0.9 < np.hypot(*x).max() < 1.1


def test_every_table_names_its_licence():
    for table in FOLDER.glob("*.csv"):
        assert "icence" in table.with_suffix(".LICENSE.txt").read_text()


SIZED = [source for source in DATASETS.values() if source.kind != "unit"]


@pytest.mark.parametrize("source", SIZED, ids=[source.name for source in SIZED])
def test_a_size_that_is_wished_is_had(source):
    size = min(37, source.most)
    data = dataset(source.name, "identity", rng(), size=size)
    assert data.x.shape[1] == data.y.shape[1] == size


def test_noise_is_of_the_size_that_is_wished():
    still = dataset("moons", "sigmoid", rng(), noise=0, size=2000)
    moved = dataset("moons", "sigmoid", rng(), noise=0.3, size=2000)
    np.testing.assert_allclose((moved.x - still.x).std(), 0.3, rtol=0.05)
    np.testing.assert_array_equal(moved.y, still.y)
    line = dataset("line", "identity", rng(), noise=0)
    np.testing.assert_allclose(line.y, 0.8 * line.x + 0.2, atol=1e-15)
    assert (dataset("line", "identity", rng(), noise=0.1).x == line.x).all()
    assert (dataset("line", "identity", rng(), noise=0.1).y != line.y).all()


def test_a_split_holds_back_its_share_and_loses_nothing():
    whole = dataset("iris", "softmax", rng(), standardise=False)
    data = dataset("iris", "softmax", rng(), split=0.3, standardise=False)
    assert (data.x.shape[1], data.test_x.shape[1]) == (105, 45)
    together = np.hstack([data.x, data.test_x])
    np.testing.assert_array_equal(np.sort(together, 1), np.sort(whole.x, 1))
    assert dataset("mazur", "sigmoid", rng(), split=0.9).x.shape[1] == 1  # never all of it


def test_the_scale_is_that_of_the_training_samples_alone():
    raw = dataset("penguins", "softmax", rng(), split=0.5, standardise=False)
    data = dataset("penguins", "softmax", rng(), split=0.5)
    np.testing.assert_allclose(data.x.mean(-1), 0, atol=1e-12)
    np.testing.assert_allclose(data.x.std(-1), 1, rtol=1e-12)
    np.testing.assert_allclose(data.test_x * data.spread + data.mean, raw.test_x, rtol=1e-12)


def test_a_constant_column_survives_standardising():
    data = dataset("digits", "softmax", rng(), standardise=True)
    assert np.isfinite(data.x).all()
    np.testing.assert_array_equal(data.x[0], 0)  # the first pixel is 0 in every image


def test_two_classes_have_a_row_each_where_that_is_wished():
    data = dataset("xor", "identity", rng(), each_class=True)
    np.testing.assert_array_equal(data.y, [[1, 0, 0, 1], [0, 1, 1, 0]])
    assert data.outputs == ("0", "1")


def test_the_penguins_are_the_real_ones():
    """Gorman et al. 2014: 151 Adelie, 68 Chinstrap and 123 Gentoo penguins were measured."""
    data = dataset("penguins", "softmax", rng(), standardise=False)
    np.testing.assert_array_equal(data.y.sum(1), [151, 68, 123])
    np.testing.assert_allclose(data.x[:, 0], [39.1, 18.7, 181, 3750])


def test_the_digits_are_the_real_ones():
    """As UCI describes its test set: 178, 182, 177, ... of the ten digits."""
    data = dataset("digits", "softmax", rng())
    np.testing.assert_array_equal(
        data.y.sum(1), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    assert (data.x.min(), data.x.max()) == (0, 1)


def test_and_or_and_the_arms_are_what_they_are_called():
    x = dataset("and", "sigmoid", rng()).x
    np.testing.assert_array_equal(dataset("and", "sigmoid", rng()).y[0], x.min(0))
    np.testing.assert_array_equal(dataset("or", "sigmoid", rng()).y[0], x.max(0))
    np.testing.assert_array_equal(dataset("spirals3", "softmax", rng()).y.sum(1), [40, 40, 40])
    inner, outer = (np.hypot(*circle) for circle in rings())
    np.testing.assert_allclose(inner, 0.5, rtol=1e-12)
    np.testing.assert_allclose(outer, 1, rtol=1e-12)


def rings() -> list[np.ndarray]:
    data = dataset("circles", "sigmoid", rng(), noise=0)
    return [data.x[:, data.y[0] == k] for k in (0, 1)]


def standardised(train, test=()):
    """A column, and what it makes of the test samples; its mean and spread."""
    mean, spread = datasets.scale(np.array([train], float), standardise=True)
    return *(datasets.scaled(np.array(v, float), mean, spread) for v in (train, test)), mean, spread


numbers = st.floats(allow_nan=False, allow_infinity=False)
sizes = st.integers(-300, 307).map(lambda k: 10.0**k)


@given(numbers, st.integers(2, 1000))
@example(0.1, 3)
@example(1.7e308, 3)
@example(5e-324, 50)
def test_a_constant_column_becomes_0_whatever_its_value_and_length(value, count):
    x, _, mean, spread = standardised([value] * count)
    np.testing.assert_array_equal(x, 0)
    assert (mean, spread) == (value, 1)


@given(numbers.filter(lambda v: abs(v) < 1e300), st.integers(2, 50), st.floats(-1e300, 1e300))
@example(0.1, 3, 0.2)
def test_a_test_sample_beside_a_constant_column_keeps_its_distance(value, count, other):
    np.testing.assert_array_equal(standardised([value] * count, [other])[1], [[other - value]])


@given(st.lists(numbers, min_size=2, max_size=9))
@example([0, 5e-324])
@example([-1.7e308, 1.7e308, 1.7e308])
def test_a_column_of_any_numbers_is_scaled_to_numbers_of_ordinary_size(column):
    assert abs(standardised(column)[0]).max() <= len(column)


@given(st.lists(st.floats(-1.5, 1.5), min_size=3, max_size=20), sizes)
@example([-1.5, 1.5, 1.5], 1e308)
@example([1.0, -1.0, 0.5], 1e200)
@example([1.0, 2.0, 4.0], 1e-300)
@example([1.0, 2.0, 4.0], 1e-160)
def test_columns_of_every_magnitude_are_scaled_alike(column, size):
    v = np.array(column)
    if v.max() - v.min() < 1e-6:
        return
    expected = (v - v.mean()) / v.std()
    np.testing.assert_allclose(standardised(v * size)[0][0], expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("name", ["circles", "moons", "spirals", "spirals3", "blobs"])
@pytest.mark.parametrize("size", [2, 7, 30, 100])
def test_drawn_classes_are_as_even_as_they_can_be(name, size):
    _, label = DATASETS[name].make(rng(), size)
    counts = np.bincount(label, minlength=len(DATASETS[name].targets))
    assert counts.max() - counts.min() <= 1


def test_both_moons_are_half_circles_that_reach_into_each_other():
    x, label = DATASETS["moons"].make(rng(), 200)
    arch, bowl = x[:, label == 0] + [[0.5], [0.25]], x[:, label == 1] + [[0.5], [0.25]]
    np.testing.assert_allclose(np.hypot(*arch), 1)
    np.testing.assert_allclose(np.hypot(bowl[0] - 1, bowl[1] - 0.5), 1)
    assert arch[1].min() >= 0
    assert bowl[1].max() <= 0.5
    assert arch[0].max() > bowl[0].min()


def test_the_heaps_lie_on_a_circle_of_radius_1_and_a_half_a_third_of_a_turn_apart():
    x, label = DATASETS["blobs"].make(rng(), 9)
    np.testing.assert_allclose(np.hypot(*x), 1.5)
    centres = [x[:, label == k][:, 0] for k in range(3)]
    np.testing.assert_allclose(sum(centres), 0, atol=1e-12)
    np.testing.assert_allclose(centres[0], [0, 1.5], atol=1e-12)


def test_neighbouring_squares_of_the_board_have_other_colours():
    x, label = DATASETS["checkerboard"].make(rng(), 500)
    assert (abs(x) <= 1).all()
    assert x.min() < -0.9 < 0.9 < x.max()
    squares = {}
    for (u, v), k in zip(np.floor(2 * x).astype(int).T.tolist(), label.tolist(), strict=True):
        assert squares.setdefault((u, v), k) == k
    assert len(squares) == 16
    for (u, v), k in squares.items():
        for beside in ((u + 1, v), (u, v + 1)):
            assert squares.get(beside, 1 - k) != k


def test_the_arms_wind_one_and_a_quarter_turns_from_a_tenth_out_to_1():
    for name, arms in (("spirals", 2), ("spirals3", 3)):
        x, label = DATASETS[name].make(rng(), 40 * arms)
        radius = np.hypot(*x)
        turn = np.arctan2(*x) - 2 * np.pi * (1.25 * radius + label / arms)
        np.testing.assert_allclose(np.cos(turn), 1, atol=1e-9)
        for k in range(arms):
            np.testing.assert_allclose(radius[label == k], np.linspace(0.1, 1, 40))


def test_the_curves_are_what_they_are_called():
    x, y = DATASETS["sine"].make(rng(), 41)
    np.testing.assert_allclose(x, np.linspace(-1, 1, 41)[None])
    np.testing.assert_allclose(y, np.sin(np.pi * x))
    x, y = DATASETS["step"].make(rng(), 41)
    np.testing.assert_array_equal(y, x > 0)
