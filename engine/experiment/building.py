"""Building: what a wish does to a network. The stage and the sidebar both come through here.

A wish is relative, so that two of them add up, and plain, so that it can travel. Layers are
numbered as in the formulas: the hidden ones are 1 ... L-1, the output is L.

    "width", l, by        so many units more (or, below 0, fewer) in hidden layer l
    "activation", l, f    layer l has the activation f
    "insert", l           a new layer after layer l, like it; after the inputs (0), like the next
    "remove", l           hidden layer l goes

What does not fit (the layer is gone, a limit is reached) changes nothing.
"""

from collections.abc import Sequence
from typing import Any

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer, outputs
from engine.experiment.limits import check_hidden

FIRST = Layer(4, "tanh")  # the hidden layer of a network that had none

Hidden = tuple[Layer, ...]


def granted(e: Experiment, wish: Sequence[Any]) -> dict[str, Any]:
    """The field of the experiment that this wish changes, with its new value; else nothing."""
    match list(wish):
        case ["activation", int(l), str(f)] if l == e.L and f in outputs(e.loss):
            return {} if f == e.output else {"output": f}
        case ["width", int(l), int(by)]:
            hidden = grown(e.hidden, l, by)
        case ["activation", int(l), str(f)]:
            hidden = activated(e.hidden, l, f)
        case ["insert", int(l)]:
            hidden = inserted(e.hidden, l)
        case ["remove", int(l)]:
            hidden = removed(e.hidden, l)
        case _:
            return {}
    return {} if hidden == e.hidden else {"hidden": hidden}


def grown(hidden: Hidden, l: int, by: int) -> Hidden:
    return resized(hidden, l, hidden[l - 1].width + by) if has(hidden, l) else hidden


def resized(hidden: Hidden, l: int, width: int) -> Hidden:
    return changed(hidden, l, width=width)


def activated(hidden: Hidden, l: int, activation: str) -> Hidden:
    """Another activation begins with a parameter of its own."""
    if has(hidden, l) and hidden[l - 1].activation == activation:
        return hidden
    return changed(hidden, l, activation=activation, alpha=None)


def all_resized(hidden: Hidden, width: int) -> Hidden:
    return fitting(tuple(layer._replace(width=width) for layer in hidden), hidden)


def all_activated(hidden: Hidden, activation: str) -> Hidden:
    """A layer that has this activation already keeps its parameter."""
    return tuple(layer if layer.activation == activation
                 else layer._replace(activation=activation, alpha=None) for layer in hidden)


def changed(hidden: Hidden, l: int, **fields: Any) -> Hidden:
    if not has(hidden, l):
        return hidden
    return fitting((*hidden[:l - 1], hidden[l - 1]._replace(**fields), *hidden[l:]), hidden)


def inserted(hidden: Hidden, l: int) -> Hidden:
    if not 0 <= l <= len(hidden):
        return hidden
    new = hidden[max(l - 1, 0)] if hidden else FIRST
    return fitting((*hidden[:l], new, *hidden[l:]), hidden)


def removed(hidden: Hidden, l: int) -> Hidden:
    return (*hidden[:l - 1], *hidden[l:]) if has(hidden, l) else hidden


def deepened(hidden: Hidden, depth: int) -> Hidden:
    """So many hidden layers: new ones come, and old ones go, before the output."""
    last = hidden[-1] if hidden else FIRST
    return fitting((*hidden[:max(depth, 0)], *[last] * (depth - len(hidden))), hidden)


def has(hidden: Hidden, l: int) -> bool:
    return 1 <= l <= len(hidden)


def fitting(new: Hidden, old: Hidden) -> Hidden:
    """The new layers where their border allows them, else the old ones."""
    return old if check_hidden("hidden", new) else new
