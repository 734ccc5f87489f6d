r"""Optimizers: what becomes of a parameter p when its gradient is g, at update t = 1, 2, ...

    p, state = update(p, g, state, eta, t)       pure; init(p) is the state before the first update

p and g are flat blocks (..., P); the state is (S, ..., P): one block for each quantity that the
optimizer remembers (momentum v; Adam's m and v), zero at first. eta is the learning rate at t, a
number or one for each parameter (0: frozen). The conventions are PyTorch's.

Each optimizer has its formulas three times: `advance` writes them into the memory that it is given;
`lines` holds, in order, each one's symbol, its LaTeX and its NumPy text, for the page that shows
them. In LaTeX \p \g \m \v \s \mhat \vhat stand where a value goes, settings by their own symbols.
Tests hold both against each other and against PyTorch.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import CodeType
from typing import NamedTuple

import numpy as np
from numpy import add, divide, multiply, sqrt, subtract

from engine.nn.arrays import Array


class Setting(NamedTuple):
    """A number that an optimizer has: from 0 to below `high`, or to `high` itself if `closed`."""

    name: str
    symbol: str
    default: float
    high: float = 1.0
    closed: bool = False


class Line(NamedTuple):
    """One formula: symbol = latex = code."""

    symbol: str
    latex: str
    code: str


class Optimizer(NamedTuple):
    """A named optimizer. `advance(p, g, state, eta, t, work, *settings)` changes p and state."""

    name: str
    title: str
    advance: Callable[..., None]
    lines: tuple[Line, ...]
    state: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    source: str = ""

    @property
    def defaults(self) -> tuple[float, ...]:
        return tuple(setting.default for setting in self.settings)

    def init(self, p: Array) -> Array:
        """The state before the first update, (S, ..., P): zeros."""
        return np.zeros((len(self.state), *np.shape(p)))

    def update(
        self, p: Array, g: Array, state: Array, eta: float | Array, t: int,
        settings: tuple[float, ...] = (),
    ) -> tuple[Array, Array]:
        """The parameters and the state after update t; nothing that is given is changed."""
        p, state = p.copy(), state.copy()
        self.advance(p, g, state, eta, t, np.empty_like(p), *(settings or self.defaults))
        return p, state

    def values(
        self, p: Array, g: Array, state: Array, eta: float | Array, t: int,
        settings: tuple[float, ...] = (),
    ) -> dict[str, Array]:
        """What each line gives, by its symbol, from the text of the line itself."""
        names = dict(zip((s.name for s in self.settings), settings or self.defaults, strict=True))
        names |= {"p": p, "g": g, "eta": eta, "t": t} | dict(zip(self.state, state, strict=True))
        values = evaluated(self.lines, names)
        return {line.symbol: v for line, v in zip(self.lines, values, strict=True)}


def evaluated(lines: tuple[Line, ...], names: Mapping[str, object]) -> list[Array]:
    """The value of each line, where later lines may use earlier ones."""
    names, values = dict(names), []
    for line in lines:
        names[line.symbol] = eval(compiled(line.code), {"np": np}, names)
        values.append(names[line.symbol])
    return values


@cache
def compiled(code: str) -> CodeType:
    return compile(code, code, "eval")


def descend(p: Array, step: Array, eta: float | Array) -> None:
    """p - η step, which is used up"""
    subtract(p, multiply(step, eta, step), p)


def average(mean: Array, value: Array, beta: float, work: Array) -> None:
    """β mean + (1 - β) value, into mean"""
    multiply(mean, beta, mean)
    add(mean, multiply(value, 1 - beta, work), mean)


def gradient_descent(p, g, state, eta, t, work) -> None:
    """p - η g"""
    subtract(p, multiply(g, eta, work), p)


def momentum(p, g, state, eta, t, work, mu) -> None:
    """v = μ v + g;  p - η v"""
    (v,) = state
    add(multiply(v, mu, v), g, v)
    subtract(p, multiply(v, eta, work), p)


def nesterov(p, g, state, eta, t, work, mu) -> None:
    """v = μ v + g;  p - η (g + μ v)"""
    (v,) = state
    add(multiply(v, mu, v), g, v)
    descend(p, add(g, multiply(v, mu, work), work), eta)


def adagrad(p, g, state, eta, t, work, epsilon) -> None:
    """s = s + g²;  p - η g / (√s + ε)"""
    (s,) = state
    add(s, multiply(g, g, work), s)
    descend(p, divide(g, add(sqrt(s, work), epsilon, work), work), eta)


def rmsprop(p, g, state, eta, t, work, alpha, epsilon) -> None:
    """s = α s + (1 - α) g²;  p - η g / (√s + ε)"""
    (s,) = state
    average(s, multiply(g, g, work), alpha, work)
    descend(p, divide(g, add(sqrt(s, work), epsilon, work), work), eta)


def adam(p, g, state, eta, t, work, beta1, beta2, epsilon) -> None:
    """m, v averages of g and g²;  p - η m̂ / (√v̂ + ε), with m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 -
                                   β₂ᵗ)
    """
    m, v = state
    average(m, g, beta1, work)
    average(v, multiply(g, g, work), beta2, work)
    sqrt(divide(v, 1 - beta2**t, work), work)
    divide(m, add(work, epsilon, work), work)
    descend(p, work, eta / (1 - beta1**t))


def adamw(p, g, state, eta, t, work, beta1, beta2, epsilon, decay) -> None:
    """p - η λ p, and then Adam"""
    descend(p, multiply(p, decay, work), eta)
    adam(p, g, state, eta, t, work, beta1, beta2, epsilon)


MU = Setting("mu", r"\mu", 0.9)
EPSILON = Setting("epsilon", r"\epsilon", 1e-8)
BETAS = (Setting("beta1", r"\beta_{1}", 0.9), Setting("beta2", r"\beta_{2}", 0.999))
VELOCITY = Line("v", r"\mu\,\v + \g", "mu * v + g")
SCALED = Line("p", r"\p - \eta\,\frac{\g}{\sqrt{\s} + \epsilon}",
              "p - eta * g / (np.sqrt(s) + epsilon)")
ADAM = (
    Line("m", r"\beta_{1}\,\m + (1 - \beta_{1})\,\g", "beta1 * m + (1 - beta1) * g"),
    Line("v", r"\beta_{2}\,\v + (1 - \beta_{2})\,\g^{2}", "beta2 * v + (1 - beta2) * g**2"),
    Line("mhat", r"\frac{\m}{1 - \beta_{1}^{t}}", "m / (1 - beta1**t)"),
    Line("vhat", r"\frac{\v}{1 - \beta_{2}^{t}}", "v / (1 - beta2**t)"),
    Line("p", r"\p - \eta\,\frac{\mhat}{\sqrt{\vhat} + \epsilon}",
         "p - eta * mhat / (np.sqrt(vhat) + epsilon)"),
)

OPTIMIZERS = {
    entry.name: entry
    for entry in (
        Optimizer(
            "gradient_descent", "gradient descent", gradient_descent,
            (Line("p", r"\p - \eta\,\g", "p - eta * g"),),
        ),
        Optimizer(
            "momentum", "momentum", momentum,
            (VELOCITY, Line("p", r"\p - \eta\,\v", "p - eta * v")), ("v",), (MU,),
            source="Polyak 1964; Sutskever et al. 2013",
        ),
        Optimizer(
            "nesterov", "Nesterov momentum", nesterov,
            (VELOCITY, Line("p", r"\p - \eta\,(\g + \mu\,\v)", "p - eta * (g + mu * v)")),
            ("v",), (MU,), source="Nesterov 1983; Sutskever et al. 2013",
        ),
        Optimizer(
            "adagrad", "AdaGrad", adagrad,
            (Line("s", r"\s + \g^{2}", "s + g**2"), SCALED),
            ("s",), (EPSILON._replace(default=1e-10),), source="Duchi, Hazan & Singer 2011",
        ),
        Optimizer(
            "rmsprop", "RMSProp", rmsprop,
            (Line("s", r"\alpha\,\s + (1 - \alpha)\,\g^{2}", "alpha * s + (1 - alpha) * g**2"),
             SCALED),
            ("s",), (Setting("alpha", r"\alpha", 0.99), EPSILON), source="Tieleman & Hinton 2012",
        ),
        Optimizer(
            "adam", "Adam", adam, ADAM, ("m", "v"), (*BETAS, EPSILON), source="Kingma & Ba 2015",
        ),
        Optimizer(
            "adamw", "AdamW", adamw,
            (Line("p", r"\p - \eta\,\lambda\,\p", "p - eta * decay * p"), *ADAM),
            ("m", "v"), (*BETAS, EPSILON, Setting("decay", r"\lambda", 0.01, closed=True)),
            source="Loshchilov & Hutter 2019",
        ),
    )
}
