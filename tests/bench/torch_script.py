"""The exported PyTorch script beside the app: autograd and torch.optim against the engine.

The scripts of many experiments, which have every activation, loss and optimizer among them, are run
at their first and their last iteration; what is shown is the largest difference of all.
"""

import importlib.util

from engine.training.run import train
from figures.exports.torch_script import torch_script
from tests.bench import Row
from tests.figures.exports.test_numpy_script import RUNS
from tests.figures.exports.torch_numbers import GOAL, differences


def measure() -> list[Row]:
    if not importlib.util.find_spec("torch"):
        return []
    found = []
    for experiment, last in RUNS:
        run = train(experiment, 3)
        t = min(last, run.last)
        found.append(differences(torch_script(run, t), run, t))
    return [Row(f"{len(RUNS)} scripts, largest difference in {name}",
                max(difference[name] for difference in found), "", "≤", GOAL) for name in found[0]]
