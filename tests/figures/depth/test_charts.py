"""The pictures of the depth lab: they draw, name their axes, say themselves in words and rows."""

import json

import numpy as np
import pytest

from engine.depth import lottery, measure, race, theory
from engine.depth import maps as depth_map
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.activations import activation
from engine.training.run import train
from figures import style
from figures.depth import histograms, profile, singular, table
from figures.depth import lottery as lottery_figure
from figures.depth import maps as map_figure
from figures.depth import race as race_figure
from figures.depth.charts import LINE, TITLE, chart, decades, layer_axis, log_axis, titled
from figures.depth.words import (
    agreement,
    depth_scale,
    fate,
    journey,
    parting_words,
    race_words,
    vanished,
    why,
)
from figures.style import DIVERGING, PALETTE, faded, scale, template


@pytest.mark.parametrize("values", [[1.0, 1e6], [3e-9, 2e-8], [5.0], [1e-300, 1e300]])
def test_a_logarithmic_range_holds_all_values_with_some_air_on_both_sides(values):
    low, high = decades(np.array([*values, 0.0, -1.0, np.nan, np.inf]))
    first, last = np.log10(min(values)), np.log10(max(values))
    air = first - low
    assert high - last == pytest.approx(air)
    assert air == pytest.approx(max(0.06 * (last - first), 0.1, (2 - (last - first)) / 2))


def test_where_nothing_can_be_drawn_there_are_a_few_decades_around_1():
    low, high = decades(np.array([0.0, np.nan]))
    assert low == pytest.approx(-1 - 0.12)
    assert high == pytest.approx(1 + 0.12)


@pytest.mark.parametrize(("limits", "step"), [
    ([0, 1], 1), ([0, 7], 1), ([0, 7.1], 2), ([-3, 11], 2), ([-3, 11.5], 3), ([-330, 20], 50)])
def test_a_logarithmic_axis_has_seven_ticks_at_most(limits, step):
    axis = log_axis(limits, "cost")
    assert (axis["type"], axis["range"], axis["title"]) == ("log", limits, "cost (log)")
    assert axis["dtick"] == step


@pytest.mark.parametrize(("L", "first", "step"), [(3, 1, 1), (12, 1, 1), (13, 0, 2), (24, 0, 2),
                                                  (25, 0, 3), (101, 0, 9)])
def test_the_axis_of_layers_has_a_place_for_each_and_at_most_a_dozen_ticks(L, first, step):
    axis = layer_axis(L)
    assert axis["range"] == [0.5, L + 0.5]
    assert (axis["tick0"], axis["dtick"]) == (first, step)


def test_a_long_title_is_wrapped_and_has_room_above_the_chart():
    short, long = titled("light", "one line", 300), titled("light", "word " * 20, 300)
    lines = long["title"]["text"].split("<br>")
    assert len(lines) == 3
    assert all(len(text) <= TITLE for text in lines)
    assert long["margin"]["t"] - short["margin"]["t"] == 2 * LINE
    assert long["title"]["pad"]["b"] - short["title"]["pad"]["b"] == 2 * LINE
    assert short["margin"]["t"] - LINE == 30
    assert chart("dark", "x", 300, bargap=0.5).layout.bargap == 0.5
    assert chart("dark", "x").layout.height == 420


def chain(L: int, n: int, f: str = "tanh", **more) -> Experiment:
    return Experiment(data="noise", hidden=(Layer(n, f),) * L, iterations=1, **more)


def last(parts):
    *_, found = parts
    return found


def measured(e: Experiment, R: int = 3):
    m = last(measure.measuring(e, tuple(range(R))))
    p = None if theory.unknown(e) else theory.prediction(e, measure.seen(e, 0)[0])
    return m, p


def zones(e: Experiment):
    return {l: measure.zones(activation(f)) for l, f in enumerate(e.activations, start=1)}


XOR = Experiment(hidden=(Layer(2, "tanh"),), iterations=60)


