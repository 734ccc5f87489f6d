"""The digits of every activation and every loss, against mpmath in 400 digits, for every z.

An error of 1e-12 of the true value is the most, wherever that is not below 1e-300: over ±1000 in
steps, and at the ends of float64. The truth is the definition as it stands in books, computed with
so many digits that it loses none of those that are looked at.
"""

import numpy as np
import pytest
from mpmath import mp, mpf

from engine.nn.activations import ACTIVATIONS, activation, rest
from engine.nn.backprop import slope
from engine.nn.losses import LOSSES, loss

mp.dps = 400
MOST, LEAST, LARGEST = 1e-12, 1e-300, np.finfo(float).max
ENDS = [0.0, 5e-324, 1e-320, 1e-308, 1e-300, 1e-155, 1e-20, 1e-9, 1e16, 1e100, 1e154, 1e160, 1e300,
        1.7e308]
STEPS = [*np.arange(0.0625, 8, 0.3), *np.arange(8, 50, 1.7), *np.arange(50, 800, 11.3), 800, 1000]
Z = np.array([sign * v for v in (*ENDS, *STEPS) for sign in (-1, 1)])


def sigmoid(z):
    return 1 / (1 + mp.exp(-z)) if z > -2000 else mpf(0)


def gelu_tanh(z):
    """z (1 + tanh u) / 2 and its slope, with (1 + tanh u) / 2 = σ(2u)"""
    if abs(z) > 1000:
        return max(z, mpf(0)), mpf(z > 0)
    c, k = mp.sqrt(2 / mp.pi), mpf("0.044715")
    u, du = c * (z + k * z**3), c * (1 + 3 * k * z**2)
    return z * sigmoid(2 * u), sigmoid(2 * u) * (1 + 2 * z * du * sigmoid(-2 * u))


def gelu(z):
    if abs(z) > 1000:
        return max(z, mpf(0)), mpf(z > 0)
    Phi = mp.erfc(-z / mp.sqrt(2)) / 2
    return z * Phi, Phi + z * mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def elu(alpha=1.0, scale=1.0):
    alpha, scale = mpf(alpha), mpf(scale)
    return lambda z: ((scale * z, scale) if z > 0
                      else (scale * alpha * mp.expm1(max(z, -2000)),
                            scale * alpha * mp.exp(max(z, -2000))))


def silu(z):
    s = sigmoid(z)
    return z * s, s + z * s * (1 - s)


def of_tanh(z):
    t = mp.tanh(max(min(z, mpf(2000)), mpf(-2000)))
    return t, 1 - t * t


TRUTH = {  # z -> f(z), f'(z)
    "identity": lambda z: (z, mpf(1)),
    "sigmoid": lambda z: (sigmoid(z), sigmoid(z) * sigmoid(-z)),
    "tanh": of_tanh,
    "relu": lambda z: (max(z, mpf(0)), mpf(z > 0)),
    "leaky_relu": lambda z: (z, mpf(1)) if z > 0 else (mpf(0.01) * z, mpf(0.01)),
    "elu": elu(),
    "selu": elu(1.6732632423543772, 1.0507009873554805),
    "gelu": gelu,
    "gelu_tanh": gelu_tanh,
    "silu": silu,
    "softplus": lambda z: (max(z, mpf(0)) + mp.log1p(mp.exp(-abs(z))), sigmoid(z)),
    "softsign": lambda z: (z / (1 + abs(z)), 1 / (1 + abs(z)) ** 2),
    "hard_tanh": lambda z: (max(min(z, mpf(1)), mpf(-1)), mpf(abs(z) < 1)),
    "hard_sigmoid": lambda z: (max(min((z + 3) / 6, mpf(1)), mpf(0)), mpf(abs(z) < 3) / 6),
}
SMOOTH = list(TRUTH)
each = pytest.mark.parametrize("name", SMOOTH)


def error(found: float, true: mpf) -> float:
    """Relative to the true number; where that is tiny or too large, whether what is found is."""
    if abs(true) < LEAST:
        return 0 if abs(found) < 1.1 * LEAST else np.inf
    if abs(true) > LARGEST:
        return 0 if found == np.sign(float(mp.sign(true))) * np.inf else np.inf
    return float(abs((mpf(float(found)) - true) / true)) if np.isfinite(found) else np.inf


def close(found, true) -> None:
    pairs = [*zip(np.ravel(found), np.ravel(np.array(true, object)), strict=True)]
    worst, (p, q) = max(enumerate(pairs), key=lambda pair: error(*pair[1]))
    assert error(p, q) <= MOST, f"{worst}: {p!r} is not {mp.nstr(q, 17)}"


@pytest.fixture(scope="module")
def truth():
    """name -> f and f' at all Z"""
    kept = {}

    def of(name):
        if name not in kept:
            kept[name] = [list(v) for v in zip(*(TRUTH[name](mpf(float(z))) for z in Z),
                                               strict=True)]
        return kept[name]

    return of


def test_the_truth_is_known_of_every_activation():
    assert {*TRUTH} == {f.name for f in ACTIVATIONS.values() if f.elementwise}


