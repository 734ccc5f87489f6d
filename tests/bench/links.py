"""Links within the limits that cost a server much: what tests/bench/hostile.py opens.

Each tab adds its own seed. `again` is how often, in seconds, a tab asks for the same with another
seed; `takes` names the files that it downloads, by the end of their names, as soon as it can.
"""

from typing import NamedTuple

DEEPEST = "hidden=1tanh*100&iterations=100000"
LARGEST = "hidden=256tanh*30"
FULL_BATCH = "data=moons&size=2000&hidden=64tanh*20&batch=0"
EXPLODES = ("data=sine&output=identity&loss=mse&hidden=4relu&iterations=1&look=lottery&drawn=seeds"
            "&initializer=normal")
DIGITS = "data=digits&output=softmax&loss=cross_entropy"


class Link(NamedTuple):
    page: str
    query: str
    again: float = 0
    takes: str = ""


CLASS = "class"
LINKS = {
    # long work, and work that is large
    "widths": Link("depth", f"data=xor&{DEEPEST}&look=lottery&drawn=widths"),
    "adamw": Link("train", f"data=mazur&output=sigmoid&loss=half_sum&{LARGEST}&optimizer=adamw"
                           "&learning_rate=0.001&iterations=5000&iteration=4998"),
    "deepest": Link("", f"data=xor&{DEEPEST}&norm=layer&residual=1&optimizer=adamw"),
    CLASS: Link("train", "data=moons&hidden=64tanh-64tanh&iterations=5000&batch=32&optimizer=adam"),
    # counts that come from a value
    "bins-30": Link("depth", f"{EXPLODES}&gain=30"),
    "bins-50": Link("depth", f"{EXPLODES}&gain=50"),
    "bins-100": Link("depth", f"{EXPLODES}&gain=100"),
    "bins-xor": Link("depth", "data=xor&output=identity&loss=half_sum&hidden=4relu"
                              "&learning_rate=3&look=lottery&drawn=seeds"),
    # files
    "csv": Link("save", f"{DIGITS}&hidden=100tanh*20&iterations=5", takes=".csv"),
    "csv-largest": Link("save", f"data=mazur&output=sigmoid&loss=half_sum&{LARGEST}&iterations=5",
                        takes=".csv"),
    "notebook": Link("save", f"data=mazur&output=sigmoid&loss=half_sum&{LARGEST}&iterations=5",
                     takes=".ipynb"),
    # the lab
    "networks": Link("depth", f"{LARGEST}&networks=200"),
    "singular": Link("depth", f"{LARGEST}&networks=1&look=singular"),
    "map-sigma": Link("depth", "data=mazur&hidden=64tanh*50&look=sigma"),
    "map-gain": Link("depth", f"{LARGEST}&networks=1&look=gain"),
    "map-chart": Link("depth", f"{DIGITS}&hidden=40tanh*50&iterations=60&look=chart"),
    "lottery": Link("depth", f"{DIGITS}&hidden=64tanh-64tanh&iterations=300"
                             "&look=lottery&drawn=seeds"),
    "race": Link("depth", f"{FULL_BATCH}&iterations=50&look=race&with1.learning_rate=1"
                          "&with2.learning_rate=10&with3.norm=batch"),
    # runs
    "full-batch": Link("train", f"{FULL_BATCH}&iterations=60&optimizer=adam"),
    "forks": Link("train", "data=xor&hidden=16tanh*8&iterations=20000&optimizer=adamw&forks="
                           + "%20".join(f"{t}~learning_rate~{t}.0" for t in range(1000, 9000, 1000))
                  ),
    "middle": Link("train", "data=mazur&output=sigmoid&loss=half_sum&hidden=256tanh*28"
                            "&iterations=2000&iteration=1999&sample=all"),
    "wide-stage": Link("", f"{DIGITS}&hidden=256relu*8&iterations=3&sample=all"),
    "own-weights": Link("weights", f"{DIGITS}&hidden=256tanh*8&iterations=2"),
    # clicks that do not wait
    "clicks": Link("train", "data=moons&hidden=32tanh-32tanh&iterations=2000&optimizer=adam",
                   again=0.3),
    "lab-clicks": Link("depth", "hidden=64tanh*50&networks=200", again=0.3),
}
