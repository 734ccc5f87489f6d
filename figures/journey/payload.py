"""The journey through a run, as the player has it (assets/journey/): words and packed numbers.

At most MOST iterations are shown; of a longer run every 2nd, 3rd, ... and the last one. The browser
draws each chart from arrays over these iterations, so that a time slider needs no round trip; which
lines there are, what they are called and from where to where an axis goes is decided here.

    payload   what depends on the run alone (and on those that it is compared with)
    sample    the outputs of one sample over the run
    moment    the exact picture of one iteration
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.nn.arrays import Array
from engine.nn.losses import LOSSES
from engine.nn.network import parameter_count
from engine.training.diagnosis import diagnose
from engine.training.diagnostics import Diagnostics, diagnostics
from engine.training.run import Run
from engine.training.scores import costs_and_scores, outputs
from figures.journey import boundary, diagnosis
from figures.journey.charts import (
    FEW,
    Seen,
    chart,
    choice,
    costs,
    first_layer,
    line,
    most_moving,
    parameters,
    score,
    whose,
)
from figures.parcels import parcel
from figures.stage.building import layer_title
from figures.stage.numbers import fingerprint, notice
from figures.style import MARKERS

MOST = 1000  # iterations that are shown
WORK = 10**9  # multiplications that may be spent on what is shown of a run,
WORK_MEANWHILE = 10**8  # and of one that is still being computed: nobody is to wait for it
DECADES = 10  # of a logarithmic axis: what is smaller lies at its end

QUANTITIES = {  # of the atlas: its label, the step that it belongs to, and what it is
    "rms_delta": ("error δ", "delta", "rms δ[l]: the size of the error in each layer"),
    "norm_dW": ("gradient dW", "dW", "‖dW[l]‖: the size of each layer's gradient"),
    "update": ("update ÷ weight", "W", "‖ΔW[l]‖ / ‖W[l]‖: what an update changes of the weights"),
}
CAUSES = {  # of a layer at the cursor: where its error's size comes from
    "factor": ("factor", "‖δ[l]‖ / ‖δ[l+1]‖: how much of the error's size comes through to a layer "
                         "from the one above; the gain of Wᵀ times what f′ passes"),
    "gain": ("gain of Wᵀ", "‖da[l]‖ / ‖δ[l+1]‖: what the weights above make of the error's size, "
                           "with the normalisation and the path around that layer, if any"),
    "passed": ("passed by f′", "‖δ[l]‖ / ‖da[l]‖: what the slope lets through of it, times the "
                               "scale of a residual branch"),
    "mean_slope": ("mean |f′|", "the slope of the activation, its mean over units and samples"),
}
MORE = {
    "norm_W": ("‖W‖", "Frobenius norm"),
    "saturated": ("saturated", "units and samples with a slope below 1/20 of the steepest"),
    "dead": ("dead", "units without any slope on every sample"),
}


@np.errstate(all="ignore")  # a run that diverges has numbers that overflow
def payload(run: Run, others: Sequence[Run] = ()) -> bytes:
    """All that the player needs to travel through this run; others join it in its charts."""
    shown, runs = iterations(run), [seen(r) for r in (run, *others)]
    d = runs[0].diagnostics
    said, numbers = findings(run, d)
    found = [costs(runs), score(runs), *([first_layer(runs)] if others else []),
             parameters(run, shown)]
    words = {
        "kind": "run", "id": run_id(run, others), "run": run_name(run), "last": run.last,
        "every": every(run), "forks": [fork.iteration for fork in run.experiment.forks],
        "notice": notice(run), "markers": list(MARKERS),
        "charts": [chart for chart, _ in found if chart],
        "atlas": atlas(run, d), "findings": said,
        "picture": boundary.words(run) if boundary.picture_kind(run.experiment) else None,
    }
    arrays = {name: array for _, arrays in found for name, array in arrays.items()}
    return parcel(words, arrays | layers(d) | numbers | pictures(run, shown)
                  | {f"{whose(k)}iterations": r.shown.astype("i4") for k, r in enumerate(runs)})


def seen(run: Run) -> Seen:
    shown = iterations(run)
    return Seen(run, shown, scores(run, shown), diagnostics(run, shown))


def run_name(run: Run) -> str:
    return fingerprint(run.experiment, run.seed)


def run_id(run: Run, others: Sequence[Run] = ()) -> str:
    """Another one whenever more of a run is computed."""
    return fingerprint(*((run_name(r), run.last) for r in (run, *others)))


def every(run: Run) -> int:
    """Every how many iterations one is shown: a multiple of those that the run keeps."""
    e = run.experiment
    work = WORK if run.overflow or run.last + 1 == e.iterations else WORK_MEANWHILE
    most = int(np.clip(work // (parameter_count(e.sizes) * e.samples), 50, MOST))
    return run.stride * -(-(run.last + 1) // (most * run.stride))


def iterations(run: Run) -> Array:
    """The iterations that are shown; the last one is among them."""
    shown = np.arange(0, run.last + 1, every(run))
    return shown if shown[-1] == run.last else np.append(shown, run.last)


def pictures(run: Run, shown: Array) -> dict[str, Array]:
    """The samples, and a frame for some of the shown iterations."""
    if not boundary.picture_kind(run.experiment):
        return {}
    keys = boundary.keyframes(run, len(shown))
    return boundary.samples(run) | {"frames": keys.astype("i4")} | boundary.frames(run, shown[keys])


def layers(d: Diagnostics) -> dict[str, Array]:
    """What the atlas and its table show, (T, L) each."""
    found = d._asdict() | {"factor": d.gain * d.passed}
    return {name: found[name].astype("f4") for name in (*QUANTITIES, *CAUSES, *MORE)}


def scores(run: Run, shown: Array) -> dict[str, tuple[Array, Array]]:
    """Cost and score, (T,) each, of the training samples, and of test samples if any."""
    d = run.data
    found = {"train": costs_and_scores(run, shown, d.x, d.y)}
    if d.test_x.shape[-1]:
        found["test"] = costs_and_scores(run, shown, d.test_x, d.test_y)
    return found


@np.errstate(all="ignore")
def sample(run: Run, s: int) -> bytes:
    """The outputs of training sample s over the run."""
    d, shown = run.data, iterations(run)
    a = outputs(run, shown, d.x[:, s : s + 1])[..., 0]
    which = most_moving(a)
    target = LOSSES[run.experiment.loss].has_target
    names = [d.outputs[i] + (f", target {d.y[i, s]:.4g}" if target else "") for i in which]
    arrays = {f"output {i}": a[:, i] for i in which}
    lines = [line(name, f"line{k}", f"output {i}")
             for k, (name, i) in enumerate(zip(names, which, strict=True))]
    few = f"the {FEW} of {len(d.outputs)} outputs that change most" if len(d.outputs) > FEW else ""
    one = choice("", lines, arrays, note=few, marks=d.y[which, s].tolist() if target else [])
    one["low"], one["high"] = min([one["low"], *one["marks"]]), max([one["high"], *one["marks"]])
    title = f"Sample {s + 1}: what the network answers"
    return parcel({"kind": "sample", "id": f"{run_id(run)} {s}",
                   "chart": chart("sample", title, "output a", [one])}, arrays)


@np.errstate(all="ignore")
def moment(run: Run, t: int, s: int, turn: int, others: Sequence[Run] = ()) -> bytes:
    """Where the cursor is, and the exact picture there; `turn` says what the player has been heard.
    """
    e = run.experiment
    words = {"kind": "moment", "run": run_id(run, others), "sample": f"{run_id(run)} {s}",
             "chosen": s, "iteration": t, "turn": turn}
    return parcel(words, boundary.exact(run, t) if boundary.picture_kind(e) else {})


def atlas(run: Run, d: Diagnostics) -> dict[str, Any]:
    """Layers × iterations: what can be looked at, and from where to where its colours go."""
    e = run.experiment
    described = [{"name": name, "label": label, "symbol": symbol, "title": title,
                  "range": decades(getattr(d, name))}
                 for name, (label, symbol, title) in QUANTITIES.items()]
    titled = lambda table: [{"name": name, "label": label, "title": title}
                            for name, (label, title) in table.items()]
    layers = [f"Layer {l}" if layer_title(e.L, l) != "Output" else f"Layer {l}, output"
              for l in range(1, e.L + 1)]
    return {"layers": layers, "activations": list(e.activations), "quantities": described,
            "causes": titled(CAUSES), "more": titled(MORE)}


def decades(values: Array) -> list[int]:
    """The powers of ten between which the values lie, DECADES at most."""
    sizes = values[np.isfinite(values) & (values > 0)]
    if not len(sizes):
        return [-1, 0]
    high = int(np.ceil(np.log10(sizes.max())))
    return [max(int(np.floor(np.log10(sizes.min()))), high - DECADES), high]


def findings(run: Run, d: Diagnostics) -> tuple[dict[str, Any], dict[str, Array]]:
    """What is wrong: the sentences, and which of them are said from the k-th iteration on.

    With them the numbers that go into their places and that the atlas does not have.
    """
    found = diagnose(run, d)
    said = diagnosis.sentences(found)
    sentences = list(dict.fromkeys(sentence for each in said for sentence in each))
    place = {sentence: i for i, sentence in enumerate(sentences)}
    which = changes([[place[sentence] for sentence in each] for each in said])
    return {"sentences": sentences, "said": which}, diagnosis.numbers(found, sentences)


def changes(lists: list[list]) -> list[list]:
    """[k, list] for each k whose list differs from the one before."""
    return [[k, now] for k, now in enumerate(lists) if k == 0 or now != lists[k - 1]]
