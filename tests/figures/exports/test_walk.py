"""The walk as a file: within its size, under its own policy, with no text that breaks out."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment.experiment import Experiment
from engine.experiment.presets import PRESETS
from engine.experiment.state import ALL, Cursor, State
from engine.training.run import train
from figures import player
from figures.exports.walk import MOST, in_script, walk_html
from figures.stage.payload import payload, words
from tests.figures.exports.test_exports import LARGE

XOR = State(Experiment(), 3, Cursor(iteration=7))
IRIS = PRESETS["iris"].state.experiment


class Scripts(HTMLParser):
    """The texts of the script elements of a page, and its policy."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.kinds, self.policy = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "script":
            self.kinds.append(found.get("type"))
            self.texts.append("")
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]

    def handle_data(self, data):
        if self.cdata_elem == "script":
            self.texts[-1] += data


def scenes(state):
    run = train(state.experiment, state.seed)
    return run, json.loads(Scripts(walk_html(run, state)).texts[0], parse_constant=pytest.fail)


def test_a_small_network_has_its_font_and_is_at_most_a_megabyte():
    page = walk_html(train(XOR.experiment, 3), XOR)
    assert len(page.encode()) <= MOST == 1_000_000
    assert b64encode(player.font()).decode() in page


def test_a_large_network_does_without_the_font():
    assert "font/woff2" not in walk_html(train(LARGE.experiment, 3), LARGE)


def test_what_is_inside_is_what_the_stage_would_be_sent():
    run, found = scenes(XOR)
    sent = json.loads(payload(run, XOR, "0", words(XOR.experiment, 4)))
    assert found["words"] == sent["words"]
    ends = {"first", "last", "end", "samples"}
    assert {k: v for k, v in found["numbers"].items() if k not in ends} == {
        k: v for k, v in sent["numbers"].items() if k not in ends}


@pytest.mark.parametrize("t", [0, 7, 57, 199])
def test_it_ends_where_its_iterations_end(t):
    run, found = scenes(State(XOR.experiment, 3, Cursor(iteration=t)))
    numbers = found["numbers"]
    held = range(numbers["first"], numbers["last"] + 1)
    assert t in held
    assert {int(s) for s in numbers["traces"]} == {*held}
    assert {int(s) for s in numbers["parameters"]} == {*held, held[-1] + 1}
    whole = held[-1] == run.last
    assert numbers["end"].startswith("The run ends here" if whole else "The file ends here")


@pytest.mark.parametrize(("sample", "first"), [(0, 0), (23, 0), (30, 24), (149, 126), (ALL, 0)])
def test_only_samples_that_are_there_have_a_name_to_be_chosen_by(sample, first):
    state = State(IRIS, 3, Cursor(sample=sample))
    _, found = scenes(state)
    named = [s for s, name in enumerate(found["numbers"]["samples"]) if name]
    assert named == list(range(first, first + 24))
    page = walk_html(train(IRIS, 3), state)
    assert f"the samples {first + 1} to {first + 24} of 150" in page


def test_nothing_but_the_player_may_run_and_nothing_may_be_asked_for():
    page = Scripts(walk_html(train(XOR.experiment, 3), XOR))
    assert page.kinds == ["application/json", "module"]
    digest = b64encode(sha256(page.texts[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none';")
    assert "http" not in page.policy


def test_no_address_of_another_host_is_in_it():
    page = walk_html(train(XOR.experiment, 3), XOR)
    addresses = {*re.findall(r"https?://[\w./]+", page)} - {"http://www.w3.org/2000/svg",
                                                            "http://www.w3.org/1998/Math/MathML"}
    assert not addresses


@given(st.recursive(st.text() | st.text(st.sampled_from("</script>!-[]\u2028\u2029&")),
                    lambda tree: st.lists(tree) | st.dictionaries(st.text(), tree)))
def test_no_text_ends_its_element(tree):
    text = in_script(tree)
    assert json.loads(text) == tree
    assert not re.search("[<>&\u2028\u2029]", text)


HOSTILE = ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "&lt;",
           '"><img src=x onerror=alert(1)>']


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_with_markup_is_data(name, monkeypatch):
    layers = [{"title": title, "activation": "", "width": n, "units": [name] * n}
              for title, n in (("Input", 2), ("Layer 1", 4), ("Output", 1))]
    monkeypatch.setattr("figures.stage.payload.layers", lambda e: layers)
    page = Scripts(walk_html(train(XOR.experiment, 3), XOR))
    assert len(page.texts) == 2
    assert json.loads(page.texts[0])["words"]["layers"] == layers
