"""How common mistakes come to their numbers: each function redoes one step, wrongly.

    function(desk, address) -> the values that the mistake gives; none where it does not apply
"""

import numpy as np

from engine.nn.arrays import Array
from engine.nn.backprop import losses
from engine.nn.workspace import output_of_f
from engine.teaching.scratch import Address, Desk, redo

MOST = 24  # samples, paths: of more, the mistake of taking only one is not looked for


def redone(d: Desk, p: Address) -> list[float]:
    redo(d, p.step)
    return [d.at(p)]


def is_output(d: Desk, p: Address) -> bool:
    return p.layer == d.w.network.L


def slope_forgotten(d: Desk, p: Address) -> list[float]:
    """What arrives at a is taken for δ."""
    da = d.w.now.da.get(p.layer)
    return [] if da is None else [scale(d, p.layer) * float(da[p.row, p.column])]


def scale(d: Desk, l: int) -> float:
    """What a skip multiplies its layer by."""
    return d.w.network.residual if l in d.w.network.skips else 1.0


def slope_twice(d: Desk, p: Address) -> list[float]:
    """a - y is δ already, and goes through f once more."""
    w, L = d.w, d.w.network.L
    if not (is_output(d, p) and w.network.canonical):
        return []
    now = w.now
    now.delta[L][...] = w.network.activations[L].vjp(now.delta[L].copy(), now.z[L], now.a[L])
    return [d.at(p)]


def slope_at_a(d: Desk, p: Address) -> list[float]:
    """f'(a) for f'(z)"""
    w, l, f = d.w, p.layer, d.w.network.activations[p.layer]
    if l not in w.now.da or not f.elementwise:
        return []
    a = output_of_f(w.now, l)
    return [scale(d, l) * float(f.vjp(w.now.da[l], a, f.f(a))[p.row, p.column])]


def transposed(d: Desk, p: Address) -> list[float]:
    """W for Wᵀ on the way back, Wᵀ for W on the way up; where both can be multiplied."""
    l = p.layer + 1 if p.symbol == "delta" else p.layer
    W = d.w.network.W.get(l)
    if W is None or W.shape[-2] != W.shape[-1]:
        return []
    W[...] = W.mT.copy()
    return redone(d, p)


def new_weights(d: Desk, p: Address) -> list[float]:
    """The layer above is updated before its error has come down."""
    if is_output(d, p):
        return []
    d.w.network.flat[...] = d.after
    return redone(d, p)


def one_path(d: Desk, p: Address) -> list[float]:
    """A single term of the sum."""
    if p.symbol == "delta":
        if is_output(d, p):
            return []
        above = p.layer + 1
        return one_row_each(d, p, d.w.now.du.get(above, d.w.now.delta[above]))
    return one_row_each(d, p, d.w.now.a[p.layer - 1])


def one_row_each(d: Desk, p: Address, terms: Array) -> list[float]:
    whole, found = terms.copy(), []
    for k in range(len(whole)) if 1 < len(whole) <= MOST else ():
        terms[...] = 0
        terms[k] = whole[k]
        found += redone(d, p)
    return found


def target_first(d: Desk, p: Address) -> list[float]:
    """y - a for a - y"""
    return [-d.at(p)] if is_output(d, p) and d.w.network.loss.has_target else []


def opposite(d: Desk, p: Address) -> list[float]:
    return [-d.at(p)]


def bias_forgotten(d: Desk, p: Address) -> list[float]:
    d.w.network.b[p.layer][...] = 0
    return redone(d, p)


def z_for_a(d: Desk, p: Address) -> list[float]:
    """A weighted sum where its activation belongs."""
    w = d.w
    if p.symbol == "a":
        return [float(w.now.z[p.layer][p.row, p.column])]
    l = p.layer if p.symbol in ("delta", "C") else p.layer - 1
    if l not in w.now.z or (p.symbol == "delta" and not (is_output(d, p) and w.network.canonical)):
        return []
    if p.symbol == "C":
        with np.errstate(all="ignore"):
            return [float(w.network.loss.cost(w.now.z[l], w.now.y).mean())]
    w.now.a[l][...] = w.now.z[l]
    return redone(d, p)


