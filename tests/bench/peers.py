"""The same training steps in other libraries, each as its own users would write them.

Each function takes a workload and gives `steps(n)`, which goes through n training steps and returns
their costs, or None where its library is not installed.
"""

import importlib.util
import os
import warnings
from collections.abc import Callable

import numpy as np

from tests.bench.workloads import Workload

Array = np.ndarray
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
    """One compiled step; vmap where there are many networks. Adam is written out, compiled too."""
    if not installed("jax"):
        return None
    os.environ.setdefault("XLA_FLAGS", ONE_THREAD)
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    x, y = jnp.asarray(work.x), jnp.asarray(work.y)
    value = jax.value_and_grad(lambda net: functional_cost(jnp, work, net, x, y))
    value = jax.vmap(value) if work.replicates else value
    zeros = lambda net: jax.tree.map(jnp.zeros_like, net)

    @jax.jit
    def step(net, m, v, t):
        C, g = value(net)
        if not work.update:
            return net, m, v, C, g
        if work.optimizer == "adam":
            m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
            v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
            g = jax.tree.map(lambda m, v: (m / (1 - 0.9**t)) / (
                jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), m, v)
        return jax.tree.map(lambda p, g: p - work.eta * g, net, g), m, v, C, 0.0

    nets = work.networks()
    net = [tuple(jnp.asarray(p) for p in pair) for pair in nets[0]]
    if work.replicates:
        net = jax.tree.map(lambda *p: jnp.stack(p), *[
            [tuple(map(jnp.asarray, pair)) for pair in one] for one in nets])
    m, v, t = zeros(net), zeros(net), 0

    def steps(n: int) -> Array:
        nonlocal net, m, v, t
        costs = []
        for _ in range(n):
            t += 1
            net, m, v, C, _ = step(net, m, v, float(t))
            costs.append(C)
        return np.array(jax.block_until_ready(costs))

    return steps


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
