"""What decides everything that a page shows: one frozen State, of plain values.

    State(experiment, seed, cursor, pinned, view, place, lab)
    Cursor       where in the run one looks: iteration, sample, step, unit; and the grain of a step
    Pinned       another run, which is shown beside it
    View         how much of it is shown: which numbers are blanks, and how many forms a step has
    Place        where in the lessons its reader is
    Lab          what the depth lab looks at (engine/experiment/cures.py)
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from engine.data.datasets import samples
from engine.data.tables import shown
from engine.data.user_data import Own, as_own, source_of
from engine.experiment.checks import one_of, whole
from engine.experiment.cures import Lab
from engine.experiment.experiment import Experiment, stream
from engine.nn.steps import GRAINS

ALL = -1  # the cursor's sample when it looks at all of them
MAX_PINNED = 3  # runs that one is compared with
MAX_LESSON = MAX_PART = 99
FADES = {"shown": "none", "last": "last δ", "layer": "a layer", "all": "everything"}
DETAILS = {"words": "words", "numbers": "numbers", "algebra": "algebra", "matrices": "matrices",
           "all": "all of it"}


@dataclass(frozen=True)
class Cursor:
    """A moment of a run. `step` is written as in engine/nn/steps.py: z1, delta2, C.

    `unit` is (), (layer, unit) or, for a connection, (layer, to, from), all counted from 0.
    """

    iteration: int = 0
    sample: int = 0
    step: str = "z1"
    unit: tuple[int, ...] = ()
    grain: str = "formula"

    def fitted(self, experiment: Experiment) -> "Cursor":
        """The nearest cursor that this experiment has."""
        reset = {name: getattr(START, name) for name in cursor_problems(self, experiment)}
        return replace(self, **reset)


START = Cursor()


class Pinned(NamedTuple):
    """A run that is compared with."""

    experiment: Experiment
    seed: int


@dataclass(frozen=True)
class View:
    """How much a page shows: the same run and the same moment for another reader.

    fade     which values are blanks, to be predicted (engine/teaching/marking.py)
    detail   in which form a step is shown: words, numbers, algebra, matrices, or all of them
    presenter   whether it is shown to a room: in large type, and nothing else on the page
    """

    fade: str = "shown"
    detail: str = "all"
    presenter: bool = False

    def fitted(self) -> "View":
        """The nearest view that there is."""
        return replace(self, **{name: getattr(View(), name) for name in view_problems(self)})


@dataclass(frozen=True)
class Place:
    """A part of a lesson, both counted from 1 (figures/lessons/places.py); 0: none has been
    opened.
    """

    lesson: int = 0
    part: int = 0

    def fitted(self) -> "Place":
        return replace(self, **dict.fromkeys(place_problems(self), 0))


@dataclass(frozen=True)
class State:
    """Everything. The link holds it, and a page shows it."""

    experiment: Experiment = field(default_factory=Experiment)
    seed: int = 0
    cursor: Cursor = START
    pinned: tuple[Pinned, ...] = ()
    view: View = View()
    place: Place = Place()
    lab: Lab = field(default_factory=Lab)

    def __post_init__(self) -> None:
        if len(self.pinned) > MAX_PINNED:
            raise ValueError(f"pinned must be at most {MAX_PINNED} runs (got {len(self.pinned)})")

    @property
    def run(self) -> Pinned:
        """What its own run is made of."""
        return Pinned(self.experiment, self.seed)


def cursor_problems(cursor: Cursor, experiment: Experiment) -> dict[str, str]:
    """What is wrong with a cursor into this experiment: field -> sentence."""
    known = [str(step) for step in experiment.steps]
    found = {
        "iteration": whole("iteration", cursor.iteration, 0, experiment.iterations - 1),
        "sample": whole("sample", cursor.sample, ALL, samples_at(cursor, experiment) - 1),
        "step": one_of("step", cursor.step, known),
        "unit": check_unit(cursor.unit, experiment.sizes),
        "grain": one_of("grain", cursor.grain, GRAINS),
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def view_problems(view: View) -> dict[str, str]:
    """What is wrong with a view: field -> sentence."""
    found = {"fade": one_of("fade", view.fade, FADES),
             "detail": one_of("detail", view.detail, DETAILS)}
    return {name: sentence for name, sentence in found.items() if sentence}


def place_problems(place: Place) -> dict[str, str]:
    """What cannot be a place in any lesson: field -> sentence."""
    found = {"lesson": whole("lesson", place.lesson, 0, MAX_LESSON),
             "part": whole("part", place.part, 0, MAX_PART)}
    return {name: sentence for name, sentence in found.items() if sentence}


def own_of(state: State) -> Own:
    """What is looked at, as own data; ours as a table with all its noise."""
    e = state.experiment
    if isinstance(e.data, Own):
        return e.data
    source = source_of(e.data)
    return as_own(source, *samples(source, stream(state.seed, "data"), e.noise, e.size))


def samples_at(cursor: Cursor, experiment: Experiment) -> int:
    """The samples of the cursor's iteration, or of the first one where there is no such."""
    t = cursor.iteration
    valid = isinstance(t, int) and 0 <= t < experiment.iterations
    return experiment.batch_size(t if valid else 0)


def check_unit(unit: tuple[int, ...], sizes: tuple[int, ...]) -> str:
    if not unit:
        return ""
    layer, *rest = unit
    limits = sizes[layer::-1] if 0 <= layer < len(sizes) else ()
    if 0 < len(rest) <= min(2, len(limits)) and all(
        0 <= i < n for i, n in zip(rest, limits, strict=False)
    ):
        return ""
    got = shown(".".join(map(str, unit)))
    return f"unit must be a unit or a connection of this network (got {got})"
