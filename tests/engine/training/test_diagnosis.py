"""Diagnosis: every rule on a network made to show it, and on one that does not."""

from dataclasses import replace

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.losses import LOSSES
from engine.training.diagnosis import (
    FAR,
    GONE,
    LEAP,
    MOST,
    RULES,
    blank_error,
    diagnose,
    flattens,
    output_error,
)
from engine.training.diagnostics import diagnostics
from engine.training.run import train
from figures.journey.diagnosis import GOOD, SENTENCES
from figures.journey.diagnosis import layers as in_words
from figures.style import number
from tests.engine.training.test_findings import LINE, MOONS, SINE, Told, measured

DEEP = replace(MOONS, hidden=(Layer(6, "sigmoid"),) * 8)
WILD = replace(MOONS, hidden=(Layer(8, "tanh"),) * 3, gain=20.0, learning_rate=0.1)
DARK = replace(MOONS, hidden=(Layer(8, "relu"),) * 2, initializer="he_normal", bias="constant",
               bias_scale=-0.6, learning_rate=0.1)


SHOWN = {  # rule -> a network that shows it, the iteration, and one that does not
    "overflow": (replace(SINE, hidden=(Layer(8, "identity"),), learning_rate=50.0,
                         iterations=99), -1, SINE),
    "learnt": (Experiment(iterations=300), -1, Experiment(iterations=20)),
    "stopped": (replace(MOONS, initializer="zeros"), 0, MOONS),
    "vanishing": (DEEP, 0, replace(DEEP, hidden=(Layer(6, "tanh"),) * 8)),
    "exploding": (replace(LINE, gain=15.0), 0, LINE),
    "saturated": (WILD, 0, replace(WILD, gain=1.0)),
    "dead": (DARK, 0, replace(DARK, hidden=(Layer(8, "leaky_relu"),) * 2)),
    "leaping": (replace(SINE, learning_rate=50.0), 0, SINE),
    "healthy": (MOONS, 0, DEEP),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_said_of_a_network_that_shows_it_and_not_of_another(rule):
    e, k, other = SHOWN[rule]
    assert rule in Told(e).rules(k)
    assert rule not in Told(other).rules(k)


def test_every_rule_has_a_sentence_and_is_good_news_or_not():
    assert [*SENTENCES] == [*RULES] == [*SHOWN]
    for rule, (e, k, _) in SHOWN.items():
        told = Told(e)
        assert told.sentences[k][told.rules(k).index(rule)].good == (rule in GOOD)


def test_the_ratio_of_vanishing_is_measured_by_the_trace_and_split_into_its_causes():
    told = Told(DEEP)
    now, net = told.run.trace(0), told.run.network(0)
    rms = lambda v: np.sqrt((v**2).mean())
    reach = rms(now.delta[1]) / rms(now.delta[9])
    slopes = np.prod([rms(now.delta[l]) / rms(now.da[l]) for l in range(1, 9)])
    weights = np.prod([rms(net.W[l].T @ now.delta[l]) / rms(now.delta[l]) for l in range(2, 10)])
    assert slopes * weights == pytest.approx(reach)
    text = told.text("vanishing")
    assert f"rms δ[1] is {number(reach)} times rms δ[9] (rule: below 1/100)" in text
    assert "Cause: the slopes, more than the weights" in text
    assert f"f′ makes {number(slopes)} of it and Wᵀ {number(weights)}" in text
    factors = {l: np.linalg.norm(now.delta[l]) / np.linalg.norm(now.delta[l + 1])
               for l in range(1, 9)}
    least = min(factors, key=factors.get)
    assert f"Layer {least} shrinks it most: factor {number(factors[least])} = " in text


def test_small_weights_are_the_cause_of_vanishing_where_no_slope_is_small():
    told = Told(replace(LINE, gain=0.01))
    assert told.finding("vanishing").cause == "weights"
    assert "f′ makes 1 of it" in told.text("vanishing")
    assert "Cause: the weights, more than the slopes" in told.text("vanishing")


def test_large_weights_are_the_cause_of_exploding_and_the_layer_that_raises_most_is_named():
    told = Told(replace(LINE, gain=15.0))
    found = told.finding("exploding")
    assert (found.cause, found.most) == ("weights", told.values["factor"][0, :-1].argmax() + 1)
    assert "rule: above 100" in told.text("exploding")


def test_what_stops_the_error_is_named():
    assert Told(DARK).rules() == ["dead"]
    nothing = Told(replace(DARK, bias_scale=-9.0))
    assert nothing.rules() == ["stopped", "dead"]
    assert "Cause: f′ of layer 2 lets nothing through" in nothing.text("stopped")
    assert "16 of 16 have no slope on any sample of the data" in nothing.text("dead")
    zeros = Told(replace(MOONS, initializer="zeros", hidden=(Layer(3, "tanh"),) * 2))
    assert zeros.finding("stopped").layers == (1, 2)
    assert "all weights of layer 3 are 0" in zeros.text("stopped")
    # relu' is 0 for the second unit, and only for it the last layer has a weight
    half = replace(MOONS, hidden=(Layer(2, "identity"), Layer(2, "relu")), parameters=(
        1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0))
    assert "f′ of layer 2 lets nothing through" in Told(half).text("stopped")


def test_dead_and_saturated_units_are_counted_as_the_trace_has_them():
    dark = Told(DARK)
    silent = {l: int((dark.run.trace(0).a[l] == 0).all(1).sum()) for l in (1, 2)}
    layers = tuple(l for l in silent if silent[l])
    assert dark.finding("dead").layers == layers
    assert f": {sum(silent.values())} of {8 * len(layers)} have no slope" in dark.text("dead")
    wild = Told(WILD)
    shares = [100 * float((1 - wild.run.trace(0).a[l] ** 2 < 0.05).mean()) for l in (1, 2, 3)]
    told = wild.text("saturated").replace("\N{NO-BREAK SPACE}", " ")
    assert f"at {number(min(shares))} to {number(max(shares))} % of their units" in told


def test_a_batch_is_called_a_batch():
    told = Told(replace(DARK, batch=8))
    assert "on any sample of the batch" in told.text("dead")


def test_a_network_that_has_learnt_is_not_said_to_vanish_or_to_be_saturated():
    confident = Experiment(hidden=(Layer(2, "tanh"), Layer(1, "tanh")), iterations=1, parameters=(
        20.0, 20.0, 20.0, 20.0, -10.0, -30.0, 20.0, -20.0, -20.0, 20.0, 0.0))
    told = Told(confident)
    assert told.d.saturated[0].min() > MOST
    assert told.rules()[0] == "learnt"
    assert not {"vanishing", "saturated", "stopped", "healthy"} & {*told.rules()}


def test_what_is_left_is_compared_with_answering_the_mean_of_the_targets():
    for e in (SINE, Experiment(), replace(MOONS, loss="mse"),
              Experiment(data="iris", output="softmax", loss="cross_entropy", iterations=2),
              Experiment(data="iris", output="sigmoid", loss="bce", iterations=2),
              replace(MOONS, loss="bce_logits", output="identity")):
        run = train(e, 1)
        y, K = run.data.y, len(run.data.y)
        spread = np.sqrt(((y - y.mean(-1, keepdims=True)) ** 2).mean())
        scale = {"mse": 2 / K, "bce": 1 / K, "bce_logits": 1 / K, "cross_entropy": 1}[e.loss]
        assert blank_error(y, e) == pytest.approx(scale * spread)
    assert not LOSSES["output"].has_target
    assert blank_error(y, replace(SINE, loss="output")) == 0


def test_a_wrong_answer_of_a_saturated_output_is_not_taken_for_learnt():
    wrong = Experiment(data="hmkcode", hidden=(), output="sigmoid", loss="half_sum", iterations=1,
                       parameters=(-30.0, -30.0, 0.0))
    assert Told(wrong).rules() == ["saturated"]
    half = replace(MOONS, hidden=(), loss="mse", parameters=(0.0, 0.0, -30.0))
    assert Told(half).rules() == ["saturated"]
    assert Told(half).values["left"][0] == pytest.approx(2**0.5)  # all 0, of which half are right
    assert Told(replace(wrong, parameters=(-900.0, -900.0, 0.0))).rules() == [
        "stopped", "saturated", "dead"]


def test_a_canonical_output_is_neither_dead_nor_saturated():
    wrong = replace(MOONS, hidden=(), iterations=1, parameters=(0.0, 0.0, -900.0))
    told = Told(wrong)
    assert told.d.saturated[0, -1] == told.d.dead[0, -1] == 1
    assert told.rules() == ["healthy"]


def test_a_linear_network_and_a_single_layer_have_nothing_that_could_die_or_vanish():
    assert Told(LINE).rules() == ["healthy"]
    single = Told(replace(MOONS, hidden=()))
    assert single.rules() == ["healthy"]
    assert "the only layer gets it directly" in single.text("healthy")


def test_only_what_is_flat_on_both_sides_can_be_saturated():
    assert {name for name in ("sigmoid", "tanh", "relu", "elu", "gelu", "softplus", "softsign",
                              "hard_tanh", "hard_sigmoid", "identity", "leaky_relu", "softmax")
            if flattens(name, None)} == {
        "sigmoid", "tanh", "softsign", "hard_tanh", "hard_sigmoid", "softmax"}
    assert "saturated" not in Told(replace(DARK, bias_scale=-0.2)).rules()


def test_a_step_larger_than_the_weights_is_measured_by_the_weights_of_two_iterations():
    told = Told(replace(SINE, learning_rate=50.0))
    W, after = told.run.network(0).W, told.run.network(1).W
    leaps = [np.linalg.norm(after[l] - W[l]) / np.linalg.norm(W[l]) for l in (1, 2)]
    assert max(leaps) > LEAP
    assert f"up to {number(max(leaps))} times as large" in told.text("leaping")


def test_the_thresholds_are_those_that_the_sentences_name():
    assert (FAR, GONE, MOST, LEAP) == (0.01, 0.05, 0.5, 1)
    told = Told(Experiment(iterations=300))
    for k in range(300):
        assert ("learnt" in told.rules(k)) == (told.values["left"][k] <= 0.05)
    assert "rule: at most 1/20" in told.text("learnt", -1)


def test_after_a_fork_the_sentences_are_those_of_the_new_activation():
    forked = replace(MOONS, hidden=(Layer(4, "relu"),), bias="constant", bias_scale=-9.0,
                     iterations=6).forked(3, hidden=(Layer(4, "sigmoid"),))
    told = Told(forked)
    assert told.rules(2) == ["stopped", "dead"]
    assert "dead" not in told.rules(3)
    assert "of sigmoid is below" in told.text("saturated", 3)


def where(rule: str, e: Experiment = LINE, **columns: np.ndarray) -> list[list[bool]]:
    return RULES[rule].where(measured(e, **columns)).tolist()


def test_a_threshold_itself_is_not_beyond_it():
    first = lambda values: {"rms_delta": np.array([[v, 1, 1, 1] for v in values])}
    column = lambda found: [row[0] for row in found]
    assert column(where("exploding", **first([99, 100, 101]))) == [False, False, True]
    assert column(where("vanishing", **first([0.009, 0.01, 0.011]))) == [True, False, False]
    tanh = replace(LINE, hidden=(Layer(5, "tanh"),) * 3)
    shares = {"saturated": np.array([[0.5, 0.51, 0, 1]])}
    assert where("saturated", tanh, **shares) == [[False, True, False, False]]
    assert where("dead", tanh, dead=np.array([[0, 0.2, 1, 1]])) == [[False, True, True, False]]
    assert where("leaping", update=np.array([[1, 1.01, 0, 2]])) == [[False, True, False, True]]


def test_exploding_and_vanishing_are_said_of_the_first_layer():
    assert where("exploding", rms_delta=np.array([[200.0, 1, 1, 1]])) == [[True] + [False] * 3]
    assert where("vanishing", rms_delta=np.array([[0.001, 1, 1, 1]])) == [[True] + [False] * 3]


def test_weights_of_0_never_leap():
    assert where("leaping", update=np.array([[9.0] * 4]), norm_W=np.array([[0, 1.0, 0, 1]])) == [
        [False, True, False, True]]


def test_findings_are_listed_in_the_order_of_the_rules_and_none_is_empty():
    for e in (DEEP, WILD, DARK, replace(DARK, bias_scale=-9.0), LINE):
        order = [*RULES]
        for findings in Told(e).diagnosis.findings:
            places = [order.index(finding.rule) for finding in findings]
            assert places == sorted(places)
            assert places


def test_every_iteration_has_its_own_findings():
    run = train(Experiment(iterations=300), 1)
    whole = diagnose(run, diagnostics(run))
    for t in (0, 150, 299):
        alone = diagnose(run, diagnostics(run, np.array([t])))
        assert alone.findings == [whole.findings[t]]


@pytest.mark.parametrize(("slopes", "reach", "cause"), [
    (0.001, 0.001, "slopes"), (0.5, 0.001, "weights"), (0.001**0.5, 0.001, "slopes"),
    (200.0, 200.0, "slopes"), (2.0, 200.0, "weights"), (200**0.5 + 1e-9, 200.0, "slopes"),
])
def test_the_cause_is_the_factor_that_has_the_greater_part(slopes, reach, cause):
    passed = np.array([[slopes, 1, 1, 1]])
    s = measured(LINE, passed=passed, rms_delta=np.array([[reach, 1, 1, 1]]))
    rule = RULES["vanishing" if reach < 1 else "exploding"]
    assert rule.cause(s).tolist() == [cause]


def test_the_error_at_the_output_is_what_comes_before_its_slope():
    with np.errstate(all="ignore"):
        d = measured(LINE, rms_delta=np.array([[1, 1, 1, v] for v in (0.0, 0.3, 0.3, 0.3)]),
                     passed=np.array([[1, 1, 1, v] for v in (np.nan, 0.0, 0.5, 1.0)])).d
        assert output_error(d, canonical=False).tolist() == [0, np.inf, 0.6, 0.3]
    assert output_error(d, canonical=True).tolist() == [0, 0.3, 0.3, 0.3]


@pytest.mark.parametrize(("which", "words"), [
    ((3,), "layer 3"), ((1, 2), "layers 1 and 2"), ((1, 2, 3, 4), "layers 1 to 4"),
    ((1, 2, 5), "layers 1, 2 and 5"), ((2, 4, 6), "layers 2, 4 and 6"), ((4, 9), "layers 4 and 9"),
])
def test_layers_in_a_row_are_named_by_their_ends_and_others_one_by_one(which, words):
    assert in_words(which) == words


def test_one_layer_is_spoken_of_as_one():
    one = Told(replace(WILD, hidden=(Layer(8, "tanh"),)))
    text = one.text("saturated").replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith("Layer 1 is saturated: at ")
    assert " to " not in text.split("of its")[0]
    assert "rule: at more than 50 %" in text
    several = Told(WILD).text("saturated")
    assert "are saturated" in several
    assert "of their" in several


def test_a_healthy_network_is_told_between_which_sizes():
    assert "(rule: between 1/100 and 100;" in Told(MOONS).text("healthy")


def test_the_layer_that_changes_an_error_most_is_named_only_where_there_are_several():
    said = {n: Told(replace(LINE, hidden=(Layer(5, "identity"),) * n, gain=300.0)).text("exploding")
            for n in (1, 2)}
    assert {n: "Layer" in text for n, text in said.items()} == {1: False, 2: True}
