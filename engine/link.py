"""The link: a State as a query string, and back.

`write` is exact: read(write(state)) gives the state, to the last bit of every number.
`read` is total: it takes any mapping of strings, keeps what it can, and says in a sentence what it
dropped. The keys are the names of the fields; `v` is the version of this format. A run that is
compared with has with1. before its keys, and only those that differ.

A large table, and very many typed-in parameters, do not fit into a link: it only names them by a
fingerprint, as @1a2b3c4d5e.344, and `read` takes them from what is `kept`. `needs` tells what a
link asks for that is not there. In a file (engine/savefile.py) everything stands whole.
"""

import csv
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from io import StringIO
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from engine.forks import FORKS, Fork
from engine.lab import CURED, Lab, lab_problems
from engine.own import Own, name_of, suggested
from engine.spec import (
    ALL,
    MAX_PINNED,
    MAX_SEED,
    Cursor,
    Experiment,
    Layer,
    Pinned,
    Place,
    State,
    View,
    asdict_shallow,
    cursor_problems,
    mended,
    place_problems,
    shown,
    view_problems,
    whole,
)
from engine.tables import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_NAME,
    Table,
    is_whole,
    numeral,
    read_table,
    write_table,
)

VERSION = "1"
MAX_LENGTH = 20_000  # characters of one value in a link: longer ones are not looked at
MAX_NUMBERS = 200  # of a table in a link
MAX_TABLE = 4000  # characters of it
MAX_PARAMETERS = 300  # typed in, in a link
MAX_TYPED = 2_000_000  # in a file: as many as a network may have
MANY_LAYERS = 1000  # what is more is not even counted
MAX_SAID = 20  # sentences about one link
NAMED = re.compile(r"@([0-9a-f]{10})\.([0-9]{1,9})")


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


def title(text: str) -> str:
    if len(text) > MAX_NAME:
        raise ValueError
    return text


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


def name_of_table(table: Table) -> tuple[str, int] | None:
    small = table.cells <= MAX_NUMBERS and len(write_table(table)) <= MAX_TABLE
    return None if small else (table.fingerprint, table.rows)


def name_of_parameters(numbers: tuple[float, ...]) -> tuple[str, int] | None:
    if len(numbers) <= MAX_PARAMETERS:
        return None
    return sha256(np.array(numbers, "<f8").tobytes()).hexdigest()[:10], len(numbers)


WORD = Form(str, str, "a word")
INTEGER = Form(str, integer, "a whole number")
NUMBER = Form(repr, float, "a number")
YES_OR_NO = Form(lambda yes: "yes" if yes else "no", {"yes": True, "no": False}.__getitem__,
                 "yes or no")
COLUMNS = Form(columns, read_columns, "names of columns with commas between them",
               longest=2 * MAX_COLUMNS * (MAX_NAME + 1))
NUMBERS = separated(",", repr, float, "numbers with commas between them")

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
PINNED = re.compile(r"with([1-9])\.(.+)")
OF_DATA = {"loss", "output", "parameters", "frozen", "size", "batch", "iterations", "forks",
           "iteration", "sample", "unit"}  # what may be right or wrong depends on the data
NOTHING: Mapping[str, Any] = {}
FRAME = {"embed", "embed_options"}  # read by Streamlit itself


def write(state: State, in_full: bool = False) -> dict[str, str]:
    """The query parameters of a state; `in_full`: what is large is not only named."""
    reader = asdict_shallow(state.view) | asdict_shallow(state.place) | asdict_shallow(state.lab)
    values = values_of(state.run) | asdict_shallow(state.cursor) | reader
    usual = {name: value for name, value in asdict_shallow(Experiment()).items() if name in OPTIONS}
    usual |= {"title": ""} | asdict_shallow(View()) | asdict_shallow(Place())
    usual |= asdict_shallow(Lab())
    shown = {name: value for name, value in values.items()
             if name not in usual or value != usual[name]}
    return {"v": VERSION} | written(shown, in_full) | written_pinned(state, in_full)


