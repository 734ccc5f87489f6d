"""What the stage plays: a run around a cursor, as plain lists and strings.

The player (assets/stage/) knows nothing of backpropagation: which formula, which numbers, what is
lit and what is said is decided here. Words and formulas depend on the experiment alone; numbers are
sent for a window of iterations and of samples around the cursor, each weight once an iteration.
A number that is not finite travels as a word.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from engine.data.datasets import output_names
from engine.data.user_data import source_of
from engine.experiment.experiment import Experiment
from engine.experiment.state import DETAILS, FADES, State
from engine.nn.losses import LOSSES
from engine.nn.steps import GRAINS
from engine.training.run import Run
from figures.packing import packed, unpacked
from figures.parcels import headed, opened, parcel
from figures.stage.building import build, layer_title
from figures.stage.marking import Predicted, asks, blank_steps
from figures.stage.numbers import fingerprint, numbers, plain, sample_names
from figures.stage.picture import picture
from figures.stage.steps.derivations import derivations
from figures.stage.steps.explained_net import Net, net
from figures.stage.steps.formulas import math, put
from figures.stage.steps.scenes import walks
from figures.window import everything, layers_near, near

GRAIN_LABELS = {"formula": "one formula", "layer": "one layer", "phase": "one phase"}


class Built(NamedTuple):
    """What has become of the wishes to build: how many of this player have been answered."""

    mount: str = ""
    count: int = 0
    told: str = ""


def stage(run: Run, state: State, move: str, built: Built | None = None) -> dict[str, Any]:
    """Everything that the player needs to step through this run around this cursor."""
    e, t = state.experiment, state.cursor.iteration
    said = words(e, e.batch_size(t), built is not None, layers_near(e, state.cursor))
    words_and_numbers = json.loads(payload(run, state, move, said, built))
    return expanded(words_and_numbers["words"]) | words_and_numbers["numbers"]


def payload(
    run: Run, state: State, move: str, words: str, built: Built | None = None, **more: Any
) -> bytes:
    """The same in one piece: JSON of the words (`words` of this batch size) and of the numbers."""
    m = state.experiment.batch_size(state.cursor.iteration)
    found = moment(run, state, move, built, **more) | {"samples": sample_names(run, m)}
    told = json.dumps(found, allow_nan=False, ensure_ascii=False)
    return f'{{"words":{words},"numbers":{told}}}'.encode()


def message(
    run: Run, state: State, move: str, cargo: dict[str, str], built: Built | None = None,
    **more: Any,
) -> bytes:
    """The numbers alone, packed, and the names of the cargo that belongs to them, by kind."""
    told = moment(run, state, move, built, **more)
    shapes, values = packed({name: told.pop(name) for name in ("traces", "parameters")})
    return parcel({"cargo": cargo, "numbers": told, "shapes": shapes}, {"values": values})


def read(message: bytes) -> dict[str, Any]:
    """The numbers of a message, as the player has them."""
    words, arrays = opened(message)
    return words["numbers"] | unpacked(words["shapes"], arrays["values"])


def moment(
    run: Run, state: State, move: str, built: Built | None = None, beside: bool = False,
    whole: bool = False, predicted: Predicted | None = None, ahead: bool = True,
) -> dict[str, Any]:
    """The numbers, and what has become of wishes and guesses.

    `built` is what has become of the wishes so far, where the network can be built. A stage that
    stands beside another one goes where that one goes. `predicted` is what was guessed so far,
    where a guess is answered. `whole`: all layers and units of a large network too, of which the
    words must have been told. `ahead`: iterations around the cursor's of a larger network too.
    """
    e, m = state.experiment, state.experiment.batch_size(state.cursor.iteration)
    sent = everything(e) if whole else near(e, state.cursor)
    found = numbers(run, state, m, move, sent, ahead)
    found |= {"built": built._asdict()} if built else {}
    found |= {"beside": True} if beside else {}
    return found | ({"predicted": predicted.plain()} if predicted else {})


class Cargo(NamedTuple):
    """What travels by itself (assets/hold.js): its name, as a message mentions it, and its bytes.
    """

    name: str
    parcel: bytes


def words_cargo(words: str) -> Cargo:
    name = json.loads(words)["wording"]
    text = f'{{"kind":"words","id":"{name}","words":{words},"arrays":{{}}}}'
    return Cargo(name, headed(text))


def samples_cargo(run: Run, m: int) -> Cargo:
    names = sample_names(run, m)
    found = {"kind": "samples", "id": fingerprint(names), "samples": names}
    return Cargo(found["id"], parcel(found, {}))


def words(
    e: Experiment, m: int, building: bool = False, layers_told: tuple[int, ...] | None = None
) -> str:
    """What no seed and no place in a layer changes, as JSON, each formula only once.

    `building` adds what builds the network. Only the layers told are put into words, None for all.
    `wording` tells one text from another; `network` is the same for all layers told.
    """
    told, loss = layers_told or everything(e).layers, LOSSES[e.loss]
    found = compact({
        "network": fingerprint(e, m, building),
        "grains": [[name, GRAIN_LABELS[name]] for name in GRAINS],
        "order": {str(step): position for position, step in enumerate(e.steps)},
        "picture": picture(e.sizes, targets=loss.has_target, skips=net(e, m).skips),
        "told": list(told), "layers": layers(e),
        "build": build(e) if building else None,
        "walks": walks(e, m, told),
        "derivations": derivations(e, m, told),
        "curves": curves(net(e, m), told),
        "asks": asks(e, m),
        "blanks": blank_steps(e),
        "fades": [*map(list, FADES.items())],
        "details": [*map(list, DETAILS.items())],
    })
    return json.dumps(found | {"wording": fingerprint(found)}, allow_nan=False,
                      ensure_ascii=False, separators=(",", ":"))


def compact(tree: dict[str, Any]) -> dict[str, Any]:
    """Every formula once, in a list; § and its place there stand for it elsewhere.

    A name that begins with § goes into the list as well, or it would be taken for a place.
    """
    places: dict[str, int] = {}
    placed = lambda formula: f"§{places.setdefault(formula, len(places))}"
    short = mapped(tree, lambda text: placed(text) if text.startswith(("<math", "§")) else text)
    return short | {"formulas": list(places)}


def expanded(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree that was made compact, as the player has it."""
    formulas = tree.pop("formulas")
    return mapped(tree, lambda text: formulas[int(text[1:])] if text.startswith("§") else text)


