"""The steps of a normalised layer (engine/nn/normalisation.py), explained: u, n, z and du.

The means have a place each among the numbers of an iteration (figures/stage/payload.py). Batch
normalisation has one for each unit, `mean 1 j 0`; layer normalisation one for each sample,
`mean_s 1 0 s`. Beside mean and sigma these are mean_delta and mean_delta_n, which du needs.
"""

from typing import Any

from figures.stage.steps.explained_net import (
    Explanation,
    Net,
    batch,
    biases,
    item,
    layer_name,
    samples_phrase,
    weights,
)
from figures.stage.steps.formulas import each, index, line, mean, slot, sym, wrapped

EPS_LATEX, EPS_CODE = "10^{-5}", "1e-5"


def place(n: Net, symbol: str, l: int) -> str:
    """Where the number of a mean is found."""
    return f"{symbol} {l} j 0" if n.norm.of_batch else f"{symbol}_s {l} 0 s"


def of_mean(n: Net, symbol: str, l: int, j: str = "j") -> str:
    """The symbol of a mean: of unit j, or of the one sample that is looked at."""
    return sym(symbol, l, j) if n.norm.of_batch else sym(symbol, l)


def mean_in_symbols(n: Net, l: int, *symbols: str) -> tuple[str, list[str]]:
    """The mean over samples or units, and the symbols with the index that it counts."""
    if n.norm.of_batch:
        return r"\frac{1}{m} \sum_{s}", [sym(symbol, l, "j s") for symbol in symbols]
    return rf"\frac{{1}}{{{n.sizes[l]}}} \sum_{{k}}", [sym(symbol, l, "k") for symbol in symbols]


def mean_in_numbers(n: Net, l: int, term: str) -> list:
    """The mean written out; in `term` the counted thing is @: j s, or k s."""
    if n.norm.of_batch:
        return mean(n.m, term.replace("@", "j s"))
    count = n.sizes[l]
    return [rf"\tfrac{{1}}{{{count}}} (", each("k", count, term.replace("@", "k s")), ")"]


def mean_item(n: Net, symbol: str, l: int) -> dict[str, Any]:
    """A column with a mean for each unit, or a row with one for each sample."""
    if n.norm.of_batch:
        return item(sym(symbol, l), f"{symbol} {l}", n.sizes[l], 1)
    return item(sym(symbol, l), f"{symbol}_s {l}", 1, n.m, "cols", ("", "s"))


def over(n: Net, l: int) -> str:
    if n.norm.of_batch:
        return samples_phrase(n)
    return "over the one unit" if n.sizes[l] == 1 else f"over the {n.sizes[l]} units"


def along(n: Net) -> str:
    """The arguments of NumPy's mean."""
    return f"axis={2 + n.norm.axis}, keepdims=True"


def u_step(n: Net, l: int) -> Explanation:
    W, a = sym("W", l, "j i"), sym("a", l - 1, "i")
    product = rf"{wrapped(f'W {l} j i')} \cdot {wrapped(f'a {l - 1} i s')}"
    return Explanation(
        [rf"{sym('u', l, 'j')} = \sum_{{i}} {W}\, {a}"],
        [line(f"{sym('u', l, index('j'))} =", each("i", n.sizes[l - 1], product),
              f"= {slot(f'u {l} j s')}")],
        [f"u[{l}] = W[{l}] @ a[{l - 1}]"],
        [batch(n, "u", l), "=", weights(n, "W", l) | {"mark": ["j", ""]}, "·",
         batch(n, "a", l - 1, "")],
        [f"Each unit of {layer_name(n, l)} multiplies what arrives by its weights and adds the "
         "products. Its bias comes behind the normalisation."],
    )