def brief(state: State) -> dict[str, str]:
    """The same in fewer words, for a code to be photographed: what differs from the first state.

    The data is always there: a link without a run would have that of its place in the lessons.
    """
    first = write(State())
    return {name: text for name, text in write(state).items()
            if name in ("v", "data") or text != first.get(name)}


def written(values: dict[str, Any], in_full: bool) -> dict[str, str]:
    return {name: write_value(FORMS[name], values[name], in_full)
            for name in FORMS if name in values}


def written_pinned(state: State, in_full: bool) -> dict[str, str]:
    """with1.learning_rate, ...: of each pinned run its seed, and where it differs from the own."""
    own, found = written(values_of(state.run), in_full), {}
    for k, run in enumerate(state.pinned, 1):
        theirs = written(values_of(run), in_full)
        found |= {f"with{k}.{name}": text for name, text in theirs.items()
                  if name == "seed" or text != own.get(name)}
    return found


def values_of(run: Pinned) -> dict[str, Any]:
    """All that decides a run, by the names that links have for it."""
    return asdict_shallow(run.experiment) | {"seed": run.seed} | own_values(run.experiment)


def own_values(e: Experiment) -> dict[str, Any]:
    if not isinstance(e.data, Own):
        return {}
    return asdict_shallow(e.data) | {"title": e.data.table.title}


def write_value(form: Form, value: Any, in_full: bool) -> str:
    name = None if in_full else form.name(value)
    return "@{}.{}".format(*name) if name else form.write(value)


def named(state: State) -> dict[str, Any]:
    """What the link of this state only names: by its fingerprint."""
    return {found[0]: value for run in (state.run, *state.pinned)
            for name, value in values_of(run).items() if (found := FORMS[name].name(value))}


def needs(query: Mapping[str, str], kept: Mapping[str, Any] = NOTHING) -> list[Need]:
    """What a link asks for that is not kept."""
    own, pinned = parted(query)
    found = {}
    for part in (own, *pinned):
        for name in ("table", "parameters"):
            if (match := NAMED.fullmatch(part.get(name, ""))) and match[1] not in kept:
                title = part.get("title", "") if name == "table" else ""
                found[match[0]] = Need(name, match[1], int(match[2]), title)
    return [*found.values()]


def read(
    query: Mapping[str, str], kept: Mapping[str, Any] = NOTHING, in_full: bool = False
) -> tuple[State, list[str]]:
    """The state of a link, and a sentence for each thing in it that had to be dropped.

    `kept` are values by their fingerprints, for those that the link only names; `in_full`: it is
    from a file, where nothing is only named.
    """
    own, pinned = parted(query)
    values, sentences = parsed(own, kept, in_full)
    state, said = state_of(values, "table" in own, "table" in own and "table" not in values)
    runs, sentences = [], sentences + said
    for part in pinned:
        run, said = read_pinned(part, state.run, kept, in_full)
        runs.append(run)
        sentences += said
    return replace(state, pinned=tuple(runs)), few([*dict.fromkeys(sentences)])


def few(sentences: list[str]) -> list[str]:
    """The first sentences, and how many there are more."""
    more = len(sentences) - MAX_SAID
    return [*sentences[:MAX_SAID], *([f"… and {more:,} more"] if more > 0 else [])]


def read_pinned(
    query: Mapping[str, str], own: Pinned, kept: Mapping[str, Any], in_full: bool
) -> tuple[Pinned, list[str]]:
    """A pinned run: what a link says of it, and else what is true of the state's own run."""
    values, sentences = parsed(query, kept, in_full)
    same = values_of(own) | {"data": name_of(own.experiment.data)}
    lacking = "table" in query and "table" not in values
    state, said = state_of(same | values, "table" in query, lacking)
    return state.run, [f"of a run beside it: {sentence}" for sentence in sentences + said]


