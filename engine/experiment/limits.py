"""The border: what each field of a state allows. A check returns a sentence, "" where all is well.

A sentence has the name, what is allowed, and the value: `learning_rate must be above 0 and at most
1e+09 (got -3)`. `problems` looks at the values of an experiment, first each field by itself, then
those that must fit each other. Inside, values are trusted.
"""

from collections.abc import Callable
from math import isfinite
from typing import Any

from engine.data import batches
from engine.data.datasets import DATASETS
from engine.data.tables import shown
from engine.data.user_data import Data, Own, name_of, source_of
from engine.experiment.checks import (
    Check,
    above_zero,
    between,
    in_range,
    in_table,
    is_number,
    one_of,
    optional,
    whole,
    yes_or_no,
)
from engine.experiment.forks import MAX_FORKS, fork_problem, past_of
from engine.experiment.layers import (
    Layer,
    losses,
    outputs,
    parameter_names,
    sizes,
    training_samples,
)
from engine.nn.activations import ACTIVATIONS
from engine.nn.costs import seconds_of_update
from engine.nn.initializers import BIASES, INITIALIZERS
from engine.nn.losses import LOSSES
from engine.nn.network import parameter_count
from engine.nn.normalisation import NORMS
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.schedules import SCHEDULES

MAX_HIDDEN = 100
MAX_WIDTH = 256
MAX_PARAMETERS = 2_000_000  # with Adam a block of them takes 48 MB
MAX_ACTIVITY = 4_000_000  # units × samples of an iteration: a trace of them takes 200 MB
MAX_SEED = 999_999
MAX_ITERATIONS = 100_000
MAX_LEARNING_RATE = 1e9
MAX_NOISE = 10.0
MAX_SPLIT = 0.9
MAX_GAIN = 1000.0
MAX_CLIP = 1e9
MAX_PENALTY = 100.0
MAX_HUBER_DELTA = 1000.0
MAX_RESIDUAL = 10.0
MAX_WORK = 10**10  # multiplications of a whole run,
MAX_SECONDS = 12.0  # and its time, as engine/nn/costs.py estimates it: about ten seconds

Values = dict[str, Any]


def check_hidden(name: str, hidden: tuple[Layer, ...]) -> str:
    if not isinstance(hidden, tuple) or not all(isinstance(one, Layer) for one in hidden):
        return f"{name} must be layers such as [4] or [(4, 'relu')] (got {shown(hidden)})"
    if len(hidden) > MAX_HIDDEN:
        return f"{name} must have at most {MAX_HIDDEN} layers (got {len(hidden)})"
    return next(filter(None, map(check_layer, hidden)), "")


def check_layer(layer: Layer) -> str:
    problem = whole("width of a hidden layer", layer.width, 1, MAX_WIDTH)
    problem = problem or one_of("activation", layer.activation, ACTIVATIONS)
    if problem or layer.alpha is None:
        return problem
    if not ACTIVATIONS[layer.activation].family:
        return f"alpha must be left out for {layer.activation} (got {shown(layer.alpha)})"
    return between(0, 1)("alpha", layer.alpha)


def check_data(name: str, data: Data) -> str:
    return "" if isinstance(data, Own) else one_of(name, data, DATASETS)


ALONE: dict[str, Check] = {  # each field by itself
    "data": check_data,
    "hidden": check_hidden,
    "output": in_table(ACTIVATIONS),
    "loss": in_table(LOSSES),
    "initializer": in_table(INITIALIZERS),
    "learning_rate": above_zero(MAX_LEARNING_RATE),
    "iterations": in_range(1, MAX_ITERATIONS),
    "noise": optional(between(0, MAX_NOISE)),
    "split": between(0, MAX_SPLIT),
    "standardise": optional(yes_or_no),
    "gain": between(-MAX_GAIN, MAX_GAIN),
    "bias": in_table(BIASES),
    "bias_scale": between(-MAX_GAIN, MAX_GAIN),
    "optimizer": in_table(OPTIMIZERS),
    "schedule": in_table(SCHEDULES),
    "warmup": in_range(0, MAX_ITERATIONS),
    "every": in_range(1, MAX_ITERATIONS),
    "factor": above_zero(10.0),
    "clip": between(0, MAX_CLIP),
    "l1": between(0, MAX_PENALTY),
    "l2": between(0, MAX_PENALTY),
    "huber_delta": above_zero(MAX_HUBER_DELTA),
    "norm": in_table(NORMS),
    "residual": between(0, MAX_RESIDUAL),
}


def check_loss(v: Values) -> str:
    if v["loss"] in losses(v["data"]):
        return ""
    return (f"loss must suit the targets of {name_of(v['data'])}: {', '.join(losses(v['data']))} "
            f"(got {shown(v['loss'])})")


def check_output(v: Values) -> str:
    if v["output"] in outputs(v["loss"]):
        return ""
    return (f"output must be {' or '.join(outputs(v['loss']))} for the loss {v['loss']}, "
            f"which could meet the logarithm of 0 otherwise (got {shown(v['output'])})")


def count(v: Values) -> int:
    """The number of parameters."""
    return parameter_count(sizes(v["data"], v["hidden"], v["output"], v["loss"]))


