"""Building: wishes undo each other, add up, keep limits; the heads offer just what is granted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment.building import (
    activated,
    deepened,
    granted,
    grown,
    inserted,
    removed,
    resized,
)
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer, outputs
from engine.experiment.limits import MAX_HIDDEN, MAX_WIDTH
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from figures.stage.building import FOLLOWS, build, told
from tests.experiments import EXPERIMENTS, name

LAYERS = st.builds(Layer, st.integers(1, MAX_WIDTH), st.sampled_from([*ACTIVATIONS]), st.none())
HIDDEN = st.lists(LAYERS, max_size=9).map(tuple)
ANY_LAYER = st.integers(-1, MAX_HIDDEN + 1)
JUNK = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
                    lambda inside: st.lists(inside, max_size=3), max_leaves=6)
VERBS = st.sampled_from(["width", "activation", "insert", "remove", "fly"])


@given(HIDDEN, ANY_LAYER, st.integers(1, MAX_WIDTH))
def test_grown_and_shrunk_by_as_much_is_the_same(hidden, l, by):
    larger = grown(hidden, l, by)
    assert larger == hidden or grown(larger, l, -by) == hidden


@given(HIDDEN, ANY_LAYER, st.integers(-3, 3), st.integers(-3, 3))
def test_two_wishes_add_up(hidden, l, one, other):
    between = grown(hidden, l, one)
    if one == 0 or between != hidden:
        both = grown(hidden, l, one + other)
        assert grown(between, l, other) in (both, between)


@given(HIDDEN, ANY_LAYER)
def test_inserted_and_removed_is_the_same(hidden, l):
    longer = inserted(hidden, l)
    assert longer == hidden or removed(longer, l + 1) == hidden


@given(HIDDEN, ANY_LAYER)
def test_a_new_layer_is_like_its_neighbour_and_the_others_stay(hidden, l):
    longer = inserted(hidden, l)
    if longer != hidden and hidden:
        assert longer[l] == hidden[max(l - 1, 0)]
        assert (*longer[:l], *longer[l + 1:]) == hidden


@given(HIDDEN)
def test_one_layer_deeper_is_one_inserted_at_the_end(hidden):
    assert deepened(hidden, len(hidden) + 1) == inserted(hidden, len(hidden))
    assert deepened(hidden, len(hidden) - 1) == (removed(hidden, len(hidden)) if hidden else ())


@given(HIDDEN, ANY_LAYER, st.integers(1, MAX_WIDTH), st.sampled_from([*ACTIVATIONS]))
def test_a_wish_changes_its_own_layer_alone(hidden, l, width, f):
    for new in (resized(hidden, l, width), activated(hidden, l, f)):
        assert len(new) == len(hidden)
        assert all(new[k] == hidden[k] for k in range(len(hidden)) if k != l - 1)
    if 1 <= l <= len(hidden):
        assert resized(hidden, l, width)[l - 1].width == width
        assert activated(hidden, l, f)[l - 1].activation == f


def test_another_activation_leaves_the_parameter_of_the_old_one_behind():
    hidden = (Layer(3, "elu", 0.5),)
    assert activated(hidden, 1, "relu") == (Layer(3, "relu"),)
    assert activated(hidden, 1, "elu") == hidden


@given(HIDDEN, VERBS, st.lists(JUNK | ANY_LAYER | st.sampled_from([*ACTIVATIONS]), max_size=3))
def test_whatever_is_wished_the_network_stays_within_its_limits(hidden, verb, rest):
    e = Experiment(hidden=hidden)
    values = granted(e, [verb, *rest])
    assert values.keys() <= {"hidden", "output"}
    for field, value in values.items():
        assert value != getattr(e, field)
        Experiment(**{"hidden": hidden} | {field: value})


@pytest.mark.parametrize("wish", [
    ["width", 2, 1], ["width", 0, 1], ["width", 1, MAX_WIDTH], ["width", 1, -4], ["remove", 2],
    ["insert", 2], ["activation", 1, "none"], ["activation", 2, "tanh"], ["activation", 3, "tanh"],
    ["activation", 1, "tanh"], [], ["width"], ["insert", "1"],
])
def test_what_does_not_fit_changes_nothing(wish):
    e = Experiment()
    assert granted(e, wish) == {}
    assert told(e, wish, e) == "The network stays as it is."


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_every_control_is_off_just_where_its_wish_changes_nothing(experiment):
    for control in buttons(experiment):
        assert control["off"] == (not granted(experiment, control["wish"]))
    for menu, l in menus(experiment):
        assert menu["value"] == experiment.activations[l - 1]
        assert menu["value"] in menu["options"]
        for f in menu["options"]:
            assert bool(granted(experiment, [*menu["wish"], f])) == (f != menu["value"])


def buttons(e):
    heads = [head[part] for head in build(e)["heads"] for part in ("fewer", "more", "remove")
             if part in head]
    return heads + build(e)["places"]


def menus(e):
    return [(head["menu"], l) for l, head in enumerate(build(e)["heads"]) if head["menu"]]


def test_limits_are_said_where_they_are_met():
    full = Experiment(hidden=(Layer(MAX_WIDTH, "tanh"), *[Layer(1, "tanh")] * (MAX_HIDDEN - 1)))
    off = {control["label"] for control in buttons(full) if control["off"]}
    assert f"One unit more in layer 1 (1 to {MAX_WIDTH})" in off
    assert f"One unit fewer in layer 2 (1 to {MAX_WIDTH})" in off
    assert f"New layer after the input (at most {MAX_HIDDEN})" in off
    assert "layers 4 to 97" in build(full)["more"].lower()
    assert "Remove layer 1" not in off


def test_every_control_of_a_network_has_a_name_of_its_own():
    e = Experiment(hidden=(Layer(4, "tanh"),) * 3)
    labels = [control["label"] for control in buttons(e)] + [menu["label"] for menu, _ in menus(e)]
    assert len(labels) == len({*labels}) == 3 * 3 + 4 + 4


@pytest.mark.parametrize("loss", LOSSES)
def test_the_ends_follow_the_data_and_the_loss(loss):
    e = Experiment(loss=loss, output=outputs(loss)[0])
    first, *_, last = build(e)["heads"]
    assert (first["why"], last["why"]) == tuple(FOLLOWS.values())
    assert first["units"] == "2 units"
    assert last["units"].startswith(str(e.sizes[-1]))
    assert last["menu"]["options"] == list(outputs(loss))


@pytest.mark.parametrize(("wish", "sentence"), [
    (["width", 1, 1], "Layer 1 has 5 units."),
    (["width", 1, -3], "Layer 1 has 1 unit."),
    (["activation", 1, "relu"], "Layer 1 has the activation relu."),
    (["insert", 0], "Layer 1 is new: 4 units, tanh."),
    (["insert", 1], "Layer 2 is new: 4 units, tanh."),
    (["remove", 1], "Layer 1 is gone. The layers have 2, 1 units."),
])
def test_what_was_done_is_told(wish, sentence):
    e = Experiment()
    assert told(e, wish, Experiment(**granted(e, wish))) == sentence