def parted(query: Mapping[str, str]) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What a link says of its own run, and of each pinned one."""
    own: dict[str, str] = {}
    pinned: dict[str, dict[str, str]] = {}
    for name, text in query.items():
        match = PINNED.fullmatch(name)
        if match and int(match[1]) <= MAX_PINNED and match[2] not in CURSOR | VIEW | PLACE | LAB:
            pinned.setdefault(match[1], {})[match[2]] = text
        else:
            own[name] = text
    return own, [pinned[k] for k in sorted(pinned)]


def state_of(values: dict[str, Any], has_table: bool, lacking: bool) -> tuple[State, list[str]]:
    """The state of these values, without pinned runs, and what had to be dropped of them.

    Where the table is lacking, nothing is said of what other data cannot have: the table may.
    """
    sentences = take_own(values, has_table)
    of = lambda forms, start: asdict_shallow(start) | {n: values[n] for n in forms if n in values}
    experiment, changed = mended(of(EXPERIMENT | OPTIONS, Experiment()))
    seed, wrong_seed = read_seed(values)
    cursor, moved = read_cursor(of(CURSOR, Cursor()), experiment)
    view, place = View(**of(VIEW, View())), Place(**of(PLACE, Place()))
    lab = Lab(**of(LAB, Lab()))
    about_data = [*changed, *moved]
    if lacking:
        about_data = [text for text in about_data if text.partition(" must")[0] not in OF_DATA]
    sentences += [*about_data, *wrong_seed, *view_problems(view).values(),
                  *place_problems(place).values(), *lab_problems(lab).values()]
    return State(experiment, seed, cursor, (), view.fitted(), place.fitted(),
                 lab.fitted()), sentences


def parsed(
    query: Mapping[str, str], kept: Mapping[str, Any], in_full: bool
) -> tuple[dict[str, Any], list[str]]:
    values, sentences = {}, [f"this link needs {need}" for need in needs(query, kept)]
    for name in [name for name in FORMS if name in query]:
        try:
            values[name] = read_value(FORMS[name], query[name], kept, in_full)
        except LookupError:  # what it needs was said
            continue
        except ValueError as error:
            expected = f"{name} must be {FORMS[name].expected} (got {shown(query[name])})"
            sentences.append(str(error) if FORMS[name].speaks and str(error) else expected)
    if (version := query.get("v", VERSION)) != VERSION:
        sentences.append(f"v must be {VERSION}, the version of links here (got {shown(version)})")
    return values, sentences + strangers(query)


def strangers(query: Mapping[str, str]) -> list[str]:
    """What a link has that no link has: the first of it, and how much there is more."""
    found = [name for name in query if name not in FORMS and name != "v" and name not in FRAME]
    if len(found) > 1:
        return [f"{shown(found[0])} and {len(found) - 1:,} more are not parts of a link"]
    return [f"{shown(name)} is not a part of a link" for name in found]


def read_value(form: Form, text: str, kept: Mapping[str, Any], in_full: bool) -> Any:
    """A value; LookupError where it is only named, and not kept. A long one is not looked at."""
    if len(text) > (form.longest if in_full else MAX_LENGTH) or not is_whole(text):
        raise ValueError
    if form.name is not never and (match := NAMED.fullmatch(text)):
        return kept[match[1]]
    try:
        return form.read(text)
    except (AttributeError, KeyError, TypeError, OverflowError) as problem:  # no match, too large
        raise ValueError from problem


def take_own(values: dict[str, Any], has_table: bool) -> list[str]:
    """Makes own data of the values that belong to it; what is wrong with them."""
    fields = {name: values.pop(name) for name in OWN if name in values}
    if values.get("data") != "own":
        return []
    del values["data"]
    if not isinstance(fields.get("table"), Table):
        return [] if has_table else ["table must be in a link whose data is own (got none)"]
    table = replace(fields.pop("table"), title=fields.pop("title", ""))
    try:
        chosen = {"inputs", "targets"} <= fields.keys()
        values["data"] = Own(table, **fields) if chosen else replace(suggested(table), **fields)
    except ValueError as error:
        return [str(error)]
    return []


def read_seed(values: dict[str, Any]) -> tuple[int, list[str]]:
    seed = values.get("seed", 0)
    sentence = whole("seed", seed, 0, MAX_SEED)
    return (0, [sentence]) if sentence else (seed, [])


def read_cursor(values: dict[str, Any], experiment: Experiment) -> tuple[Cursor, list[str]]:
    cursor = Cursor(**values)
    sentences = list(cursor_problems(cursor, experiment).values())
    return cursor.fitted(experiment), sentences
