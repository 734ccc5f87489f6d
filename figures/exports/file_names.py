"""What a file is called that is taken away: short, and not like that of another network.

    backstep-2-4-1-iteration-12-1f09ab.csv      the units of all layers, what it is, which run
    backstep-2-(100 layers)-1-run-77e01c.csv    where the units would not fit

Six characters tell runs of networks of one shape from each other.
"""

from dataclasses import replace
from hashlib import sha256

import numpy as np

from engine.experiment.state import Pinned

LONGEST = 40  # characters of the units


def file_name(run: Pinned, what: str, suffix: str) -> str:
    """A name of at most 100 characters; `what` has a hyphen at its end, or is empty."""
    return f"backstep-{units(run.experiment.sizes)}-{what}{fingerprint(run)}{suffix}"


def units(sizes: tuple[int, ...]) -> str:
    text = "-".join(map(str, sizes))
    return text if len(text) <= LONGEST else f"{sizes[0]}-({len(sizes) - 2} layers)-{sizes[-1]}"


def fingerprint(run: Pinned) -> str:
    e = run.experiment
    digest = sha256(repr((replace(e, parameters=(), forks=()), e.forks, run.seed)).encode())
    digest.update(np.array(e.parameters, "<f8").tobytes())
    return digest.hexdigest()[:6]
