"""Predicting: each verdict has its sentence, and a guess that a player sends comes back marked."""

import re

import numpy as np
import pytest

from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import FADES, Cursor, State, View
from engine.nn.steps import Step
from engine.teaching.marking import Verdict
from engine.teaching.mistakes import MISTAKES
from engine.teaching.scratch import Address, desk, moment
from engine.training.run import train
from figures.stage.marking import Answer, asks, told
from figures.stage.mistakes import SENTENCES
from figures.stage.payload import stage
from figures.style import number
from tests.experiments import EXPERIMENTS, name
from tests.ui.test_pages import opened, staged
from ui.players import predict
from ui.players import stage as stage_on_a_page
from ui.session import session

XOR = State(seed=3, cursor=Cursor(step="delta1", unit=(1, 2)), view=View("last"))
DEEP = Experiment(hidden=(Layer(3, "tanh"), Layer(2, "relu")), loss="mse")


@pytest.fixture
def visit(monkeypatch):
    """A session without a page."""
    monkeypatch.setattr(session.st, "session_state", {})
    session.show(XOR, [])


def test_half_of_a_character_as_a_guess_is_answered_and_can_be_sent_back(visit):
    state = session.state()
    sent = {"mount": "a", "count": 1, "asked": "number", "address": ["z", 1, 0, 0],
            "text": "\ud800" + "7" * 5000}
    predict.take(state, sent)
    answer, = predict.answers(state)
    assert answer.kind == "unread"
    assert len(answer.told) < 200
    assert f"{answer.text}{answer.told}".encode()


def test_every_mistake_has_a_sentence_wherever_it_can_be_made():
    assert {*SENTENCES} == {(m.name, symbol) for m in MISTAKES.values() for symbol in m.symbols}


@pytest.mark.parametrize("e", EXPERIMENTS, ids=name)
def test_a_sentence_says_what_it_looks_like_and_why_that_is_wrong(e):
    for mistake, symbol in SENTENCES:
        for step in e.steps:
            if step.symbol == symbol:
                verdict = Verdict("mistake", "number", 1.0, 9876.0, mistake)
                sentence = told(verdict, Address(*step), e, 4)
                assert re.fullmatch(r"Not that: it looks as if [^|{}]+\. [^|{}]+\.", sentence)
                assert "9876" not in sentence  # the truth stays hidden


@pytest.mark.parametrize(("verdict", "expected"), [
    (Verdict("right", "number", 0.5, 0.50001), "Right: it is 0.5000."),
    (Verdict("right", "sign", -1.0, -0.25), "Right: it is negative."),
    (Verdict("right", "size", 0.1, -0.25), "Right: in size it is 0.25."),
    (Verdict("wrong", "sign", 1.0, -0.25), "Not that."),
    (Verdict("wrong", "size", 10.0, -0.25), "Not that. It is smaller in size."),
    (Verdict("wrong", "number", 0.3, 0.25), "Not that. The sign and the order of size are right."),
    (Verdict("wrong", "number", -9.0, 0.25),
     "Not that. Neither the sign nor the order of size is right."),
])
def test_a_verdict_says_what_is_right_about_a_guess(verdict, expected):
    assert told(verdict, Address("z", 1), XOR.experiment, 4) == expected


@pytest.mark.parametrize("e", EXPERIMENTS, ids=name)
def test_every_step_has_a_hint_and_its_numbers_are_the_ones_that_travel(e):
    run = train(e, 1)
    data, found = stage(run, State(e, 1), "0"), asks(e, e.batch_size(0))
    now, then = data["traces"]["0"], data["parameters"]["1"]
    for step in e.steps:
        ask = found[str(step)]
        symbol, l = ask["results"][-1].split()
        values = then[symbol[0]] if symbol.endswith("_new") else now[symbol]
        matrix = np.array(values if symbol == "C" else values[l], float)
        np.testing.assert_allclose(matrix, desk(moment(run, 0)).layers[step.symbol][step.layer][
            :, : matrix.shape[1]], rtol=1e-9, atol=1e-12)
        assert 20 < len(ask["hint"]) < 200
        assert "{" not in ask["hint"]


def test_the_numbers_of_an_optimizer_are_blank_with_the_new_value():
    e = Experiment(optimizer="adam", clip=1.0)
    results = asks(e, 4)["W1"]["results"]
    assert results[-1] == "W_new 1"
    assert {"m_W", "norm"} & {ref.split()[0] for ref in results} or len(results) > 4


