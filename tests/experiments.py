"""Experiments that between them use every activation, loss and output of the engine's tables."""

from dataclasses import replace

from engine.activations import ACTIVATIONS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.presets import PRESETS
from engine.spec import Experiment, Layer, losses, outputs

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


EXPERIMENTS = [*every_loss(), *every_activation(), *every_optimizer(),
               Experiment(data="moons", size=10, batch=4, iterations=5),
               *(preset.state.experiment for preset in PRESETS.values())]


def name(e: Experiment) -> str:
    clipped = "-clipped" if e.clip else ""
    return f"{e.data}-{'-'.join(e.activations)}-{e.loss}-{e.optimizer}{clipped}"
