"""Hypothesis strategies: any valid State, and values that a link may carry."""

from hypothesis import strategies as st

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.initializers import INITIALIZERS
from engine.network import parameter_count
from engine.spec import (
    MAX_HIDDEN,
    MAX_ITERATIONS,
    MAX_LEARNING_RATE,
    MAX_SEED,
    MAX_WIDTH,
    Cursor,
    Experiment,
    Layer,
    State,
    losses,
    outputs,
    parameter_names,
    sizes,
)
from engine.steps import GRAINS, steps

one_of = lambda table: st.sampled_from(sorted(table))
layers = st.builds(Layer, st.integers(1, MAX_WIDTH), one_of(ACTIVATIONS))
finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def experiments(draw) -> Experiment:
    data = draw(one_of(DATASETS))
    hidden = tuple(draw(st.lists(layers, max_size=MAX_HIDDEN)))
    loss = draw(st.sampled_from(losses(data)))
    output = draw(st.sampled_from(outputs(loss)))
    count = parameter_count(sizes(data, hidden, output))
    typed = draw(st.booleans()) and count < 60
    parameters = tuple(draw(st.lists(finite, min_size=count, max_size=count))) if typed else ()
    return Experiment(
        data=data, hidden=hidden, output=output, loss=loss, initializer=draw(one_of(INITIALIZERS)),
        parameters=parameters,
        frozen=tuple(draw(st.sets(st.sampled_from(parameter_names(len(hidden) + 1)), max_size=3))),
        learning_rate=draw(st.floats(0, MAX_LEARNING_RATE, exclude_min=True)),
        iterations=draw(st.integers(1, MAX_ITERATIONS)),
    )


@st.composite
def cursors(draw, e: Experiment) -> Cursor:
    layer = draw(st.integers(0, e.L))
    unit = (layer, draw(st.integers(0, e.sizes[layer] - 1)))
    connection = (*unit, draw(st.integers(0, e.sizes[layer - 1] - 1))) if layer else unit
    return Cursor(
        iteration=draw(st.integers(0, e.iterations - 1)),
        sample=draw(st.integers(-1, e.samples - 1)),
        step=str(draw(st.sampled_from(steps(e.L)))),
        unit=draw(st.sampled_from([(), unit, connection])),
        grain=draw(one_of(GRAINS)),
    )


@st.composite
def states(draw) -> State:
    experiment = draw(experiments())
    return State(experiment, draw(st.integers(0, MAX_SEED)), draw(cursors(experiment)))
