"""Theory: its integrals against published numbers, its predictions against real networks."""

from functools import cache
from math import erf

import numpy as np
import pytest

from engine.depth.measure import bands
from engine.depth.theory import (
    MOST_SIGMA_W,
    chain_bound,
    critical_sigma_w,
    depth_scale,
    means,
    nodes,
    prediction,
    ratios,
    settled,
    unknown,
)
from engine.experiment.experiment import Experiment, stream
from engine.experiment.layers import Layer
from engine.nn.activations import ACTIVATIONS, activation
from engine.nn.backprop import slope, trace
from engine.nn.initializers import INITIALIZERS
from engine.nn.network import initial_parameters
from engine.training.descent import network_of
from engine.training.diagnostics import norm

ELEMENTWISE = {name: f for name, f in ACTIVATIONS.items() if f.elementwise}
TABLE = {  # E f'², E f², σ_w² for χ = 1, at q = 1: made by another program's quadrature
    "identity": (1, 1, 1),
    "sigmoid": (0.044836, 0.293379, 22.303386),
    "tanh": (0.464403, 0.394294, 2.153303),
    "relu": (0.5, 0.5, 2),
    "leaky_relu": (0.500050, 0.500050, 1.999800),
    "elu": (0.668102, 0.644945, 1.496777),
    "selu": (1.071575, 1.000000, 0.933206),
    "gelu": (0.455851, 0.425221, 2.193700),
    "silu": (0.379482, 0.355776, 2.635169),
    "softplus": (0.293379, 0.921246, 3.408560),
}


def experiment(f: str, initializer: str, L: int = 20, n: int = 64, **more) -> Experiment:
    return Experiment(data="noise", hidden=(Layer(n, f),) * L, initializer=initializer,
                      iterations=1, **more)


@pytest.mark.parametrize("name", TABLE)
def test_the_means_are_those_of_the_table(name):
    slopes2, a2, w2 = TABLE[name]
    found = means(ACTIVATIONS[name], 1.0)
    np.testing.assert_allclose([found[1], found[0]], [slopes2, a2], atol=5.1e-7)
    np.testing.assert_allclose(1 / found[1], w2, rtol=1e-7, atol=5.1e-7)


@pytest.mark.parametrize("q", [0.02, 1, 30])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_means_are_those_of_many_drawn_numbers(name, q):
    f, z = ELEMENTWISE[name], np.sqrt(q) * np.random.default_rng(3).normal(size=(1, 400_000))
    with np.errstate(over="ignore"):  # the limit of an exponential is right
        a = f.f(z)
    drawn = np.mean(a**2), np.mean(slope(f, z, a) ** 2)
    np.testing.assert_allclose(means(f, q), drawn, rtol=0.02)


@pytest.mark.parametrize("q", [1e-8, 0.3, 1, 7, 1e5])
def test_where_the_mean_is_known_in_closed_form_kinks_cost_nothing(q):
    np.testing.assert_allclose(means(ACTIVATIONS["relu"], q), [q / 2, 0.5], rtol=1e-12)
    inside = means(ACTIVATIONS["hard_tanh"], q)[1]  # the share of N(0, q) between -1 and 1
    np.testing.assert_allclose(inside, erf(1 / np.sqrt(2 * q)), rtol=1e-6)
    leaky = activation("leaky_relu", 0.3)
    np.testing.assert_allclose(means(leaky, q)[1], (1 + 0.09) / 2, rtol=1e-12)


def test_at_q_0_the_means_are_their_limits():
    np.testing.assert_allclose(means(ACTIVATIONS["relu"], 0.0), [0, 0.5], atol=1e-12)
    np.testing.assert_allclose(means(ACTIVATIONS["tanh"], 0.0), [0, 1], atol=1e-12)


@pytest.mark.parametrize(("name", "sigma_b2", "sigma_w2"), [
    ("relu", 0, 2), ("identity", 0, 1), ("tanh", 0, 1), ("tanh", 0.05, 1.76095),
    ("leaky_relu", 0, 2 / (1 + 0.01**2)),
])
def test_the_critical_point_is_the_published_one(name, sigma_b2, sigma_w2):
    found = critical_sigma_w(ACTIVATIONS[name], np.sqrt(sigma_b2))
    np.testing.assert_allclose(found**2, sigma_w2, rtol=1e-5)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_below_the_critical_line_it_vanishes_and_above_it_explodes(name):
    f, sigma_b = ELEMENTWISE[name], np.array([0.2, 1, 2])
    critical = critical_sigma_w(f, sigma_b)
    assert (settled(f, 0.97 * critical, sigma_b).chi < 1).all()
    assert (settled(f, 1.03 * critical, sigma_b).chi > 1).all()


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_settled_q_stays_where_it_is(name):
    f, w = ELEMENTWISE[name], 0.8
    q = settled(f, w, 0.3).q
    np.testing.assert_allclose(w**2 * means(f, q)[0] + 0.09, q, rtol=1e-9)