@each
@np.errstate(all="ignore")
def test_f_and_its_slope_have_twelve_digits_for_every_z(name, truth):
    f, z = ACTIVATIONS[name], Z[:, None]
    a, df = f.f(z), slope(f, z, f.f(z))
    close(a, truth(name)[0])
    close(df, truth(name)[1])
    into = np.full_like(z, np.nan), np.full_like(z, np.nan)
    np.testing.assert_array_equal(f.f(z, into[0]), a)
    np.testing.assert_array_equal(f.vjp(np.ones_like(z), z, a, into[1]), df)


@each
@np.errstate(all="ignore")
def test_the_printed_slope_has_the_digits_that_are_computed(name, truth):
    from tests.engine.nn.test_activations import NAMES

    f, z = ACTIVATIONS[name], Z[abs(Z) < 1e100]
    here, a = abs(Z) < 1e100, f.f(z)
    for code, true in zip((f.code, f.slope_code), truth(name), strict=True):
        found = np.broadcast_to(eval(code, NAMES, {"z": z, "a": a}), z.shape)
        close(found, np.array(true, object)[here])


@each
@np.errstate(all="ignore")
def test_what_stands_beside_a_number_changes_no_digit_of_it(name):
    f = ACTIVATIONS[name]
    together = slope(f, Z[:, None], f.f(Z[:, None])).ravel()
    alone = [slope(f, z, f.f(z)).item() for z in Z.reshape(-1, 1, 1)]
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("alpha", [0.2, 0.75])
@np.errstate(all="ignore")
def test_elu_has_its_digits_for_other_alphas(alpha):
    f, true = activation("elu", alpha), [elu(alpha)(mpf(float(z))) for z in Z]
    close(f.f(Z), [v[0] for v in true])
    close(slope(f, Z, f.f(Z)), [v[1] for v in true])


GAPS = [0.0, 1e-300, 1e-9, *np.arange(0.5, 50, 3.1), 100, 345, 650, 1000, 1e300]
COLUMNS = np.array([[0, -0.3, 0.9]] * len(GAPS)).T + np.array([GAPS, np.zeros(len(GAPS)),
                                                               np.zeros(len(GAPS))])
COLUMNS = np.hstack([COLUMNS, COLUMNS[[1, 0, 2]], -COLUMNS, [[1.7e308], [-1.7e308], [0]],
                     [[5.0], [5], [-900]]])


def soft(z):
    """softmax of one column"""
    e = [mp.exp(v - max(z)) for v in z]
    return [v / sum(e) for v in e]


def columns(Z):
    return [[mpf(float(v)) for v in column] for column in Z.T]


def rows(found):
    """Columns of mpf as an array (K, m)"""
    return np.array(found, object).T


@np.errstate(all="ignore")
def test_softmax_its_product_and_its_slopes_have_twelve_digits():
    f, g = ACTIVATIONS["softmax"], np.array([0.7, -1.3, 2.1])
    a, true = f.f(COLUMNS), [soft(z) for z in columns(COLUMNS)]
    close(a, rows(true))
    close(a * rest(a), rows([[p * (sum(s) - p) for p in s] for s in true]))
    products = [[p * sum(q * (mpf(gp) - mpf(gq)) for q, gq in zip(s, g, strict=True))
                 for p, gp in zip(s, g, strict=True)] for s in true]
    G = np.repeat(g[:, None], COLUMNS.shape[1], 1)
    close(f.vjp(G, COLUMNS, a), rows(products))


# Losses


def cross_entropy(z, y):
    top = max(z)
    lse = top + mp.log(sum(mp.exp(v - top) for v in z))
    return sum(t * (lse - v) for v, t in zip(z, y, strict=True))


def entropy(y):
    return sum(t * mp.log(t) for t in y if t)


def bce(z, y):
    return sum(max(v, mpf(0)) - t * v + mp.log1p(mp.exp(-abs(v)))
               for v, t in zip(z, y, strict=True)) / len(z)


def mean(term):
    return lambda a, y: sum(term(p - t) for p, t in zip(a, y, strict=True)) / len(a)


def huber(r):
    return r * r / 2 if abs(r) <= 1 else abs(r) - mpf(1) / 2


