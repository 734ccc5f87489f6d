"""The link: a State as a query string, and back.

`write` is exact: read(write(state)) gives the state, to the last bit of every number.
`read` is total: it takes any mapping of strings, keeps what it can, and says in a sentence what it
dropped. The keys are the names of the fields; `v` is the version of this format. A run that is
compared with has with1. before its keys, and only those that differ.

A large table, and very many typed-in parameters, do not fit into a link: it only names them by a
fingerprint, as @1a2b3c4d5e.344, and `read` takes them from what is `kept`. `needs` tells what a
link asks for that is not there. In a file (engine/experiment/savefile.py) everything stands whole.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.data.tables import Table, is_whole, shown
from engine.data.user_data import Own, name_of, suggested
from engine.experiment.checks import whole
from engine.experiment.cures import Lab, lab_problems
from engine.experiment.experiment import Experiment, asdict_shallow, mended
from engine.experiment.forms import MAX_LENGTH, Form, never
from engine.experiment.limits import MAX_SEED
from engine.experiment.link_fields import (
    CURSOR,
    EXPERIMENT,
    FORMS,
    LAB,
    OPTIONS,
    OWN,
    PLACE,
    VIEW,
    Need,
    values_of,
)
from engine.experiment.state import (
    MAX_PINNED,
    Cursor,
    Pinned,
    Place,
    State,
    View,
    cursor_problems,
    place_problems,
    view_problems,
)

VERSION = "1"
MAX_SAID = 20  # sentences about one link
NAMED = re.compile(r"@([0-9a-f]{10})\.([0-9]{1,9})")
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
