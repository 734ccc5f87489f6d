"""Where a run starts: its data and its first parameters, typed in or drawn.

    first_block   (1 + S, ..., P): the parameters, and below them the optimizer's state
"""

from collections.abc import Callable

import numpy as np

from engine.data.datasets import Dataset, dataset
from engine.data.user_data import source_of
from engine.experiment.experiment import Experiment, stream
from engine.nn.arrays import Array
from engine.nn.losses import LOSSES
from engine.nn.network import initial_parameters
from engine.training.descent import optimizer_of


def loaded(e: Experiment, seed: int | tuple[int, ...]) -> Dataset:
    """The data; for several seeds each one's own, stacked."""
    if not isinstance(seed, int):
        parts = zip(*(loaded(e, one) for one in seed), strict=True)
        data = Dataset(*(p[0] if isinstance(p[0], tuple) else np.stack(p) for p in parts))
    else:
        data = dataset(source_of(e.data), e.output, stream(seed, "data"), e.noise, e.size, e.split,
                       e.standardise, each_class=LOSSES[e.loss].needs == "classes")
    return Dataset(*(v if isinstance(v, tuple) else read_only(v) for v in data))


def first_block(e: Experiment, seed: int | tuple[int, ...]) -> Array:
    """The block (1 + S, ..., P) before the first update."""
    p = for_each(seed, lambda one: first_parameters(e, one))
    return np.concatenate([p[None], optimizer_of(e)[0].init(p)])


def for_each(seed: int | tuple[int, ...], make: Callable[[int], Array]) -> Array:
    """What is made of a seed, or of each of several, stacked."""
    return make(seed) if isinstance(seed, int) else np.stack([make(one) for one in seed])


def first_parameters(e: Experiment, seed: int) -> Array:
    """Before every fork: typed in, or drawn."""
    if e.forks:
        return first_parameters(e.past, seed)
    return np.array(e.parameters, float) if e.parameters else drawn_parameters(e, seed)


def drawn_parameters(e: Experiment, seed: int) -> Array:
    return initial_parameters(e.sizes, e.initializer, stream(seed, "weights"), e.gain, e.bias,
                              e.bias_scale)


def read_only(array: Array) -> Array:
    """A view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view