FROM_Z = {  # (z, y) -> C, and its gradient with respect to z
    "bce": (bce, lambda z, y: [(sigmoid(v) - t) / len(z) for v, t in zip(z, y, strict=True)]),
    "cross_entropy": (cross_entropy,
                      lambda z, y: [p - t for p, t in zip(soft(z), y, strict=True)]),
    "kl": (lambda z, y: cross_entropy(z, y) + entropy(y),
           lambda z, y: [p - t for p, t in zip(soft(z), y, strict=True)]),
}
FROM_Z |= {"bce_logits": FROM_Z["bce"], "cross_entropy_logits": FROM_Z["cross_entropy"]}
FROM_A = {  # (a, y) -> C, and the gradient with respect to a
    "half_sum": (lambda a, y: sum((p - t) ** 2 for p, t in zip(a, y, strict=True)) / 2,
                 lambda a, y: [p - t for p, t in zip(a, y, strict=True)]),
    "mse": (mean(lambda r: r * r),
            lambda a, y: [2 * (p - t) / len(a) for p, t in zip(a, y, strict=True)]),
    "mae": (mean(abs), lambda a, y: [mp.sign(p - t) / len(a) for p, t in zip(a, y, strict=True)]),
    "huber": (mean(huber),
              lambda a, y: [max(min(p - t, mpf(1)), mpf(-1)) / len(a)
                            for p, t in zip(a, y, strict=True)]),
    "output": (lambda a, y: sum(a), lambda a, y: [mpf(1)] * len(a)),
}
SHARES = {  # of outputs between 0 and 1
    "bce": (lambda a, y: -sum(t * mp.log(p) + (1 - t) * mp.log(1 - p)
                              for p, t in zip(a, y, strict=True)) / len(a),
            lambda a, y: [((1 - t) / (1 - p) - t / p) / len(a) for p, t in zip(a, y, strict=True)]),
    "cross_entropy": (lambda a, y: -sum(t * mp.log(p) for p, t in zip(a, y, strict=True)),
                      lambda a, y: [-t / p for p, t in zip(a, y, strict=True)]),
    "kl": (lambda a, y: sum(t * mp.log(t / p) if t else 0 for p, t in zip(a, y, strict=True)),
           lambda a, y: [-t / p for p, t in zip(a, y, strict=True)]),
}


def against(truth, cost, grad, values, y) -> None:
    """A cost and its gradient at all columns of values, for the targets y (K,)."""
    Y, told = np.repeat(y[:, None], values.shape[1], 1), [mpf(float(t)) for t in y]
    close(cost(values, Y), [truth[0](v, told) for v in columns(values)])
    close(grad(values, Y), rows([truth[1](v, told) for v in columns(values)]))


def targets_of(name):
    if name.startswith("bce"):
        return [np.array([0.0]), np.array([1.0]), np.array([0.3])]
    return [*np.eye(3), *([np.array([0.2, 0.7, 0.1])] if name == "kl" else [])]


@pytest.mark.parametrize("name", FROM_Z)
@np.errstate(all="ignore")
def test_a_cost_from_z_and_its_error_have_twelve_digits_for_every_z(name):
    C, values = LOSSES[name], Z[None] if name.startswith("bce") else COLUMNS
    for y in targets_of(name):
        if C.canonical:
            f, K = ACTIVATIONS[C.canonical], len(y) if C.mean else 1
            error = lambda z, Y, f=f, K=K: C.error(z, f.f(z), Y) / K
            against(FROM_Z[name], C.cost_from_z, error, values, y)
        else:
            against(FROM_Z[name], C.cost, C.grad, values, y)


@pytest.mark.parametrize("name", FROM_A)
@np.errstate(all="ignore")
def test_a_cost_and_its_gradient_have_twelve_digits_for_every_output(name):
    C, moderate = loss(name), Z[abs(Z) < 1e153]
    values = moderate if name in ("half_sum", "mse") else Z
    for y in (0.0, 0.3, -1000.0):
        against(FROM_A[name], C.cost, C.grad, values[None], np.array([y]))
    several = np.random.default_rng(3).normal(size=(3, 20)) * 10.0 ** np.arange(-10, 10)
    against(FROM_A[name], C.cost, C.grad, abs(several), np.array([-0.3, 0.0, -7.0]))


@pytest.mark.parametrize("name", SHARES)
@np.errstate(all="ignore")
def test_a_cost_of_shares_has_twelve_digits_up_to_the_last_share_below_1(name):
    ends = [1e-300, 1e-30, 1e-9, 0.1, 0.5, 0.9, 1 - 1e-9, 1 - 2.0**-53]
    if name == "bce":
        for y in targets_of(name):
            against(SHARES[name], LOSSES[name].cost, LOSSES[name].grad, np.array([ends]), y)
    else:
        a = np.array([[p, (1 - p) / 3, 2 * (1 - p) / 3] for p in ends]).T
        for y in targets_of(name):
            against(SHARES[name], LOSSES[name].cost, LOSSES[name].grad, a, y)


@pytest.mark.parametrize("name", FROM_Z)
@np.errstate(all="ignore")
def test_the_printed_cost_and_error_have_the_digits_that_are_computed(name):
    C, values = LOSSES[name], Z[None] if name.startswith("bce") else COLUMNS
    values = values[:, (abs(values) < 1e300).all(0)]
    codes = ((C.code_from_z, C.error_code) if C.canonical else (C.code, C.grad_code))
    for y in targets_of(name):
        a = ACTIVATIONS[C.canonical].f(values) if C.canonical else values
        cost, error = (lambda z, Y, a=a, code=code: eval(code, {"np": np}, {"a": a, "z": z, "y": Y})
                       for code in codes)
        against(FROM_Z[name], cost, error, values, y)


def test_the_truth_is_known_of_every_loss():
    assert {*FROM_Z, *FROM_A} == {*LOSSES}
