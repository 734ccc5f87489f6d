"""Links that were made before the house was rebuilt still restore their moment, to the last bit.

data/old_links.json has 200 of them: those of the presets and lessons, of the depth lab, and of
states drawn at random; each with what differs from a visit that begins, field by field.
"""

import json
import re
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


LONG = {127, 192, 197}  # of more work than a run may have: half a minute and more


def read(n: int) -> tuple[State, list[str]]:
    return link.read(dict(parse_qsl(LINKS[n]["link"], keep_blank_values=True)))


@pytest.mark.parametrize("n", sorted(LONG))
def test_an_old_link_to_a_run_that_takes_too_long_says_so_and_keeps_the_rest(n):
    state, said = read(n)
    assert re.fullmatch(r"iterations must be at most \d+ for this network, batch and optimizer, "
                        r"which is about ten seconds of computing \(got \d+\)", said[0])
    lost = ("experiment.iterations", "experiment.forks", "cursor.")
    found = differing(state)
    for path, value in LINKS[n]["state"].items():
        if not path.startswith((*lost, "pinned")):
            assert json.dumps(found[path]) == json.dumps(value), path


@pytest.mark.parametrize("n", sorted({*range(len(LINKS))} - LONG))
def test_an_old_link_restores_its_moment(n):
    state, said = read(n)
    assert not said
    assert json.dumps(differing(state), sort_keys=True) == json.dumps(LINKS[n]["state"],
                                                                      sort_keys=True)


def test_there_are_two_hundred():
    assert len({one["link"] for one in LINKS}) == 200