def batch_size(v: Values) -> int:
    """The samples of an iteration."""
    return batches.size(0, training_samples(v["data"], v["size"], v["split"]), v["batch"])


def check_together(v: Values) -> str:
    """Each layer may be allowed, and all of them be too much for the memory."""
    parameters = count(v)
    if parameters > MAX_PARAMETERS:
        return (f"hidden must have at most {MAX_PARAMETERS:,} parameters in all layers together "
                f"(got {parameters:,})")
    units, m = sum(sizes(v["data"], v["hidden"], v["output"], v["loss"])), batch_size(v)
    if units * m > MAX_ACTIVITY:
        return (f"hidden must have at most {max(1, MAX_ACTIVITY // m):,} units in all layers "
                f"together for {m:,} samples in an iteration (got {units:,})")
    return ""


def check_parameters(v: Values) -> str:
    given = v["parameters"]
    if not isinstance(given, tuple) or not all(isfinite(number) for number in given):
        return "parameters must be finite numbers (got one that is not)"
    if given and len(given) != count(v):
        return f"parameters must be {count(v)} numbers for this network (got {len(given)})"
    return ""


def check_frozen(v: Values) -> str:
    names = parameter_names(len(v["hidden"]) + 1)
    given = v["frozen"] if isinstance(v["frozen"], tuple) else (v["frozen"],)
    strange = [name for name in given if name not in names]
    twice = next((name for i, name in enumerate(given) if name in given[:i]), "")
    if twice and not strange:
        return f"frozen must name each parameter once (got {twice} twice)"
    known = ", ".join(names if len(names) <= 20 else (*names[:2], "...", *names[-2:]))
    return f"frozen must be among {known} (got {shown(strange[0])})" if strange else ""


def check_size(v: Values) -> str:
    return "" if v["size"] is None else whole("size", v["size"], 1, source_of(v["data"]).most)


def check_batch(v: Values) -> str:
    return whole("batch", v["batch"], 0, training_samples(v["data"], v["size"], v["split"]))


def check_settings(v: Values) -> str:
    """As many numbers as the optimizer has settings, each in its range; or none, for its own."""
    settings, given = OPTIMIZERS[v["optimizer"]].settings, v["settings"]
    if given == ():
        return ""
    if not isinstance(given, tuple) or len(given) != len(settings):
        names = ", ".join(setting.name for setting in settings) or "nothing"
        got = len(given) if isinstance(given, tuple) else shown(given)
        return f"settings must be {names} for {v['optimizer']}, or nothing (got {got})"
    for s, value in zip(settings, given, strict=True):
        if not (is_number(value) and (0 <= value < s.high or (s.closed and value == s.high))):
            limit = "at most" if s.closed else "below"
            return f"{s.name} must be at least 0 and {limit} {s.high:g} (got {shown(value)})"
    return ""


def most_iterations(v: Values) -> int:
    """How many iterations a run of these values may have."""
    m, units = batch_size(v), sizes(v["data"], v["hidden"], v["output"], v["loss"])
    in_time = int(MAX_SECONDS / seconds_of_update(v, units, m))
    return min(MAX_ITERATIONS, max(1, min(in_time, MAX_WORK // (m * count(v)))))


def check_work(v: Values) -> str:
    most = most_iterations(v)
    if v["iterations"] <= most:
        return ""
    return (f"iterations must be at most {most} for this network, batch and optimizer, which is "
            f"about ten seconds of computing (got {v['iterations']})")


def check_forks(v: Values) -> str:
    forks = v["forks"]
    if not isinstance(forks, tuple) or len(forks) > MAX_FORKS:
        got = len(forks) if isinstance(forks, tuple) else shown(forks)
        return f"forks must be at most {MAX_FORKS} (got {got})"
    return (fork_problem(v) or check_past(v, past_of(v))) if forks else ""


def check_past(v: Values, past: Values) -> str:
    """The past is an experiment itself; every parameter is where it was."""
    if text := next(iter(problems(past).values()), ""):
        return f"forks must have a past that is allowed: {text}"
    units = lambda v: sizes(v["data"], v["hidden"], v["output"], v["loss"])
    if units(past) != units(v):
        return (f"forks must keep the units of all layers, {shown(units(past))} "
                f"(got {shown(units(v))})")
    if LOSSES[past["loss"]].has_target != LOSSES[v["loss"]].has_target:
        return "forks must keep a loss that has targets, or one that has none"
    return ""


TOGETHER: dict[str, Callable[[Values], str]] = {  # in order: each may rely on those before it
    "loss": check_loss, "output": check_output, "parameters": check_parameters,
    "frozen": check_frozen, "size": check_size, "batch": check_batch,
    "settings": check_settings, "hidden": check_together, "iterations": check_work,
    "forks": check_forks,
}


def problems(values: Values) -> dict[str, str]:
    """What is wrong with the values of an experiment: the first field, and its sentence."""
    for name, check in ALONE.items():
        if text := check(name, values[name]):
            return {name: text}
    for name, check_all in TOGETHER.items():
        if text := check_all(values):
            return {name: text}
    return {}
