"""Schedules and batches: by hand, and that every iteration and epoch can be addressed."""

import numpy as np
import pytest

from engine.data import batches
from engine.experiment.experiment import STREAMS, Experiment
from engine.nn.schedules import SCHEDULES, multiples

T = np.arange(8)


def test_schedules_by_hand():
    np.testing.assert_array_equal(multiples("constant", T, 8), 1)
    np.testing.assert_allclose(multiples("step", T, 8, every=3, factor=0.1),
                               [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01])
    np.testing.assert_array_equal(multiples("step", np.array([99, 100, 200]), 300), [1, 0.5, 0.25])
    cosine = multiples("cosine", T, 8)
    np.testing.assert_allclose(cosine[[0, 4]], [1, 0.5])
    np.testing.assert_allclose(cosine[[2, 6]], [(1 + 0.5**0.5) / 2, (1 - 0.5**0.5) / 2])


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_warm_up_rises_in_even_steps_and_then_lets_go(name):
    ratio = multiples(name, T, 8, warmup=4) / multiples(name, T, 8)
    np.testing.assert_allclose(ratio, [0.25, 0.5, 0.75, 1, 1, 1, 1, 1])


@pytest.mark.parametrize(("samples", "batch"), [(10, 3), (10, 1), (10, 10), (9, 3), (4, 0)])
def test_each_epoch_deals_out_every_sample_once(samples, batch):
    n = batches.per_epoch(samples, batch)
    for epoch in range(3):
        of_epoch = range(epoch * n, epoch * n + n)
        dealt = [batches.indices(t, 7, samples, batch) for t in of_epoch]
        assert sorted(np.concatenate(dealt)) == list(range(samples))
        assert {batches.epoch(t, samples, batch) for t in of_epoch} == {epoch}
        for i, part in enumerate(dealt):
            assert len(part) == batches.size(epoch * n + i, samples, batch)
        assert {len(part) for part in dealt} == batches.sizes(samples, batch)


def test_epochs_are_shuffled_by_the_seed_and_each_in_its_own_way():
    def epoch(seed, e):
        batches.order.cache_clear()  # what is kept would be equal to itself
        return batches.order(seed, e, 50).tolist()

    assert epoch(1, 0) == epoch(1, 0)
    assert epoch(1, 0) != epoch(2, 0)
    assert epoch(1, 0) != epoch(1, 1)
    assert STREAMS[batches.STREAM] == "batches"


def test_an_experiment_knows_its_epochs():
    e = Experiment(data="iris", output="softmax", loss="cross_entropy", batch=32)
    assert [e.batch_size(t) for t in range(6)] == [32, 32, 32, 32, 22, 32]
    assert [e.epoch(t) for t in (0, 4, 5, 12)] == [0, 0, 1, 2]
