"""What a gradient costs, measured: by backpropagation, and by finite differences.

Networks of growing width, h inputs, two hidden layers of h units and one output, have N parameters,
about 2 h². A forward pass takes about N multiplications for each sample. So backpropagation, one
pass up and one down, should grow like N, and finite differences, two passes for each of the N
parameters, like N². Measured times say how far that is true on the machine that is used.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.nn.arrays import Array
from engine.nn.backprop import trace
from engine.nn.gradcheck import numerical_gradient
from engine.nn.network import Network, initial_parameters, network, parameter_count

SAMPLES = 32
WIDTHS = (8, 12, 16, 24, 32, 40, 48, 64, 96, 128, 192, 256)
SECONDS = 1.5  # that finite differences may take
ENOUGH = 0.02  # seconds that one time is measured for, if it is shorter
MOST = 30  # repetitions
LARGE = 4  # the last so many points give the slope: small networks cost what a call costs


class Costs(NamedTuple):
    """Seconds for one whole gradient of networks with so many parameters."""

    N: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def slope(self) -> float:
        """The exponent k of seconds ≈ c N^k in the largest networks; nan where there are too few.
        """
        if len(self.N) < 2:
            return float("nan")
        return float(np.polyfit(np.log(self.N[-LARGE:]), np.log(self.seconds[-LARGE:]), 1)[0])


def sizes(h: int) -> tuple[int, ...]:
    return (h, h, h, 1)


def example(h: int) -> tuple[Network, Array, Array]:
    """A network of this width, and samples for it."""
    rng = np.random.default_rng(h)
    flat = initial_parameters(sizes(h), "xavier_normal", rng)
    net = network(sizes(h), ("relu", "relu", "sigmoid"), "bce", flat)
    return net, rng.normal(size=(h, SAMPLES)), rng.integers(0, 2, (1, SAMPLES)).astype(float)


def backpropagation() -> Costs:
    return measured(trace, WIDTHS)


def differences(seconds: float = SECONDS) -> Costs:
    """As far as it comes in so many seconds: the next one takes as long as N² says, or twice that.
    """
    found, start = Costs((), ()), time.perf_counter()
    for h in WIDTHS:
        N = parameter_count(sizes(h))
        expected = 2 * found.seconds[-1] * (N / found.N[-1]) ** 2 if found.N else 0.0
        if time.perf_counter() - start + expected > seconds:
            break
        one = measured(numerical_gradient, (h,))
        found = Costs(found.N + one.N, found.seconds + one.seconds)
    return found


def measured(gradient: Callable[[Network, Array, Array], object], widths: tuple[int, ...]) -> Costs:
    problems = [example(h) for h in widths]
    return Costs(tuple(parameter_count(sizes(h)) for h in widths),
                 tuple(timed(lambda p=problem: gradient(*p)) for problem in problems))


def timed(work: Callable[[], object]) -> float:
    """The shortest time of a few, in seconds."""
    times: list[float] = []
    while not times or (sum(times) < ENOUGH and len(times) < MOST):
        start = time.thread_time()  # not what others on this machine take meanwhile
        work()
        times.append(time.thread_time() - start)
    return min(times)
