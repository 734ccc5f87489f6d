"""The same training steps in other libraries, each as its own users would write them.

Each function takes a workload and gives `steps(n)`, which goes through n training steps and returns
their costs, or None where its library is not installed.
"""

import importlib.util
import os
import warnings
from collections.abc import Callable

import numpy as np

from engine.nn.arrays import Array
from tests.bench.workloads import Workload

ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def installed(library: str) -> bool:
    return importlib.util.find_spec(library) is not None


def torch_eager(work: Workload) -> Callable | None:
    """nn.Sequential, a loss module and torch.optim; many networks one after the other."""
    if not installed("torch"):
        return None
    import torch

    torch.set_num_threads(1)
    x, y = torch.tensor(work.x.T), torch.tensor(work.y.T)
    nets = [torch_network(torch, work, layers) for layers in work.networks()]
    Optimizer = {"gradient_descent": torch.optim.SGD, "adam": torch.optim.Adam}[work.optimizer]
    optimizers = [Optimizer(net.parameters(), lr=work.eta) for net in nets]
    loss = {"mse": torch.nn.MSELoss, "bce": torch.nn.BCEWithLogitsLoss,
            "cross_entropy": torch.nn.CrossEntropyLoss}[work.loss]()

    def steps(n: int) -> Array:
        costs = []
        for _ in range(n):
            for net, optimizer in zip(nets, optimizers, strict=True):
                optimizer.zero_grad()
                C = loss(net(x), y)
                C.backward()
                if work.update:
                    optimizer.step()
                costs.append(C.item())
        return np.array(costs)

    return steps


def torch_network(torch, work: Workload, layers: list):
    """Linear layers and activations, without the one that the loss contains."""
    modules = []
    for (W, b), f in zip(layers, work.activations, strict=True):
        linear = torch.nn.Linear(*W.T.shape, dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.tensor(W), torch.tensor(b[:, 0])
        modules.append(linear)
        modules += {"tanh": [torch.nn.Tanh()], "relu": [torch.nn.ReLU()]}.get(f, [])
    return torch.nn.Sequential(*modules)


def torch_cost(torch, work: Workload, net: list, x, y):
    """The cost of one network, in PyTorch's own functions."""
    a, F = x, torch.nn.functional
    for (W, b), f in zip(net, work.activations, strict=True):
        z = F.linear(a, W, b)
        a = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": lambda z: z,
             "softmax": lambda z: z, "identity": lambda z: z}[f](z)
    if work.loss == "mse":
        return F.mse_loss(a, y)
    return (F.binary_cross_entropy_with_logits if work.loss == "bce" else F.cross_entropy)(a, y)


def torch_vmap(work: Workload) -> Callable | None:
    """All networks in one call: torch.func's vmap of grad."""
    if not installed("torch") or not work.replicates:
        return None
    import torch

    x, y = torch.tensor(work.x.T), torch.tensor(work.y.T)
    stacks = [(torch.tensor(np.stack([net[l][0] for net in work.networks()])),
               torch.tensor(np.stack([net[l][1][:, 0] for net in work.networks()])))
              for l in range(len(work.activations))]
    gradients = torch.func.vmap(torch.func.grad_and_value(
        lambda net: torch_cost(torch, work, net, x, y)))

    def steps(n: int) -> Array:
        nonlocal stacks
        costs = []
        for _ in range(n):
            slopes, C = gradients(stacks)
            stacks = [tuple(p - work.eta * g for p, g in zip(pair, slope, strict=True))
                      for pair, slope in zip(stacks, slopes, strict=True)]
            costs.append(C)
        return torch.stack(costs).numpy()

    return steps


def functional_cost(np_, work: Workload, net: list, x, y):
    """The cost of one network in NumPy's functions, for the libraries that trace them."""
    a = x
    for (W, b), f in zip(net, work.activations, strict=True):
        z = W @ a + b
        a = {"tanh": np_.tanh, "relu": lambda z: np_.maximum(z, 0.0)}.get(f, lambda z: z)(z)
    if work.loss == "mse":
        return np_.mean((a - y) ** 2)
    if work.loss == "bce":
        return np_.mean(np_.logaddexp(0.0, a) - y * a)
    top = np_.max(a, axis=0)
    log_sum = np_.log(np_.sum(np_.exp(a - top), axis=0)) + top
    return np_.mean(log_sum - np_.sum(y * a, axis=0))


def jax_jit(work: Workload) -> Callable | None:
    """One compiled step, called in a loop; the costs stay where JAX has them until the end."""
    found = jax_step(work)
    if not found:
        return None
    jax, step, state = found
    compiled = jax.jit(step)

    def steps(n: int) -> Array:
        nonlocal state
        costs = []
        for _ in range(n):
            state, C = compiled(state, None)
            costs.append(C)
        return np.array(jax.block_until_ready(costs))

    return steps


def jax_scan(work: Workload) -> Callable | None:
    """All steps compiled into one call: the fastest that JAX offers where nobody looks between."""
    found = jax_step(work)
    if not found:
        return None
    jax, step, state = found
    compiled = jax.jit(lambda state, n: jax.lax.scan(step, state, length=n), static_argnums=1)

    def steps(n: int) -> Array:
        nonlocal state
        state, costs = compiled(state, n)
        return np.array(costs)

    return steps


