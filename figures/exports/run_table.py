"""A whole run as a CSV: a line for each iteration and layer, with all that is measured there.

    iteration, layer, activation   where: from iteration 0 and from layer 1; layer L is the output
    cost train, test, own batch    C on all training samples, on the test samples if any, and on the
                                   iteration's own batch where it is not of all samples
    accuracy or R² train, test     of the same; like the costs they have no layer, so each of an
                                   iteration's L lines repeats them
    then one column for each quantity of engine/training/diagnostics.py, of that layer

The iterations are those that the journey shows (figures/journey/payload.py says how many at most);
`extent` says in words which. Numbers are exact. What does not exist, such as the gain of the output
layer, is nan; what overflowed is inf. No name in the file is a visitor's: there is nothing to be
escaped.
"""

from collections.abc import Iterator

import numpy as np

from engine.nn.arrays import Array
from engine.training.run import Run
from engine.training.scores import score_name
from figures.exports.numbers_table import written
from figures.journey.charts import Seen, cost_lines
from figures.journey.payload import CAUSES, MORE, QUANTITIES, every, iterations, seen

MEANING = (
    {name: title for name, (_, _, title) in QUANTITIES.items()}
    | {name: title for name, (_, title) in CAUSES.items()}
    | {name: title for name, (_, title) in MORE.items()}
    | {"norm_W": "‖W[l]‖: Frobenius norm"}
)
PLACE = ["iteration", "layer", "activation"]
NUMBER = 15  # characters of one on average, with a comma: some are 0, and some are nan


def run_csv(run: Run) -> str:
    """The run as text, to be encoded as UTF-8."""
    return "".join(run_pieces(run))


def run_pieces(run: Run) -> Iterator[str]:
    return written("excel", table(run))


def table(run: Run) -> Iterator[list]:
    """The head, then the lines."""
    r, general, layers = measured(run)
    yield [*PLACE, *general, *(f"{name} ({MEANING[name]})" for name in layers)]
    flat = np.stack(list(general.values()), -1).tolist()  # (T, columns), and (T, L, columns)
    deep = np.stack(list(layers.values()), -1).tolist()
    for t, first, each in zip(r.shown.tolist(), flat, deep, strict=True):
        names = run.experiment.at(t).activations
        for l, (name, values) in enumerate(zip(names, each, strict=True), start=1):
            yield [t, l, name, *first, *values]


@np.errstate(all="ignore")  # a run that diverges has numbers that overflow
def measured(run: Run) -> tuple[Seen, dict[str, Array], dict[str, Array]]:
    r = seen(run)
    return r, of_iterations(r), of_layers(r)


def of_iterations(r: Seen) -> dict[str, Array]:
    """Cost and score, (T,) each."""
    name = score_name(r.run.experiment)
    scores = {f"{name} {part}": values for part, (_, values) in r.scores.items() if name}
    return {f"cost {part}": values for part, values in cost_lines(r).items()} | scores


def of_layers(r: Seen) -> dict[str, Array]:
    """What the diagnostics measure, (T, L) each."""
    found = r.diagnostics._asdict() | {"factor": r.diagnostics.gain * r.diagnostics.passed}
    return {name: found[name] for name in MEANING}


def extent(run: Run) -> str:
    """Which iterations are in the table."""
    step = every(run)
    which = "every iteration" if step == 1 else f"1 iteration in {step}, and the last"
    return f"{which}: {len(iterations(run)):,} of {run.last + 1:,}"


def run_csv_size(run: Run) -> int:
    """Bytes of run_csv, about; of a run that overflows less."""
    costs = 2 if run.experiment.split == 0 and not run.experiment.batch else 4
    head = sum(len(f"{name} ({title}),".encode()) for name, title in MEANING.items()) + 80
    line = NUMBER * (len(MEANING) + costs) + 15
    return head + len(iterations(run)) * run.experiment.L * line