def mapped(branch: Any, change: Callable[[str], str]) -> Any:
    """The same tree of dicts and lists with its texts changed."""
    if isinstance(branch, dict):
        return {name: mapped(value, change) for name, value in branch.items()}
    if isinstance(branch, list):
        return [mapped(value, change) for value in branch]
    return change(branch) if isinstance(branch, str) else branch


def layers(e: Experiment) -> list[dict[str, Any]]:
    """Titles, activations and unit names, column by column."""
    source, loss = source_of(e.data), LOSSES[e.loss]
    outputs = output_names(source, e.output, each_class=loss.needs == "classes")
    titles = [layer_title(e.L, l) for l in range(e.L + 1)]
    names = [source.inputs, *([str(j + 1) for j in range(n)] for n in e.sizes[1:-1]), outputs]
    columns = zip(titles, ("", *e.activations), e.sizes, names, strict=True)
    return [{"title": title, "activation": f, "width": n, "units": list(units)}
            for title, f, n, units in columns]


def curves(n: Net, told: tuple[int, ...]) -> dict[str, dict[str, Any]]:
    """Each layer's activation as points of its curve; none where a unit depends on others."""
    z = np.linspace(-6, 6, 121)
    return {
        str(l): {"x": plain(z.round(2)), "y": plain(f.f(z).round(4)), "of": n.of_f(l),
                 "f": math(f"f(z) = {put(f.formula, z='z')}")}
        for l, f in n.activations.items() if f.elementwise and l in told
    }
