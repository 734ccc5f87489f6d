"""Fifty sessions against one server process, each changing a control every two seconds.

A session is a websocket client that says what Streamlit's own page says: first the query string of
the tab, then for each change the value of a widget, under the identifier that the server gave it,
and the query string that the server wrote last, with the hashes of the large messages that it still
has. The control is the seed, and no seed comes twice, so each change trains a network that nobody
has trained yet and sends a stage that nobody has seen; that is checked by the stage's own
fingerprint and by its numbers.

`class_on_train` measures a class on the Train page: each session begins a new run every 10 s on
average, and in between the slider of its journey comes to rest once. To begin a run is to
train it, to measure every layer at every iteration that is shown, and to draw all of it; once with
the run that the app opens with, once with 2-8-8-1, 200 samples and 500 iterations.

The first minute warms up: caches fill to their limits. In the second, latency is measured from
sending a change to the end of the script, whose messages have then all arrived. The changes of a
session are 2 s apart on average, evenly spread from 1 to 3 s; if one takes longer than its pause,
the next follows at once. Memory is the server's resident set.
"""

import asyncio
import json
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import State
from figures.stage.numbers import fingerprint
from tests.bench import Row, p95
from tests.live import serve

SESSIONS = 50
PAUSE = 1.0, 3.0  # seconds from change to change
RESTS = 1  # of a journey's slider, after each new run
MINUTE = 60.0
KEPT = 2  # script runs that a browser keeps a large message for, unless it is used again
STATE = State()  # as the app opens
LARGER = State(Experiment(data="moons", size=200, hidden=(Layer(8, "tanh"), Layer(8, "tanh")),
                          iterations=500, learning_rate=0.5))
FINGERPRINT = re.compile(r'"id": ?"(\w+)"')
EXPECTED = "new stages"  # what is counted; everything else is an error


class Crowd(NamedTuple):
    """What all visitors look at, and what each of them does, again and again.

    pause   seconds from one act to the next; rests: of a journey's slider, after each change
    goal    milliseconds of the 95th percentile of a change
    """

    state: State
    page: str
    pause: tuple[float, float]
    rests: int
    goal: float


@dataclass
class Tab:
    """What a browser tab remembers."""

    socket: ClientConnection
    crowd: Crowd
    query: str = ""
    seed_widget: str = ""
    journey: str = ""
    turn: int = 0
    stage: str = ""
    large: dict[str, int] = field(default_factory=dict)  # messages that need not come again
    scripts: int = 0
    waits: list[tuple[float, float]] = field(default_factory=list)  # when sent, seconds
    rests: list[tuple[float, float]] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


def measure() -> list[Row]:
    return [*crowded(Crowd(STATE, "", PAUSE, 0, 150)),
            *class_on_train("2-4-1, 200 iterations", STATE),
            *class_on_train("2-8-8-1, 500 iterations", LARGER)]


def class_on_train(name: str, state: State) -> list[Row]:
    rows = crowded(Crowd(state, "train", (3.0, 7.0), RESTS, 300))
    return [row._replace(what=f"Train, {name}: {row.what}") for row in rows]


def crowded(crowd: Crowd) -> list[Row]:
    with serve() as url:
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        return asyncio.run(visited(crowd, address, server()))


def server() -> psutil.Process:
    """The one that `serve` started."""
    return next(p for p in psutil.Process().children() if "ui.server" in p.cmdline())


async def visited(crowd: Crowd, url: str, process: psutil.Process) -> list[Row]:
    tabs = [await opened(crowd, url) for _ in range(SESSIONS)]
    memory, start = [resident(process)], time.perf_counter()
    visitors = [asyncio.create_task(visitor(crowd, k, tab, start + 2 * MINUTE))
                for k, tab in enumerate(tabs)]
    await asyncio.sleep(MINUTE)
    memory.append(resident(process))
    process.cpu_percent()
    await asyncio.sleep(start + 2 * MINUTE - time.perf_counter())
    load = process.cpu_percent()
    memory.append(resident(process))
    await asyncio.gather(*visitors)
    for tab in tabs:
        await tab.socket.close()
    return table(crowd, tabs, start + MINUTE, memory, load)


