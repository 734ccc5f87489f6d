"""The link: a State as a query string, and back.

`write` is exact: read(write(state)) gives the state, to the last bit of every number.
`read` is total: it takes any mapping of strings, keeps what it can, and says in a sentence what it
dropped. The keys are the names of the fields; `v` is the version of this format.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine.spec import (
    ALL,
    MAX_SEED,
    Cursor,
    Experiment,
    Layer,
    State,
    asdict_shallow,
    cursor_problems,
    mended,
    shown,
    whole,
)

VERSION = "1"
MAX_LENGTH = 20_000  # characters of one value: longer ones are not looked at


class Form(NamedTuple):
    """How a value is written, how it is read (ValueError where it cannot be), and what it is."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    expected: str


def integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,12}", text):
        raise ValueError
    return int(text)


def layer(text: str) -> Layer:
    """4tanh, or with the parameter of its activation: 4leaky_relu:0.2"""
    match = re.fullmatch(r"([0-9]{1,12})([a-z_]+)(?::([0-9.e+]*(?:e-[0-9]+)?))?", text)
    width, activation, alpha = match.groups()
    return Layer(int(width), activation, None if alpha is None else float(alpha))


def written(layer: Layer) -> str:
    alpha = "" if layer.alpha is None else f":{layer.alpha!r}"
    return f"{layer.width}{layer.activation}{alpha}"


def hidden(text: str) -> tuple[Layer, ...]:
    """Layers with a hyphen between them: one before a width, not one within 1e-05."""
    return tuple(map(layer, re.split(r"-(?=[0-9]+[a-z_])", text))) if text else ()


def separated(mark: str, write: Callable, read: Callable, expected: str) -> Form:
    """A tuple of values with a mark between them; nothing for none."""
    return Form(
        lambda values: mark.join(map(write, values)),
        lambda text: tuple(map(read, text.split(mark))) if text else (),
        expected,
    )


WORD = Form(str, str, "a word")
INTEGER = Form(str, integer, "a whole number")
NUMBER = Form(repr, float, "a number")
NUMBERS = separated(",", repr, float, "numbers with commas between them")

EXPERIMENT = {
    "data": WORD,
    "hidden": Form(lambda layers: "-".join(map(written, layers)), hidden,
                   "layers such as 4tanh-3relu"),
    "output": WORD,
    "loss": WORD,
    "initializer": WORD,
    "parameters": NUMBERS,
    "frozen": separated(",", str, str, "names such as b1,b2"),
    "learning_rate": NUMBER,
    "iterations": INTEGER,
}
OPTIONS = {  # these stand in a link only where they differ from their defaults
    "noise": NUMBER,
    "size": INTEGER,
    "split": NUMBER,
    "standardise": Form(lambda yes: "yes" if yes else "no", {"yes": True, "no": False}.__getitem__,
                        "yes or no"),
    "gain": NUMBER,
    "bias": WORD,
    "bias_scale": NUMBER,
    "optimizer": WORD,
    "settings": NUMBERS,
    "schedule": WORD,
    "warmup": INTEGER,
    "every": INTEGER,
    "factor": NUMBER,
    "batch": INTEGER,
    "clip": NUMBER,
    "l1": NUMBER,
    "l2": NUMBER,
    "huber_delta": NUMBER,
}
CURSOR = {
    "iteration": INTEGER,
    "sample": Form(lambda s: "all" if s == ALL else str(s),
                   lambda text: ALL if text == "all" else integer(text), "a whole number or all"),
    "step": WORD,
    "unit": separated(".", str, integer, "numbers such as 2.0 or 2.0.1"),
    "grain": WORD,
}
FORMS = EXPERIMENT | OPTIONS | {"seed": INTEGER} | CURSOR
FRAME = {"embed", "embed_options"}  # read by Streamlit itself


def write(state: State) -> dict[str, str]:
    """The query parameters of a state."""
    values = asdict_shallow(state.experiment) | {"seed": state.seed}
    values |= asdict_shallow(state.cursor)
    usual = {name: value for name, value in asdict_shallow(Experiment()).items() if name in OPTIONS}
    return {"v": VERSION} | {name: form.write(values[name]) for name, form in FORMS.items()
                             if name not in usual or values[name] != usual[name]}


def read(query: Mapping[str, str]) -> tuple[State, list[str]]:
    """The state of a link, and a sentence for each thing in it that had to be dropped."""
    values, sentences = parsed(query)
    of = lambda forms, start: asdict_shallow(start) | {n: values[n] for n in forms if n in values}
    experiment, changed = mended(of(EXPERIMENT | OPTIONS, Experiment()))
    seed, wrong_seed = read_seed(values)
    cursor, moved = read_cursor(of(CURSOR, Cursor()), experiment)
    return State(experiment, seed, cursor), sentences + changed + wrong_seed + moved


def parsed(query: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values, sentences = {}, []
    for name, text in query.items():
        if name in FORMS:
            try:
                values[name] = read_value(FORMS[name], text)
            except ValueError:
                expected = FORMS[name].expected
                sentences.append(f"{name} must be {expected} (got {shown(text)})")
        elif name == "v" and text != VERSION:
            sentences.append(f"v must be {VERSION}, the version of links here (got {shown(text)})")
        elif name != "v" and name not in FRAME:
            sentences.append(f"{shown(name)} is not a part of a link")
    return values, sentences


def read_value(form: Form, text: str) -> Any:
    if len(text) > MAX_LENGTH:
        raise ValueError
    try:
        return form.read(text)
    except (AttributeError, KeyError, TypeError, OverflowError) as problem:  # no match, too large
        raise ValueError from problem


def read_seed(values: dict[str, Any]) -> tuple[int, list[str]]:
    seed = values.get("seed", 0)
    sentence = whole("seed", seed, 0, MAX_SEED)
    return (0, [sentence]) if sentence else (seed, [])


def read_cursor(values: dict[str, Any], experiment: Experiment) -> tuple[Cursor, list[str]]:
    cursor = Cursor(**values)
    sentences = list(cursor_problems(cursor, experiment).values())
    return cursor.fitted(experiment), sentences
