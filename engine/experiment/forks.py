"""Forks: from some iteration on one thing is different; what was before remains.

The fields of an experiment say how it is now, after its last fork. A fork says from which iteration
on, and what its fields were until then; without its last fork an experiment is its own past. So a
fork of a fork of a fork is three entries, and each past is an experiment like any other:

    learning_rate 0.1, forks ((37, learning_rate 1.0),)
    past: learning_rate 1.0, forks ()

What can be forked (FORKS) keeps every parameter where it is: the moment is copied, then learning
goes on differently. New first weights are drawn at that moment, by the seed; with them, and with
another optimizer, what the optimizer remembers begins anew.
"""

from typing import Any, NamedTuple

from engine.data.tables import shown

Values = dict[str, Any]
MAX_FORKS = 8


class Fork(NamedTuple):
    """Until `iteration` the fields in `before` had these values: ((name, value), ...)."""

    iteration: int
    before: tuple[tuple[str, Any], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.before)


class Forkable(NamedTuple):
    """A field that can be forked, as it is called, and whether the optimizer then starts anew."""

    name: str
    title: str
    renews: bool = False


FORKS = {
    entry.name: entry
    for entry in (
        Forkable("learning_rate", "learning rate"),
        Forkable("hidden", "activation"),
        Forkable("loss", "loss"),
        Forkable("initializer", "weights, drawn anew", renews=True),
        Forkable("optimizer", "optimizer", renews=True),
        Forkable("settings", "settings of the optimizer"),
    )
}


def past_of(values: Values) -> Values:
    """The fields of an experiment as they were before its last fork."""
    *earlier, last = values["forks"]
    return values | dict(last.before) | {"forks": tuple(earlier)}


def fork_problem(values: Values) -> str:
    """What is wrong with the last fork of these values, by itself."""
    *earlier, fork = values["forks"]
    least, most = earlier[-1].iteration if earlier else 0, values["iterations"] - 1
    if not least <= fork.iteration <= most:
        return f"forks must be at iterations from {least} to {most} (got {fork.iteration})"
    strange = ", ".join(name for name in fork.names if name not in FORKS)
    if strange or not fork.before:
        return f"forks must change one of {', '.join(FORKS)} (got {shown(strange) or 'nothing'})"
    twice = next((name for i, name in enumerate(fork.names) if name in fork.names[:i]), "")
    if twice:
        return f"forks must change each thing once at an iteration (got {twice} twice)"
    return ""


def renewed_at(forks: tuple[Fork, ...]) -> int:
    """The iteration at which the optimizer began to count."""
    renewing = (f.iteration for f in forks if any(FORKS[name].renews for name in f.names))
    return max(renewing, default=0)