def pictures():
    """Of each kind a few: its figures in a theme, their words, their tables."""
    for e in (chain(6, 8), chain(5, 8, "relu", norm="batch"), chain(3, 4, gain=0.0)):
        m, p = measured(e)
        for quantity in profile.QUANTITIES:
            bound = theory.chain_bound(e.L)
            yield (lambda t, m=m, q=quantity, p=p, b=bound: profile.figure(m, q, t, p, b, 1.5),
                   profile.alt(m, quantity, p), profile.rows(m, quantity, p))
        h, z = measure.histograms(e, 0), zones(e)
        yield (lambda t, h=h, z=z: histograms.figure(h, z, t), histograms.alt(h, z),
               histograms.rows(h, z))
        s = measure.singular_values(e, 0)
        yield (lambda t, s=s: singular.figure(s, t), singular.alt(s),
               singular.rows(s))
        for make in (depth_map.sigma_map, depth_map.gain_map):
            maps = list(make(e, 0, cells=3))
            for found in (maps[0], maps[-1]):
                yield (lambda t, f=found: map_figure.figure(f, t, (1.0, 1.0)),
                       map_figure.alt(found), map_figure.rows(found, 2))
    for found in [*depth_map.chart(chain(2, 4), 0)][::11]:
        yield (lambda t, f=found: table.figure(f, t, ("tanh", "he_normal")),
               table.alt(found), table.rows(found))
    one = last(lottery.drawing(XOR, (0, 1, 2)))
    many = last(lottery.by_width(XOR, (2, 3), (0, 1)))
    yield (lambda t: lottery_figure.figure(one, t), lottery_figure.alt(one),
           lottery_figure.rows(one))
    yield (lambda t: lottery_figure.widths(many, t), lottery_figure.widths_alt(many),
           lottery_figure.widths_rows(many))
    yield (lambda t: lottery_figure.parting(one, t), lottery_figure.parting_alt(one),
           lottery_figure.parting_rows(one))
    courses = [race.course(f"run {k}", train(XOR, k)) for k in range(4)]
    yield (lambda t: race_figure.figure(courses, t), race_figure.alt(courses),
           race_figure.rows(courses))


def test_every_picture_draws_in_both_themes_and_has_words_and_a_table():
    with np.errstate(all="raise", under="ignore"):
        for make, alt, rows in pictures():
            for theme in PALETTE:
                fig = make(theme)
                json.loads(fig.to_json())
                assert fig.layout.title.text
                assert any(axis.title.text for axis in fig.select_xaxes())
                assert any(axis.title.text for axis in fig.select_yaxes())
            assert alt.endswith((".", "!"))
            assert "nan" not in alt.lower().split()
            assert len({len(texts) for _, texts in rows}) == 1


def test_the_rows_of_a_profile_are_its_numbers():
    m, p = measured(chain(4, 8), 5)
    rows = dict(profile.rows(m, "rms_delta", p))
    assert rows["layer"] == ["1", "2", "3", "4", "5"]
    assert float(rows["seed 0"][4]) == pytest.approx(m.rms_delta[0, 4], rel=1e-3)
    rms = np.sqrt((m.rms_delta[:, 4] ** 2).mean())
    assert float(rows["theory"][4]) == pytest.approx(rms, rel=1e-3)  # theory begins there


def test_a_profile_shows_the_band_only_over_seeds():
    m, p = measured(chain(4, 8), 5)
    names = lambda m: [trace.name for trace in profile.figure(m, p=p).data]
    assert "5 to 95 % of 5 seeds" in names(m)
    single = measure.measured(chain(4, 8), (0,))
    assert names(single) == ["seed 0", "theory (mean field)"]


def test_the_end_of_float32_is_marked_where_the_error_comes_near():
    notes = lambda e: profile.figure(measured(e, 1)[0]).layout.annotations
    texts = lambda e: " ".join(note.text for note in notes(e))
    assert "float32 ends" in texts(chain(60, 8, "sigmoid"))
    assert "float32" not in texts(chain(4, 8))


@pytest.mark.parametrize(("ratio", "word"), [
    (1e-9, "vanishes"), (0.1, "shrinks"), (1.0, "holds"), (10.0, "grows"), (1e9, "explodes"),
    (np.nan, "overflows"),
])
def test_the_fate_of_an_error_has_a_word(ratio, word):
    assert fate(ratio) == word


def test_the_titles_say_what_became_of_the_error():
    said = lambda e: journey(measure.measured(e, (0,)))
    assert "vanishes" in said(chain(10, 16, "sigmoid"))
    assert "holds" in said(chain(10, 32, "relu", initializer="he_normal"))
    assert "explodes" in said(chain(20, 16, "relu", initializer="he_normal", gain=3.0))
    assert "exactly 0" in said(chain(5, 4, initializer="zeros"))
    wild = chain(100, 8, "relu", bias="normal", gain=1000.0, loss="mse", output="identity")
    assert "overflows" in said(wild)


