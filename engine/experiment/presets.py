"""Presets: named states to begin with. Worked examples name their source, and where it is wrong.

`published` are numbers as the source prints them, each with the address of the value that they
stand for. A page shows the engine's own number beside each, computed when the page is drawn.
"""

from dataclasses import replace
from typing import Any, NamedTuple

from engine.experiment.cures import Lab
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import Pinned, State

USUAL = Lab()


class Published(NamedTuple):
    """A number in a source: symbol[layer][row, column] at an iteration, as printed there."""

    text: str
    symbol: str
    layer: int = 0
    row: int = 0
    column: int = 0
    iteration: int = 0


class Preset(NamedTuple):
    """A state with a name; `note` says what to see, `error` what is wrong in the source."""

    name: str
    title: str
    state: State
    note: str
    source: str = ""
    error: str = ""
    published: tuple[Published, ...] = ()
    deep: bool = False


def deep(
    name: str, title: str, note: str, width: int, depth: int, f: str, initializer: str,
    lab: Lab = USUAL, pinned: tuple[dict[str, Any], ...] = (), source: str = "", **fields: Any,
) -> Preset:
    """A network of equal hidden layers for the depth lab; `pinned` are what others have instead."""
    usual = {"data": "noise", "iterations": 50, "learning_rate": 0.1}
    e = Experiment(hidden=layers((width, f)) * depth, initializer=initializer, **(usual | fields))
    others = tuple(Pinned(replace(e, **change), 0) for change in pinned)
    return Preset(name, title, State(e, pinned=others, lab=lab), note, source, deep=True)


