"""Histograms, singular values, tables and profiles: each mark stands where its number says."""

import numpy as np
import pytest

from engine.depth import maps, measure, theory
from engine.depth.maps import Map
from engine.depth.measure import Histogram, Zone
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.activations import activation
from figures import style
from figures.depth import histograms, profile, singular, words
from figures.depth import table as depth_table

EDGES = np.linspace(-2, 2, 9)  # bins of 0.5
SHARES = np.array([0, 0.1, 0.2, 0.3, 0.2, 0.1, 0.05, 0])
ONE = Histogram(3, EDGES, SHARES, 0.05, EDGES / 2, SHARES, 0.05)
ZONES = {3: [Zone("saturated", (-np.inf, -1.0), (-1.0, -0.75)), Zone("dead", (1.0, 1.5), None)]}


def chain(L: int, n: int, f: str = "tanh", **more) -> Experiment:
    return Experiment(data="noise", hidden=(Layer(n, f),) * L, iterations=1, **more)


def test_a_bar_stands_on_its_bin():
    bar = histograms.bars(EDGES, SHARES, 3, "z", "#123456", "2")
    np.testing.assert_allclose(np.array(bar.x) - bar.width / 2, EDGES[:-1])
    np.testing.assert_allclose(np.array(bar.x) + bar.width / 2, EDGES[1:])
    np.testing.assert_array_equal(bar.y, SHARES)
    assert (bar.xaxis, bar.yaxis) == ("x2", "y2")


def test_axes_are_numbered_row_by_row_as_plotly_does():
    assert [histograms.axis_number(i, j) for i in range(3) for j in range(2)] == [
        "", "2", "3", "4", "5", "6"]


def test_a_zone_is_shaded_as_far_as_the_picture_goes():
    of_z = histograms.shades(ZONES[3], "z", EDGES, "", "light")
    assert [(shade["x0"], shade["x1"]) for shade in of_z] == [(-2, -1), (1, 1.5)]
    of_a = histograms.shades(ZONES[3], "a", EDGES / 2, "2", "light")
    assert [(shade["x0"], shade["x1"]) for shade in of_a] == [(-1, -0.75)]
    assert {(shade["y0"], shade["y1"]) for shade in of_z + of_a} == {(0, 1)}
    beyond = [Zone("dead", (3.0, np.inf), None), Zone("dead", (2.0, np.inf), None)]
    assert histograms.shades(beyond, "z", EDGES, "", "light") == []


def test_the_share_of_a_zone_is_that_of_the_bins_in_it():
    inside = lambda kind: histograms.inside(ONE, ZONES[3], kind)
    assert inside("saturated") == pytest.approx(0.1)
    assert inside("dead") == pytest.approx(0.05)
    assert histograms.inside(ONE, [], "dead") == 0
    assert "layer 3 10% saturated and 5% dead" in histograms.alt([ONE], ZONES)


def test_the_rows_of_histograms_have_the_root_mean_square_of_what_is_in_the_picture():
    rows = dict(histograms.rows([ONE], ZONES))
    middles = (EDGES[:-1] + EDGES[1:]) / 2
    rms = np.sqrt((SHARES * middles**2).sum() / 0.95)
    assert float(rows["rms z"][0]) == pytest.approx(rms, rel=1e-3)
    assert float(rows["rms a"][0]) == pytest.approx(rms / 2, rel=1e-3)
    assert (rows["z saturated"], rows["z dead"]) == (["10.0%"], ["5.0%"])
    assert rows["z beyond the picture"] == ["5.0%"]
    assert rows["layer"] == ["3"]


def test_histograms_of_layers_share_their_axes_and_each_is_named():
    h = measure.histograms(chain(6, 8), 0, [1, 4, 7])
    fig = histograms.figure(h, {})
    assert [fig.layout[f"yaxis{k}"].title.text for k in ("", "3", "5")] == [
        "layer 1", "layer 4", "layer 7"]
    assert fig.layout.xaxis5.title.text == "pre-activation z"
    assert fig.layout.xaxis6.title.text == "activation a"
    for k, edges in (("", h[0].z_edges), ("3", h[0].z_edges), ("2", h[0].a_edges)):
        assert fig.layout[f"xaxis{k}"].range == (edges[0], edges[-1])
    bars = [trace for trace in fig.data if trace.type == "bar"]
    assert [bar.xaxis for bar in bars] == ["x", "x2", "x3", "x4", "x5", "x6"]
    np.testing.assert_array_equal(bars[2].y, h[1].z)
    np.testing.assert_array_equal(bars[3].y, h[1].a)


