"""Batches: which samples an iteration looks at.

    full batch     all samples, in their order, in every iteration
    mini-batches   each epoch deals out all samples once, shuffled; the last batch may be smaller

An iteration's batch follows from the seed and the iteration alone, so that any of them can be
looked at without going through those before it.
"""

from functools import lru_cache

import numpy as np

from engine.nn.arrays import Array

STREAM = 2  # the place of "batches" among the streams of a seed (engine/experiment/experiment.py)


def per_epoch(samples: int, batch: int) -> int:
    """How many iterations one pass over the data takes; batch 0 is all samples."""
    return -(-samples // batch) if batch else 1


def epoch(t: int, samples: int, batch: int) -> int:
    """The epoch, counted from 0, that iteration t belongs to."""
    return t // per_epoch(samples, batch)


def size(t: int, samples: int, batch: int) -> int:
    """How many samples iteration t looks at."""
    if not batch:
        return samples
    return min(batch, samples - t % per_epoch(samples, batch) * batch)


def sizes(samples: int, batch: int) -> set[int]:
    """The sizes that the batches of an epoch have: one, or two where the last one is smaller."""
    return {size(t, samples, batch) for t in (0, per_epoch(samples, batch) - 1)}


@lru_cache(maxsize=256)
def order(seed: int, epoch: int, samples: int) -> Array:
    """The samples as this epoch deals them out."""
    return np.random.default_rng([seed, STREAM, epoch]).permutation(samples)


def indices(t: int, seed: int, samples: int, batch: int) -> Array:
    """The samples of iteration t."""
    if not batch:
        return np.arange(samples)
    start = t % per_epoch(samples, batch) * batch
    return order(seed, epoch(t, samples, batch), samples)[start : start + batch]
