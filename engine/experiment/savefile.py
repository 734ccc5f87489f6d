"""The file: everything as one JSON text, data and typed-in parameters in full.

    {"backstep": 1, "state": {...}}      1 is the version of this schema; the state is a link
                                         (engine/experiment/link.py) in which nothing is only named

`opened` gives what `saved` was given, to the last bit, or a ValueError whose text is a sentence. A
text is looked through before anything is made of it: a file has few parts, and its long ones are
data and parameters alone. The bound is what a file needs at most: a table of 5 MB, and 600,000
typed-in parameters with all their digits.
"""

import json
import re
from typing import Any

from engine.data.table_text import MAX_BYTES as OF_A_TABLE
from engine.data.tables import Numbers, Table, shown
from engine.data.user_data import Own
from engine.experiment import link
from engine.experiment.state import State

SCHEMA = 1
MAX_BYTES = 12_000_000
MOST = f"{MAX_BYTES / 1e6:g} MB"
MAX_PARTS = 2_000  # texts, brackets, commas and colons; all fields of four runs are about 900
PART = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[][{}:,]', re.DOTALL)
DIGITS = 40  # of a whole number
NUMERAL = 25  # characters that a number takes at most, with its mark
OTHERWISE = {dict: "another object", list: "a list"}


def saved(state: State) -> str:
    content = {"backstep": SCHEMA, "state": link.write(state, in_full=True)}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def too_large(state: State) -> str:
    """Why a state cannot be saved; "" where it can."""
    if sum(map(characters, (state.run, *state.pinned))) < MAX_BYTES // 4:  # of four bytes each
        return ""
    tables = [len(text) for name, text in link.write(state, in_full=True).items()
              if name.endswith("table")]
    if max(tables, default=0) > OF_A_TABLE:
        return f"a table must have at most {OF_A_TABLE:,} characters (got {max(tables):,})"
    size = len(saved(state).encode())
    return f"a file must have at most {MOST} (got {size / 1e6:.1f} MB)" if size > MAX_BYTES else ""


def characters(run: Any) -> int:
    """How many the data and the parameters of a run take at most."""
    e = run.experiment
    return NUMERAL * len(e.parameters) + (of_table(e.data.table) if isinstance(e.data, Own) else 0)


def of_table(table: Table) -> int:
    width = lambda words: 2 * max(map(len, words), default=0)  # a quotation mark is written twice
    return table.rows * sum(NUMERAL if isinstance(column, Numbers) else width(column.different)
                            for column in table.columns)


def opened(text: str) -> tuple[State, list[str]]:
    """The state of a file, and a sentence for each thing in it that had to be dropped."""
    if len(text) > MAX_BYTES:
        raise ValueError(f"a file must have at most {MAX_BYTES:,} characters (got {len(text):,})")
    content = parsed(text)
    version = content.get("backstep")
    if version != SCHEMA or isinstance(version, bool):
        raise ValueError(f"backstep must be {SCHEMA}, the version of files here "
                         f"(got {described(version)})")
    query = content.get("state")
    if not isinstance(query, dict) or not all(isinstance(value, str) for value in query.values()):
        raise ValueError("state must be an object of texts, as Backstep writes it "
                         f"(got {described(query)})")
    return link.read(query, in_full=True)


def described(value: Any) -> str:
    return OTHERWISE.get(type(value)) or shown(value)


def parsed(text: str) -> dict:
    check_parts(text)
    try:
        content = json.loads(text, parse_constant=refused, parse_int=whole)
    except RecursionError:
        raise many_parts() from None
    except json.JSONDecodeError as error:
        raise ValueError(f"the file must be whole JSON, as Backstep saves it (line {error.lineno}, "
                         f"column {error.colno}: {error.msg})") from None
    if not isinstance(content, dict) or "backstep" not in content:
        raise ValueError("the file must be one that Backstep saved (got other JSON)")
    return content


def check_parts(text: str) -> None:
    """Nothing of a text of too many parts is built; what is no JSON gets its sentence later."""
    for count, _ in enumerate(PART.finditer(text), start=1):
        if count > MAX_PARTS:
            raise many_parts()


def many_parts() -> ValueError:
    return ValueError("the file must be one that Backstep saved (got one with thousands of parts)")


def whole(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError(f"the file must have whole numbers of at most {DIGITS} digits (got "
                         f"{len(digits):,})")
    return int(digits)


def refused(constant: str) -> None:
    raise ValueError(f"the file must hold finite numbers (got {constant})")
