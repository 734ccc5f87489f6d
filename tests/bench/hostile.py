"""Hostile links: what another visitor feels of them, and what they leave behind.

Each link of tests/bench/links.py is held open in one tab and in twenty, each with a seed of its
own, while another visitor changes a seed every half second. Then the tabs are closed. All links go
to one server, as in a lesson that goes wrong; at the end of all of them (or with --newcomer) a
newcomer's first page on it is compared with that on a fresh one, and its memory with that after an
ordinary class.

    python -m tests.bench hostile                                    all of it, about forty minutes
    python -m tests.bench.hostile widths adamw --tabs 1 --seconds 10 --rest 5    two links, briefly
    python -m tests.bench.hostile --list                             their names

median, p95, worst   milliseconds from the visitor's click to the end of the script, tabs open
health               the longest that the health check took, in milliseconds, tabs open
peak                 megabytes of the server and all its processes (PSS), tabs open
after                processor seconds of all of them from 2 to 5 s after the tabs were closed
left                 megabytes `rest` seconds after that
drawn                pages and fragments that the tabs got to their end, and what else they saw

A server that takes more than `most` megabytes is ended, to spare the machine, and a new one begins.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from statistics import median
from typing import NamedTuple

from tests.bench import Row, p95, sessions
from tests.bench.links import CLASS, LINKS
from tests.bench.tabs import Looker
from tests.bench.tree import Tree
from tests.bench.visits import asking, clicking, newcomer, opened
from tests.live import serve

TITLE = (f"{'link':12}{'tabs':>5}{'median':>8}{'p95':>8}{'worst':>8}{'health':>8}"
         f"{'peak':>8}{'after':>7}{'left':>7}  seen")


class Plan(NamedTuple):
    """How long the tabs stay, how long it rests after them, and what the server may take."""

    names: tuple[str, ...] = tuple(LINKS)
    tabs: tuple[int, ...] = (1, 20)
    seconds: float = 15
    rest: float = 30
    most: float = 6000
    newcomer: bool = True


WHOLE = Plan()


class Found(NamedTuple):
    """One line of the table."""

    name: str
    tabs: int
    waits: list[float]  # milliseconds
    health: list[float]
    peak: float
    after: float
    left: float
    seen: Counter[str]

    @property
    def late(self) -> float:
        """The 95th percentile, also of a single click."""
        return p95(self.waits * 2)

    def __str__(self) -> str:
        middle, late, worst = median(self.waits), self.late, max(self.waits)
        seen = ", ".join(f"{what} {brief(what, n)}" for what, n in sorted(self.seen.items()))
        return (f"{self.name:12}{self.tabs:5}{middle:8.0f}{late:8.0f}{worst:8.0f}"
                f"{max(self.health):8.0f}{self.peak:8.0f}{self.after:7.2f}{self.left:7.0f}  {seen}")


def brief(what: str, n: int) -> str:
    return f"{n / 1e6:.1f} MB" if what in ("bytes", "bytes of files", "largest") else str(n)


class Server(NamedTuple):
    url: str
    tree: Tree


def measure(plan: Plan = WHOLE) -> list[Row]:
    return asyncio.run(measured(plan))


async def measured(plan: Plan) -> list[Row]:
    print(f"\n{TITLE}")
    found, rest = [], [(name, tabs) for name in plan.names for tabs in plan.tabs]
    while rest:  # a new server for what is left, where one was ended
        with started(plan) as server:
            while rest and server.tree.is_alive():
                found.append(await held_open(server, plan, *rest.pop(0)))
                print(found[-1], flush=True)
            if plan.newcomer and not rest and server.tree.is_alive():
                return [*goals(found), *await beside_a_fresh_one(server, plan)]
    return goals(found)


@contextmanager
def started(plan: Plan) -> Iterator[Server]:
    with serve() as url:
        tree = Tree(sessions.server(url), plan.most)
        try:
            yield Server(url, tree)
        finally:
            tree.end()


async def held_open(server: Server, plan: Plan, name: str, tabs: int) -> Found:
    """The tabs stay open while the visitor clicks; then they are closed."""
    server.tree.peak, seen = 0, Counter()
    watch = asyncio.create_task(server.tree.watch())
    waits: list[float] = []
    health: list[float] = []
    visitor = await opened(server.url, seen)
    lookers = [asyncio.create_task(Looker(server.url, LINKS[name], seen).look())
               for _ in range(tabs)]
    clicks = asyncio.create_task(clicking(visitor, plan.seconds, waits, seen))
    asks = asyncio.create_task(asking(server.url, health))
    await asyncio.sleep(plan.seconds)
    await closed([*lookers, asks])
    peak, after = server.tree.peak, await cpu_after(server.tree)
    await clicks
    await asyncio.sleep(max(0.0, plan.rest - 5))
    watch.cancel()
    if server.tree.ended:
        seen["server ended: megabytes"] = round(server.tree.peak)
    return Found(name, tabs, waits, health, peak, after, server.tree.memory(), seen)


async def closed(lookers: list[asyncio.Task]) -> None:
    for looker in lookers:
        looker.cancel()
    for looker in lookers:
        with suppress(asyncio.CancelledError):
            await looker


async def cpu_after(tree: Tree) -> float:
    await asyncio.sleep(2)
    before = tree.cpu()
    await asyncio.sleep(3)
    return max(0.0, tree.cpu() - before)


def goals(found: list[Found]) -> list[Row]:
    """The worst of all lines."""
    worst = lambda of: max(of(one) for one in found)
    return [
        Row("another visitor's click, 95th percentile, worst link",
            worst(lambda one: one.late), "ms", "≤", 500),
        Row("peak memory, worst link", worst(lambda one: one.peak), "MB", "≤", 1500),
        Row("processor time from 2 to 5 s after the tabs, worst link",
            worst(lambda one: one.after), "s", "≤", 0.3),
        Row("error boxes and lost connections",
            sum(n for one in found for what, n in one.seen.items()
                if "error box" in what or "lost" in what), "", "=", 0),
    ]


async def beside_a_fresh_one(server: Server, plan: Plan) -> list[Row]:
    """A newcomer's first page here and on a fresh server; memory here and after a class there."""
    with started(plan) as fresh:
        await newcomer(fresh.url)  # both have served one by now
        first = [(await newcomer(server.url), await newcomer(fresh.url)) for _ in range(7)]
        after_class = await held_open(fresh, plan, CLASS, 20)
    print(f"{after_class}  (on a fresh server)")
    here, there = (median(times) for times in zip(*first, strict=True))
    return [
        Row("a newcomer's first page on this server", here, "ms", "≤", round(1.5 * there + 10)),
        Row("a newcomer's first page on a fresh server", there, "ms"),
        Row("memory of this server", server.tree.memory(), "MB", "≤",
            round(1.2 * after_class.left)),
        Row("memory of a fresh server after an ordinary class", after_class.left, "MB"),
    ]


def plan_of(arguments: list[str] | None = None) -> Plan:
    parser = argparse.ArgumentParser("python -m tests.bench.hostile", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="link")
    parser.add_argument("--list", action="version", version="\n".join(LINKS))
    parser.add_argument("--newcomer", action="store_true", help="and what is compared at the end")
    parser.add_argument("--tabs", nargs="+", type=int, default=WHOLE.tabs)
    for name in ("seconds", "rest", "most"):
        parser.add_argument(f"--{name}", type=float, default=getattr(WHOLE, name))
    given = vars(parser.parse_args(arguments))
    if unknown := {*given["names"]} - {*LINKS}:
        parser.error(f"no link {', '.join(unknown)}; there are: {', '.join(LINKS)}")
    names, whole = tuple(given["names"]), not given["names"]
    return Plan(**given | {"names": names or WHOLE.names, "tabs": tuple(given["tabs"]),
                           "newcomer": whole or given["newcomer"]})


if __name__ == "__main__":
    from tests.bench import show

    show("Hostile links", measure(plan_of()))
