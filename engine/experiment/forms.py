"""How one value stands in a link: a Form writes it as text, and reads it again, exactly."""

import csv
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from io import StringIO
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from engine.data.tables import MAX_COLUMNS, MAX_NAME, numeral
from engine.experiment.layers import Layer

MAX_LENGTH = 20_000  # characters of one value in a link: longer ones are not looked at
MAX_TYPED = 2_000_000  # in a file: as many as a network may have
MANY_LAYERS = 1000  # what is more is not even counted


def never(value: Any) -> None:
    """The name of what always fits."""


class Form(NamedTuple):
    """How a value is written, how it is read (ValueError where it cannot be), and what it is.

    name     the fingerprint and the size by which a link names what does not fit into it, or None
    speaks   whether the ValueErrors of `read` are sentences themselves
    longest  the characters that it may have in a file; in a link nothing has more than MAX_LENGTH
    """

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    expected: str
    name: Callable[[Any], tuple[str, int] | None] = never
    speaks: bool = False
    longest: int = MAX_LENGTH


def integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,12}", text):
        raise ValueError
    return int(text)


def layer(text: str) -> Layer:
    """4tanh, or with the parameter of its activation: 4leaky_relu:0.2"""
    match = re.fullmatch(r"([0-9]{1,12})([a-z_]+)(?::([0-9.e+]*(?:e-[0-9]+)?))?", text)
    width, activation, alpha = match.groups()
    return Layer(int(width), activation, None if alpha is None else float(alpha))


def write_layer(layer: Layer) -> str:
    alpha = "" if layer.alpha is None else f":{layer.alpha!r}"
    return f"{layer.width}{layer.activation}{alpha}"


def hidden(text: str) -> tuple[Layer, ...]:
    """Layers with a hyphen between them: one before a width, not one within 1e-05.

    Equal ones in a row are written once: 64tanh*20.
    """
    found: list[Layer] = []
    for part in re.split(r"-(?=[0-9]+[a-z_])", text) if text else ():
        one, _, times = part.partition("*")
        if len(found) + (many := integer(times) if times else 1) > MANY_LAYERS or many < 1:
            raise ValueError
        found += [layer(one)] * many
    return tuple(found)


def write_hidden(layers: tuple[Layer, ...]) -> str:
    """4tanh-3relu, 64tanh*20"""
    alike = ((write_layer(one), len([*same])) for one, same in groupby(layers))
    return "-".join(text if n == 1 else f"{text}*{n}" for text, n in alike)


def separated(mark: str, write: Callable, read: Callable, expected: str) -> Form:
    """A tuple of values with a mark between them; nothing for none."""
    return Form(
        lambda values: mark.join(map(write, values)),
        lambda text: tuple(map(read, text.split(mark))) if text else (),
        expected,
    )


def optional(form: Form) -> Form:
    """Nothing stands for None: as the data has it."""
    return form._replace(write=lambda value: "" if value is None else form.write(value),
                         read=lambda text: form.read(text) if text else None)


def columns(names: tuple[str, ...]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="").writerow(names)
    return line.getvalue()


def read_columns(text: str) -> tuple[str, ...]:
    try:
        return tuple(name for row in csv.reader([text], strict=True) for name in row)
    except csv.Error as error:
        raise ValueError from error


def packed(numbers: tuple[float, ...]) -> str:
    """Decimals, or where that is shorter their bytes in base64, after a ~."""
    decimals = "_".join(map(numeral, numbers)).replace("e+", "e")
    binary = "~" + urlsafe_b64encode(np.array(numbers, "<f8").tobytes()).decode().rstrip("=")
    return min(decimals, binary, key=len)


def unpacked(text: str) -> tuple[float, ...]:
    if text.startswith("~"):
        content = urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
        return tuple(np.frombuffer(content, "<f8").tolist())
    count = text.count("_") + text.count(",") + 1
    if count > MAX_TYPED:
        raise ValueError
    numbers = tuple(float(match[0]) for match in re.finditer("[^_,]+", text))
    if text and len(numbers) != count:
        raise ValueError
    return numbers


WORD = Form(str, str, "a word")
INTEGER = Form(str, integer, "a whole number")
NUMBER = Form(repr, float, "a number")
YES_OR_NO = Form(lambda yes: "yes" if yes else "no", {"yes": True, "no": False}.__getitem__,
                 "yes or no")
COLUMNS = Form(columns, read_columns, "names of columns with commas between them",
               longest=2 * MAX_COLUMNS * (MAX_NAME + 1))
NUMBERS = separated(",", repr, float, "numbers with commas between them")