def test_vanished_names_the_layer_from_which_float32_holds_nothing():
    m = measure.measured(chain(100, 8, "sigmoid"), (0,))
    l = int(vanished(m).split("layer ")[1].split()[0])
    assert m.rms_delta[0, l - 1] < 1.4012985e-45 <= m.rms_delta[0, l]
    assert vanished(measure.measured(chain(4, 8), (0,))) == ""


def test_theory_and_measurement_agree_in_words_or_the_reason_is_named():
    e = chain(6, 64, "relu", initializer="he_normal")
    assert "agree" in agreement(*measured(e, 30), e)
    e = chain(40, 4)
    words = agreement(*measured(e, 30), e)
    assert "narrow" in words
    e = chain(4, 8, norm="batch")
    assert "normalised" in agreement(measured(e)[0], None, e)


def test_the_factor_in_words_is_that_of_measurement_to_theory():
    e = chain(40, 4)
    m, p = measured(e, 30)
    factor = measure.bands(m.ratio).rms[0] / p.ratio_rms[0]
    words = agreement(m, p, e)
    text = words.split(" times")[0].split()[-1]
    assert float(text) == pytest.approx(max(factor, 1 / factor), rel=1e-3)
    assert ("as much" in words) == (factor > 1)


def test_a_critical_network_is_called_so():
    f = activation("relu")
    assert "critical" in depth_scale(theory.settled(f, np.sqrt(2), 0.0))
    assert "vanishes" in depth_scale(theory.settled(f, 1.0, 0.0))
    assert "explodes" in depth_scale(theory.settled(f, 2.0, 0.0))


def test_a_click_on_a_map_tells_its_cell():
    found = last(depth_map.sigma_map(chain(3, 4), 0, cells=4))
    points = map_figure.figure(found).data[-1]
    np.testing.assert_array_equal(points.customdata[6], [1, 2])
    assert points.x[6] == found.x[2]
    assert points.y[6] == found.y[1]
    assert map_figure.ratio(found.log_ratio[1, 2]) in points.text[6]


def test_ratios_beyond_any_float_can_be_written():
    assert [map_figure.ratio(v) for v in (-np.inf, np.inf, np.nan, -400.0, 1.0)] == [
        "0", "overflow", "0 / 0", "10^−400", "10"]
    assert [table.label(v) for v in (-np.inf, np.inf, np.nan, -12.2, 0.3, 2.6)] == [
        "−∞", "✕", "–", "−12", "0", "+3"]


def test_the_lottery_counts_every_network_once():
    found = last(lottery.drawing(XOR, tuple(range(20))))
    fig = lottery_figure.figure(found)
    assert sum(sum(bar.y) for bar in fig.data) == 20
    assert sum(fig.data[1].y) == found.stuck.sum()
    assert f"{found.stuck.sum()} of 20" in fig.layout.title.text


def test_what_a_race_says_is_true_of_its_runs():
    wide = Experiment(hidden=(Layer(8, "tanh"),), iterations=600)
    dead = Experiment(initializer="zeros", iterations=600)
    courses = [race.course("A", train(wide, 0)), race.course("B", train(dead, 0))]
    words = race_words(courses)
    assert "A learns" in words
    assert "B is stuck: no gradient reaches its first layer" in words
    assert race_figure.title_of(courses) == "A learns; B does not"


def test_units_that_never_part_are_told():
    e = Experiment(hidden=(Layer(3, "tanh"),), initializer="constant", iterations=30)
    assert "stay equal" in parting_words(last(lottery.drawing(e, (0, 1))))
    assert "differ from the start" in parting_words(last(lottery.drawing(XOR, (0,))))


@pytest.mark.parametrize("theme", PALETTE)
def test_the_template_has_the_pages_colours_and_the_scale_its_middle_on_the_panel(theme):
    layout = template(theme)["layout"]
    assert layout["paper_bgcolor"] == PALETTE[theme]["page"]
    assert layout["font"]["color"] == PALETTE[theme]["ink"]
    middle = scale(DIVERGING[theme])[3]
    assert middle == (0.5, PALETTE[theme]["panel"])


def test_a_faded_colour_is_the_same_with_a_share():
    assert faded("#ff8001", 0.25) == "rgba(255, 128, 1, 0.25)"


def test_a_map_has_the_critical_line_and_a_cross_where_one_is():
    found = last(depth_map.sigma_map(chain(3, 4), 0, cells=4))
    by_name = {trace.name: trace for trace in map_figure.figure(found, here=(1.25, 0.5)).data}
    line = by_name["critical: χ = 1"]
    np.testing.assert_array_equal(line.x, found.critical)
    np.testing.assert_array_equal(line.y, found.y)
    assert line.showlegend
    assert (by_name["here"].x, by_name["here"].y) == ((1.25,), (0.5,))
    assert "here" not in {trace.name for trace in map_figure.figure(found).data}


