"""Experiments that between them use every activation, loss and output of the engine's tables."""

from dataclasses import replace

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer, losses, outputs
from engine.experiment.presets import PRESETS
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.nn.normalisation import NORMS
from engine.nn.optimizers import OPTIMIZERS

DATA = ("mazur", "geoj", "planar")  # two outputs, one-hot classes, one output with several samples


def every_loss() -> list[Experiment]:
    return [
        Experiment(data=data, loss=loss, output=output, initializer="normal", learning_rate=0.1,
                   hidden=(Layer(3, "tanh"), Layer(2, "sigmoid")), iterations=3)
        for data in DATA for loss in LOSSES if loss in losses(data) for output in outputs(loss)
    ]


def every_activation() -> list[Experiment]:
    return [
        Experiment(data="planar", loss="half_sum", output="identity", initializer="normal",
                   learning_rate=0.1, hidden=(Layer(3, f), Layer(2, f)), iterations=3)
        for f in ACTIVATIONS
    ]


def every_optimizer() -> list[Experiment]:
    plain = Experiment(data="planar", hidden=(Layer(3, "elu", 0.5),), learning_rate=0.1,
                       initializer="normal", iterations=3)
    everything = {"l1": 0.01, "l2": 0.1, "clip": 0.05, "schedule": "cosine", "warmup": 2}
    return [replace(plain, optimizer=name, **more)
            for name in OPTIMIZERS for more in ({}, everything)]


def every_norm() -> list[Experiment]:
    """Normalisations with residuals and without: widths that are equal, unequal, and a single 1."""
    plain = Experiment(data="planar", loss="half_sum", output="identity", learning_rate=0.1,
                       initializer="normal", bias="normal", iterations=3,
                       hidden=(Layer(3, "tanh"), Layer(3, "silu"), Layer(2, "elu", 0.5)))
    found = [replace(plain, norm=norm, residual=residual) for norm in NORMS for residual in (0, 0.5)
             if norm != "none" or residual]
    soft = replace(plain, hidden=(Layer(3, "softmax"),) * 2 + (Layer(1, "gelu"),) * 2, residual=1.5)
    alone = Experiment(data="moons", size=9, batch=4, hidden=(Layer(3, "tanh"),) * 3, iterations=5,
                       optimizer="momentum")
    return [*found, *(replace(soft, norm=norm) for norm in NORMS),
            *(replace(alone, norm=norm, residual=2.0, clip=0.1, l2=0.1) for norm in NORMS)]


EXPERIMENTS = [*every_loss(), *every_activation(), *every_optimizer(), *every_norm(),
               Experiment(data="moons", size=10, batch=4, iterations=5),
               *(preset.state.experiment for preset in PRESETS.values() if not preset.deep)]


def name(e: Experiment) -> str:
    clipped = "-clipped" if e.clip else ""
    normed = f"-{e.norm}" if e.norm != "none" else ""
    skips = f"-residual-{e.residual:g}" if e.residual else ""
    return f"{e.data}-{'-'.join(e.activations)}-{e.loss}-{e.optimizer}{clipped}{normed}{skips}"
