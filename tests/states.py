"""Hypothesis strategies: any valid table, any valid State."""

import numpy as np
from hypothesis import strategies as st

from engine.data.datasets import DATASETS
from engine.data.tables import Numbers, Table, Words
from engine.data.user_data import Own, source_of
from engine.experiment.experiment import Experiment, asdict_shallow
from engine.experiment.layers import (
    Layer,
    losses,
    outputs,
    parameter_names,
    sizes,
    training_samples,
)
from engine.experiment.limits import (
    MAX_ACTIVITY,
    MAX_CLIP,
    MAX_GAIN,
    MAX_HIDDEN,
    MAX_HUBER_DELTA,
    MAX_ITERATIONS,
    MAX_LEARNING_RATE,
    MAX_NOISE,
    MAX_PENALTY,
    MAX_RESIDUAL,
    MAX_SEED,
    MAX_SPLIT,
    MAX_WIDTH,
    most_iterations,
)
from engine.experiment.state import (
    DETAILS,
    FADES,
    MAX_LESSON,
    MAX_PART,
    MAX_PINNED,
    Cursor,
    Pinned,
    Place,
    State,
    View,
)
from engine.nn.activations import ACTIVATIONS
from engine.nn.initializers import BIASES, INITIALIZERS
from engine.nn.network import parameter_count
from engine.nn.normalisation import NORMS
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.schedules import SCHEDULES
from engine.nn.steps import GRAINS

one_of = lambda table: st.sampled_from(sorted(table))
plain_layers = st.builds(Layer, st.integers(1, MAX_WIDTH), one_of(ACTIVATIONS), st.none())
families = st.sampled_from(sorted(f.name for f in ACTIVATIONS.values() if f.family))
layers = plain_layers | st.builds(Layer, st.integers(1, MAX_WIDTH), families, st.floats(0, 1))
finite = st.floats(allow_nan=False, allow_infinity=False)



NAMES = ["x1", "y, z", "<b>m</b>", "=1+1", 'the "q"', "a;b", "é", "7", "@1", "%"]
WORDS = ["cat", "dog, old", '"x"', "=1+1", "<b>", "a;b", "é", "x 1", "-y"]
generators = st.integers(0, 10**6).map(np.random.default_rng)


@st.composite
def tables(draw, least: int = 1) -> Table:
    """A table with columns of numbers and of words, with gaps."""
    rng, rows = draw(generators), draw(st.integers(least, 60))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True))
    column = lambda: (some_numbers if rng.random() < 0.5 else some_words)(rng, rows)
    return Table(tuple(names), tuple(column() for _ in names))


def some_numbers(rng: np.random.Generator, rows: int) -> Numbers:
    values = rng.normal(0, 10.0 ** rng.integers(-300, 300, rows)).round(rng.integers(0, 9))
    return Numbers(np.where(rng.random(rows) < 0.2, np.nan, values))


def some_words(rng: np.random.Generator, rows: int) -> Words:
    different, codes = np.unique(rng.choice(WORDS, rows), return_inverse=True)
    codes[1:][rng.random(rows - 1) < 0.2] = -1
    present = sorted({*codes.tolist()} - {-1})
    return Words(tuple(map(str, different[present])),
                 np.array([present.index(code) if code >= 0 else -1 for code in codes]))


@st.composite
def own_data(draw) -> Own:
    """A table with two columns more, which are whole: an input and a target."""
    table, rng = draw(tables(least=2)), draw(generators)
    x = Numbers(rng.normal(0, 3, table.rows))
    kind = draw(st.sampled_from(["classes", "numbers"]))
    target = Words(("a", "b"), np.arange(table.rows) % 2) if kind == "classes" else x
    whole = Table((*table.names, "x", "y"), (*table.columns, x, target))
    fit = [name for name in table.names if not table.column(name).missing.all()]
    chosen = tuple(name for name in fit if draw(st.booleans()))
    return Own(whole, (*chosen, "x"), ("y",), kind, "fill")


narrow = layers.map(lambda layer: layer._replace(width=min(layer.width, 16)))
deep = st.builds(lambda layer, n: (layer,) * n, narrow, st.integers(9, MAX_HIDDEN))
hidden_layers = st.lists(layers, max_size=8).map(tuple) | deep


