"""What the stage says is what the engine did: its lines of NumPy, run in order, give the trace."""

import re
from dataclasses import replace
from math import erfc

import numpy as np
import pytest

from engine.experiment.layers import Layer
from engine.training.run import train
from engine.training.updates import update
from figures.stage.steps.explain import EXPLAIN
from figures.stage.steps.explained_net import code, net
from figures.stage.steps.formulas import math, sym
from figures.stage.steps.phases import phase_told, spans
from tests.experiments import EXPERIMENTS, every_norm, name


def namespace(run):
    """What the lines of NumPy start from."""
    network = run.network(0)
    copies = lambda layers: {l: array.copy() for l, array in layers.items()}
    (x, y), now = run.samples(0), update(run, 0)
    remembered = {f"{what}_{symbol}": dict.fromkeys(network.W, 0.0) for symbol in "Wb"
                  for what in ("m", "v", "s", "mhat", "vhat")}
    return {"np": np, "erfc": np.vectorize(erfc, otypes=[float]),
            "W": copies(network.W), "b": copies(network.b), "a": {0: x}, "y": y, "m": y.shape[1],
            "z": {}, "da": {}, "delta": {}, "dW": {}, "db": {},
            "u": {}, "mean": {}, "sigma": {}, "n": {}, "f": {}, "du": {},
            **remembered, **{name: v for name, v in now.before.items() if np.isscalar(v)},
            "eta": now.before["eta"].max(), "l1": run.experiment.l1, "l2": run.experiment.l2,
            "norm": now.after.get("norm")}


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_the_shown_lines_of_numpy_run_in_order_give_the_whole_trace(experiment):
    run, n = train(experiment, seed=3), net(experiment, experiment.batch_size(0))
    values, trace, after = namespace(run), run.trace(0), run.network(1)
    for step in experiment.steps:
        for text in EXPLAIN[step.symbol](n, step.layer).numpy:
            if "norm =" not in text:  # the norm is that of all gradients, before the first update
                exec(text, values)
        if str(step) == "db1":
            gradients = {name: {**values[name]} for name in ("dW", "db")}
    assert values["C"] == pytest.approx(trace.C, rel=1e-12)
    for symbol in ("u", "mean", "sigma", "n", "z", "f", "a", "da", "delta", "du", "dW", "db"):
        for l, array in getattr(trace, symbol).items():
            shown = (gradients.get(symbol) or values[symbol])[l]
            np.testing.assert_allclose(shown, array, rtol=1e-9, atol=1e-14)
    for l in range(1, n.L + 1):
        np.testing.assert_allclose(values["W"][l], after.W[l], rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(values["b"][l], after.b[l], rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_every_formula_has_its_numbers_beside_it(experiment):
    n = net(experiment, experiment.batch_size(0))
    for step in experiment.steps:
        told = EXPLAIN[step.symbol](n, step.layer)
        assert len(told.formula) == len(told.numbers) > 0
        assert told.sentence
        assert told.numpy


@pytest.mark.parametrize("experiment", [EXPERIMENTS[0], *every_norm()], ids=name)
def test_the_general_lines_of_a_phase_are_those_of_its_steps(experiment):
    """z[l] = ... of the forward phase is z[2] = ... of its step, with l for the layer."""
    n = net(experiment, 1)
    told = lambda symbol: "\n".join(EXPLAIN[symbol](n, 2).numpy)
    for phase, symbols in {"forward": ("u", "n", "z"), "backward": ("du", "dW", "db")}.items():
        for symbol in (s for s in symbols if n.normalised or s not in ("u", "n", "du")):
            special = re.sub(r"\[2\]", "[l]", re.sub(r"\[1\]", "[l-1]", told(symbol)))
            assert special in "\n".join(phase_told(n, phase).numpy)
    if 2 in n.skips:
        assert "a[l] = a[l-1]" + told("a").split("a[1]")[1].replace("[2]", "[l]") in (
            phase_told(n, "forward").numpy)


@pytest.mark.parametrize("phase", ["forward", "backward"])
def test_a_phase_says_nothing_of_what_a_network_does_not_have(phase):
    plain, wide = (net(replace(EXPERIMENTS[0], hidden=hidden, norm="batch", residual=1.0), 1)
                   for hidden in ((), (Layer(3, "tanh"), Layer(2, "tanh"))))
    assert phase_told(plain, phase) == phase_told(net(EXPERIMENTS[0], 1), phase)
    assert "path" not in phase_told(wide, phase).sentence
    assert "normalised" in phase_told(wide, phase).sentence


def test_neighbouring_layers_are_named_by_their_ends():
    assert spans([2, 4, 5, 6, 7, 9]) == "2, 4 to 7, 9"
    hidden = tuple(Layer(width, "tanh") for width in (3, 3, 2, 2, 2))
    told = phase_told(net(replace(EXPERIMENTS[0], hidden=hidden, residual=1.0), 1), "forward")
    assert "around layers 2, 4 to 5, to which r = 1 times f" in told.sentence


def true_shape(n, symbol, l):
    """Rows and columns of a quantity, from what it is."""
    of_weights, of_biases = (n.sizes[l], n.sizes[l - 1]), (n.sizes[l], 1)
    one_each = of_biases if n.norm.of_batch else (1, n.m)  # what a normalisation measures
    known = {"W": of_weights, "dW": of_weights, "W_new": of_weights, "b": of_biases,
             "db": of_biases, "b_new": of_biases, "C": (1, 1), "losses": (1, n.m),
             "y": (n.K, n.m), "mean": one_each, "sigma": one_each, "mean_delta": one_each,
             "mean_delta_n": one_each}
    return known.get(symbol, (n.sizes[l], n.m))


def words_of(mathml):
    return re.sub(r"<[^>]*>", "", mathml)


UNEQUAL = replace(EXPERIMENTS[0], hidden=(Layer(3, "tanh"), Layer(5, "softmax"), Layer(4, "relu")))
few = pytest.mark.parametrize("e", [*EXPERIMENTS[::12], *every_norm(), UNEQUAL], ids=name)


@few
def test_a_matrix_has_the_shape_and_the_name_of_the_quantity_that_it_shows(e):
    n = net(e, 7)
    for step in e.steps:
        for item in EXPLAIN[step.symbol](n, step.layer).matrices:
            if isinstance(item, str):
                continue
            symbol, l = item["ref"].replace("_s ", " ").split()  # a mean of each sample
            rows, columns = true_shape(n, symbol, int(l))
            across = item["transpose"]
            assert (item["rows"], item["cols"]) == ((columns, rows) if across else (rows, columns))
            if item["samples"]:
                assert item["samples"] == ("rows" if across else "cols")
                assert columns == 7
            if symbol not in ("C", "losses", "y"):
                shown = "z" if symbol == "slope" else symbol.removesuffix("_new")
                assert words_of(math(sym(shown, l))) in words_of(item["name"])


SYMBOLS = re.compile(r"(\\delta|\\mathrm\{d\}[aWbu]|\\mu|\\sigma|[Wbzanuf])\^\{\[(\d)\]\}")
SLOPE = re.compile(r"f'\(z\^\{\[\d\]\}_\{j\}\)")  # its number has no symbol of its own
PARTIAL = re.compile(r"\\frac\{\\partial C_\{i\}\}\{\\partial a\^\{\[(\d)\]\}_\{j\}\}")
REFS = re.compile(r'data-ref="(\w+) (\d+) ')
LATEX = {"delta": r"\delta", "da": r"\mathrm{d}a", "dW": r"\mathrm{d}W", "db": r"\mathrm{d}b",
         "du": r"\mathrm{d}u", "mean": r"\mu", "sigma": r"\sigma"}


@few
def test_the_numbers_beside_a_formula_are_those_of_the_quantities_in_it(e):
    """Of z^{[2]} = W^{[2]} a^{[1]} + b^{[2]} the numbers are of z, W and b of 2, and of a of 1."""
    n = net(e, 7)
    for step in e.steps:
        if step.symbol in ("C", "W", "b", "n", "du"):
            continue  # their formulas are split up, or named by means that have no layer
        told = EXPLAIN[step.symbol](n, step.layer)
        for formula, pieces in zip(told.formula, told.numbers, strict=True):
            text = "".join(p if isinstance(p, str) else p["math"] for p in pieces)
            refs = {(LATEX.get(symbol, symbol), l) for symbol, l in REFS.findall(text)
                    if symbol not in ("slope", "y")}
            formula = PARTIAL.sub(r"\\mathrm{d}a^{[\1]}", SLOPE.sub("", formula))
            named = {*SYMBOLS.findall(formula)}
            assert refs - {("z", str(step.layer))} == named - {("z", str(step.layer))}
            assert refs >= named


@few
def test_a_sum_in_numbers_has_as_many_terms_as_there_are_units_or_samples(e):
    n = net(e, 7)
    for step in e.steps:
        l = step.layer
        sizes = {"s": 7, "i": n.sizes[l - 1], "j": n.sizes[l]}
        of_k = {"delta": n.sizes[l + 1] if l < n.L else n.K, "C": n.K, "a": n.sizes[l]}
        for piece in (p for line in EXPLAIN[step.symbol](n, l).numbers for p in line
                      if isinstance(p, dict)):
            wanted = {sizes.get(piece["each"]), of_k.get(step.symbol)}
            if step.symbol == "delta" and not n.activations[l].elementwise:
                wanted.add(n.sizes[l])
            if step.symbol in ("n", "du"):
                wanted |= {7, n.sizes[l]}
            assert piece["count"] in wanted


@pytest.mark.parametrize(("optimizer", "said"), [("gradient_descent", "− η ·"), ("adam", "and")])
def test_the_matrices_of_an_update_say_what_the_new_value_is_made_of(optimizer, said):
    matrices = EXPLAIN["W"](net(replace(UNEQUAL, optimizer=optimizer), 3), 2).matrices
    assert [m["ref"] for m in matrices if not isinstance(m, str)] == ["W_new 2", "W 2", "dW 2"]
    assert said in matrices
    assert "\\text" not in matrices[0]["name"]
    assert words_of(matrices[0]["name"]).startswith("new")


def test_only_over_several_outputs_there_is_a_sum():
    two, one = (net(replace(EXPERIMENTS[0], data=data, hidden=()), 1) for data in (
        "mazur", "hmkcode"))
    assert r"\sum_{k}" in EXPLAIN["C"](two, 1).formula[0]
    assert r"\sum_{k}" not in EXPLAIN["C"](one, 1).formula[0]


def test_a_letter_of_a_longer_name_is_not_replaced():
    assert code("np.tanh(z) + a", z="z[1]", a="a[1]") == "np.tanh(z[1]) + a[1]"
    assert code("y - z", z="z[1]") == "y - z[1]"
