"""Links that were made before the house was rebuilt still restore their moment, to the last bit.

data/old_links.json has 200 of them: those of the presets and lessons, of the depth lab, and of
states drawn at random; each with what differs from a visit that begins, field by field.
"""

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

from engine.experiment import link
from engine.experiment.state import State

DATA = Path(__file__).parent.parent.parent / "data"
LINKS = json.loads((DATA / "old_links.json").read_text("utf-8"))


def plain(value: Any) -> Any:
    """As JSON has it: dataclasses and named tuples by the names of their fields."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if hasattr(value, "_asdict"):
        return {name: plain(v) for name, v in value._asdict().items()}
    return [plain(v) for v in value] if isinstance(value, (tuple, list)) else value


def flat(value: Any, at: str = "") -> dict[str, Any]:
    """A path -> value for each field; of runs that are pinned, what differs from a new one."""
    if at == "pinned" and value:
        return {path: v for n, run in enumerate(value)
                for path, v in flat(run, f"pinned.{n}").items()
                if path.endswith(".seed") or v != NEW.get(path.removeprefix(f"pinned.{n}."))}
    if not isinstance(value, dict):
        return {at: value}
    return {path: v for name, part in value.items()
            for path, v in flat(part, f"{at}.{name}" if at else name).items()} or {at: {}}


NEW: dict[str, Any] = {}
NEW |= flat(plain(State()))


def differing(state: State) -> dict[str, Any]:
    return {path: v for path, v in flat(plain(state)).items() if v != NEW.get(path)}


@pytest.mark.parametrize("n", range(len(LINKS)))
def test_an_old_link_restores_its_moment(n):
    state, said = link.read(dict(parse_qsl(LINKS[n]["link"], keep_blank_values=True)))
    assert not said
    assert json.dumps(differing(state), sort_keys=True) == json.dumps(LINKS[n]["state"],
                                                                      sort_keys=True)


def test_there_are_two_hundred():
    assert len({one["link"] for one in LINKS}) == 200
