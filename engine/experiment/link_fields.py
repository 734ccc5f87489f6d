"""The fields of a link, in their order, each with its Form."""

from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from engine.data.table_text import MAX_BYTES, read_table
from engine.data.tables import MAX_NAME, Table, shown, write_table
from engine.data.user_data import Own, name_of
from engine.experiment.cures import CURED
from engine.experiment.experiment import Experiment, asdict_shallow
from engine.experiment.forks import FORKS, Fork
from engine.experiment.forms import (
    COLUMNS,
    INTEGER,
    MAX_TYPED,
    NUMBER,
    NUMBERS,
    WORD,
    YES_OR_NO,
    Form,
    hidden,
    integer,
    optional,
    packed,
    separated,
    unpacked,
    write_hidden,
)
from engine.experiment.state import ALL, Pinned

MAX_NUMBERS = 200  # of a table in a link
MAX_TABLE = 4000  # characters of it
MAX_PARAMETERS = 300  # typed in, in a link


class Need(NamedTuple):
    """Something that a link only names: a table of so many rows, or so many parameters."""

    field: str
    fingerprint: str
    size: int
    title: str = ""

    def __str__(self) -> str:
        if self.field == "table":
            file = f"the file {shown(self.title)}" if self.title else "a table"
            return f"{file} ({self.size} rows, fingerprint {self.fingerprint})"
        return f"{self.size} typed-in parameters (fingerprint {self.fingerprint})"


def write_fork(fork: Fork) -> str:
    """37~learning_rate~1.0"""
    pairs = ((name, FORMS[name].write(value)) for name, value in fork.before)
    return "~".join([str(fork.iteration), *(text for pair in pairs for text in pair)])


def read_fork(text: str) -> Fork:
    iteration, *words = text.split("~")
    pairs = zip(words[::2], words[1::2], strict=True)
    return Fork(integer(iteration), tuple((FORKS[name].name, FORMS[name].read(value))
                                          for name, value in pairs))


def write_pairs(pairs: tuple[tuple[str, Any], ...]) -> str:
    """norm~none~residual~0.0"""
    return "~".join(text for name, value in pairs for text in (name, FORMS[name].write(value)))


def read_pairs(text: str) -> tuple[tuple[str, Any], ...]:
    words = text.split("~") if text else []
    pairs = zip(words[::2], words[1::2], strict=True)
    return tuple((name, FORMS[name].read(value)) for name, value in pairs if name in CURED)


def title(text: str) -> str:
    if len(text) > MAX_NAME:
        raise ValueError
    return text


def name_of_table(table: Table) -> tuple[str, int] | None:
    small = table.cells <= MAX_NUMBERS and len(write_table(table)) <= MAX_TABLE
    return None if small else (table.fingerprint, table.rows)


def name_of_parameters(numbers: tuple[float, ...]) -> tuple[str, int] | None:
    if len(numbers) <= MAX_PARAMETERS:
        return None
    return sha256(np.array(numbers, "<f8").tobytes()).hexdigest()[:10], len(numbers)


EXPERIMENT = {
    "data": Form(name_of, str, "a word"),
    "hidden": Form(write_hidden, hidden, "layers such as 4tanh-3relu or 64tanh*20"),
    "output": WORD,
    "loss": WORD,
    "initializer": WORD,
    "parameters": Form(packed, unpacked, "numbers with commas between them", name_of_parameters,
                       longest=11 * MAX_TYPED),
    "frozen": separated(",", str, str, "names such as b1,b2"),
    "learning_rate": NUMBER,
    "iterations": INTEGER,
}
OPTIONS = {  # these stand in a link only where they differ from their defaults
    "noise": optional(NUMBER),
    "size": optional(INTEGER),
    "split": NUMBER,
    "standardise": optional(YES_OR_NO),
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
    "norm": WORD,
    "residual": NUMBER,
    "forks": separated(" ", write_fork, read_fork, "forks such as 37~learning_rate~1.0"),
}
OWN = {  # these stand in a link only where the data is somebody's own
    "title": Form(str, title, f"a name of at most {MAX_NAME} characters"),
    "table": Form(write_table, lambda text: read_table(text, separators=","),
                  "a table with a header", name_of_table, speaks=True, longest=MAX_BYTES),
    "inputs": COLUMNS,
    "targets": COLUMNS,
    "kind": WORD,
    "missing": WORD,
}
CURSOR = {
    "iteration": INTEGER,
    "sample": Form(lambda s: "all" if s == ALL else str(s),
                   lambda text: ALL if text == "all" else integer(text), "a whole number or all"),
    "step": WORD,
    "unit": separated(".", str, integer, "numbers such as 2.0 or 2.0.1"),
    "grain": WORD,
}
VIEW = {  # these, too, only where they differ from their defaults
    "fade": WORD,
    "detail": WORD,
    "presenter": YES_OR_NO,
}
PLACE = {
    "lesson": INTEGER,
    "part": INTEGER,
}
LAB = {
    "networks": INTEGER,
    "quantity": WORD,
    "look": WORD,
    "drawn": WORD,
    "before": Form(write_pairs, read_pairs, "fields and their values such as norm~none"),
}
OF_A_RUN = EXPERIMENT | OPTIONS | OWN | {"seed": INTEGER}
FORMS = OF_A_RUN | CURSOR | VIEW | PLACE | LAB


def values_of(run: Pinned) -> dict[str, Any]:
    """All that decides a run, by the names that links have for it."""
    return asdict_shallow(run.experiment) | {"seed": run.seed} | own_values(run.experiment)


def own_values(e: Experiment) -> dict[str, Any]:
    if not isinstance(e.data, Own):
        return {}
    return asdict_shallow(e.data) | {"title": e.data.table.title}