def jax_step(work: Workload) -> tuple | None:
    """JAX, one training step (state, _) -> (state, C), and the first state; Adam is written out.

    The state is what the optimizer needs and no more; where only the trace is measured, it carries
    the gradient along, so that none of the work can be left out.
    """
    if not installed("jax"):
        return None
    os.environ.setdefault("XLA_FLAGS", ONE_THREAD)
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    x, y = jnp.asarray(work.x), jnp.asarray(work.y)
    value = jax.value_and_grad(lambda net: functional_cost(jnp, work, net, x, y))
    value = jax.vmap(value) if work.replicates else value
    tree = lambda f, *trees: jax.tree.map(f, *trees)
    nets = work.networks()
    net = tree(lambda *p: jnp.stack(p) if work.replicates else jnp.asarray(p[0]),
               *[[tuple(pair) for pair in one] for one in nets])

    def looked_at(state, _):
        C, g = value(state[0])
        return (state[0], g), C

    def descent(net, _):
        C, g = value(net)
        return tree(lambda p, g: p - work.eta * g, net, g), C

    def adam(state, _):
        net, m, v, t = state
        C, g = value(net)
        t, m = t + 1.0, tree(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        step = lambda p, m, v: p - work.eta * (m / (1 - 0.9**t)) / (
            jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
        return (tree(step, net, m, v), m, v, t), C

    zeros = tree(jnp.zeros_like, net)
    if not work.update:
        return jax, looked_at, (net, zeros)
    return (jax, adam, (net, zeros, zeros, 0.0)) if work.optimizer == "adam" else (
        jax, descent, net)


def autograd_numpy(work: Workload) -> Callable | None:
    """HIPS autograd: NumPy, traced anew in each step."""
    if not installed("autograd") or work.replicates or work.optimizer != "gradient_descent":
        return None
    import autograd.numpy as anp
    from autograd import value_and_grad

    value = value_and_grad(lambda net: functional_cost(anp, work, net, work.x, work.y))
    net = [tuple(p.copy() for p in pair) for pair in work.networks()[0]]

    def steps(n: int) -> Array:
        costs = []
        for _ in range(n):
            C, g = value(net)
            if work.update:
                for pair, slopes in zip(net, g, strict=True):
                    for p, slope in zip(pair, slopes, strict=True):
                        p -= work.eta * slope
            costs.append(C)
        return np.array(costs)

    return steps


def scikit_learn(work: Workload) -> Callable | None:
    """MLPClassifier or MLPRegressor, one partial_fit a step; from weights of its own."""
    hidden = set(work.activations[:-1])
    fits = not work.replicates and work.update and work.optimizer == "gradient_descent"
    alike = len(hidden) == 1 and work.activations[-1] != "tanh"
    if not (installed("sklearn") and fits and alike):
        return None
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    regression = work.loss == "mse"
    model = (MLPRegressor if regression else MLPClassifier)(
        hidden_layer_sizes=work.sizes[1:-1], activation=hidden.pop(), solver="sgd",
        alpha=0, momentum=0, batch_size=work.x.shape[1], learning_rate_init=work.eta, shuffle=False)
    x = np.ascontiguousarray(work.x.T)
    if regression:
        y, kinds = work.y.T, {}
    else:
        y = work.y.argmax(0) if len(work.y) > 1 else work.y[0].astype(int)
        kinds = {"classes": np.arange(max(2, len(work.y)))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.partial_fit(x, y, **kinds)

    def steps(n: int) -> None:
        for _ in range(n):
            model.partial_fit(x, y)

    return steps


def textbook(work: Workload) -> Callable | None:
    """NumPy as a course writes it: fresh arrays, `@`, one line for each formula."""
    if work.replicates or work.optimizer != "gradient_descent":
        return None
    x, y, m = work.x, work.y, work.m
    W, b = (list(v) for v in zip(*((W.copy(), b.copy()) for W, b in work.networks()[0]),
                                 strict=True))
    f = {"tanh": (np.tanh, lambda a: 1 - a * a), "relu": (lambda z: np.maximum(z, 0),
         lambda a: a > 0), "identity": (lambda z: z, lambda a: 1.0),
         "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), None), "softmax": (softmax, None)}
    costs_of = {"mse": lambda a: ((a - y) ** 2).mean(0),
                "bce": lambda a: -(y * np.log(a) + (1 - y) * np.log(1 - a)).mean(0),
                "cross_entropy": lambda a: -(y * np.log(a)).sum(0)}[work.loss]

    def step() -> float:
        a = [x]
        for W_l, b_l, name in zip(W, b, work.activations, strict=True):
            a.append(f[name][0](W_l @ a[-1] + b_l))
        C = costs_of(a[-1]).mean()
        delta = (2 * (a[-1] - y) / len(y) * f[work.activations[-1]][1](a[-1])
                 if work.loss == "mse" else a[-1] - y)
        for l in range(len(W) - 1, -1, -1):
            dW, db = delta @ a[l].T / m, delta.mean(1, keepdims=True)
            if l:
                delta = W[l].T @ delta * f[work.activations[l - 1]][1](a[l])
            if work.update:
                W[l] -= work.eta * dW
                b[l] -= work.eta * db
        return C

    return lambda n: np.array([step() for _ in range(n)])


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max(0))
    return e / e.sum(0)
