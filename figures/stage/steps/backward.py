"""The backward steps, explained: δ, dW, db."""

from figures.stage.steps.explained_net import (
    Explanation,
    Net,
    batch,
    biases,
    code,
    item,
    layer_name,
    samples_phrase,
    weights,
)
from figures.stage.steps.formulas import (
    each,
    grad_in_numbers,
    grad_in_symbols,
    index,
    line,
    mean,
    mean_of_outputs,
    slope_in_numbers,
    slope_in_symbols,
    slot,
    sym,
    wrapped,
)
from figures.style import number


def delta_step(n: Net, l: int) -> Explanation:
    if l < n.L:
        return hidden_error(n, l)
    return canonical_error(n, l) if n.canonical else output_error(n, l)


def canonical_error(n: Net, l: int) -> Explanation:
    factor = mean_of_outputs(n.loss, n.K)
    bracket = (lambda text: rf"{factor} ({text})") if factor else (lambda text: text)
    difference = bracket(f"{slot(f'a {l} j s')} - {wrapped('y 0 j s')}")
    numpy = f"a[{l}] - y" if not factor else f"(a[{l}] - y) / {n.K}"
    y = item("y", "y 0", n.K, n.m, "cols", ("j", "s"))
    return Explanation(
        [f"{sym('delta', l, 'j')} = {bracket(sym('a', l, 'j') + ' - y_{j}')}"],
        [line(f"{sym('delta', l, index('j'))} =", difference, f"= {slot(f'delta {l} j s')}")],
        [f"delta[{l}] = {numpy}"],
        [batch(n, "delta", l), f"= 1/{n.K} · (" if factor else "=", batch(n, "a", l), "−", y,
         *([")"] if factor else [])],
        [f"The error δ of an output says how fast this sample's loss grows with its z. For "
         f"{n.activations[l].name} with {n.loss.title} it is simply output minus target."],
    )


def output_error(n: Net, l: int) -> Explanation:
    f = n.activations[l]
    da_code = code(n.loss.grad_code, a=f"a[{l}]")
    da = rf"\frac{{\partial C_{{i}}}}{{\partial {sym('a', l, 'j')}}}"
    gradient = f"{da} = {grad_in_symbols(n.loss, l, n.K)}"
    da_line = line(f"{da} =", grad_in_numbers(n.loss, l, n.K), f"= {slot(f'da {l} j s')}")
    symbols, numbers, numpy, matrices = through_activation(n, l, da)
    return Explanation(
        [gradient, *symbols], [da_line, *numbers], [f"da[{l}] = {da_code}", numpy], matrices,
        [f"The error δ of an output: how fast this sample's loss grows with the output, and from "
         f"there through {f.name} with its z."],
    )


def hidden_error(n: Net, l: int) -> Explanation:
    up, f = l + 1, n.activations[l]
    error, around = n.error(up), up in n.skips
    arriving = rf"\sum_{{k}} {sym('W', up, 'k j')}\, {sym(error, up, 'k')}"
    product = rf"{wrapped(f'W {up} k j')} \cdot {wrapped(f'{error} {up} k s')}"
    path = [rf"{{}} + {wrapped(f'da {up} j s')}"] if around else []
    sum_line = line(f"{sym('da', l, index('j'))} =", each("k", n.sizes[up], product), *path,
                    f"= {slot(f'da {l} j s')}")
    symbols, numbers, numpy, _ = through_activation(n, l, sym("da", l, "j"))
    back = item(rf"{sym('W', up)}{{}}^{{\top}}", f"W {up}", n.sizes[l], n.sizes[up],
                mark=("j", ""), transpose=True)
    return Explanation(
        [f"{sym('da', l, 'j')} = {arriving}" + (f" + {sym('da', up, 'j')}" if around else ""),
         *symbols],
        [sum_line, *numbers],
        [f"da[{l}] = W[{up}].T @ {error}[{up}]" + (f" + da[{up}]" if around else ""), numpy],
        [batch(n, "delta", l), f"= {number(n.r)} · (" if l in n.skips else "= (", back, "·",
         batch(n, error, up, ""), *(["+", batch(n, "da", up)] if around else []), ")",
         *(["⊙", batch(n, "slope", l)] if f.elementwise else [f"through {f.name}"])],
        [hidden_error_words(n, l)],
    )