@st.composite
def experiments(draw) -> Experiment:
    data = draw(one_of(DATASETS) | own_data())
    hidden = draw(hidden_layers)
    loss = draw(st.sampled_from(losses(data)))
    output = draw(st.sampled_from(outputs(loss)))
    count = parameter_count(sizes(data, hidden, output, loss))
    typed = draw(st.booleans()) and count < 60
    parameters = tuple(draw(st.lists(finite, min_size=count, max_size=count))) if typed else ()
    size = draw(st.none() | st.integers(1, source_of(data).most))
    split = draw(st.floats(0, MAX_SPLIT))
    samples = training_samples(data, size, split)
    room = MAX_ACTIVITY // sum(sizes(data, hidden, output, loss))
    batch = draw(st.integers(0 if samples <= room else 1, min(samples, room)))
    optimizer = draw(one_of(OPTIMIZERS))
    optimizer_and_more = draw(options) | {"optimizer": optimizer}
    frozen = tuple(draw(st.sets(st.sampled_from(parameter_names(len(hidden) + 1)), max_size=3)))
    most = most_iterations(asdict_shallow(Experiment()) | optimizer_and_more | {
        "data": data, "hidden": hidden, "output": output, "loss": loss, "size": size,
        "split": split, "batch": batch, "frozen": frozen})
    return Experiment(
        data=data, hidden=hidden, output=output, loss=loss, initializer=draw(one_of(INITIALIZERS)),
        parameters=parameters,
        frozen=frozen,
        learning_rate=draw(st.floats(0, MAX_LEARNING_RATE, exclude_min=True)),
        iterations=draw(st.integers(1, most)), size=size, split=split, batch=batch,
        settings=draw(settings_of(optimizer)), **optimizer_and_more,
    )


def settings_of(optimizer: str) -> st.SearchStrategy:
    number = lambda s: st.floats(0, s.high, exclude_max=not s.closed)
    return st.just(()) | st.tuples(*map(number, OPTIMIZERS[optimizer].settings))


options = st.fixed_dictionaries({}, optional={
    "noise": st.none() | st.floats(0, MAX_NOISE),
    "standardise": st.none() | st.booleans(),
    "gain": st.floats(-MAX_GAIN, MAX_GAIN),
    "bias": one_of(BIASES),
    "bias_scale": st.floats(-MAX_GAIN, MAX_GAIN),
    "schedule": one_of(SCHEDULES),
    "warmup": st.integers(0, MAX_ITERATIONS),
    "every": st.integers(1, MAX_ITERATIONS),
    "factor": st.floats(0, 10, exclude_min=True),
    "clip": st.floats(0, MAX_CLIP),
    "l1": st.floats(0, MAX_PENALTY),
    "l2": st.floats(0, MAX_PENALTY),
    "huber_delta": st.floats(0, MAX_HUBER_DELTA, exclude_min=True),
    "norm": one_of(NORMS),
    "residual": st.floats(0, MAX_RESIDUAL),
})


@st.composite
def cursors(draw, e: Experiment) -> Cursor:
    layer = draw(st.integers(0, e.L))
    unit = (layer, draw(st.integers(0, e.sizes[layer] - 1)))
    connection = (*unit, draw(st.integers(0, e.sizes[layer - 1] - 1))) if layer else unit
    iteration = draw(st.integers(0, e.iterations - 1))
    return Cursor(
        iteration=iteration,
        sample=draw(st.integers(-1, e.batch_size(iteration) - 1)),
        step=str(draw(st.sampled_from(e.steps))),
        unit=draw(st.sampled_from([(), unit, connection])),
        grain=draw(one_of(GRAINS)),
    )


@st.composite
def forked(draw, e: Experiment) -> Experiment:
    """An experiment with up to three forks, each of one thing."""
    wished = {
        "learning_rate": st.floats(0, MAX_LEARNING_RATE, exclude_min=True),
        "initializer": one_of(INITIALIZERS),
        "hidden": st.just(tuple(layer._replace(activation="tanh", alpha=None)
                                for layer in e.hidden)),
    }
    for _ in range(draw(st.integers(0, 3))):
        least = e.forks[-1].iteration if e.forks else 0
        name = draw(st.sampled_from(sorted(wished)))
        e = e.forked(draw(st.integers(least, e.iterations - 1)), **{name: draw(wished[name])})
    return e


seeds = st.integers(0, MAX_SEED)
views = st.builds(View, one_of(FADES), one_of(DETAILS), st.booleans())
places = st.builds(Place, st.integers(0, MAX_LESSON), st.integers(0, MAX_PART))
runs = st.builds(Pinned, experiments().flatmap(forked), seeds)


@st.composite
def states(draw) -> State:
    experiment, seed = draw(runs)
    pinned = st.lists(runs | st.just(Pinned(experiment, 5)), max_size=MAX_PINNED)
    return State(experiment, seed, draw(cursors(experiment)), tuple(draw(pinned)), draw(views),
                 draw(places))
