"""How large the scripts, the notebook and the walk will be, before they are made; in bytes.

Numbers are counted by the shapes and written out for a few rows and columns. What stands around
them is the same for every step, about: so many characters for a step, for a layer and for the rest.
"""

import numpy as np

from engine.experiment.experiment import Experiment
from engine.experiment.state import State
from engine.nn.arrays import Array
from engine.nn.network import views
from engine.training.descent import optimizer_of
from engine.training.run import Run
from engine.training.updates import update_lines
from figures import player
from figures.exports.literals import literal
from figures.exports.walk import MOST, WHOLE
from figures.stage.numbers import FEW_SAMPLES, SAMPLES, iteration_window, sample_window
from figures.stage.picture import drawn
from figures.window import everything, layers_near, near

ROWS, COLUMNS = 12, 60  # of a matrix that are written out
ALL_SHOWN = 1000  # numbers of an array that NumPy shows; of a larger one only its edges
EDGES = 700  # characters of those
NUMPY, TORCH, NOTEBOOK, WALK = 215, 105, 950, 6900  # characters for each step of a plain network
WITH_NORM = {"numpy": 1.25, "notebook": 1.15, "walk": 1.3}  # times as many of a normalised one


def numpy_size(run: Run, t: int) -> int:
    return round(given_size(run, t, "np") + NUMPY * steps(run, "numpy") + 500)


def torch_size(run: Run, t: int) -> int:
    return round(given_size(run, t, "torch") + TORCH * run.experiment.L + 1100)


def notebook_size(run: Run, t: int) -> int:
    """The given numbers stand in lines of JSON, and below each step stands what it gives."""
    return round(1.08 * given_size(run, t, "np") + NOTEBOOK * steps(run, "notebook") + 1000
                 + sum(shown_size(size) for size in results(run, t)))


def steps(run: Run, form: str) -> float:
    """The steps, where those of a normalised network count for more."""
    e = run.experiment
    return len(e.steps) * (1 if e.norm == "none" else WITH_NORM[form])


def given_size(run: Run, t: int, library: str) -> float:
    """The samples, the parameters, and what the optimizer remembers."""
    e, part = run.experiment, run.at(t)
    kept = min((t - part.start) // part.stride, len(part.blocks) - 1)
    parameters = sum(written(values, library, 7) for layers in views(e.sizes, part.blocks[kept][0])
                     for values in layers.values())
    memory = len(optimizer_of(e)[0].state) if t > e.renewed else 0
    return sum(written(values, library, 4) for values in run.samples(t)) + (
        1 + 1.1 * memory) * parameters


def written(values: Array, library: str, column: int) -> float:
    """Characters of a matrix, from some of its rows and columns."""
    some = values[spread(len(values), ROWS)][:, spread(values.shape[1], COLUMNS)]
    return len(literal(some, library, column)) * values.size / some.size


def spread(count: int, most: int) -> Array:
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


def results(run: Run, t: int) -> list[int]:
    """How many numbers each step gives."""
    e, m = run.experiment, run.experiment.batch_size(t)
    of = {"W": lambda l: e.sizes[l] * e.sizes[l - 1], "dW": lambda l: e.sizes[l] * e.sizes[l - 1],
          "b": lambda l: e.sizes[l], "db": lambda l: e.sizes[l], "C": lambda l: 1}
    return [of.get(step.symbol, lambda l: e.sizes[l] * m)(step.layer) for step in e.steps]


def shown_size(size: int) -> float:
    """What a notebook shows of an array."""
    return EDGES if size > ALL_SHOWN else 15.5 * size


def walk_size(run: Run, state: State) -> int:
    """The player, the words of the layers in it, their numbers, and the font if there is room."""
    e, cursor = state.experiment, state.cursor
    whole = run.blocks.shape[-1] <= WHOLE
    told = e.L if whole else len(layers_near(e, cursor))
    words = WALK * (steps_of(e) * told + 1)
    code = len(player.script("stage")) + len(player.look("stage"))
    found = code + 3000 + words + numbers_size(run, state, whole)
    font = 4 * len(player.font()) // 3
    return round(found + (font if found + font <= MOST else 0))


def steps_of(e: Experiment) -> float:
    """Of a layer."""
    return len(e.steps) / e.L * (1 if e.norm == "none" else WITH_NORM["walk"])


def numbers_size(run: Run, state: State, whole: bool) -> int:
    e, cursor = state.experiment, state.cursor
    m = e.batch_size(cursor.iteration)
    _, count = sample_window(cursor, m, SAMPLES if drawn(e.sizes) else FEW_SAMPLES)
    iterations = len(iteration_window(run, cursor.iteration, count))
    sent = everything(e) if whole else near(e, cursor)
    width = lambda l: len(sent.units[l]) if sent.units[l] is not None else e.sizes[l]
    weights = sum(width(l) * width(l - 1) for l in sent.layers)
    values = (6 if e.norm == "none" else 10) * sum(map(width, sent.layers)) * count
    return 20 * iterations * ((2 + between(e)) * weights + values)


def between(e: Experiment) -> int:
    """What lies between a gradient and its new weight: memory, and all lines but the last."""
    lines = len(update_lines(e)) - 1
    return lines + len(optimizer_of(e)[0].state) if lines else 0