def table(
    crowd: Crowd, tabs: list[Tab], since: float, memory: list[float], load: float
) -> list[Row]:
    waits = [1000 * wait for tab in tabs for when, wait in tab.waits if when >= since]
    rests = [1000 * wait for tab in tabs for when, wait in tab.rests if when >= since]
    changes = sum(len(tab.waits) for tab in tabs)
    seen = sum((tab.seen for tab in tabs), Counter())
    errors = {what: count for what, count in seen.items() if what != EXPECTED}
    resting = [Row(f"slider's rest to end of script: 95th percentile of {len(rests)}", p95(rests),
                   "ms")] if rests else []
    return [
        Row(f"change to end of script: median of {len(waits)}", median(waits), "ms"),
        Row("change to end of script: 95th percentile", p95(waits), "ms", "≤", crowd.goal),
        Row("change to end of script: longest", max(waits), "ms"),
        *resting,
        Row(f"changes that sent the new stage, of {changes}", seen[EXPECTED], "", "=", changes),
        Row(" ".join(["errors", *map(str, errors)]), sum(errors.values()), "", "=", 0),
        Row(f"server memory, {len(tabs)} sessions open", memory[0], "MB"),
        Row("server memory after the first minute", memory[1], "MB"),
        Row("server memory: growth in the second minute", memory[2] - memory[1], "MB", "≤", 5),
        Row("server load in the second minute, of one core", load, "%"),
    ]


def resident(process: psutil.Process) -> float:
    return process.memory_info().rss / 1e6


async def opened(crowd: Crowd, url: str) -> Tab:
    """A tab whose page has been drawn once."""
    tab = Tab(await connect(url, subprotocols=["streamlit"], max_size=None), crowd)
    tab.query = urlencode(link.write(crowd.state))
    await rerun(tab, BackMsg())
    return tab


async def visitor(crowd: Crowd, k: int, tab: Tab, end: float) -> None:
    """Changes the seed again and again, at moments of its own, until the end."""
    dice, moment = random.Random(k), time.perf_counter()
    try:
        for seed in range(1 + 1000 * k, 1000 * (k + 1)):
            for rest in range(crowd.rests + 1):
                moment += dice.uniform(*crowd.pause)
                if moment > end:
                    return
                await asyncio.sleep(moment - time.perf_counter())
                await (travel(tab, 37 * rest) if rest else change(tab, seed))
    except ConnectionClosed:
        tab.seen["lost connection"] += 1


async def travel(tab: Tab, iteration: int) -> None:
    """The slider of the journey comes to rest."""
    sent = time.perf_counter()
    tab.turn += 1
    said = {"cursor": {"turn": tab.turn, "iteration": iteration}}
    message = BackMsg()
    message.rerun_script.widget_states.widgets.add(id=tab.journey, json_value=json.dumps(said))
    await rerun(tab, message)
    tab.rests.append((sent, time.perf_counter() - sent))
    if f"iteration={iteration}&" not in tab.query:
        tab.seen["a link of another iteration"] += 1


async def change(tab: Tab, seed: int) -> None:
    before, sent = tab.stage, time.perf_counter()
    message = BackMsg()
    message.rerun_script.widget_states.widgets.add(id=tab.seed_widget, int_value=seed)
    await rerun(tab, message)
    tab.waits.append((sent, time.perf_counter() - sent))
    tab.seen[EXPECTED if is_new(tab, before, seed) else "old stage"] += 1


def is_new(tab: Tab, before: str, seed: int) -> bool:
    """Whether the stage is of this seed, by its fingerprint, and has other numbers."""
    e, found = tab.crowd.state.experiment, FINGERPRINT.search(tab.stage)
    is_of_seed = found and found[1] == fingerprint(e, seed, e.samples)
    return bool(is_of_seed) and FINGERPRINT.sub("", tab.stage) != FINGERPRINT.sub("", before)


async def rerun(tab: Tab, message: BackMsg) -> None:
    """Send, and take in what comes until the script has ended."""
    message.rerun_script.query_string = tab.query
    message.rerun_script.page_name = tab.crowd.page
    message.rerun_script.cached_message_hashes.extend(kept(tab))
    await tab.socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(await tab.socket.recv())
        take(tab, answer)
        if answer.WhichOneof("type") == "script_finished":
            if answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return
            if answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                tab.seen["unfinished script"] += 1
                return


def kept(tab: Tab) -> list[str]:
    """The hashes of the large messages that a browser would still have."""
    tab.scripts += 1
    return [large for large, seen in tab.large.items() if tab.scripts - seen <= KEPT]


def take(tab: Tab, answer: ForwardMsg) -> None:
    kind = answer.WhichOneof("type")
    if kind == "ref_hash" or answer.metadata.cacheable:
        tab.large[answer.ref_hash or answer.hash] = tab.scripts
    if kind == "page_info_changed":
        tab.query = answer.page_info_changed.query_string
    elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
        take_element(tab, answer.delta.new_element)


def take_element(tab: Tab, element: Element) -> None:
    kind = element.WhichOneof("type")
    if kind == "number_input" and element.number_input.label == "Seed":
        tab.seed_widget = element.number_input.id
    elif kind == "bidi_component":
        take_player(tab, element.bidi_component)
    elif kind in ("exception", "alert"):
        tab.seen[kind] += 1


def take_player(tab: Tab, player: BidiComponent) -> None:
    if player.component_name.endswith("stage"):
        tab.stage = player.bytes.decode("latin-1")
    elif player.component_name.endswith("journey"):
        tab.journey = player.id
