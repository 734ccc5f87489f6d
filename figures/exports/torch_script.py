"""One training step as a script in PyTorch: the same numbers, by another road.

Only the forward pass and the cost are written down. Autograd finds the gradients, torch.optim makes
the update: nothing here says how backpropagation goes, so that the two check each other. The engine
follows PyTorch's conventions; where an activation, a loss or an optimizer needs an argument to be
the engine's, it stands in the tables below (`make bench` runs the scripts).
"""

from collections.abc import Iterator
from typing import NamedTuple

from engine.experiment.experiment import Experiment
from engine.training.descent import optimizer_of
from engine.training.run import Run
from engine.training.updates import penalty_lines
from figures.exports.numpy_script import SHAPES, described, heading, known, learning
from figures.stage.steps.explained_net import Net, code, net

ACTIVATION = {  # {alpha} is the activation's parameter
    "identity": "z",
    "sigmoid": "torch.sigmoid(z)",
    "tanh": "torch.tanh(z)",
    "relu": "torch.relu(z)",
    "leaky_relu": "F.leaky_relu(z, {alpha})",
    "elu": "F.elu(z, {alpha})",
    "selu": "F.selu(z)",
    "gelu": "F.gelu(z)",
    "gelu_tanh": 'F.gelu(z, approximate="tanh")',
    "silu": "F.silu(z)",
    "softplus": "F.softplus(z, threshold=40)",  # at 20 it would be off by 2e-9
    "softsign": "F.softsign(z)",
    "hard_tanh": "F.hardtanh(z)",
    "hard_sigmoid": "F.relu6(z + 3) / 6",  # F.hardsigmoid's slope is 1/6 in single precision
    "softmax": "torch.softmax(z, dim=0)",
}
LOSS = {  # the cost of a whole batch; PyTorch has samples in rows, hence .T
    "half_sum": "((a - y)**2).sum(0).mean() / 2",
    "mse": "F.mse_loss(a, y)",
    "mae": "F.l1_loss(a, y)",
    "huber": "F.huber_loss(a, y, delta={huber_delta})",
    "bce": "F.binary_cross_entropy_with_logits(z, y)",
    "bce_logits": "F.binary_cross_entropy_with_logits(a, y)",
    "cross_entropy": "F.cross_entropy(z.T, y.T)",
    "cross_entropy_logits": "F.cross_entropy(a.T, y.T)",
    "kl": 'F.kl_div(torch.log_softmax(z, dim=0), y, reduction="sum") / m',
    "output": "a.sum(0).mean()",
}


NORM = {  # of the weighted sums {u}; none has a scale or a shift of its own
    "batch": "F.batch_norm(({u}).T, None, None, training=True).T",
    "layer": "F.layer_norm(({u}).T, ({width},)).T",
    "one sample": "F.layer_norm({u}, (1,))",  # the same, which F.batch_norm refuses for one sample
}


class Named(NamedTuple):
    """An optimizer in torch.optim, and what PyTorch calls that which it remembers."""

    call: str
    memory: dict[str, str]
    counts: bool = False


OPTIMIZER = {
    "gradient_descent": Named("SGD(learned, lr=eta)", {}),
    "momentum": Named("SGD(learned, lr=eta, momentum=mu)", {"momentum_buffer": "v"}),
    "nesterov": Named("SGD(learned, lr=eta, momentum=mu, nesterov=mu > 0)",
                      {"momentum_buffer": "v"}),
    "adagrad": Named("Adagrad(learned, lr=eta, eps=epsilon)", {"sum": "s"}, counts=True),
    "rmsprop": Named("RMSprop(learned, lr=eta, alpha=alpha, eps=epsilon)", {"square_avg": "s"},
                     counts=True),
    "adam": Named("Adam(learned, lr=eta, betas=(beta1, beta2), eps=epsilon)",
                  {"exp_avg": "m", "exp_avg_sq": "v"}, counts=True),
    "adamw": Named("AdamW(learned, lr=eta, betas=(beta1, beta2), eps=epsilon, weight_decay=decay)",
                   {"exp_avg": "m", "exp_avg_sq": "v"}, counts=True),
}
GRADIENTS = """\
# Backward: PyTorch finds every gradient. delta is each sample's own error, without the 1/m of C.
for values in z.values():
    values.retain_grad()
C.backward()
delta = {l: m * z[l].grad for l in z}
dW = {l: W[l].grad.clone() for l in W}
db = {l: b[l].grad.clone() for l in b}"""
REQUIRE = "for p in (*W.values(), *b.values()):\n    p.requires_grad_()"
CLIP = "torch.nn.utils.clip_grad_norm_(learned, clip)"