def layers(*pairs: tuple[int, str]) -> tuple[Layer, ...]:
    return tuple(Layer(*pair) for pair in pairs)


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "xor", "XOR, 2-4-1",
            State(),
            "Four samples that no straight line separates, and four hidden units that learn to.",
        ),
        Preset(
            "iris", "Iris, 4-6-3",
            State(Experiment(
                data="iris", hidden=layers((6, "relu")), output="softmax", loss="cross_entropy",
                initializer="he_normal", learning_rate=0.5), seed=1),
            "150 real flowers, four measurements each, three species. The output is softmax: three "
            "probabilities that add up to 1.",
            source="R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936",
        ),
        Preset(
            "mazur", "Mazur, 2-2-2",
            State(Experiment(
                data="mazur", hidden=layers((2, "sigmoid")), output="sigmoid", loss="half_sum",
                parameters=(0.15, 0.2, 0.25, 0.3, 0.35, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.6),
                frozen=("b1", "b2"), learning_rate=0.5)),
            "The most copied worked example of backpropagation. Its biases are never updated, so "
            "they are frozen here.",
            source="Matt Mazur, A Step by Step Backpropagation Example, 2015, "
                   "mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example",
            error="The post takes the hidden layer's gradient with the already updated output "
                  "weights. One step of gradient descent uses the old ones throughout, as here. "
                  "The published cost after the first update, 0.291027924, is therefore too high "
                  "by 0.00000015, and the published cost after 10,000 updates, 0.000035085, is too "
                  "low by 0.00000002.",
            published=(
                Published("0.3775", "z", 1), Published("0.593269992", "a", 1),
                Published("0.596884378", "a", 1, 1), Published("1.105905967", "z", 2),
                Published("0.75136507", "a", 2), Published("0.772928465", "a", 2, 1),
                Published("0.298371109", "C"), Published("0.138498562", "delta", 2),
                Published("0.082167041", "dW", 2), Published("0.35891648", "W", 2, iteration=1),
                Published("0.000438568", "dW", 1), Published("0.149780716", "W", 1, iteration=1),
                Published("0.291027924", "C", iteration=1),
            ),
        ),
        Preset(
            "hmkcode", "hmkcode, 2-2-1 linear",
            State(Experiment(
                data="hmkcode", hidden=layers((2, "identity")), output="identity", loss="half_sum",
                parameters=(0.11, 0.21, 0.12, 0.08, 0.0, 0.0, 0.14, 0.15, 0.0),
                frozen=("b1", "b2"), learning_rate=0.05)),
            "No activation and no bias: only products and sums. The source has no biases, so they "
            "are zero and frozen here.",
            source="hmkcode, Backpropagation Step by Step, 2018, "
                   "hmkcode.com/ai/backpropagation-step-by-step",
            error="In the picture of the second forward pass the labels .85 and .48 are copies of "
                  "the first one; the values there are .92 and .56. Its prediction, 0.26, is "
                  "right (0.2557), though the two-digit weights of the picture would give 0.25.",
            published=(
                Published("0.85", "z", 1), Published("0.48", "z", 1, 1),
                Published("0.191", "a", 2), Published("0.26", "a", 2, iteration=1),
            ),
        ),
        Preset(
            "karpathy", "Karpathy's neuron, 2-1",
            State(Experiment(
                data="karpathy", hidden=(), output="tanh", loss="output",
                parameters=(-3.0, 1.0, 6.881373587019543), learning_rate=0.1)),
            "One neuron with tanh. The cost is the output itself, so the walk back begins with 1.",
            source="Andrej Karpathy, micrograd, and the lecture The spelled-out intro to neural "
                   "networks and backpropagation, 2022",
            published=(
                Published("0.8814", "z", 1), Published("0.7071", "a", 1),
                Published("0.5", "delta", 1), Published("1.0", "dW", 1),
                Published("0.0", "dW", 1, 0, 1), Published("0.5", "db", 1),
            ),
        ),
        Preset(
            "geoj", "g-eoj, 2-2-3 with a dead unit",
            State(Experiment(
                data="geoj", hidden=layers((2, "relu")), output="softmax", loss="cross_entropy",
                parameters=(0.18, 0.1, 0.04, 0.22, 0.0, 0.0,
                            0.19, -0.02, -0.1, -0.01, 0.1, 0.04, 0.0, 0.0, 0.0),
                learning_rate=0.1)),
            "The second hidden unit is off: its z is below 0, so relu passes nothing on and "
            "nothing comes back. The source stops at the gradients; the learning rate is ours.",
            source="g-eoj, CS231n two-layer backprop math (notebook), github.com/g-eoj/cs231n",
            error="Three published gradients are off in the last three of twelve digits, by at "
                  "most 0.000000000003: they were computed from rounded intermediate values.",
            published=(
                Published("0.221490524653", "delta", 2, 1), Published("0.978240210068", "dW", 2),
                Published("0.504998396209", "dW", 2, 1), Published("-0.090933756736", "dW", 1),
                Published("0.034100158776", "dW", 1, 0, 1),
            ),
        ),
        Preset(
            "planar", "Planar course test, 2-4-1",
            State(Experiment(
                data="planar", hidden=layers((4, "tanh")), output="sigmoid", loss="bce",
                parameters=(-0.00416758, -0.00056267, -0.02136196, 0.01640271, -0.01793436,
                            -0.00841747, 0.00502881, -0.01245288, 0.0, 0.0, 0.0, 0.0,
                            -0.01057952, -0.00909008, 0.00551454, 0.02292208, 0.0),
                learning_rate=1.2)),
            "Three samples at once, tiny weights: the numbers that thousands of students' homework "
            "is checked against.",
            source="deeplearning.ai, Neural Networks and Deep Learning, week 3, public tests",
            error="The test of the cost in the same file, 0.6930587610394646, takes other targets "
                  "(1, 0, 0) than the rest (1, 0, 1): it belongs to another example.",
            published=(
                Published("-0.00616586", "z", 1), Published("-0.05225116", "a", 1, 1),
                Published("0.5002307", "a", 2), Published("0.00301023", "dW", 1),
                Published("0.01765429", "dW", 2, 0, 1), Published("-0.16655712", "db", 2),
            ),
        ),
        Preset(
            "nnfs", "nnfs, 4-3 with a batch of three",
            State(Experiment(
                data="nnfs", hidden=(), output="relu", loss="half_sum",
                parameters=(0.2, 0.8, -0.5, 1.0, 0.5, -0.91, 0.26, -0.5, -0.26, -0.27, 0.17, 0.87,
                            2.0, 3.0, 0.5),
                learning_rate=0.003)),
            "One relu layer and three samples. The book sums over the samples with learning rate "
            "0.001; the mean with 0.003 is the same step.",
            source="H. Kinsley & D. Kukiela, Neural Networks from Scratch in Python, chapter 9",
            published=(
                Published("4.8", "z", 1), Published("-1.81", "z", 1, 1, 1),
                Published("0.179515", "W", 1, iteration=1),
                Published("-0.9152577", "W", 1, 1, 1, iteration=1),
                Published("1.98489", "b", 1, iteration=1),
            ),
        ),
        deep(
            "collapse", "Depth: the textbook collapse",
            "Ten sigmoid layers, begun as most libraries do: less than a fifth of the error comes "
            "through each, and at the first layer there is not a millionth left.",
            30, 10, "sigmoid", "pytorch"),
        deep(
            "xavier_tanh", "Depth: Xavier saves tanh",
            "Twenty tanh layers. Begun as most libraries do (faint) less than a thousandth of the "
            "error reaches the first layer; with Xavier's weights more than a twentieth does.",
            64, 20, "tanh", "xavier_normal", Lab(before=(("initializer", "pytorch"),)),
            source="X. Glorot & Y. Bengio, Understanding the difficulty of training deep "
                   "feedforward neural networks, 2010"),
        deep(
            "he_relu", "Depth: Xavier loses ReLU, He holds it",
            "Twenty ReLU layers. Xavier's weights (faint) lose a factor of √2 in each, 2^(−1/2); "
            "He's are √2 larger, and the error arrives at its full size.",
            64, 20, "relu", "he_normal", Lab(before=(("initializer", "xavier_normal"),)),
            source="K. He et al., Delving Deep into Rectifiers, 2015"),
        deep(
            "explosion", "Depth: explosion",
            "The same ReLU layers with weights twice as large as He's: each layer doubles the "
            "error, and at the first one it is more than 100,000 times as large. Trained with the "
            "learning rate 0.1 it overflows within five iterations.",
            64, 20, "relu", "he_normal", gain=2.0),
        deep(
            "dead", "Depth: dead ReLUs",
            "Every bias is −1. The values shrink from layer to layer until no unit of a layer is "
            "above 0 for any sample: f′ is 0 there, and no error at all arrives at the first "
            "layer.",
            32, 10, "relu", "he_normal", Lab(quantity="dead"), bias="constant", bias_scale=-1.0),
        deep(
            "thirty", "Depth: 30 layers, He trains, Xavier stalls",
            "Thirty ReLU layers on two moons, from the same seed. With He's weights the cost falls "
            "below a hundredth; with Xavier's, a factor √2 smaller, less than a ten-thousandth of "
            "the error reaches the first layer and the cost stays where it was.",
            32, 30, "relu", "he_normal", Lab(look="race"), ({"initializer": "xavier_normal"},),
            source="K. He et al., Delving Deep into Rectifiers, 2015, figure 3",
            data="moons", learning_rate=0.03, iterations=300),
        deep(
            "residuals", "Depth: residuals at depth 50",
            "Fifty tanh layers. Without connections around them (faint) the error falls below "
            "10⁻¹⁰; with them, of scale 0.3, it arrives, and even grows: by less than ten times.",
            32, 50, "tanh", "pytorch", Lab(before=(("residual", 0.0),)), residual=0.3,
            source="K. He et al., Deep Residual Learning for Image Recognition, 2015"),
        deep(
            "nielsen", "Depth: Nielsen's four hidden layers",
            "Four sigmoid layers of 30 on handwritten digits, weights of variance 1/n, biases of "
            "variance 1. Each hidden layer learns about five times as fast as the one below it; "
            "mean field predicts a factor of 0.2048.",
            30, 4, "sigmoid", "lecun_normal", data="digits", output="softmax",
            loss="cross_entropy", bias="normal", batch=128,
            source="Michael Nielsen, Neural Networks and Deep Learning, chapter 5, "
                   "neuralnetworksanddeeplearning.com/chap5.html"),
    )
}


def preset_of(state: State) -> Preset | None:
    """The preset whose experiment and seed these are, wherever the cursor stands."""
    same = (p for p in PRESETS.values() if (p.state.experiment, p.state.seed)
            == (state.experiment, state.seed))
    return next(same, None)