def test_the_stage_is_told_the_blanks_of_every_fade():
    app = opened(link.write(XOR))
    sent = staged(app)
    assert sent["view"] == {**sent["view"], "fade": "last", "detail": "all"}
    assert [*sent["blanks"]] == [*FADES]
    assert sent["blanks"]["last"] == ["delta1"]
    assert sent["predicted"] == {"mount": "", "count": 0, "answers": []}


def guess(text: str, count: int = 1, asked: str = "number", place: tuple = ("delta", 1, 2, 0),
          **cursor) -> dict:
    here = {"iteration": 0, "sample": 0, "step": "delta1", "unit": [1, 2], "grain": "formula"}
    return {"mount": "m", "count": count, "cursor": here | cursor, "address": [*place],
            "asked": asked, "text": text}


def send(sent: dict) -> list[Answer]:
    """What a player's guess leads to, as the page takes it."""
    session.st.session_state["stage"] = {"guess": sent}
    stage_on_a_page.take_guess()
    return predict.answers(session.state())


def test_a_guess_comes_back_marked_and_is_remembered_for_its_run_alone(visit):
    now = train(XOR.experiment, 3).trace(0)
    arrives, truth = now.da[1][2, 0], now.delta[1][2, 0]
    assert send(guess(number(arrives)))[-1].kind == "mistake"
    assert "f' was forgotten" in predict.answers(session.state())[-1].told
    assert send(guess(number(truth), 2))[-1].told == f"Right: it is {number(truth)}."
    assert predict.predicted(session.state()).count == 2
    plain = predict.predicted(session.state()).plain()["answers"][-1]
    assert plain["address"] == ["delta1", 2, 0]
    session.change_seed(4)
    assert predict.answers(session.state()) == []


def test_a_guess_is_marked_once(visit):
    send(guess("0.5"))
    assert len(send(guess("0.5"))) == 1
    assert len(send(guess("0.5", 2))) == 2


def test_what_is_no_number_is_told_so(visit):
    answer = send(guess("half"))[-1]
    assert (answer.kind, answer.value) == ("unread", None)
    assert answer.told == "A guess must be a number such as 0.25, −0,25, 1/4 or 2.5e-3 (got half)."


@pytest.mark.parametrize("place", [
    ("delta", 9, 0, 0), ("x", 1, 0, 0), ("delta", 1, 4, 0), ("delta", 1, 0, -1), ("C",), (), None,
    ("delta", "one", 0, 0), ("W", 1, 0, 2),
])
def test_a_guess_about_nothing_is_not_marked(visit, place):
    assert send(guess("0.5") | {"address": place}) == []


def test_an_earlier_wrong_answer_is_carried_forward(visit):
    run = train(XOR.experiment, 3)
    now, W2 = run.trace(0), run.network(0).W[2]
    send(guess("0.9", 1, place=("delta", 2, 0, 0)))
    follows = W2[0, 2] * 0.9 * (1 - now.a[1][2, 0] ** 2)
    assert send(guess(repr(float(follows)), 2))[-1].kind == "carried"


def test_start_over_forgets_every_answer(visit):
    send(guess("0.5"))
    assert send(guess("", 2, asked="over", place=("", 0, 0, 0))) == []


def test_a_number_that_overflowed_is_shown_and_not_asked_for(visit):
    e = Experiment(data="planar", hidden=(Layer(3, "relu"),), output="identity", loss="half_sum",
                   initializer="normal", learning_rate=1e9, iterations=60)
    run = train(e, 3)
    session.show(State(e, 3, Cursor(iteration=run.last)), [])
    d = desk(moment(run, run.last))
    p = next(Address(s.symbol, s.layer) for s in e.steps if not np.isfinite(
        d.at(Address(s.symbol, s.layer))))
    answer = send(guess("1.5", place=tuple(p), iteration=run.last))[-1]
    assert answer.kind == "shown"


def test_a_view_is_chosen_on_the_stage_and_stays_when_the_network_changes(visit):
    session.st.session_state["stage"] = {"view": {"fade": "all", "detail": "words"}}
    moves = session.move()
    stage_on_a_page.take_view()
    assert (session.state().view.fade, session.state().view.detail) == ("all", "words")
    assert session.move() == moves  # the picture stays where it is
    session.change(hidden=(Layer(2, "relu"),))
    session.undo()
    assert session.state().view.fade == "all"


def test_a_step_of_a_deep_network_is_asked_about_by_its_own_layer():
    found = asks(DEEP, 4)
    assert found["delta1"]["results"][-1] == "delta 1"
    assert "layer 2" in found["delta1"]["hint"]
    assert found[str(Step("C", 3))]["results"] == ["losses 0", "C 0"]
