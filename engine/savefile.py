"""The file: everything as one JSON text, data and typed-in parameters in full.

    {"backstep": 1, "state": {...}}      1 is the version of this schema; the state is a link
                                         (engine/link.py) in which nothing is only named

`opened` gives what `saved` was given, to the last bit, or a ValueError whose text is a sentence.
"""

import json

from engine import link, tables
from engine.spec import State, shown

SCHEMA = 1
MAX_BYTES = 4 * tables.MAX_BYTES  # the numbers of the largest table, written in full


def saved(state: State) -> str:
    content = {"backstep": SCHEMA, "state": link.write(state, in_full=True)}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def opened(text: str) -> tuple[State, list[str]]:
    """The state of a file, and a sentence for each thing in it that had to be dropped."""
    if len(text) > MAX_BYTES:
        raise ValueError(f"a file must have at most {MAX_BYTES} characters (got {len(text)})")
    content = parsed(text)
    version = content.get("backstep")
    if version != SCHEMA or isinstance(version, bool):
        raise ValueError(f"backstep must be {SCHEMA}, the version of files here "
                         f"(got {shown(version)})")
    query = content.get("state")
    if not isinstance(query, dict) or not all(isinstance(value, str) for value in query.values()):
        raise ValueError("state must be an object of texts, as Backstep writes it "
                         f"(got {shown(query)})")
    return link.read(query, longest=MAX_BYTES)


def parsed(text: str) -> dict:
    try:
        content = json.loads(text, parse_constant=refused)
    except RecursionError:
        raise ValueError("the file must be one that Backstep saved (got one with thousands of "
                         "brackets in each other)") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"the file must be whole JSON, as Backstep saves it (line {error.lineno}, "
                         f"column {error.colno}: {error.msg})") from None
    if not isinstance(content, dict) or "backstep" not in content:
        raise ValueError("the file must be one that Backstep saved (got other JSON)")
    return content


def refused(constant: str) -> None:
    raise ValueError(f"the file must hold finite numbers (got {constant})")
