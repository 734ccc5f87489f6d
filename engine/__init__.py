"""Backpropagation in NumPy, for people who want to watch it: it needs no app.

An experiment is a set of plain values; training it gives a run, any iteration of which can be
looked at. W, b, z, a, delta, dW and db have an entry for each layer, numbered from 1; samples are
columns.

    >>> import engine as bs
    >>> run = bs.train(bs.Experiment("xor", hidden=[4], loss="bce", iterations=500), seed=7)
    >>> run
    Run of xor, 2-4-1 tanh/sigmoid, bce: 500 iterations, cost 0.7212 → 0.004593
    >>> run[0].delta[2].shape, run[0].dW[2].shape   # every value of the first step
    ((1, 4), (1, 4))
    >>> bool(run[-1].C < 0.01 < run[0].C)           # -1 is the last one
    True
    >>> bool(bs.gradcheck(run).error.max() < 1e-6)  # the same gradients, measured
    True
    >>> net = bs.network([2, 1], ["sigmoid"], "bce", [0.5, -0.5, 0.1])   # W, then b
    >>> net
    Network 2-1 sigmoid, bce: 3 parameters
    >>> bs.trace(net, [[0, 1], [1, 1]], [[0, 1]]).dW[1].round(4)   # two samples, in columns
    array([[-0.2375, -0.0369]])
    >>> bs.train(bs.Experiment("xor", hidden=[4]), seed=range(100)).costs.shape   # side by side
    (200, 100)

Importing this changes nothing of the process. For matrices of this size a second thread of the
linear algebra costs time: whoever trains much sets OPENBLAS_NUM_THREADS=1 before NumPy is imported.
"""

from engine.data.datasets import DATASETS
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.nn.activations import ACTIVATIONS
from engine.nn.initializers import INITIALIZERS
from engine.nn.losses import LOSSES
from engine.nn.network import Network, network
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.workspace import Trace
from engine.training.face import gradcheck, trace, train
from engine.training.run import Run

__all__ = [
    "ACTIVATIONS", "DATASETS", "INITIALIZERS", "LOSSES", "OPTIMIZERS", "PRESETS", "Experiment",
    "Layer", "Network", "Run", "Trace", "gradcheck", "network", "trace", "train",
]
