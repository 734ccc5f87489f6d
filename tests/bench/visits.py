"""The other visitor: opens the app, clicks, asks whether the server is well."""

import asyncio
import time
from collections import Counter
from urllib.request import urlopen

from websockets.exceptions import ConnectionClosed

from engine.experiment.state import State
from tests.bench import sessions
from tests.bench.tabs import SEEDS, STREAM

CLICK = 0.5  # seconds from click to click
PATIENCE = 60.0  # seconds after which the visitor gives up


def stream(url: str) -> str:
    return url.replace("http", "ws", 1) + STREAM


async def clicking(
    visitor: sessions.Tab | None, seconds: float, waits: list[float], seen: Counter[str]
) -> None:
    """Changes the seed every half second; a click that is answered late delays the next."""
    start = moment = time.perf_counter()
    try:
        while visitor and moment <= start + seconds:
            begun = time.perf_counter()
            await asyncio.wait_for(sessions.change(visitor, next(SEEDS)), PATIENCE)
            waits.append(1000 * (time.perf_counter() - begun))
            moment = max(moment + CLICK, time.perf_counter())
            await asyncio.sleep(moment - time.perf_counter())
    except (ConnectionClosed, OSError) as error:  # a TimeoutError is one
        waits.append(1000 * PATIENCE)
        seen[f"visitor: {type(error).__name__}"] += 1
    if not visitor:
        waits.append(1000 * PATIENCE)
    else:
        await visitor.socket.close()
        seen.update({f"visitor: {what}": n for what, n in visitor.seen.items()
                     if what != sessions.EXPECTED})


async def opened(url: str, seen: Counter[str]) -> sessions.Tab | None:
    """A visitor on the first page, unless that takes too long."""
    crowd = sessions.Crowd(State(), "", (0, 0), 0, 0)
    try:
        return await asyncio.wait_for(sessions.opened(crowd, stream(url)), PATIENCE)
    except (ConnectionClosed, OSError) as error:
        seen[f"visitor: {type(error).__name__}"] += 1
        return None


async def newcomer(url: str) -> float:
    """Milliseconds from opening the app to the end of its script."""
    start = time.perf_counter()
    tab = await opened(url, Counter())
    taken = 1000 * (time.perf_counter() - start)
    if tab:
        await tab.socket.close()
    return taken


async def asking(url: str, answers: list[float]) -> None:
    """Milliseconds of each answer to the question whether the server is well, once a second."""
    while True:
        start = time.perf_counter()
        try:
            await asyncio.to_thread(well, url)
        except OSError:
            start -= PATIENCE
        finally:  # also where it is still waiting when the tabs are closed
            answers.append(1000 * (time.perf_counter() - start))
        await asyncio.sleep(1)


def well(url: str) -> None:
    with urlopen(f"{url}/_stcore/health", timeout=PATIENCE) as answer:
        answer.read()
