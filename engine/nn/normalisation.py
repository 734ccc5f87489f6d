"""Normalisation: what a hidden layer adds up is brought to mean 0 and variance 1 before its bias.

    u  = W[l] a[l-1]               sigma = √(variance of u + ε)
    n  = (u - mean) / sigma        z     = n + b
    du = (delta - mean of delta - n · mean of (delta n)) / sigma

The means are taken for each unit over the samples of the batch, or for each sample over the units
of the layer. The variance is the mean square, and ε = 10⁻⁵, as PyTorch has them. The bias stands
behind the normalisation and is its shift β; before it, batch normalisation would take it away again
with the mean. The scale γ is kept at 1, so that a normalised layer has the parameters of any other.

u, n, delta, du are (..., n, m); mean and sigma have a 1 for the axis that the means go along.

Batch normalisation lets each sample have a part in the n of all others. A column of delta is then
no longer the derivative of that sample's own loss, but m times that of the cost: m ∂C/∂z.

Sources: Ioffe & Szegedy 2015 (batch); Ba, Kiros & Hinton 2016 (layer).
"""

from typing import NamedTuple

from numpy import add, divide, multiply, sqrt, subtract

from engine.nn.arrays import Array

EPS = 1e-5


class Norm(NamedTuple):
    """A named normalisation along an axis: -1 samples, -2 units, None where there is none.

    `over` says of what the means are taken.
    """

    name: str
    title: str
    axis: int | None = None
    over: str = ""

    @property
    def of_batch(self) -> bool:
        """Whether the samples have a part in each other's n."""
        return self.axis == -1

    def shape(self, whole: tuple[int, ...]) -> tuple[int, ...]:
        """That of mean and sigma, for u of this shape."""
        return tuple(1 if axis == len(whole) + self.axis else n for axis, n in enumerate(whole))

    def forward(self, u: Array, mean: Array, sigma: Array, n: Array) -> None:
        """mean, sigma and n of u."""
        u.mean(self.axis, keepdims=True, out=mean)
        subtract(u, mean, n)
        multiply(n, n).mean(self.axis, keepdims=True, out=sigma)
        sqrt(add(sigma, EPS, sigma), sigma)
        divide(n, sigma, n)

    def vjp(self, sigma: Array, n: Array, delta: Array, du: Array) -> None:
        """What an error delta behind n becomes on its way back to u."""
        multiply(n, self.average(delta * n), du)
        subtract(delta, du, du)
        subtract(du, self.average(delta), du)
        divide(du, sigma, du)

    def average(self, v: Array) -> Array:
        """The mean along the axis, which becomes 1."""
        return v.mean(self.axis, keepdims=True)


def standardise(u: Array, mean: Array, sigma: Array, n: Array) -> None:
    """n of u by a mean and a spread that come from elsewhere."""
    divide(subtract(u, mean, n), sigma, n)


NORMS = {
    entry.name: entry
    for entry in (
        Norm("none", "none"),
        Norm("batch", "batch", -1, "each unit over the samples of the batch"),
        Norm("layer", "layer", -2, "each sample over the units of the layer"),
    )
}