S = {1: np.array([8.0, 4, 2, 1e-14]), 2: np.array([3.0, 1, 0.5]), 3: np.zeros(2),
     4: np.array([np.nan, np.nan])}


def test_of_singular_values_the_ends_and_the_middle_above_0_are_followed():
    found = singular.ends(S)
    np.testing.assert_array_equal(found["largest"], [8, 3, np.nan, np.nan])
    np.testing.assert_array_equal(found["median"], [4, 1, np.nan, np.nan])
    np.testing.assert_array_equal(found["smallest above 0"], [2, 0.5, np.nan, np.nan])
    assert [singular.zeros(s) for s in S.values()] == [1, 0, 2, 2]
    rows = dict(singular.rows(S))
    assert rows["values that are 0"] == ["1", "0", "2", "2"]
    assert rows["layer"] == ["1", "2", "3", "4"]
    assert rows["largest"][:2] == ["8", "3"]


@pytest.mark.parametrize(("middle", "word"), [
    (0.9, "shrinks"), (0.96, "keeps"), (1.0, "keeps"), (1.04, "keeps"), (1.1, "stretches")])
def test_a_title_says_what_a_typical_layer_does_to_an_error(middle, word):
    values = {l: np.array([5.0, middle, 0.1]) for l in (1, 2)}
    assert singular.title_of(values).startswith(f"A layer {word} errors")
    assert singular.title_of({1: np.zeros(2)}) == "No layer lets any error through"


def test_singular_values_are_drawn_at_their_layer_and_1_across_all_of_them():
    fig = singular.figure(S)
    by_name = {trace.name: trace for trace in fig.data}
    points = by_name["singular values"]
    assert [*zip(points.x, points.y, strict=True)] == [(1, 8), (1, 4), (1, 2), (2, 3), (2, 1),
                                                      (2, 0.5)]
    one = by_name["1: kept as it is"]
    assert (one.x, one.y) == ((0.5, 4.5), (1, 1))
    low, high = fig.layout.yaxis.range
    assert low < np.log10(0.5) < np.log10(8) < high
    assert "from 3 to 8; 5 values are 0" in singular.alt(S)


def test_of_many_singular_values_a_few_are_drawn_evenly_with_both_ends():
    s = np.linspace(9, 1, 200)
    found = singular.few(s)
    assert (len(found), found[0], found[-1]) == (40, 9, 1)
    assert np.ptp(np.diff(found)) < 0.05
    assert len(singular.few(s[:7])) == 7
    assert len(singular.few(s[:0])) == 0


def table(done: float = 1.0) -> Map:
    logs = np.array([[-12.4, 0.2], [3.6, np.inf], [-0.4, np.nan]])
    first, f = np.array(["zeros", "normal", "he_normal"]), np.array(["tanh", "relu"])
    return Map("chart", f, first, logs, logs, np.full(3, np.nan), 7, 8, 4, 2, done)