def test_a_map_ends_at_the_outer_edges_of_its_cells():
    found = last(depth_map.sigma_map(chain(3, 4), 0, cells=4))
    step = found.x[1] - found.x[0]
    np.testing.assert_allclose(map_figure.ends(found, "x"), [found.x[0] - step / 2,
                                                             found.x[-1] + step / 2])
    gains = last(depth_map.gain_map(chain(3, 4), 0, cells=4))
    logs = np.log10(gains.x)
    step = logs[1] - logs[0]
    np.testing.assert_allclose(map_figure.ends(gains, "x"), [logs[0] - step / 2,
                                                             logs[-1] + step / 2])


def test_the_colours_of_a_map_end_where_a_quarter_of_the_cells_goes_beyond():
    values = np.array([0.5, -6.2, 3.0, np.nan, 8.0, np.inf, -1.0])
    assert map_figure.limit(values) == np.ceil(np.quantile([0.5, 6.2, 3, 8, 1], 0.75)) == 7
    assert map_figure.limit(np.array([0.1, -0.2])) == 2
    assert map_figure.limit(np.array([500.0] * 3)) == map_figure.MOST
    assert map_figure.limit(np.array([np.nan])) == 2


def test_what_is_not_measured_yet_says_so():
    part = next(iter(depth_map.sigma_map(chain(3, 4), 0, cells=4)))
    assert "not measured" not in map_figure.said(part, 0, 1)
    assert "not measured yet" in map_figure.said(part, 1, 1)


def test_a_network_is_counted_by_the_bar_in_which_its_cost_lies():
    found = last(lottery.drawing(XOR, tuple(range(20))))
    learned, stuck = lottery_figure.figure(found).data
    for bar, which in ((learned, ~found.stuck), (stuck, found.stuck)):
        left, right = np.array(bar.x) - np.array(bar.width) / 2, np.array(bar.x) + bar.width / 2
        np.testing.assert_allclose(left[1:], right[:-1])
        costs = found.costs[which]
        counts = [((costs >= a) & (costs < b)).sum() for a, b in zip(left, right, strict=True)]
        np.testing.assert_array_equal(bar.y, counts)
    assert learned.name == "learned"


def test_half_of_the_constant_answer_is_the_edge_between_two_bars():
    found = last(lottery.drawing(XOR, tuple(range(8))))
    edges = lottery_figure.bins(found)
    assert np.isclose(edges, lottery.HALF * found.guess.mean()).any()
    assert edges[0] <= 0
    assert edges[-1] >= min(found.costs.max(), 1.15 * found.guess.mean())
    fig = lottery_figure.figure(found)
    assert [shape.x0 for shape in fig.layout.shapes] == pytest.approx(
        [0.5 * found.guess.mean(), found.guess.mean()])
    assert [note.text for note in fig.layout.annotations] == ["half of it", "constant answer"]


def test_the_table_of_a_lottery_has_the_worst_first():
    found = last(lottery.drawing(XOR, tuple(range(8))))
    rows = dict(lottery_figure.rows(found))
    order = np.argsort(-found.costs)
    assert rows["seed"] == [str(found.seeds[i]) for i in order]
    np.testing.assert_allclose([*map(float, rows["last cost"])], found.costs[order], rtol=1e-3)
    np.testing.assert_allclose([*map(float, rows["first cost"])], found.first[order], rtol=1e-3)
    assert rows["stuck"] == ["yes" if found.stuck[i] else "no" for i in order]


def test_narrow_is_the_sum_of_one_over_the_widths_of_the_hidden_layers():
    e = Experiment(data="noise", hidden=(Layer(4, "tanh"), Layer(5, "tanh"), Layer(8, "tanh")),
                   iterations=1)
    m, p = measured(e, 25)
    reasons = " ".join(why(m, p, e))
    assert "Σ 1/n = 0.575)" in reasons
    assert "the narrowest layer has 4 units" in reasons
    assert "few networks" not in reasons
    wide = chain(3, 64)
    reasons = " ".join(why(*measured(wide, 3), wide))
    assert "few networks" in reasons
    assert "narrow for this depth" not in reasons


