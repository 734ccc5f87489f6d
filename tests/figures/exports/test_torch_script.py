"""The PyTorch script has a word for everything there is; `make bench` runs it in PyTorch."""

import ast
import re

import pytest

from engine.experiment.experiment import Experiment
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.nn.optimizers import OPTIMIZERS
from engine.training.run import train
from figures.exports.torch_script import ACTIVATION, LOSS, OPTIMIZER, torch_script
from tests.figures.exports.test_numpy_script import RUNS, some_runs


def written(experiment, t=0):
    run = train(experiment, 3)
    return torch_script(run, min(t, run.last))


@pytest.mark.parametrize(("ours", "theirs"), [(ACTIVATIONS, ACTIVATION), (LOSSES, LOSS),
                                              (OPTIMIZERS, OPTIMIZER)])
def test_pytorch_has_a_word_for_every_entry(ours, theirs):
    assert ours.keys() == theirs.keys()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_an_optimizer_remembers_and_what_is_set_goes_to_pytorch(name):
    there = OPTIMIZER[name]
    assert {*there.memory.values()} == {*OPTIMIZERS[name].state}
    assert all(setting.name in there.call for setting in OPTIMIZERS[name].settings)


def names(tree, context):
    return {node.id for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, context)}


@some_runs
def test_the_script_is_python_that_uses_no_name_it_has_not_set(experiment, t):
    tree = ast.parse(written(experiment, t))
    known = {alias.asname or alias.name for node in ast.walk(tree)
             if isinstance(node, ast.Import) for alias in node.names}
    assert names(tree, ast.Load) <= known | names(tree, ast.Store) | {"print"}


def test_the_backward_pass_is_left_to_autograd():
    text = written(Experiment())
    assert "C.backward()" in text
    assert "a[2] - y" not in text


def test_the_runs_have_everything_that_pytorch_is_asked_for():
    texts = [written(e, t) for e, t in RUNS]
    for there in OPTIMIZER.values():
        assert any(there.call in text for text in texts)
    assert {e.loss for e, _ in RUNS} == {*LOSS}
    assert {f for e, _ in RUNS for f in e.activations} == {*ACTIVATION}


@some_runs
def test_each_layer_of_a_script_is_made_of_the_layer_below_it(experiment, t):
    text = written(experiment, t)
    L = len(experiment.activations)
    weighted = re.findall(r"^z\[(\d+)\] = .*W\[(\d+)\] @ a\[(\d+)\].* \+ b\[(\d+)\]$", text, re.M)
    assert [tuple(map(int, found)) for found in weighted] == [
        (l, l, l - 1, l) for l in range(1, L + 1)]
    activated = re.findall(r"^a\[(\d+)\] = (.*)$", text, re.M)
    assert [int(l) for l, _ in activated] == [*range(1, L + 1)]
    skips = train(experiment, 3).network(0).skips
    for l, right in activated:
        assert f"z[{l}]" in right or right.startswith("torch.ones")
        around = [int(k) for k in re.findall(r"a\[(\d+)\]", right)]
        assert around == ([int(l) - 1] if int(l) in skips else [])
        if around:
            assert right.startswith(f"a[{around[0]}] + {experiment.residual!r} * ")
    assert re.search(rf"^C = .*[za]\[{L}\]", text, re.M)
