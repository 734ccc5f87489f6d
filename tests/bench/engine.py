"""The engine's training step beside other libraries', on the same workloads, in one run.

The floor is what no engine on NumPy can leave out: the products and the activations' functions, one
call after the other on memory that is ready. Each library is used as its own users would at their
best, and must agree on the costs before it is timed. float64, one thread; the first row says which
BLAS it is, and with which kernels.
"""

from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_info

from engine.nn.arrays import Array
from engine.nn.backprop import backward, forward, trace
from engine.nn.network import network
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.workspace import workspace
from engine.training.descent import CHUNK
from tests.bench import Row, peers
from tests.bench.timing import medians
from tests.bench.workloads import WORKLOADS, Workload

PEERS = {
    "torch": peers.torch_eager, "torch vmap": peers.torch_vmap, "jax": peers.jax_jit,
    "jax scan": peers.jax_scan, "autograd": peers.autograd_numpy, "sklearn": peers.scikit_learn,
    "textbook": peers.textbook,
}
# How many times faster than the library, or of the floor's time at most, each workload shall be.
GOALS = {
    "W1": {"torch": 15, "floor": 5.5},
    "W2": {"torch": 15, "jax": 1.5, "floor": 3.5},
    "W2b10": {"torch": 15, "jax": 1.5, "floor": 3.5},
    "W2 Adam": {"torch": 15, "jax": 1.5, "floor": 3.5},
    "W3": {"torch": 2.2, "jax": 0.85, "floor": 1.3},
    "W4": {"torch": 1.4, "jax": 0.85, "floor": 1.2},
    "W5": {"torch": 100, "torch vmap": 6, "jax": 0.8, "floor": 1.7},
    "W6a": {"torch": 15, "jax": 1.5, "floor": 3.5},
}


def backstep(work: Workload) -> Callable:
    """The engine's own forward, backward and update; the costs afterwards, all at once."""
    net, optimizer = network(work.sizes, work.activations, work.loss, work.flat), work.optimizer
    w, p = workspace(net, work.x, work.y), net.flat.reshape(-1)
    optimizer = OPTIMIZERS[work.optimizer]
    state, spare = optimizer.init(p), np.empty_like(p)
    chunks = [tuple(v[..., i : i + CHUNK] for v in (p, w.gradient.reshape(-1), state, spare))
              for i in range(0, p.size, CHUNK)]
    last, t = (w.now.z if net.canonical else w.now.a)[net.L], 0

    def steps(n: int) -> Array:
        nonlocal t
        outputs = np.empty((n, *last.shape))
        for i in range(n):
            t += 1
            forward(w)
            outputs[i] = last
            backward(w)
            if work.update:
                for q, g, s, spare in chunks:
                    optimizer.advance(q, g, s, work.eta, t, spare, *optimizer.defaults)
        cost = net.loss.cost_from_z if net.canonical else net.loss.cost
        return cost(outputs, w.now.y).mean(-1)

    return steps


def floor(work: Workload) -> Callable:
    """The products of forward and backward and the activations' functions, on memory that is ready.

    No bias, slope, loss, mean or update: what no engine on NumPy can leave out.
    """
    net = network(work.sizes, work.activations, work.loss, work.flat)
    L = net.L
    with np.errstate(all="ignore"):
        now = trace(net, work.x, work.y)
    product = "np.matmul({}, {}, {})" if work.replicates else "{}.dot({}, {})"
    names: dict[str, object] = {"np": np, "one": np.ones((work.m, 1))}
    for l in range(1, L + 1):
        names |= {f"W{l}": net.W[l], f"V{l}": net.W[l].mT, f"z{l}": now.z[l],
                  f"d{l}": now.delta[l], f"g{l}": np.empty_like(now.delta[l]),
                  f"dW{l}": np.empty_like(now.dW[l]), f"db{l}": np.empty_like(now.db[l])}
    names |= {f"a{l}": a for l, a in now.a.items()} | {f"t{l}": a.mT for l, a in now.a.items()}
    lines = []
    for l, name in enumerate(work.activations, start=1):
        lines += [product.format(f"W{l}", f"a{l - 1}", f"z{l}"), FUNCTIONS[name].format(l)]
    for l in range(L, 0, -1):
        lines += [product.format(f"d{l}", f"t{l - 1}", f"dW{l}"),
                  product.format(f"d{l}", "one", f"db{l}")]
        if l > 1:
            lines.append(product.format(f"V{l}", f"d{l}", f"g{l - 1}"))
    exec("def steps(n):\n    for _ in range(n):\n        " + "\n        ".join(lines), names)
    return names["steps"]


FUNCTIONS = {"tanh": "np.tanh(z{0}, a{0})", "relu": "np.maximum(z{0}, 0, out=a{0})",
             "identity": "pass", "sigmoid": "np.exp(z{0}, a{0})", "softmax": "np.exp(z{0}, a{0})"}


def agree(work: Workload, candidates: dict[str, Callable]) -> None:
    """Stops where a library's costs are not the engine's."""
    with np.errstate(all="ignore"):
        ours = backstep(work)(4)
    for name, steps in candidates.items():
        costs = steps(4)
        if costs is not None:
            costs = np.reshape(costs, ours.shape)
            np.testing.assert_allclose(costs, ours, rtol=1e-9, err_msg=f"{work.name} {name}")


def measured(work: Workload) -> dict[str, float]:
    """Microseconds per step of each library that is installed."""
    others = {name: make(work) for name, make in PEERS.items()}
    others = {name: steps for name, steps in others.items() if steps}
    agree(work, others)
    times = medians({"backstep": backstep(work), "floor": floor(work)} | others)
    return {name: 1e6 * time for name, time in times.items()}


def rows(work: Workload) -> list[Row]:
    """The times of one workload, and its ratios with their goals."""
    times, goals = measured(work), GOALS[work.name]
    found = [Row(f"{work.name} {name}", time, "µs") for name, time in times.items()]
    found += [Row(f"{work.name} {peer} ÷ backstep", times[peer] / times["backstep"],
                  "×", "≥", goals[peer]) for peer in goals if peer in PEERS and peer in times]
    above = times["backstep"] / times["floor"]
    return [*found, Row(f"{work.name} backstep ÷ floor", above, "×", "≤", goals["floor"])]


def kernels() -> list[Row]:
    """Which BLAS multiplies, with the kernels of which processor, and on how many threads."""
    return [Row(f"{one['internal_api']} {one['version']}, {one.get('architecture', '?')} kernels",
                one["num_threads"], "thread") for one in threadpool_info()
            if one["user_api"] == "blas"]


def measure() -> list[Row]:
    return kernels() + [row for work in WORKLOADS for row in rows(work)]
