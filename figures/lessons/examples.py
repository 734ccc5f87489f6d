"""The table of a worked example: what its source prints, and what the engine computes."""

from engine.experiment.presets import Preset, Published
from engine.training.run import Run

LETTERS = {"delta": "δ"}


def published_table(preset: Preset, run: Run) -> dict[str, list[str]]:
    """Columns of text: the quantity, as published, as computed, and whether the two agree."""
    pairs = [(number, computed(number, run)) for number in preset.published]
    return {
        "quantity": [name(number) for number, _ in pairs],
        "published": [number.text for number, _ in pairs],
        "computed": [f"{value:.12g}" for _, value in pairs],
        "verdict": [verdict(number.text, value) for number, value in pairs],
    }


def computed(number: Published, run: Run) -> float:
    """The engine's number for the same quantity."""
    network, trace = run.network(number.iteration), run.trace(number.iteration)
    if number.symbol == "C":
        return float(trace.C)
    values = trace._asdict() | {"W": network.W, "b": network.b}
    return float(values[number.symbol][number.layer][number.row, number.column])


def name(number: Published) -> str:
    """dW[2] row 1, column 1 after 1 update."""
    when = f", after {number.iteration} update" if number.iteration else ""
    if number.symbol == "C":
        return f"C{when}"
    letter = LETTERS.get(number.symbol, number.symbol)
    return f"{letter}[{number.layer}] row {number.row + 1}, column {number.column + 1}{when}"


def verdict(text: str, value: float) -> str:
    return "agrees" if agrees(text, value) else "differs"


def agrees(text: str, value: float) -> bool:
    """Whether the number, rounded as the source rounds, is what the source prints."""
    decimals = len(text.partition(".")[2])
    return abs(float(text) - value) <= 0.5000001 * 10.0**-decimals
