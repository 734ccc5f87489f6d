"""Tasks: something to be done in the sandbox, and how far it is done.

    TASKS     name -> what is to be done, and where
    verdict   of a run: whether it is met, and what is measured now, in a sentence

Each looks only at what is asked for: there are many ways to do it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.data.user_data import name_of
from engine.nn.backprop import flat_gradient, slope
from engine.nn.network import parameter_count
from engine.nn.workspace import output_of_f
from engine.training.run import Run
from engine.training.scores import predicted

LEAST = 0.01  # of the last layer's gradient, for the first one


class Verdict(NamedTuple):
    met: bool
    says: str


class Task(NamedTuple):
    """`page` is where it can be done: the name in its address."""

    name: str
    wish: str
    page: str
    verdict: Callable[[Run], Verdict]


def percent(share: float) -> str:
    """With three significant digits: 0.31 %, 12.5 %."""
    return f"{100 * share:.3g} %"


def neuron_is_or(run: Run) -> Verdict:
    e, now = run.experiment, run.trace(0)
    if name_of(e.data) != "or" or e.hidden or e.output != "sigmoid":
        return Verdict(False, "It must be one sigmoid neuron, without hidden layers, on OR.")
    right = predicted(now.a[1]) == predicted(now.y)
    return Verdict(bool(right.all()), f"At iteration 0 it answers {right.sum()} of {right.size} "
                   "samples on the right side of 0.5; it must be all of them.")


def shape_three_by_five(run: Run) -> Verdict:
    W = run.network(0).W
    if len(W) < 2:
        return Verdict(False, "There is no layer 2: the network needs a hidden layer.")
    rows, columns = W[2].shape
    return Verdict((rows, columns) == (3, 5), f"W[2] has {rows} rows and {columns} columns; "
                   "it must have 3 rows and 5 columns.")


def blame_of_the_sure(run: Run) -> Verdict:
    """The worst sample of a sigmoid output hears of its error, however sure the output is."""
    e, now, L = run.experiment, run.trace(0), run.experiment.L
    if e.output != "sigmoid" or not (now.y.min() >= 0 and now.y.max() <= 1):
        return Verdict(False, "The output must be sigmoid, with targets from 0 to 1.")
    wrong = abs(now.a[L] - now.y)
    worst = np.unravel_index(wrong.argmax(), wrong.shape)
    miss, error = wrong[worst], abs(now.delta[L][worst])
    return Verdict(bool(miss >= 0.9 and error >= 0.9),
                   f"At iteration 0 the worst output misses its target by {miss:.3g}, and its "
                   f"|δ| is {error:.3g}; both must be at least 0.9.")


def nothing_comes_through(run: Run) -> Verdict:
    """A zero on the path, that is no zero weight."""
    net, now = run.network(0), run.trace(0)
    if len(net.W) < 2:
        return Verdict(False, "The network needs a hidden layer.")
    size = abs(now.dW[1]).max()
    weights = all((W != 0).all() for W in net.W.values())
    zero = "no weight is 0" if weights else "a weight is 0"
    return Verdict(bool(size == 0 and weights and now.C > 0.01),
                   f"At iteration 0 the cost is {now.C:.3g}, the largest gradient in layer 1 has "
                   f"the size {size:.3g}, and {zero}. The cost must be above 0.01, the gradient "
                   "exactly 0, and no weight 0.")


def one_without_blame(run: Run) -> Verdict:
    """A hidden unit that works, and whose error is 0 because no path leads on from it."""
    net, now = run.network(0), run.trace(0)
    f = net.activations[1]
    if len(net.W) < 2 or not f.elementwise:
        return Verdict(False, "The network needs a hidden layer whose units act one by one.")
    alive = (slope(f, now.z[1], output_of_f(now, 1)) != 0).any(-1)
    silent = (now.delta[1] == 0).all(-1)
    found, others = int((alive & silent).sum()), int((~silent).sum())
    return Verdict(found > 0 and others > 0,
                   f"At iteration 0, {found} units of layer 1 have a slope but no error, and "
                   f"{others} have an error. There must be at least one of each.")


def errors_that_cancel(run: Run) -> Verdict:
    now, L = run.trace(0), run.experiment.L
    least, mean = abs(now.delta[L]).min(), abs(now.db[L]).max()
    return Verdict(bool(least >= 0.3 and mean <= 0.01),
                   f"At iteration 0 the smallest |δ| of the output is {least:.3g}, and the largest "
                   f"|db| is {mean:.3g}. The first must be at least 0.3, the second at most 0.01.")


def learned_in_fifty(run: Run) -> Verdict:
    e = run.experiment
    if e.optimizer != "gradient_descent" or e.schedule != "constant" or name_of(e.data) != "xor":
        return Verdict(False, "It must be XOR, gradient descent, and a constant learning rate.")
    if len(run.costs) <= 50:
        return Verdict(False, f"The run ends after {len(run.costs)} iterations; it needs 51.")
    return Verdict(bool(run.costs[50] <= 0.1), f"The cost at iteration 50 is {run.costs[50]:.3g}; "
                   "it must be at most 0.1.")


def many_parameters(run: Run) -> Verdict:
    N = parameter_count(run.experiment.sizes)
    return Verdict(N >= 1000, f"It has {N:,} parameters, so finite differences need {2 * N:,} "
                   "forward passes for one gradient. It must have at least 1,000 parameters.")


def first_layer_learns(run: Run) -> Verdict:
    """Sigmoid in every hidden layer, eight layers of weights, and a gradient that arrives."""
    e, now = run.experiment, run.trace(0)
    sigmoid = all(f == "sigmoid" for f in e.activations[:-1])
    if e.L != 8 or not sigmoid:
        return Verdict(False, f"It must have 7 hidden layers, all sigmoid, which makes 8 with the "
                       f"output (it has {e.L}{'' if sigmoid else ', not all sigmoid'}).")
    share = np.linalg.norm(now.dW[1]) / max(np.linalg.norm(now.dW[e.L]), 1e-300)
    finite = np.isfinite(flat_gradient(now)).all()
    return Verdict(bool(finite and share >= LEAST),
                   f"At iteration 0, layer 1's gradient is {percent(share)} of the last layer's; "
                   f"it must be at least {percent(LEAST)}.")


TASKS = {
    task.name: task
    for task in (
        Task("neuron_is_or", "Type in two weights and a bias with which the neuron answers OR: all "
             "four samples on the right side of 0.5, at iteration 0, without any training.",
             "weights", neuron_is_or),
        Task("shape_three_by_five", "Build a network in which $W^{[2]}$ has 3 rows and 5 columns.",
             "step", shape_three_by_five),
        Task("blame_of_the_sure", "Change one thing, so that the sample that is missed by far gets "
             r"an error $|\delta|$ of at least 0.9.", "step", blame_of_the_sure),
        Task("nothing_comes_through", "Make all gradients of layer 1 exactly 0, though the network "
             "is wrong and no weight is 0.", "step", nothing_comes_through),
        Task("one_without_blame", "Give a hidden unit the error 0, though its activation has a "
             "slope. Another unit must still have an error.", "weights", one_without_blame),
        Task("errors_that_cancel", r"Find a network whose output errors are all large "
             r"($|\delta| \ge 0.3$), though the gradient of its output bias is 0 (to 0.01).",
             "step", errors_that_cancel),
        Task("learned_in_fifty", "Find a learning rate with which XOR costs at most 0.1 after 50 "
             "updates of plain gradient descent.", "train", learned_in_fifty),
        Task("many_parameters", "Build a network with at least 1,000 parameters.", "step",
             many_parameters),
        Task("first_layer_learns", "Eight layers, sigmoid in all hidden ones: make layer 1's "
             "gradient at least 1 % of the last layer's.", "step", first_layer_learns),
    )
}
