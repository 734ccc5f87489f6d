"""Backpropagation in NumPy, for people who want to watch it: it needs no app.

An experiment is a set of plain values; training it gives a run, any iteration of which can be
looked at. W, b, z, a, delta, dW and db have an entry for each layer, numbered from 1; samples are
columns.

    >>> from engine.spec import Experiment, Layer
    >>> from engine.training import train
    >>> xor = Experiment(data="xor", hidden=(Layer(4, "tanh"),), loss="bce", iterations=500)
    >>> run = train(xor, seed=7)
    >>> bool(run.costs[-1] < 0.01 < run.costs[0])
    True
    >>> now = run.trace(0)                          # every value of the first step
    >>> now.z[1].shape, now.delta[2].shape, now.dW[2].shape
    ((4, 4), (1, 4), (1, 4))
    >>> from engine.gradcheck import gradcheck      # the same gradients, measured
    >>> bool(gradcheck(run.network(0), run.data.x, run.data.y).error.max() < 1e-6)
    True
    >>> train(xor, seed=tuple(range(100))).costs.shape   # a hundred networks side by side
    (500, 100)

NumPy reads the limits below when it is first imported, which is here. For matrices of this size a
second thread costs time, and it would take the core from somebody else's session.
"""

import os

for limit in (
    "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
):
    os.environ.setdefault(limit, "1")
