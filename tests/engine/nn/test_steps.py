"""Steps: the order of the formulas."""

from itertools import chain

import pytest

from engine.nn.steps import GRAINS, PHASES, Step, steps, walk


def test_a_step_of_two_layers_in_full():
    assert " ".join(map(str, steps(2))) == (
        "z1 a1 z2 a2 C delta2 dW2 db2 delta1 dW1 db1 W1 b1 W2 b2")


def test_a_normalised_hidden_layer_has_three_steps_more():
    assert " ".join(map(str, steps(2, normalised=True))) == (
        "u1 n1 z1 a1 z2 a2 C delta2 dW2 db2 delta1 du1 dW1 db1 W1 b1 W2 b2")


@pytest.mark.parametrize("L", [1, 2, 7])
def test_there_are_seven_steps_a_layer_and_the_cost(L):
    assert len(set(steps(L))) == len(steps(L)) == 7 * L + 1
    assert len(steps(L, normalised=True)) == 10 * L - 2


@pytest.mark.parametrize("grain", GRAINS)
def test_every_grain_walks_the_same_steps_in_the_same_order(grain):
    for order in (steps(3), steps(3, normalised=True)):
        assert list(chain(*walk(order, grain))) == order


def test_a_coarser_grain_never_mixes_phases():
    for group in walk(steps(3, True), "layer") + walk(steps(3), "phase"):
        assert len({step.phase for step in group}) == 1


def test_each_phase_comes_once():
    phases = list(dict.fromkeys(PHASES.values()))
    assert [group[0].phase for group in walk(steps(4, True), "phase")] == phases


def test_the_cost_belongs_to_the_output_layer():
    assert Step("C", 3) in steps(3)
    assert str(Step("C", 3)) == "C"