def test_a_cell_of_the_table_says_its_power_of_ten_once_it_is_measured():
    assert depth_table.labels(table()) == [["−12", "0"], ["+4", "✕"], ["0", "–"]]
    assert depth_table.labels(table(2 / 3)) == [["−12", "0"], ["+4", "✕"], ["", ""]]
    fig = depth_table.figure(table(), here=("relu", "normal"))
    heat, points, here = fig.data
    assert (heat.zmin, heat.zmax) == (-6, 6)
    np.testing.assert_array_equal(heat.z, [[-6, 0.2], [3.6, 6], [-0.4, np.nan]])
    assert [tuple(cell) for cell in points.customdata] == [
        (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    assert (points.x[1], points.y[1]) == ("relu", heat.y[0])
    assert (here.x, here.y) == (("relu",), (heat.y[1],))
    assert "7 hidden layers" in depth_table.title_of(table())
    assert len(depth_table.figure(table()).data) == 2


def test_the_pairs_that_keep_an_error_best_are_named_first():
    said = depth_table.alt(table()).split("Nearest to 1: ")[1]
    he = depth_table.names(table())[1][2]
    assert (said.index("with relu") < said.index(f"{he} with tanh") <
            said.index("all zero with tanh"))
    assert said.count(" with ") == 4  # what is no number is not among them
    rows = depth_table.rows(table())
    assert [name for name, _ in rows] == ["first weights", "tanh", "relu"]
    assert rows[2][1][1:] == ["overflow", "0 / 0"]


def lines_of(fig):
    return {trace.name: trace for trace in fig.data if trace.name}


def test_a_profile_draws_the_first_seed_the_seeds_and_theory_layer_by_layer():
    e = chain(4, 8)
    *_, m = measure.measuring(e, (5, 6, 7))
    p = theory.prediction(e, measure.seen(e, 5)[0])
    fig = profile.figure(m, "rms_delta", p=p, bound=theory.chain_bound(e.L))
    drawn, b = lines_of(fig), measure.bands(m.rms_delta)
    for name, values in (("seed 5", m.rms_delta[0]), ("median", b.median),
                         ("rms over the seeds", b.rms), ("5 to 95 % of 3 seeds", b.low),
                         ("theory (mean field)", p.ratio_rms * b.rms[-1])):
        np.testing.assert_allclose(drawn[name].y, values)
        assert [*drawn[name].x] == [1, 2, 3, 4, 5]
    bound = next(line for name, line in drawn.items() if name.startswith("bound"))
    np.testing.assert_allclose(bound.y, 0.25 ** np.arange(4, -1, -1) * b.rms[-1])
    np.testing.assert_allclose(fig.data[0].y, b.high)
    spread = lines_of(profile.figure(m, "std_z", p=p, bound=theory.chain_bound(e.L)))
    np.testing.assert_allclose(spread["theory (mean field)"].y, np.sqrt(p.q))
    assert not [name for name in spread if name.startswith("bound")]
    assert "theory (mean field)" not in lines_of(profile.figure(m, "norm_dW", p=p))


def test_shares_have_an_axis_from_0_to_all_and_sizes_a_logarithmic_one():
    m = measure.measured(chain(4, 8), (0,))
    assert profile.figure(m, "saturated").layout.yaxis.type != "log"
    low, high = profile.figure(m, "saturated").layout.yaxis.range
    assert -0.1 < low < 0 < 1 < high < 1.1
    assert profile.figure(m, "norm_dW").layout.yaxis.type == "log"
    assert profile.positive(np.array([1.0, np.nan, np.inf, 0])) == [1.0, None, None, 0.0]


@pytest.mark.parametrize(("xi", "marks"), [
    (0.5, {"5 ξ = 2.5 layers": 18.5}), (3.0, {"ξ = 3 layers": 18.0, "5 ξ = 15 layers": 6.0}),
    (2.1, {"ξ = 2.1 layers": 18.9, "5 ξ = 10 layers": 10.5}), (4.0, {"ξ = 4 layers": 17.0,
                                                               "5 ξ = 20 layers": 1.0}),
    (5.0, {"ξ = 5 layers": 16.0}), (30.0, {}), (np.inf, {}),
])
def test_depth_scales_are_marked_below_the_output(xi, marks):
    m = measure.measured(chain(20, 4), (0,))
    fig = profile.figure(m, xi=xi)
    found = {note.text: note.x for note in fig.layout.annotations if "ξ" in note.text}
    assert found == pytest.approx(marks)
    assert sorted(shape.x0 for shape in fig.layout.shapes if shape.x0 == shape.x1) == (
        pytest.approx(sorted(marks.values())))


@pytest.mark.parametrize(("least", "names"), [
    (1e-30, []), (1e-40, ["float32"]), (1e-60, ["float32"]), (1e-320, ["float32", "float64"])])
def test_the_ends_of_floats_are_marked_where_the_picture_comes_near_them(least, names):
    m = measure.measured(chain(4, 8), (0,))
    values = np.array([[least, 1e-5, 1e-3, 1e-2, 1e-1]])
    fig = profile.figure(m._replace(norm_dW=values), "norm_dW")
    notes = {note.text.split()[0]: note.y for note in fig.layout.annotations}
    assert [*notes] == names
    low, high = fig.layout.yaxis.range
    for name, y in notes.items():
        assert y == pytest.approx(np.log10(words.SMALLEST[name]))
        assert low < y < high
    assert fig.layout.yaxis.title.text == "‖dW[l]‖ (log)"


def test_the_words_of_a_profile_name_both_ends_and_theory():
    e = chain(3, 8)
    m, p = measure.measured(e, (4,)), theory.prediction(e, measure.seen(e, 4)[0])
    said = profile.alt(m, "norm_dW", p)
    number = style.number
    first, last = (number(m.norm_dW[0, k]) for k in (0, 3))
    assert f"Seed 4: {first} at layer 1 and {last} at layer 4." in said
    assert "layers 1 to 4, of 1 seed." in said
    assert "Theory" not in said
    assert f"Theory: {number(np.sqrt(p.q[0]))} at layer 1." in profile.alt(m, "std_z", p)
    gone = m._replace(norm_dW=np.array([[np.nan, 2.0, 3.0, np.inf]]))
    assert "2 at layer 2 and 3 at layer 3." in profile.alt(gone, "norm_dW")
    assert "no number" in profile.alt(gone._replace(norm_dW=np.full((1, 4), np.nan)), "norm_dW")


@pytest.mark.parametrize(("sizes", "sentence"), [
    ([0, 0, 1.0, 1], "it is exactly 0 from layer 2 down"),
    ([1e-50, 1e-46, 1, 1], "below the smallest float32 (1.4e−45) from layer 2 down"),
    ([1e-44, 1, 1, 1], ""), ([1.0, 1, 0, 1], "it is exactly 0 from layer 3 down"),
])
def test_the_highest_layer_without_an_error_is_named(sizes, sentence):
    m = measure.measured(chain(3, 4), (0,))._replace(rms_delta=np.array([sizes]))
    assert words.vanished(m) == sentence


def test_where_numbers_overflow_the_first_layer_on_the_way_is_named():
    m = measure.measured(chain(3, 4), (0,))
    z = m._replace(std_z=np.array([[1, np.inf, np.nan, 1]]))
    assert words.overflowed(z) == "z overflows from layer 2 up"
    delta = m._replace(rms_delta=np.array([[np.inf, np.nan, 1, 1]]))
    assert words.overflowed(delta) == "δ overflows from layer 2 down"
    assert words.overflowed(m) == ""


@pytest.mark.parametrize(("ratio", "word"), [
    (0.00099, "vanishes"), (0.001, "shrinks"), (0.29, "shrinks"), (0.3, "holds"), (3.3, "holds"),
    (3.4, "grows"), (999, "grows"), (1001, "explodes")])
def test_an_error_vanishes_below_a_thousandth_and_holds_from_three_tenths_on(ratio, word):
    assert words.fate(ratio) == word


def test_the_fate_of_an_error_is_told_from_the_last_hidden_layer_on():
    m = measure.measured(chain(3, 4), (0,))._replace(rms_delta=np.array([[0.1, 3, 0.2, 7]]))
    assert words.journey(m) == (
        "The error holds: at layer 1 it is 0.5 times that at layer 3")
    single = m._replace(rms_delta=np.array([[0.1]]))
    assert words.journey(single).endswith("it is 1 times that at layer 1")


@pytest.mark.parametrize(("factor", "agrees"), [
    (1.0, True), (1.09, True), (1.11, False), (1 / 1.09, True), (1 / 1.11, False)])
def test_theory_and_measurement_agree_within_ten_percent(factor, agrees):
    e = chain(3, 8)
    m, p = measure.measured(e, (0,)), theory.prediction(e, measure.seen(e, 0)[0])
    delta = np.array([[factor * p.ratio_rms[0], 1, 1, 1]])
    said = words.agreement(m._replace(rms_delta=delta), p, e)
    assert ("agree within 10 %" in said) == agrees
    assert (f"{style.number(factor)} times as much" in said) == (factor > 1 and not agrees)
    assert ("times less" in said) == (factor < 1 and not agrees)
    assert "this one network" in said


def test_the_zones_of_a_step_are_where_the_slope_is_small():
    assert {zone.kind for zone in measure.zones(activation("relu"))} == {"dead"}
    left, right = measure.zones(activation("hard_tanh"))
    assert (left.z[0], right.z[1]) == (-np.inf, np.inf)
    assert (left.z[1], right.z[0]) == pytest.approx((-1, 1), abs=0.011)
    assert measure.zones(activation("softmax")) == []
    assert maps.CELLS > 1


def test_what_is_0_but_for_rounding_is_told_by_the_largest_value():
    np.testing.assert_array_equal(singular.nonzero(np.array([8.0, 9e-13, 5e-13])),
                                  [8, 9e-13])
    assert len(singular.nonzero(np.zeros(3))) == 0


def test_1_is_in_the_picture_of_singular_values_wherever_they_lie():
    for s in (np.array([300.0, 200.0]), np.array([3e-4, 2e-4])):
        low, high = singular.figure({1: s}).layout.yaxis.range
        assert low < min(0, np.log10(s.min())) < max(0, np.log10(s.max())) < high


@pytest.mark.parametrize(("most", "names"), [
    (1e30, []), (1e33, ["float32"]), (1e40, ["float32"]), (1e305, ["float32", "float64"])])
def test_the_large_ends_of_floats_are_marked_too(most, names):
    m = measure.measured(chain(4, 8), (0,))
    values = np.array([[most, 1.0, 10, 100, 1000]])
    fig = profile.figure(m._replace(norm_dW=values), "norm_dW")
    notes = {note.text.split()[0]: note for note in fig.layout.annotations}
    assert [*notes] == names
    for name, note in notes.items():
        assert note.y == pytest.approx(np.log10(words.LARGEST[name]))
        assert note.yanchor == "top"
        assert fig.layout.yaxis.range[1] > note.y
