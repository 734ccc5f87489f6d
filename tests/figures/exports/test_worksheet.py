"""The worksheet's file: its key follows from what its sheet gives, read as a student reads it."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from engine.data.table_text import read_table
from engine.data.user_data import suggested
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.experiment.state import FADES
from engine.teaching.marking import blanks
from figures.exports.worksheet import worksheets

XOR = Experiment()
IRIS = PRESETS["iris"].state.experiment
DEEP = Experiment(data="moons", hidden=(Layer(3, "relu"), Layer(2, "tanh")))


class Sheets(HTMLParser):
    """The tables of each article, name -> rows of texts; and what may not be in the file."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.articles, self.tags, self.blank, self.cell = [], set(), set(), None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.add(tag)
        if tag == "article":
            self.articles.append((found["class"], found["data-seed"], {}))
        elif tag == "table":
            self.rows = self.articles[-1][2].setdefault(found["data-name"], [])
        elif tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.cell = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag == "td":
            self.rows[-1].append(self.cell)
            self.cell = None


def read(page: str) -> list[tuple[str, str, dict[str, list[list[str]]]]]:
    return [(kind, seed, {name: [row for row in rows if row] for name, rows in tables.items()})
            for kind, seed, tables in Sheets(page).articles]


def numbers(rows: list[list[str]]) -> np.ndarray:
    return np.array([[float(text.replace("−", "-")) for text in row] for row in rows])


def by_hand(given: dict, f: dict, slope: dict, eta: float) -> dict[str, np.ndarray]:
    """z, a, δ, dW, db and the new W and b, written out as a student would, of one sample."""
    L = max(int(name[4:]) for name in given if name.startswith("W b "))
    a, found = {0: numbers(given["x"]).T}, {}
    W = {l: numbers(given[f"W b {l}"])[:, :-1] for l in range(1, L + 1)}
    b = {l: numbers(given[f"W b {l}"])[:, -1:] for l in range(1, L + 1)}
    for l in range(1, L + 1):
        found[f"z {l}"] = W[l] @ a[l - 1] + b[l]
        found[f"a {l}"] = a[l] = f[l](found[f"z {l}"])
    delta = a[L] - numbers(given["y"]).T
    for l in range(L, 0, -1):
        if l < L:
            delta = W[l + 1].T @ delta * slope[l](found[f"z {l}"])
        found |= {f"delta {l}": delta, f"dW {l}": delta @ a[l - 1].T, f"db {l}": delta,
                  f"W {l}": W[l] - eta * delta @ a[l - 1].T,
                  f"b {l}": b[l] - eta * delta}
    return found


SIGMOID = lambda z: 1 / (1 + np.exp(-z))
SOFTMAX = lambda z: np.exp(z) / np.exp(z).sum()
TANH, TANH_SLOPE = np.tanh, lambda z: 1 - np.tanh(z) ** 2
RELU, RELU_SLOPE = lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0


@pytest.mark.parametrize(("e", "f", "slope"), [
    (XOR, {1: TANH, 2: SIGMOID}, {1: TANH_SLOPE}),
    (DEEP, {1: RELU, 2: TANH, 3: SIGMOID}, {1: RELU_SLOPE, 2: TANH_SLOPE}),
    (IRIS, {1: RELU, 2: SOFTMAX}, {1: RELU_SLOPE}),
], ids=["xor", "deep", "iris"])
@pytest.mark.parametrize("decimals", [1, 2, 4])
def test_the_key_follows_from_the_given_numbers_alone(e, f, slope, decimals):
    assert e.activations[0] in ("tanh", "relu")
    for kind, _, tables in read(worksheets(e, 7, 1, 2, "all", decimals)):
        if kind.startswith("key"):
            truth = by_hand(tables, f, slope, e.learning_rate)
            for name, value in truth.items():
                rows = numbers(tables[name])
                shown = rows.T if value.shape[1] == 1 else rows
                np.testing.assert_allclose(shown, value, rtol=5.1e-4, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("fade", FADES)
def test_exactly_what_the_fade_level_says_is_blank_on_the_sheet_and_nothing_on_the_key(fade):
    sheet, key = read(worksheets(DEEP, 1, 0, 1, fade, 2))
    asked = {"C" if step.symbol == "C" else f"{step.symbol} {step.layer}"
             for step in blanks(DEEP, fade)}
    blank = {name for name, rows in sheet[2].items() if not any(map(any, rows))}
    assert blank == asked
    assert all(text for rows in key[2].values() for row in rows for text in row)
    filled = lambda tables: {name: rows for name, rows in tables.items() if name not in asked}
    assert filled(sheet[2]) == filled(key[2])


def test_each_student_has_a_seed_and_the_keys_come_after_all_sheets():
    found = read(worksheets(XOR, 3, 0, 4, "all", 2))
    assert [(kind, seed) for kind, seed, _ in found] == [
        (kind, str(seed)) for kind in ("sheet", "key") for seed in range(3, 7)]
    assert len({str(tables["W b 1"]) for _, _, tables in found}) == 4
    page = worksheets(XOR, 3, 0, 4, "all", 2)
    assert all(f"sheet {k} of 4 · seed {k + 2}" in page for k in range(1, 5))


def test_nothing_can_run_and_nothing_is_asked_for():
    page = worksheets(XOR, 3, 0, 1, "all", 2)
    assert not Sheets(page).tags & {"script", "link", "img", "iframe", "form", "object"}
    assert "default-src 'none'" in page
    assert not {*re.findall(r"https?://[\w./]+", page)} - {"http://www.w3.org/1998/Math/MathML"}


HOSTILE = "</td><script>alert(1)</script>"


def test_a_name_with_markup_is_text():
    own = suggested(read_table(f"{HOSTILE},y,kind\n1,2,a\n2,1,b\n", separators=","))
    page = worksheets(Experiment(data=own), 1, 0, 1, "all", 2)
    assert "script" not in Sheets(page).tags
    assert "&lt;script&gt;" in page
