"""The error function, which NumPy lacks: erf(z) = 2/√π ∫ e^(-t²) dt from 0 to z, elementwise.

Around each node x, 1/32 apart, Taylor's series with d = z - x:

    erf(x + d) = erf(x) + 2/√π e^(-x²) Σ (-1)^n H_n(x) d^(n+1) / (n+1)!      n = 0 ... TERMS - 1

where the H_n are Hermite's polynomials, H_(n+1) = 2 x H_n - 2 n H_(n-1), and erf(x) itself comes
from the standard library. With |d| ≤ 1/64 the first term left out is below 1e-16. Beyond |z| = 6,
erf is ±1.
Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 7.1.19 and 22.7.13.
"""

import math

import numpy as np

Array = np.ndarray
FAR, STEPS, TERMS = 6, 32, 8


def series() -> list[Array]:
    """The coefficients of d^0 ... d^TERMS at every node."""
    x = np.arange(-FAR * STEPS, FAR * STEPS + 1) / STEPS
    bell = 2 / math.sqrt(math.pi) * np.exp(-x * x)
    rows, H, below = [np.array([math.erf(node) for node in x])], np.ones_like(x), np.zeros_like(x)
    for n in range(TERMS):
        rows.append((-1) ** n * bell * H / math.factorial(n + 1))
        H, below = 2 * x * H - 2 * n * below, H
    return rows


SERIES = series()


def erf(z: Array) -> Array:
    """erf of each element, to an absolute error below 3e-16; nan stays nan."""
    near = np.clip(z, -FAR, FAR)
    node = np.rint(near * STEPS)
    i = np.nan_to_num(node).astype(int) + FAR * STEPS
    d, sum_ = near - node / STEPS, SERIES[-1][i]
    for row in SERIES[-2::-1]:
        sum_ = sum_ * d + row[i]
    return sum_