def test_the_depth_scale_is_the_layers_in_which_the_square_falls_e_times():
    np.testing.assert_allclose(depth_scale(np.exp(-0.1)), 10)
    np.testing.assert_allclose(depth_scale(np.exp(0.1)), 10)
    assert depth_scale(1.0) == np.inf
    assert depth_scale(0.0) == 0


def test_sigmoid_with_unit_scales_falls_as_nielsen_measured():
    f = ACTIVATIONS["sigmoid"]
    np.testing.assert_allclose(np.sqrt(settled(f, 1.0, 1.0).chi), 0.2048, atol=5e-5)


def test_with_equal_widths_the_ratio_is_the_product_of_chi():
    f = ACTIVATIONS["tanh"]
    e = experiment("tanh", "lecun_normal", L=8, gain=1.3, bias="normal", bias_scale=0.4)
    p = prediction(e, np.ones((64, 1)))
    np.testing.assert_allclose(p.sigma_w2, 1.69)
    np.testing.assert_allclose(p.sigma_b2, 0.16)
    q = 1.69 + 0.16
    for l in range(7):
        np.testing.assert_allclose(p.q[l], q)
        np.testing.assert_allclose(p.chi[l], 1.69 * means(f, q)[1])
        q = 1.69 * means(f, q)[0] + 0.16
    np.testing.assert_allclose(p.ratio_norm[0], np.sqrt(np.prod(p.chi[:-1])))
    np.testing.assert_allclose(p.ratio_rms, p.ratio_norm / np.sqrt([*[64] * 8, 1]))
    np.testing.assert_allclose(ratios(f, 1.3, 0.4, 9), p.ratio_norm[0], rtol=1e-5)


def test_unequal_widths_have_the_factors_of_their_own_matrices():
    e = Experiment(data="noise", hidden=(Layer(30, "identity"), Layer(20, "identity")),
                   output="identity", loss="mse", initializer="normal", iterations=1)
    p = prediction(e, np.full((64, 3), 2.0))
    np.testing.assert_allclose(p.q, [256, 256 * 30, 256 * 30 * 20])
    np.testing.assert_allclose(p.ratio_norm**2, [30 * 20, 20, 1])  # n_l v[l+1] each


def test_he_keeps_relu_and_xavier_loses_a_root_of_2_each_layer():
    x = np.ones((64, 1))
    he = prediction(experiment("relu", "he_normal"), x).ratio_norm
    xavier = prediction(experiment("relu", "xavier_normal"), x).ratio_norm
    np.testing.assert_allclose(he, 1)
    np.testing.assert_allclose(xavier[:-2] / xavier[1:-1], 2**-0.5)


@pytest.mark.parametrize(("change", "word"), [
    ({"norm": "batch"}, "normalised"), ({"residual": 0.5}, "residual"),
    ({"initializer": "constant"}, "given"), ({"bias": "constant"}, "alike"),
    ({"hidden": (Layer(4, "softmax"),)}, "softmax"),
])
def test_where_theory_says_nothing_it_says_why(change, word):
    assert word in unknown(Experiment(**change))


def test_where_theory_holds_there_is_nothing_to_say():
    assert unknown(Experiment()) == ""


def test_a_chain_of_sigmoids_keeps_to_its_bound():
    np.testing.assert_allclose(chain_bound(4), [1 / 64, 1 / 16, 1 / 4, 1])
    e = experiment("sigmoid", "normal", L=6, n=5)
    net = network_of(e, initial_parameters(e.sizes, "normal", stream(1, "weights")))
    x = np.random.default_rng(0).normal(size=(64, 20))
    now = trace(net, x, np.ones((1, 20)))
    bound = chain_bound(net.L, np.array([np.linalg.norm(net.W[l], 2) for l in range(2, 8)]))
    assert all((np.linalg.norm(now.delta[l], axis=0)
                <= bound[l - 1] * np.linalg.norm(now.delta[7], axis=0)).all() for l in range(1, 8))


@pytest.mark.parametrize("q", [1e-9, 1e-3, 0.07, 1, 13, 2e3, 1e8])
def test_the_nodes_are_those_of_a_normal_number_of_variance_q(q):
    z, w = nodes(np.array(q))
    for power, moment in ((0, 1), (1, 0), (2, q), (3, 0), (4, 3 * q**2)):
        np.testing.assert_allclose((w * z**power).sum(), moment, rtol=1e-12,
                                   atol=1e-12 * q ** (power / 2))


