"""The engine behind the one callable that tests/data/truth/check.py asks its questions of.

    python tests/data/truth/check.py --adapter tests/truth_adapter.py:adapter      (from the root)
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from engine.nn.activation_functions import softmax
from engine.nn.activations import activation
from engine.nn.backprop import flat_gradient, slope, trace
from engine.nn.losses import LOSSES, Loss, loss
from engine.nn.network import Network, network
from engine.nn.optimizers import OPTIMIZERS
from engine.training import descent

LOSS_NAMES = {"mse_half_sum": "half_sum", "cce": "cross_entropy",
              "bce_with_logits": "bce_logits", "cce_with_logits": "cross_entropy_logits"}
OPTIMIZER_NAMES = {"sgd": "gradient_descent"}
SETTINGS = {"mu": "momentum", "epsilon": "eps", "decay": "weight_decay"}  # engine: there


def adapter(request: dict) -> dict:
    """Answers one request."""
    return OPERATIONS[request["op"]](request)


def build(request: dict) -> Network:
    """The network of a request."""
    pairs = zip(request["W"], request["b"], strict=True)
    flat = np.concatenate([part.ravel() for pair in pairs for part in pair])
    alpha = request["act_params"].get("alpha")
    functions = tuple(activation(name, alpha) for name in request["activations"])
    return network(tuple(request["sizes"]), functions, loss_of(request), flat)


def loss_of(request: dict) -> Loss:
    """The loss of a request; NotImplementedError where the engine has none that is its equal."""
    name = LOSS_NAMES.get(request["loss"], request["loss"])
    if name not in LOSSES:
        raise NotImplementedError(f"loss must be one of {', '.join(LOSSES)}, or what the reference "
                                  f"calls {', '.join(LOSS_NAMES)} (got {name[:80]})")
    return loss(name, request["loss_params"].get("delta", 1.0))


def forward_backward(request: dict) -> dict:
    net = build(request)
    now, m = trace(net, request["X"], request["Y"]), request["X"].shape[1]
    up = range(1, net.L + 1)
    answer = {symbol: [getattr(now, symbol)[l] for l in up] for symbol in ("z", "a", "dW", "db")}
    delta = {l: now.delta[l] / m for l in up}  # there the mean over the samples is inside
    return answer | {"delta": list(delta.values()), "dX": net.W[1].T @ delta[1], "loss": now.C}


def train(request: dict) -> dict:
    net, hp = build(request), request["hp"]
    optimizer = OPTIMIZERS[OPTIMIZER_NAMES.get(request["optimizer"], request["optimizer"])]
    settings = tuple(hp[SETTINGS.get(s.name, s.name)] for s in optimizer.settings)
    p, state = net.flat, optimizer.init(net.flat)
    for t in range(1, request["steps"] + 1):
        gradient = flat_gradient(trace(net, request["X"], request["Y"]))
        net.flat[...], state = optimizer.update(p, gradient, state, hp["lr"], t, settings)
    cost = trace(net, request["X"], request["Y"]).C
    return {"W": list(net.W.values()), "b": list(net.b.values()), "loss": cost}


def clip(request: dict) -> dict:
    net = build(request)
    gradient = flat_gradient(trace(net, request["X"], request["Y"]))
    norm = float(descent.norm(gradient)[0])
    descent.clip(gradient, request["max_norm"])
    dW = network(net.sizes, tuple(net.activations.values()), net.loss, gradient).W
    return {"total_norm": norm, "dW": list(dW.values())}


def one_activation(request: dict) -> dict:
    f, z = activation(request["name"], request["params"].get("alpha")), request["x"]
    a = f.f(z)
    return {"f": a, "df": slope(f, z, a)}


OPERATIONS = {
    "fwd_bwd": forward_backward, "train": train, "clip": clip, "act": one_activation,
    "softmax": lambda request: {"a": softmax(request["z"][:, None])[:, 0]},
}
