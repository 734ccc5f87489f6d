"""Makes norms.json: small networks with normalisation and residuals, as PyTorch computes them.

    python -m venv venv
    venv/bin/pip install torch==2.13.0
    venv/bin/python tests/data/make_norms.py          (from the root; writes tests/data/norms.json)

Nothing of Backstep is imported. PyTorch has samples in rows, so all matrices of samples are turned
over at the end; delta is m ∂C/∂z. float64; a hidden layer is

    z = batch_norm or layer_norm (W a), without affine parameters, + b
    a = f(z), or from the second one on, where it is as wide as the one below, a below + r f(z)
"""

import json
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

NORMS = {
    "none": lambda u: u,
    "batch": lambda u: F.batch_norm(u, None, None, training=True),
    "layer": lambda u: F.layer_norm(u, u.shape[1:]),
}
ACTIVATIONS = {
    "tanh": torch.tanh, "relu": torch.relu, "gelu": F.gelu, "silu": F.silu, "elu": F.elu,
    "sigmoid": torch.sigmoid, "identity": lambda z: z, "softmax": lambda z: F.softmax(z, dim=1),
}
LOSSES = {  # of the output and, for those with a logarithm, of its z
    "cross_entropy": lambda a, z, y: F.cross_entropy(z, y),
    "bce": lambda a, z, y: F.binary_cross_entropy_with_logits(z, y),
    "mse": lambda a, z, y: F.mse_loss(a, y),
}
NETWORKS = (  # name, sizes, hidden, output, loss, norm, residual, samples
    ("batch", (3, 5, 5, 4), "tanh", "softmax", "cross_entropy", "batch", 0.0, 6),
    ("batch and residuals", (2, 4, 4, 4, 1), "relu", "sigmoid", "bce", "batch", 0.7, 7),
    ("layer", (3, 6, 4, 2), "gelu", "identity", "mse", "layer", 0.0, 5),
    ("layer and residuals", (2, 5, 5, 5, 3), "silu", "softmax", "cross_entropy", "layer", 0.5, 4),
    ("residuals", (3, 4, 4, 4, 2), "elu", "identity", "mse", "none", 1.0, 5),
    ("unequal widths", (4, 3, 5, 5, 2), "sigmoid", "softmax", "cross_entropy", "batch", 1.5, 8),
)


def reference(
    name: str, sizes: tuple[int, ...], hidden: str, output: str, loss: str, norm: str,
    residual: float, m: int, seed: int,
) -> dict[str, Any]:
    """One network with random parameters and samples, and all that autograd says of it."""
    torch.manual_seed(seed)
    W = [torch.randn(n, k).requires_grad_() for k, n in zip(sizes, sizes[1:])]
    b = [torch.randn(n).requires_grad_() for n in sizes[1:]]
    x, y, L = torch.randn(m, sizes[0]), targets(loss, m, sizes[-1]), len(W)
    z, a = [], [x]
    for l in range(L):
        u, last = F.linear(a[l], W[l]), l == L - 1
        z.append((u if last else NORMS[norm](u)) + b[l])
        z[l].retain_grad()
        f = ACTIVATIONS[output if last else hidden](z[l])
        skip = residual and 0 < l < L - 1 and sizes[l] == sizes[l + 1]
        a.append(a[l] + residual * f if skip else f)
    C = LOSSES[loss](a[L], z[-1], y)
    C.backward()
    columns = lambda values: [v.detach().T.tolist() for v in values]
    flat = torch.cat([p.detach().ravel() for pair in zip(W, b) for p in pair])
    return {
        "name": name, "sizes": sizes, "activations": [*[hidden] * (L - 1), output], "loss": loss,
        "norm": norm, "residual": residual, "flat": flat.tolist(), "x": x.T.tolist(),
        "y": y.T.tolist(), "C": C.item(), "z": columns(z), "a": columns(a[1:]),
        "delta": columns([m * v.grad for v in z]), "dW": [w.grad.tolist() for w in W],
        "db": [v.grad[:, None].tolist() for v in b],
    }


def targets(loss: str, m: int, K: int) -> torch.Tensor:
    if loss == "cross_entropy":
        return F.one_hot(torch.randint(K, (m,)), K).double()
    return torch.rand(m, K) if loss == "bce" else torch.randn(m, K)


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    found = [reference(*network, seed) for seed, network in enumerate(NETWORKS)]
    Path(__file__).with_name("norms.json").write_text(json.dumps(found) + "\n")
