"""The forward steps and the cost, explained: z, a, C."""

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
    activation_in_numbers,
    activation_in_symbols,
    each,
    index,
    line,
    loss_in_numbers,
    loss_in_symbols,
    slot,
    sym,
    wrapped,
)
from figures.stage.steps.normalised import shifted_step
from figures.style import number


def z_step(n: Net, l: int) -> Explanation:
    return shifted_step(n, l) if l in n.normalised else weighted_step(n, l)


def weighted_step(n: Net, l: int) -> Explanation:
    W, a, b = sym("W", l, "j i"), sym("a", l - 1, "i"), sym("b", l, "j")
    product = rf"{wrapped(f'W {l} j i')} \cdot {wrapped(f'a {l - 1} i s')}"
    return Explanation(
        [rf"{sym('z', l, 'j')} = \sum_{{i}} {W}\, {a} + {b}"],
        [line(f"{sym('z', l, index('j'))} =", each("i", n.sizes[l - 1], product),
              f"{{}} + {wrapped(f'b {l} j 0')}", f"= {slot(f'z {l} j s')}")],
        [f"z[{l}] = W[{l}] @ a[{l - 1}] + b[{l}]"],
        [batch(n, "z", l), "=", weights(n, "W", l) | {"mark": ["j", ""]}, "·",
         batch(n, "a", l - 1, ""), "+", biases(n, "b", l)],
        [f"Each unit of {layer_name(n, l)} multiplies what arrives by its weights, adds the "
         "products, and adds its bias."],
    )


def a_step(n: Net, l: int) -> Explanation:
    f, out = n.activations[l], n.of_f(l)
    whom = "each z" if f.elementwise else "all its z together"
    passed = f"{layer_name(n, l)} passes {whom} through {f.name}".capitalize()
    plain = Explanation(
        [activation_in_symbols(f, l, out)],
        [activation_in_numbers(f, l, n.sizes[l], out)],
        [f"{out}[{l}] = {code(f.code, z=f'z[{l}]')}"],
        [batch(n, out, l), f"= {f.name} of", batch(n, "z", l)],
        [f"{passed}: its activation."],
    )
    return added_below(n, l, plain, passed) if l in n.skips else plain


def added_below(n: Net, l: int, f: Explanation, passed: str) -> Explanation:
    """a of a layer with a skip: what f gives is added to the activations of the layer below."""
    r, below, place = number(n.r), sym("a", l - 1, "j"), f"{l} j s"
    return Explanation(
        [*f.formula, rf"{sym('a', l, 'j')} = {below} + r\, {sym('f', l, 'j')}"],
        [*f.numbers, line(f"{sym('a', l, index('j'))} =", slot(f"a {l - 1} j s"),
                          rf"{{}} + {r} \cdot {wrapped(f'f {place}')}", f"= {slot(f'a {place}')}")],
        [*f.numpy, f"a[{l}] = a[{l - 1}] + {n.r!r} * f[{l}]"],
        [batch(n, "a", l), "=", batch(n, "a", l - 1), f"+ {r} ·", batch(n, "f", l), "\n",
         *f.matrices],
        [f"{passed}. The result, times r = {r}, is added to the activations of "
         f"{layer_name(n, l - 1)}, which come around the layer as they are."],
    )


def C_step(n: Net, l: int) -> Explanation:
    outputs = item("y", "y 0", n.K, n.m, "cols", ("", "s"))
    losses = item("C_{i}", "losses 0", 1, n.m, "cols", ("", "s"))
    cost = item("C", "C 0", 1, 1, mark=("", ""))
    both = ["of", batch(n, "a", l, ""), *(["and", outputs] if n.loss.has_target else [])]
    return Explanation(
        loss_in_symbols(n.loss, l, n.K),
        loss_in_numbers(n.loss, l, n.K, n.m),
        [f"C = ({cost_code(n, l)}).mean()"],
        [cost, "= mean of", losses, f"= {n.loss.title}", *both],
        [loss_words(n), f"The cost is the mean {samples_phrase(n)}: ", {"ref": "C 0 0 0"}, "."],
    )


def cost_code(n: Net, l: int) -> str:
    """Of a canonical pair from z, as the engine has it: where a is near 1, a has lost digits."""
    text = n.loss.code_from_z if n.canonical else n.loss.code
    return code(text, z=f"z[{l}]", a=f"a[{l}]")


def loss_words(n: Net) -> str:
    if not n.loss.has_target:
        return "There is no target here: the loss is the output itself. "
    words = (f"How wrong is it? The loss ({n.loss.title}) compares each sample's output with its "
             "target. ")
    from_z = "It is computed from z, without the logarithm of a tiny number. "
    return words + from_z if n.canonical else words