def hidden_error_words(n: Net, l: int) -> str:
    up, times = l + 1, f"r = {number(n.r)} and by " if l in n.skips else ""
    around = f", and around {layer_name(n, up)} as they are:" if up in n.skips else ","
    return (f"The errors of {layer_name(n, up)} come back through the same weights{around} every "
            f"path is added, and the sum is multiplied by {times}the slope of "
            f"{n.activations[l].name} at this z.")


def through_activation(n: Net, l: int, da: str) -> tuple[list, list, str, list]:
    """How what arrives at a[l] becomes delta[l]: formulas, numbers, NumPy and matrices."""
    f, out, lhs = n.activations[l], n.of_f(l), f"{sym('delta', l, index('j'))} ="
    delta, result = sym("delta", l, "j"), f"= {slot(f'delta {l} j s')}"
    r, r_number, r_code = scale(n, l)
    da_slot, a_slot = wrapped(f"da {l} j s"), slot(f"{out} {l} j s")
    if f.elementwise:
        slope = rf"\cdot {wrapped(f'slope {l} j s')}"
        slope_code = code(f.slope_code, z=f"z[{l}]", a=f"{out}[{l}]")
        arrives = r_number + (da_slot if r else slot(f"da {l} j s"))
        return ([slope_in_symbols(f, l, out),
                 rf"{delta} = {r}{da} \cdot f'({sym('z', l, 'j')})"],
                [slope_in_numbers(f, l, out), line(lhs, arrives, slope, result)],
                f"delta[{l}] = {r_code}da[{l}] * ({slope_code})",
                [batch(n, "delta", l), "=", batch(n, "da", l), "⊙", batch(n, "slope", l)])
    products = each("k", n.sizes[l], rf"{slot(f'{out} {l} k s')} \cdot {wrapped(f'da {l} k s')}")
    total = rf"\sum_{{k}} {sym(out, l, 'k')}\, {sym('da', l, 'k')}"
    return ([rf"{delta} = {r}{sym(out, l, 'j')} \left({da} - {total}\right)"],
            [line(lhs, rf"{r_number}{a_slot} \cdot ({da_slot} - (", products, "))", result)],
            f"delta[{l}] = {r_code}{out}[{l}] * (da[{l}] - ({out}[{l}] * da[{l}]).sum(0))",
            [batch(n, "delta", l), f"= through {f.name}:",
             batch(n, out, l), "and", batch(n, "da", l)])


def scale(n: Net, l: int) -> tuple[str, str, str]:
    """The factor r of a layer with a skip, in symbols, with its number, and in NumPy."""
    return (r"r\, ", rf"{number(n.r)} \cdot ", f"{n.r!r} * ") if l in n.skips else ("", "", "")


def dW_step(n: Net, l: int) -> Explanation:
    error = n.error(l)
    product = rf"{wrapped(f'{error} {l} j s')} \cdot {wrapped(f'a {l - 1} i s')}"
    back = item(rf"{sym('a', l - 1)}{{}}^{{\top}}", f"a {l - 1}", n.m, n.sizes[l - 1], "rows",
                ("s", "i"), transpose=True)
    return Explanation(
        [rf"{sym('dW', l, 'j i')} = \frac{{1}}{{m}} \sum_{{s}} {sym(error, l, 'j s')}\, "
         rf"{sym('a', l - 1, 'i s')}"],
        [line(f"{sym('dW', l, index('j'), index('i'))} =", *mean(n.m, product),
              f"= {slot(f'dW {l} j i')}")],
        [f"dW[{l}] = {error}[{l}] @ a[{l - 1}].T / m"],
        [weights(n, "dW", l), f"= 1/{n.m} ·", batch(n, error, l), "·", back],
        [f"The gradient of a weight is the error that it leads to times the activation that it "
         f"carries: the mean {samples_phrase(n)}."],
    )


def db_step(n: Net, l: int) -> Explanation:
    return Explanation(
        [rf"{sym('db', l, 'j')} = \frac{{1}}{{m}} \sum_{{s}} {sym('delta', l, 'j s')}"],
        [line(f"{sym('db', l, index('j'))} =", *mean(n.m, wrapped(f"delta {l} j s")),
              f"= {slot(f'db {l} j 0')}")],
        [f"db[{l}] = delta[{l}].mean(axis=1, keepdims=True)"],
        [biases(n, "db", l), "= mean over samples of", batch(n, "delta", l)],
        [f"The gradient of a bias is the mean of its unit's errors {samples_phrase(n)}."],
    )
