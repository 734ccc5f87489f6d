"""Datasets: what each says of itself is true."""

import numpy as np
import pytest

from engine.datasets import DATASETS, FOLDER, dataset

each = pytest.mark.parametrize("source", DATASETS.values(), ids=DATASETS.keys())


def rng() -> np.random.Generator:
    return np.random.default_rng(2)


@each
def test_a_source_is_what_it_says(source):
    x, y = source.make(rng())
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
    once, again = source.make(rng())[0], source.make(rng())[0]
    np.testing.assert_array_equal(once, again)
    assert not np.shares_memory(once, again)


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
    x, label = DATASETS["spirals"].make(rng())
    np.testing.assert_array_equal(np.bincount(label), 40)
    assert 0.9 < np.hypot(*x).max() < 1.1


def test_every_table_names_its_licence():
    for table in FOLDER.glob("*.csv"):
        assert "icence" in table.with_suffix(".LICENSE.txt").read_text()
