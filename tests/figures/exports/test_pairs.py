"""Whatever is chosen beside whatever: each script gives the numbers of the app."""

import ast
import json
from itertools import product

import numpy as np
import pytest

from engine.experiment.layers import outputs
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.nn.optimizers import OPTIMIZERS
from engine.training.run import train
from figures.exports.notebook import notebook
from figures.exports.numpy_script import empty, known, numpy_script, parts
from figures.exports.torch_script import torch_script
from tests.figures.exports.pairs import AT, GRADIENT, HIDDEN, OPTIMIZER, PAIRS
from tests.figures.exports.test_notebook import of_type
from tests.figures.exports.test_numpy_script import check, ran
from tests.figures.exports.torch_numbers import GOAL, differences

EVERY = [e for found in PAIRS.values() for e in found]
CHOICES = {
    "f": (ACTIVATIONS, lambda e: e.hidden[0].activation),
    "loss": (LOSSES, lambda e: e.loss),
    "optimizer": (OPTIMIZERS, lambda e: e.optimizer),
    "norm and residual": (HIDDEN, lambda e: (e.norm, e.residual)),
    "gradient": (map(str, GRADIENT), lambda e: str(
        {name: v for name in ("l1", "l2", "clip", "batch") if (v := getattr(e, name))})),
}
CHOICES = {name: ([*values], of) for name, (values, of) in CHOICES.items()}
each_activation = pytest.mark.parametrize("f", PAIRS)


def moments(f, turn):
    """The experiments of an activation, each at one of the iterations in turn."""
    return [(e, AT[(k + turn) % len(AT)]) for k, e in enumerate(PAIRS[f])]


@pytest.mark.parametrize(("one", "other"), [(a, b) for a, b in product(CHOICES, CHOICES) if a < b])
def test_every_two_choices_meet(one, other):
    (values, of), (others, of_other) = CHOICES[one], CHOICES[other]
    assert {(of(e), of_other(e)) for e in EVERY} == {*product(values, others)}


def test_every_loss_meets_each_of_its_outputs():
    assert {(e.loss, e.output) for e in EVERY} == {
        (loss, output) for loss in LOSSES for output in outputs(loss)}


@each_activation
def test_the_numpy_script_gives_the_numbers_of_the_app(f):
    for e, t in moments(f, 0):
        run = train(e, 3)
        check(ran(numpy_script(run, t))[0], run, t)


@each_activation
def test_the_cells_of_the_notebook_give_the_numbers_of_the_app(f):
    for e, t in moments(f, 1):
        run, values = train(e, 3), {}
        with np.errstate(all="ignore"):
            for source in of_type(json.loads(notebook(run, t))["cells"], "code"):
                exec(source, values)
        check(values, run, t)


@pytest.mark.torch
@each_activation
def test_pytorch_gives_the_numbers_of_the_app(f):
    for e, t in moments(f, 2):
        run = train(e, 3)
        found = differences(torch_script(run, t), run, t)
        assert max(found.values()) <= GOAL, (e, t, found)


def stored(text: str) -> list[str]:
    """The names that Python lines assign to."""
    return [node.id for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


CODES = ("code", "slope_code", "grad_code", "code_from_z", "error_code")
TABLES = [(entry.name, text) for table in (ACTIVATIONS, LOSSES) for entry in table.values()
          for code in CODES if (text := getattr(entry, code, ""))]


@pytest.fixture(scope="module")
def names():
    """Every name that a script keeps something in, of all that can be chosen."""
    found = {"inputs", "outputs", "x", "y", "m", "z", "a", "f", "u", "n", "mean", "sigma", "np"}
    for e in EVERY[::3]:
        run = train(e, 3)
        found |= {*stored("\n".join([*known(run, 0, "np"), empty(e)]))}
        for part in parts(run, 0):
            lines = [line for line in part.code if ":=" not in line]
            found |= {*stored("\n".join(lines)), part.result.partition("[")[0]}
        found |= {f"{line.symbol}" for line in OPTIMIZERS[e.optimizer].lines}
    return found


@pytest.mark.parametrize(("name", "text"), TABLES)
def test_what_a_formula_keeps_for_itself_has_a_name_of_its_own(name, text, names):
    assert not {*stored(text)} & names


def test_all_that_can_be_chosen_has_settings_the_names_of_which_are_known(names):
    assert names >= {"eta", "t", "mu", "alpha", "beta1", "beta2", "epsilon", "decay", "clip", "l1",
                     "l2", "norm", "g", "W", "b", "da", "delta", "dW", "db", "du"}
    assert {*OPTIMIZER} == {*OPTIMIZERS}