@pytest.mark.parametrize("q", [0.05, 1, 9, 80, 1e4])
def test_kinks_at_1_and_at_3_lie_between_two_pieces(q):
    inside = lambda edge: erf(edge / np.sqrt(2 * q))
    np.testing.assert_allclose(means(ACTIVATIONS["hard_tanh"], q)[1], inside(1), rtol=1e-10)
    np.testing.assert_allclose(means(ACTIVATIONS["hard_sigmoid"], q)[1], inside(3) / 36, rtol=1e-10)


def test_where_chi_stays_below_1_even_at_the_largest_scale_there_is_no_critical_point():
    biases, known = np.array([0.0, 1, 100, 1e4]), set()
    for f in ELEMENTWISE.values():
        found = critical_sigma_w(f, biases)
        below = settled(f, np.full(4, MOST_SIGMA_W), biases).chi < 1
        np.testing.assert_array_equal(np.isnan(found), below)
        assert (found[~below] < MOST_SIGMA_W).all()
        known |= {*below.tolist()}
    assert known == {True, False}


# --- theory beside real networks -------------------------------------------------------------

SEEDS, WIDTH, DEPTH, SAMPLES = 100, 256, 20, 2
PAIRS = [("tanh", "xavier_normal"), ("relu", "he_normal"), ("relu", "xavier_normal"),
         ("sigmoid", "xavier_normal"), ("selu", "lecun_normal")]


def drawn(e: Experiment, unit: np.ndarray):
    """The network whose normal weights are these units, in the scale of the initializer."""
    net = network_of(e, unit.copy())
    for l in net.W:
        net.W[l][...] *= np.sqrt(INITIALIZERS[e.initializer].variance(*net.W[l].shape[::-1]))
    return net


@cache
def measured_ratios() -> dict[tuple[str, str], np.ndarray]:
    """‖delta[l]‖ / ‖delta[L]‖ of each pair, (SEEDS, L); the pairs share their random numbers."""
    found: dict = {pair: [] for pair in PAIRS}
    for seed in range(SEEDS):
        rng = stream(seed, "weights")
        unit = initial_parameters((64, *[WIDTH] * DEPTH, 1), "normal", rng)
        x, y = rng.normal(size=(64, SAMPLES)), rng.integers(0, 2, (1, SAMPLES)) * 1.0
        for pair in PAIRS:
            now = trace(drawn(experiment(*pair, L=DEPTH, n=WIDTH), unit), x, y)
            size = np.array([norm(now.delta[l]) for l in range(1, DEPTH + 2)])
            found[pair].append(size / size[-1])
    return {pair: np.array(sizes) for pair, sizes in found.items()}


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_at_depth_20_and_width_256_the_rms_over_seeds_is_within_ten_percent(pair):
    expected = prediction(experiment(*pair, L=DEPTH, n=WIDTH), np.ones((64, 1))).ratio_norm
    np.testing.assert_allclose(bands(measured_ratios()[pair]).rms / expected, 1, atol=0.1)


def test_the_logarithm_of_a_he_network_varies_by_5_over_the_width_in_each_layer():
    """Hanin 2018: the variance of ln ‖delta[1]‖² over the seeds is about 5 Σ 1/n_l."""
    n, L, logs = 64, 20, []
    e = experiment("relu", "he_normal", L=L, n=n)
    for seed in range(600):
        rng = stream(seed, "weights")
        net = network_of(e, initial_parameters(e.sizes, "he_normal", rng))
        now = trace(net, rng.normal(size=(64, 1)), np.ones((1, 1)))
        logs.append(2 * np.log(norm(now.delta[1]) / norm(now.delta[L + 1])))
    np.testing.assert_allclose(np.var(logs), 5 * L / n, rtol=0.15)


def test_an_orthogonal_linear_network_keeps_every_singular_value_at_1_at_any_depth():
    e = Experiment(data="noise", hidden=(Layer(64, "identity"),) * 60, output="identity",
                   loss="mse", initializer="orthogonal", iterations=1)
    product = lambda name: through(e, initial_parameters(e.sizes, name, stream(0, "weights")))
    np.testing.assert_allclose(product("orthogonal"), 1, rtol=1e-10)
    gaussian = product("lecun_normal")
    assert gaussian.max() / gaussian.min() > 1e6


def through(e: Experiment, flat: np.ndarray) -> np.ndarray:
    """The singular values of all hidden layers together."""
    J, net = np.eye(64), network_of(e, flat)
    for l in range(1, e.L):
        J = net.W[l] @ J
    return np.linalg.svd(J, compute_uv=False)