def n_step(n: Net, l: int) -> Explanation:
    total, (u,) = mean_in_symbols(n, l, "u")
    mu, sigma = (of_mean(n, symbol, l) for symbol in ("mean", "sigma"))
    mu_at, sigma_at = place(n, "mean", l), place(n, "sigma", l)
    spread = rf"({slot(f'u {l} @')} - {wrapped(mu_at)})^{{2}}"
    return Explanation(
        [rf"{mu} = {total} {u}",
         rf"({sigma})^{{2}} = {total} ({u} - {mu})^{{2}} + {EPS_LATEX}",
         rf"{sym('n', l, 'j')} = \frac{{{sym('u', l, 'j')} - {mu}}}{{{sigma}}}"],
        [line(f"{of_mean(n, 'mean', l, index('j'))} =",
              *mean_in_numbers(n, l, wrapped(f"u {l} @")), f"= {slot(mu_at)}"),
         line(rf"({of_mean(n, 'sigma', l, index('j'))})^{{2}} =",
              *mean_in_numbers(n, l, spread),
              rf"{{}} + {EPS_LATEX} = {slot(sigma_at)}{{}}^{{2}}"),
         line(f"{sym('n', l, index('j'))} =",
              rf"({slot(f'u {l} j s')} - {wrapped(mu_at)})", rf"\;/\; {slot(sigma_at)}",
              f"= {slot(f'n {l} j s')}")],
        [f"mean[{l}] = u[{l}].mean({along(n)})",
         f"sigma[{l}] = np.sqrt(u[{l}].var({along(n)}) + {EPS_CODE})",
         f"n[{l}] = (u[{l}] - mean[{l}]) / sigma[{l}]"],
        [batch(n, "n", l), "= (", batch(n, "u", l), "−", mean_item(n, "mean", l), ") /",
         mean_item(n, "sigma", l)],
        [normalised_words(n, l)],
    )


def normalised_words(n: Net, l: int) -> str:
    of_batch, layer, title = n.norm.of_batch, layer_name(n, l), n.norm.title.capitalize()
    what = (f"for each unit of {layer} the mean {over(n, l)}" if of_batch else
            f"for each sample the mean {over(n, l)} of {layer}")
    alone, count = ("sample", n.m) if of_batch else ("unit", n.sizes[l])
    zero = f" One {alone} alone is its own mean: its n is 0." if count == 1 else ""
    return (f"{title} normalisation: {what} is subtracted, and the rest divided by its spread "
            f"σ.{zero}")


def shifted_step(n: Net, l: int) -> Explanation:
    """z of a normalised layer."""
    return Explanation(
        [f"{sym('z', l, 'j')} = {sym('n', l, 'j')} + {sym('b', l, 'j')}"],
        [line(f"{sym('z', l, index('j'))} =", slot(f"n {l} j s"),
              f"{{}} + {wrapped(f'b {l} j 0')}", f"= {slot(f'z {l} j s')}")],
        [f"z[{l}] = n[{l}] + b[{l}]"],
        [batch(n, "z", l), "=", batch(n, "n", l), "+", biases(n, "b", l)],
        [f"Each unit of {layer_name(n, l)} adds its bias, which decides around which value its "
         "normalised sums lie."],
    )


BACK_THROUGH_NORM = (
    "The error goes back through the normalisation. What moves all u of a mean alike, or stretches "
    "them all, is undone there: these two parts of δ are taken out, and the rest is divided by σ.")


def du_step(n: Net, l: int) -> Explanation:
    total, (delta, normal) = mean_in_symbols(n, l, "delta", "n")
    means = [("mean_delta", delta, wrapped(f"delta {l} @")),
             ("mean_delta_n", rf"{delta}\, {normal}",
              rf"{wrapped(f'delta {l} @')} \cdot {wrapped(f'n {l} @')}")]
    first, second = (of_mean(n, name, l) for name, *_ in means)
    parts = [place(n, symbol, l) for symbol in ("mean_delta", "mean_delta_n", "sigma")]
    numbers = [rf"({slot(f'delta {l} j s')} - {wrapped(parts[0])}",
               rf"{{}} - {wrapped(f'n {l} j s')} \cdot {wrapped(parts[1])})",
               rf"\;/\; {slot(parts[2])}"]
    return Explanation(
        [*(rf"{of_mean(n, name, l)} = {total} {term}" for name, term, _ in means),
         rf"{sym('du', l, 'j')} = \frac{{{sym('delta', l, 'j')} - {first} - "
         rf"{sym('n', l, 'j')}\, {second}}}{{{of_mean(n, 'sigma', l)}}}"],
        [*(line(f"{of_mean(n, name, l, index('j'))} =", *mean_in_numbers(n, l, term),
                f"= {slot(place(n, name, l))}") for name, _, term in means),
         line(f"{sym('du', l, index('j'))} =", *numbers, f"= {slot(f'du {l} j s')}")],
        [f"part = (delta[{l}] * n[{l}]).mean({along(n)})",
         f"du[{l}] = (delta[{l}] - delta[{l}].mean({along(n)}) - n[{l}] * part) / sigma[{l}]"],
        [batch(n, "du", l), "= (", batch(n, "delta", l), "−", mean_item(n, "mean_delta", l),
         "−", batch(n, "n", l), "⊙", mean_item(n, "mean_delta_n", l), ") /",
         mean_item(n, "sigma", l)],
        [BACK_THROUGH_NORM],
    )