def test_close_to_critical_is_a_reason_where_chi_is_within_a_twentieth_of_1():
    for gain, close in ((1.0, True), (1.02, True), (1.04, False), (0.9, False)):
        e = chain(3, 8, "identity", initializer="lecun_normal", gain=gain)  # χ = gain²
        assert ("close to critical" in " ".join(why(*measured(e, 2), e))) == close


def test_the_thin_line_of_a_race_is_the_cost_of_the_best_constant_answer():
    other = Experiment(hidden=(Layer(2, "tanh"),), loss="mse", iterations=60)
    courses = [race.course("A", train(XOR, 0)), race.course("B", train(other, 1))]
    fig = race_figure.figure(courses)
    line, = fig.layout.shapes
    assert (line.y0, line.y1, line.yref) == (courses[0].guess, courses[0].guess, "y")
    assert [note.text for note in fig.layout.annotations] == ["best constant answer"]
    free = Experiment(loss="output", output="identity", iterations=3)
    assert not race_figure.figure([race.course("A", train(free, 0))]).layout.shapes


def test_a_race_draws_cost_and_gradient_of_each_run_one_above_the_other():
    courses = [race.course(text, train(XOR, k)) for k, text in enumerate("ABCDE")]
    data = race_figure.figure(courses).data
    assert [trace.name for trace in data] == [*"AABBCCDD"]  # four at most
    for one, (cost, gradient) in zip(courses, zip(data[::2], data[1::2], strict=True),
                                     strict=False):
        assert cost.y == tuple(one.cost)
        assert gradient.y == tuple(one.gradient)
        assert (cost.yaxis, gradient.yaxis) == ("y", "y2")
        assert (cost.showlegend, gradient.showlegend) == (True, False)


def test_on_a_logarithmic_axis_there_is_nothing_at_0():
    assert race_figure.above_zero(np.array([1.0, 0, -2, np.inf, np.nan, 1e-9])) == [
        1.0, None, None, None, None, 1e-9]


def test_a_map_without_a_critical_line_says_that_theory_is_silent():
    known = last(depth_map.sigma_map(chain(3, 4), 0, cells=4))
    silent = last(depth_map.sigma_map(chain(3, 4, norm="batch"), 0, cells=4))
    assert map_figure.title_of(known) == map_figure.TITLES["log_ratio"]
    assert "theory says nothing here" in map_figure.title_of(silent)
    line = next(trace for trace in map_figure.figure(silent).data
                if trace.name == "critical: χ = 1")
    assert not line.showlegend
    assert "critical line" not in map_figure.alt(silent)


def test_the_ticks_of_gains_stand_where_they_say():
    axis = map_figure.figure(last(depth_map.gain_map(chain(3, 4), 0, cells=3))).layout.xaxis
    assert axis.type == "log"
    assert [float(text) for text in axis.ticktext] == [*axis.tickvals]


def test_the_table_of_a_map_has_every_fifth_row_and_column():
    found = last(depth_map.sigma_map(chain(3, 4), 0, cells=11))
    (name, first), *columns = map_figure.rows(found)
    number = style.number
    assert (name, first) == ("σ_b", [number(float(found.y[i])) for i in (0, 5, 10)])
    assert [head for head, _ in columns] == [f"σ_w = {number(float(found.x[j]))}"
                                             for j in (0, 5, 10)]
    for j, (_, texts) in zip((0, 5, 10), columns, strict=True):
        assert texts == [map_figure.ratio(found.log_ratio[i, j]) for i in (0, 5, 10)]


def test_the_table_of_a_race_has_first_and_last_of_each_run():
    courses = [race.course("A", train(XOR, 0)), race.course("B", train(XOR, 1))]
    rows = dict(race_figure.rows(courses))
    for name, values in (("first cost", [one.cost[0] for one in courses]),
                         ("last cost", [one.cost[-1] for one in courses]),
                         ("first ‖dW[1]‖", [one.gradient[0] for one in courses]),
                         ("last ‖dW[1]‖", [one.gradient[-1] for one in courses])):
        np.testing.assert_allclose([*map(float, rows[name])], values, rtol=1e-3)
    assert rows["run"] == ["A", "B"]


@pytest.mark.parametrize(("chi", "word", "how"), [(0.5, "vanishes", "shrinks"),
                                                  (2.0, "explodes", "grows")])
def test_a_depth_scale_is_told_with_its_number(chi, word, how):
    said = depth_scale(theory.Settled(1.0, chi, 7.0))
    assert f"χ is {style.number(chi)}, so the error {word}: ‖δ‖² {how} e times" in said
    assert "within ξ = 7 layers. About 5 ξ = 35 layers" in said