def torch_script(run: Run, t: int) -> str:
    """Iteration t of a run of one seed: C, delta, dW, db, and W and b after the update."""
    e = run.experiment
    samples, parameters, needed = known(run, t, "torch")
    about = f"One training step in PyTorch: {heading(run, t)}.\n\n{described(run)}\n{SHAPES}"
    return "\n\n".join([
        f'"""{about}\n"""', "import torch\nimport torch.nn.functional as F",
        "torch.set_default_dtype(torch.float64)", samples, f"{parameters}\n{REQUIRE}", needed,
        "\n".join(["# Forward, and the cost.", *forward(net(e, e.batch_size(t)))]), GRADIENTS,
        "\n".join(update(e)), 'print("C =", C.item())\n'])


def forward(n: Net) -> Iterator[str]:
    """The lines up to C."""
    yield "z, a = {}, {0: x}"
    for l, f in n.activations.items():
        yield f"z[{l}] = {weighted(n, l)} + b[{l}]"
        a = code(ACTIVATION[f.name].format(alpha=f.alpha), z=f"z[{l}]")
        yield f"a[{l}] = a[{l - 1}] + {n.r!r} * {a}" if l in n.skips else f"a[{l}] = {a}"
    cost = LOSS[n.loss.name].format(huber_delta=n.experiment.huber_delta)
    yield "C = " + code(cost, z=f"z[{n.L}]", a=f"a[{n.L}]")


def weighted(n: Net, l: int) -> str:
    """W a of a layer, normalised if it is one that is."""
    product = f"W[{l}] @ a[{l - 1}]"
    if l not in n.normalised:
        return product
    name = "one sample" if n.norm.of_batch and n.m == 1 else n.norm.name
    return NORM[name].format(u=product, width=n.sizes[l])


def update(e: Experiment) -> Iterator[str]:
    """The lines that change W and b, where they are not frozen."""
    learned = learning(e)
    if not learned:
        yield "# Update: every parameter is frozen."
        return
    yield "# Update: W and b are the new ones after it."
    yield f"learned = [{', '.join(learned)}]"
    yield from penalties(e, [name for name in learned if name.startswith("W")])
    yield from [CLIP] if e.clip else []
    optimizer = OPTIMIZER[optimizer_of(e)[0].name]
    yield f"optimizer = torch.optim.{optimizer.call}"
    yield from remembered(optimizer)
    yield "optimizer.step()"


def penalties(e: Experiment, weights: list[str]) -> Iterator[str]:
    for line in penalty_lines(e) if weights else ():
        yield f"for p in [{', '.join(weights)}]:"
        yield f"    g = p.grad\n    p.grad = ({line.code.replace('np.', 'torch.')}).detach()"


def remembered(optimizer: Named) -> Iterator[str]:
    """What earlier updates have left in the optimizer."""
    count = {"step": "torch.tensor(t - 1.0)"} if optimizer.counts else {}
    for p in "Wb" if optimizer.memory else "":
        values = count | {name: f"{ours}_{p}[l]" for name, ours in optimizer.memory.items()}
        pairs = ", ".join(f"{name}={value}" for name, value in values.items())
        yield f"for l in {p}:\n    optimizer.state[{p}[l]].update({pairs})"
