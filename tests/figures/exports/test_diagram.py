"""The diagram for paper: every number stands at its own unit or connection."""

import re

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.training.run import train
from figures.exports.diagram import connections, diagram, written
from figures.stage.payload import layers
from figures.stage.picture import picture

SMALL = Experiment(data="mazur", hidden=(Layer(3, "tanh"),), initializer="normal", bias="normal",
                   loss="half_sum", iterations=1)
TEXT = re.compile(r'<text x="([-\d.]+)" y="([-\d.]+)" ([^>]*)>([^<]*)</text>')


def drawn(e: Experiment, target: bool = True):
    """The network, its target, its box, and its texts as (x, y, look, words)."""
    net, y = train(e, 3).network(0), train(e, 3).data.y[:, :1] if target else None
    svg = diagram(layers(e), net, y)
    texts = [(float(x), float(v), look, words) for x, v, look, words in TEXT.findall(svg)]
    return net, y, picture(net.sizes, targets=target), texts, svg


def test_every_weight_stands_on_its_own_connection():
    net, _, box, _, _ = drawn(SMALL)
    for l in (1, 2):
        parts = connections(box, net, l)
        n, before = net.W[l].shape
        ends = [(box["x"][l - 1], box["y"][l - 1][i], box["x"][l], box["y"][l][j])
                for i in range(before) for j in range(n)]
        for (x1, y1, x2, y2), line in zip(ends, parts[: len(ends)], strict=True):
            assert f'x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"' in line
        places = [(i, j) for i in range(before) for j in range(n)]
        for (i, j), (x1, y1, x2, y2), part in zip(places, ends, parts[len(ends):], strict=True):
            x, y, _, words = TEXT.search(part).groups()
            share = (float(x) - x1) / (x2 - x1)
            assert words == written(net.W[l][j, i])
            assert 0.27 < share < 0.73
            assert float(y) - 5 == pytest.approx(y1 + share * (y2 - y1), abs=0.2)


def test_the_weights_of_each_unit_stand_at_a_distance_of_their_own():
    net, _, box, _, _ = drawn(SMALL)
    texts = [TEXT.search(part) for part in connections(box, net, 2)]
    places = sorted({float(found[1]) for found in texts if found})
    assert len(places) == 3
    assert np.diff(places).min() > 20
    assert np.diff(places, 2) == pytest.approx(0, abs=0.15)
    middle = (box["x"][1] + box["x"][2]) / 2
    assert places[1] == pytest.approx(middle, abs=0.1)


def test_a_unit_has_its_number_in_it_an_input_its_name_and_an_output_its_target_beside():
    net, y, box, texts, svg = drawn(SMALL)
    at = {(x, v - 5): words for x, v, _, words in texts}
    for l, xs in enumerate(box["x"]):
        for j, here in enumerate(box["y"][l]):
            assert f'<circle cx="{xs}" cy="{here}" r="{box["radius"]}"' in svg
            assert at[round(xs, 1), round(here, 1)] == (f"x{j + 1}" if l == 0 else str(j + 1))
            if l:
                below = [words for x, v, _, words in texts
                         if x == xs and abs(v - here - box["radius"] - 16) < 0.1]
                assert below == [f"b {written(net.b[l][j, 0])}"]
    for j, here in enumerate(box["y"][2]):
        beside = at[box["x"][2] + box["radius"] + 10, here]
        assert beside.endswith(f"y = {written(y[j, 0])}")


def test_heads_stand_above_their_column():
    _, _, box, texts, _ = drawn(SMALL)
    for x in box["x"]:
        tops = [v for at, v, _, _ in texts if at == x][:2]
        assert tops == [box["head"]["title"], box["head"]["activation"]]


def test_a_long_name_stands_to_the_left_of_its_input_and_the_picture_has_room_for_it():
    e = Experiment(data="iris", size=30, hidden=(Layer(2, "tanh"),), output="softmax",
                   loss="cross_entropy", iterations=1)
    _, _, box, texts, svg = drawn(e)
    names = {words: (x, look) for x, _, look, words in texts if words[:5] in ("sepal", "petal")}
    assert len(names) == 4
    for x, look in names.values():
        assert x == box["x"][0] - box["radius"] - 8
        assert 'text-anchor="end"' in look
    left, top, width, height = map(float, re.search(r'viewBox="([^"]*)"', svg)[1].split())
    longest = max(map(len, names))
    assert names["sepal length"][0] - 7 * longest >= left
    assert (top, height) == (0, box["height"])
    assert left + width - box["width"] >= 8 * len("versicolor")


def test_without_a_target_there_is_none_and_no_room_for_it():
    _, _, box, texts, _ = drawn(SMALL, target=False)
    assert not [words for *_, words in texts if words.startswith("y =")]
    assert box["width"] - box["x"][-1] == 30 + box["radius"]
