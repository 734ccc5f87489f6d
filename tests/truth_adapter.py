"""The engine behind the one callable that tests/data/truth/check.py asks its questions of.

    python tests/data/truth/check.py --adapter tests/truth_adapter.py:adapter      (from the root)
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from engine.activations import ACTIVATIONS, softmax
from engine.backprop import slope, trace
from engine.losses import LOSSES
from engine.network import network

LOSS_NAMES = {"mse_half_sum": "half_sum", "cce": "cross_entropy",
              "bce_with_logits": "bce_logits", "cce_with_logits": "cross_entropy_logits"}


def adapter(request: dict) -> dict:
    """Answers one request; NotImplementedError where the engine does not offer it."""
    return OPERATIONS[request["op"]](request)


def build(request: dict):
    """The network of a request."""
    loss = LOSS_NAMES.get(request["loss"], request["loss"])
    offered(loss, LOSSES)
    for name in request["activations"]:
        offered(name, ACTIVATIONS)
    pairs = zip(request["W"], request["b"], strict=True)
    flat = np.concatenate([part.ravel() for pair in pairs for part in pair])
    return network(tuple(request["sizes"]), tuple(request["activations"]), loss, flat)


def offered(name: str, table: dict) -> None:
    if name not in table:
        raise NotImplementedError(name)


def forward_backward(request: dict) -> dict:
    net = build(request)
    now, m = trace(net, request["X"], request["Y"]), request["X"].shape[1]
    up = range(1, net.L + 1)
    answer = {symbol: [getattr(now, symbol)[l] for l in up] for symbol in ("z", "a", "dW", "db")}
    delta = {l: now.delta[l] / m for l in up}  # there the mean over the samples is inside
    return answer | {"delta": list(delta.values()), "dX": net.W[1].T @ delta[1], "loss": now.C}


def train(request: dict) -> dict:
    if request["optimizer"] != "sgd":
        raise NotImplementedError(request["optimizer"])
    net = build(request)
    for _ in range(request["steps"]):
        now = trace(net, request["X"], request["Y"])
        for l in net.W:
            net.W[l][...] -= request["hp"]["lr"] * now.dW[l]
            net.b[l][...] -= request["hp"]["lr"] * now.db[l]
    cost = trace(net, request["X"], request["Y"]).C
    return {"W": list(net.W.values()), "b": list(net.b.values()), "loss": cost}


def clip(request: dict) -> dict:
    raise NotImplementedError("clip")


def activation(request: dict) -> dict:
    offered(request["name"], ACTIVATIONS)
    f, z = ACTIVATIONS[request["name"]], request["x"]
    a = f.f(z)
    return {"f": a, "df": slope(f, z, a)}


OPERATIONS = {
    "fwd_bwd": forward_backward, "train": train, "clip": clip, "act": activation,
    "softmax": lambda request: {"a": softmax(request["z"][:, None])[:, 0]},
}
