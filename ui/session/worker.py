"""A worker: computes what pages ask for, in a process of its own, outside of the one that draws.

    main()     in a process with BYTES as its argument: orders come in as pickles on its standard
               input, answers go out as pickles on its standard output

What is computed when is decided in ui/session/bench.py. A worker ends when its orders' pipe is
closed, whatever becomes of the process at the other end.
"""

import _thread
import os
import pickle
import signal
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread, Timer
from typing import Any, BinaryIO

from ui.session.bench import Abandoned, Bench

HARD = 0.4  # seconds after which an abandoned order is interrupted where it stands


def bounded(size: int) -> None:
    """No more memory than this, and only the time that nobody else needs, where that can be had."""
    if hasattr(os, "nice"):
        os.nice(10)
    if sys.platform == "linux":
        import resource
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def listen(source: Any, bench: Bench, inbox: SimpleQueue) -> None:
    """Takes orders in, beside the computing; a closed pipe is the end."""
    try:
        while message := pickle.load(source):
            inbox.put(message)
            if message[0] == "drop":
                bench.abandoned.add(message[1])
                late = Timer(HARD, interrupt, (bench, message[1]))
                late.daemon = True
                late.start()
    finally:
        os._exit(0)


def interrupt(bench: Bench, number: int) -> None:
    if bench.now == number:
        _thread.interrupt_main()


def abandon(bench: Bench) -> None:
    """Where the computing stands, but not in the middle of an answer."""
    if bench.now in bench.abandoned and not bench.sending:
        raise Abandoned


def answering(out: BinaryIO) -> Callable[[tuple], None]:
    """Sends answers: what an answer is about, and then its value, so long as it says."""
    def send(answer: tuple) -> None:
        number, kind, value, done, spent = answer
        body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        pickle.dump((number, kind, done, spent, len(body)), out, pickle.HIGHEST_PROTOCOL)
        out.write(body)
        out.flush()
    return send


def main() -> None:
    size = int(sys.argv[1])
    out, source = os.fdopen(os.dup(1), "wb"), sys.stdin.buffer
    os.dup2(2, 1)  # whatever prints does not speak on the pipe
    bounded(size)
    bench, inbox = Bench(answering(out), size // 2), SimpleQueue()
    signal.signal(signal.SIGINT, lambda *_: abandon(bench))
    Thread(target=listen, args=(source, bench, inbox), daemon=True).start()
    while bench is not None:
        try:
            while not (inbox.empty() and bench.jobs):
                kind, value = inbox.get()
                getattr(bench, kind)(value)
            bench.step()
        except Abandoned:  # it came a moment too late
            continue
