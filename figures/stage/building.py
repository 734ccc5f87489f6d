"""The heads of the stage: what can be pressed above each layer, and between two, to build there.

The player shows the controls and sends their wishes back as they are
(engine/experiment/building.py); which there are, what they are called and where they end is decided
here.
"""

from collections.abc import Sequence
from typing import Any

from engine.experiment.building import granted
from engine.experiment.experiment import Experiment
from engine.experiment.layers import outputs
from engine.experiment.limits import MAX_HIDDEN, MAX_WIDTH
from engine.nn.activations import ACTIVATIONS

FOLLOWS = {"Input": "As many as the data has inputs",
           "Output": "As many as the data and the loss ask for"}
MOST_HEADS = 9  # layers that all have a head
AT_AN_END = 3  # hidden layers that have one at either end of a deeper network
Control = dict[str, Any]


def build(e: Experiment) -> dict[str, list]:
    """Column by column a head, and the place for a new layer after each but the last.

    Of a deep network only the ends are built here; `more` says where the others are.
    """
    shown = [*range(e.L + 1)]
    if e.L > MOST_HEADS:
        shown = [*shown[:AT_AN_END + 1], *shown[-AT_AN_END - 1:]]
    return {"heads": [head(e, l) for l in shown], "places": [place(e, l) for l in shown[:-1]],
            "more": more(e, shown)}


def more(e: Experiment, shown: list[int]) -> str:
    first, last = AT_AN_END + 1, e.L - AT_AN_END - 1
    return "" if len(shown) > e.L else (
        f"Layers {first} to {last} are not shown here: the sidebar changes all layers at once.")


def head(e: Experiment, l: int) -> Control:
    name, n = layer_title(e.L, l), e.sizes[l]
    if not 0 < l < e.L:
        return {"title": name, "units": units(n), "why": FOLLOWS[name],
                "menu": menu(e, l, outputs(e.loss)) if l else None}
    return {
        "title": name, "units": str(n),
        "fewer": button(e, "−", f"One unit fewer in layer {l}", "width", l, -1),
        "more": button(e, "+", f"One unit more in layer {l}", "width", l, 1),
        "remove": button(e, "×", f"Remove layer {l}", "remove", l),
        "menu": menu(e, l, ACTIVATIONS),
    }


def place(e: Experiment, l: int) -> Control:
    after = f"layer {l}" if l else "the input"
    return button(e, "+", f"New layer after {after}", "insert", l) | {"long": "new layer"}


def button(e: Experiment, text: str, label: str, *wish: str | int) -> Control:
    """A button; off where its wish would change nothing, and then it says why."""
    off = not granted(e, wish)
    return {"text": text, "label": f"{label} ({LIMITS[wish[0]]})" if off else label,
            "wish": list(wish), "off": off}


LIMITS = {"width": f"1 to {MAX_WIDTH}", "insert": f"at most {MAX_HIDDEN}"}


def menu(e: Experiment, l: int, names: Sequence[str]) -> Control:
    of = f"layer {l}" if l < e.L else "the output"
    return {"label": f"Activation of {of}", "options": list(names),
            "value": e.activations[l - 1], "wish": ["activation", l]}


def layer_title(L: int, l: int) -> str:
    return "Input" if l == 0 else "Output" if l == L else f"Layer {l}"


def units(n: int) -> str:
    return f"{n} unit" if n == 1 else f"{n} units"


def told(before: Experiment, wish: Sequence[Any], after: Experiment) -> str:
    """What a wish has done, in a sentence."""
    if before == after:
        return "The network stays as it is."
    verb, l = wish[:2]
    if verb == "remove":
        return f"Layer {l} is gone. The layers have {', '.join(map(str, after.sizes))} units."
    if verb == "activation":
        return f"{layer_title(after.L, l)} has the activation {after.activations[l - 1]}."
    if verb == "width":
        return f"Layer {l} has {units(after.sizes[l])}."
    return f"Layer {l + 1} is new: {units(after.sizes[l + 1])}, {after.activations[l]}."