def a_forgotten(d: Desk, p: Address) -> list[float]:
    """The mean of δ alone."""
    d.w.now.a[p.layer - 1][...] = 1
    return redone(d, p)


def delta_itself(d: Desk, p: Address) -> list[float]:
    """δ of one sample"""
    return few(d.w.now.delta[p.layer][p.row])


def sum_for_mean(d: Desk, p: Address) -> list[float]:
    if p.symbol == "C":
        return [float(losses(d.w).sum())]
    d.w.m[...] = 1
    return redone(d, p)


def one_sample(d: Desk, p: Address) -> list[float]:
    """What one sample adds to the mean."""
    if p.symbol == "C":
        return few(losses(d.w))
    delta = d.w.now.delta[p.layer]
    error = delta if p.symbol == "db" else d.w.now.du.get(p.layer, delta)
    whole, found = error.copy(), []
    d.w.m[...] = 1
    for s in range(whole.shape[-1]) if 1 < whole.shape[-1] <= MOST else ():
        error[...] = 0
        error[:, s] = whole[:, s]
        found += redone(d, p)
    return found


def few(values: Array) -> list[float]:
    return values.tolist() if len(values) <= MOST else []


def outputs_summed(d: Desk, p: Address) -> list[float]:
    """The loss is a mean over K outputs, too."""
    net = d.w.network
    K = net.sizes[-1]
    return [K * d.at(p)] if net.loss.mean and K > 1 and is_output(d, p) else []


def factor_of_square(d: Desk, p: Address) -> list[float]:
    """The 2 of a square's slope, or the half in front of the square."""
    known = {("half_sum", "C"): 2.0, ("half_sum", "delta"): 2.0, ("mse", "delta"): 0.5}
    factor = known.get((d.w.network.loss.name, p.symbol)) if is_output(d, p) else None
    return [factor * d.at(p)] if factor else []


def skip_forgotten(d: Desk, p: Address) -> list[float]:
    """Only what went through the layer, or came back through it."""
    w, net = d.w, d.w.network
    if p.symbol == "a" and p.layer in w.now.f:
        return [net.residual * float(w.now.f[p.layer][p.row, p.column])]
    if p.symbol == "delta" and p.layer + 1 in w.now.f:
        w.now.da[p.layer + 1][...] = 0
        return redone(d, p)
    return []


def mean_kept(d: Desk, p: Address) -> list[float]:
    """u / σ"""
    return [float((d.w.now.u[p.layer] / d.w.now.sigma[p.layer])[p.row, p.column])]


def spread_kept(d: Desk, p: Address) -> list[float]:
    """u - μ"""
    return [float((d.w.now.u[p.layer] - d.w.now.mean[p.layer])[p.row, p.column])]


def delta_for_du(d: Desk, p: Address) -> list[float]:
    """δ as it was before it came back through the normalisation."""
    if p.layer not in d.w.now.du:
        return []
    d.w.now.du[p.layer][...] = d.w.now.delta[p.layer]
    return [d.at(p)] if p.symbol == "du" else redone(d, p)


def added(d: Desk, p: Address) -> list[float]:
    d.before["eta"] = -d.before["eta"]
    return redone(d, p)


def rate_forgotten(d: Desk, p: Address) -> list[float]:
    d.before["eta"] = np.sign(d.before["eta"])
    return redone(d, p)


def step_alone(d: Desk, p: Address) -> list[float]:
    """What is subtracted, or its opposite, is taken for the new value."""
    step = d.at(p) - old(d, p)
    return [-step, step]


def gradient_alone(d: Desk, p: Address) -> list[float]:
    return [d.at(p._replace(symbol=f"d{p.symbol}"))]


def unchanged(d: Desk, p: Address) -> list[float]:
    return [old(d, p)]


def old(d: Desk, p: Address) -> float:
    layers = {"W": d.w.network.W, "b": d.w.network.b}[p.symbol]
    return float(layers[p.layer][p.row, p.column])
