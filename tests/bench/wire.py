"""Bytes on the websocket: of a page's first look, of a change, of a slider's rest.

The client keeps large messages as a browser does (tests/ui/players/wire.py). What comes by
address, such as the players' code, is not in it: that is compressed, and kept for ever.
"""

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import State
from tests.bench import Row
from tests.live import serve
from tests.ui.players.wire import visit

XOR = State()
DEEP = State(Experiment(hidden=(Layer(12, "tanh"),) * 6))
MOONS = State(Experiment(data="moons", size=200, hidden=(Layer(8, "tanh"),) * 2, iterations=500,
                         learning_rate=0.5))


def measure() -> list[Row]:
    with serve() as url:
        return [*changed(url, "2-4-1", XOR, 45), *changed(url, "2-12×6-1", DEEP, 300),
                *rested(url, "2-8-8-1", MOONS, 60)]


def changed(url: str, name: str, state: State, goal: float) -> list[Row]:
    with visit(url, state) as visitor:
        first, seed = visitor.look(), visitor.choose("Seed", 7)
    return [kilobytes(f"Step, {name}: first look", first),
            kilobytes(f"Step, {name}: another seed", seed, goal)]


def rested(url: str, name: str, state: State, goal: float) -> list[Row]:
    with visit(url, state, "train") as visitor:
        first, rest = visitor.look(), visitor.rest_at(141, turn=1)
    return [kilobytes(f"Train, {name}: first look", first),
            kilobytes(f"Train, {name}: a slider's rest", rest, goal)]


def kilobytes(what: str, count: int, goal: float = 0) -> Row:
    return Row(what, count / 1000, "kB", "≤" if goal else "", goal)
