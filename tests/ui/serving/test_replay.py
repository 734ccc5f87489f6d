"""Scripts are made once and replayed: whole, whoever was the first to ask and however that went."""

import asyncio
import contextlib
import gzip
import socket
import struct
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
import streamlit as st

from tests.live import serve
from ui.serving.replay import Replay

STATIC = Path(st.__file__).parent / "static"
LARGE = sorted((STATIC / "static").rglob("*.js"), key=lambda file: file.stat().st_size)[-6:]
LEAVING = {"FIN": (0, 0), "RST": (1, 0)}  # to linger: whether, and for how many seconds


def left_early(url: str, path: str, encoding: str, linger: tuple[int, int]) -> bytes:
    """What a client has read that went away in the middle."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", *linger))
        client.connect((urlsplit(url).hostname, urlsplit(url).port))
        client.sendall(f"GET /{path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
                       f"Accept-Encoding: {encoding}\r\n\r\n".encode())
        return client.recv(1000)


def whole(url: str, path: str, encoding: str) -> bytes:
    request = Request(f"{url}/{path}", headers={"Accept-Encoding": encoding})
    with urlopen(request, timeout=30) as answer:
        body = answer.read()
    return gzip.decompress(body) if encoding == "gzip" else body


@pytest.mark.parametrize("linger", LEAVING.values(), ids=LEAVING)
def test_whoever_leaves_while_the_page_loads_breaks_no_file_for_others(linger):
    asked = [(file, encoding) for file in LARGE for encoding in ("gzip", "identity")]
    with serve() as url:
        for file, encoding in asked:
            assert left_early(url, file.relative_to(STATIC).as_posix(), encoding, linger)
        for _ in ("while the server notices", "after that"):
            for file, encoding in asked:
                path = file.relative_to(STATIC).as_posix()
                assert whole(url, path, encoding) == file.read_bytes()
            time.sleep(0.2)


def answers(app: Replay, path: str, method: str = "GET", **headers: str) -> list[dict]:
    """What an ASGI application sends."""
    sent = []

    async def send(message: dict) -> None:
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    asyncio.run(app({"type": "http", "method": method, "path": path, "headers": raw}, None, send))
    return sent


class Files:
    """Answers with the path in two pieces, and counts how often it was asked."""

    def __init__(self, cache_control: str) -> None:
        self.headers, self.asked = [(b"cache-control", cache_control.encode())], 0

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        path = scope["path"].encode()
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        await send({"type": "http.response.body", "body": path, "more_body": True})
        await send({"type": "http.response.body", "body": b"!", "more_body": False})


def test_an_immutable_answer_is_made_once_for_each_encoding():
    files = Files("public, immutable")
    app = Replay(files)
    first = answers(app, "/a.js", accept_encoding="gzip")
    assert answers(app, "/a.js", accept_encoding="gzip") == first
    assert answers(app, "/./a.js", accept_encoding="gzip") == first
    assert files.asked == 1
    assert answers(app, "/a.js") == first
    assert answers(app, "/b.js")[1]["body"] == b"/b.js"
    assert files.asked == 3


@pytest.mark.parametrize(
    "less", [{"range": "bytes=0-1"}, {"if_none_match": '"e"'}, {"method": "HEAD"}]
)
def test_a_request_for_less_than_the_file_is_passed_on(less):
    files = Files("public, immutable")
    app = Replay(files)
    answers(app, "/a.js")
    answers(app, "/a.js", **less)
    assert files.asked == 2


def test_an_answer_that_may_change_is_not_kept():
    files = Files("no-cache")
    app = Replay(files)
    for _ in range(2):
        assert len(answers(app, "/")) == 3
    assert files.asked == 2
    assert not app.answers


class CutOff(Files):
    """The first answer ends in the middle; the next ones are whole."""

    def __init__(self, end: Exception | None, headers: tuple = ()) -> None:
        super().__init__("public, immutable")
        self.headers += headers
        self.end = end

    async def __call__(self, scope, receive, send) -> None:
        if self.asked:
            return await super().__call__(scope, receive, send)
        self.asked += 1
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"/a", "more_body": True})
        if self.end:
            raise self.end
        return None


@pytest.mark.parametrize("end", [None, OSError(), asyncio.CancelledError()])
def test_an_answer_that_ends_in_the_middle_is_not_kept(end):
    app = Replay(CutOff(end))
    with contextlib.suppress(OSError, asyncio.CancelledError):
        answers(app, "/a.js")
    assert not app.answers
    for _ in ("made", "replayed"):
        assert [m.get("body") for m in answers(app, "/a.js")] == [None, b"/a.js", b"!"]


class Shorter(Files):
    """Says that it has more bytes than it sends."""

    def __init__(self) -> None:
        super().__init__("public, immutable")
        self.headers.append((b"content-length", b"100"))


def test_an_answer_with_fewer_bytes_than_it_says_is_not_kept():
    app = Replay(Shorter())
    answers(app, "/a.js")
    assert not app.answers


def test_an_answer_that_only_began_is_not_kept():
    app = Replay(OnlyBegun("public, immutable"))
    answers(app, "/a.js")
    assert not app.answers


class OnlyBegun(Files):
    async def __call__(self, scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})


class InTurns(Files):
    """Sends its first piece only after somebody else has asked, too."""

    def __init__(self) -> None:
        super().__init__("public, immutable")
        self.both = asyncio.Event()

    async def __call__(self, scope, receive, send) -> None:
        if self.asked:
            self.both.set()
        await super().__call__(scope, receive, waiting(send, self.both))


def waiting(send, event: asyncio.Event):
    async def send_later(message: dict) -> None:
        await event.wait()
        await send(message)

    return send_later


def test_two_who_ask_first_at_the_same_time_both_get_the_whole_file():
    app, scope = Replay(InTurns()), {"type": "http", "method": "GET", "path": "/a.js",
                                     "headers": []}
    sent: list[list[dict]] = [[], []]

    async def ask(k: int) -> None:
        async def send(message: dict) -> None:
            sent[k].append(message)

        await app(scope, None, send)

    async def both() -> None:
        await asyncio.gather(ask(0), ask(1))

    asyncio.run(both())
    assert sent[0] == sent[1] == answers(app, "/a.js")
    assert b"".join(m.get("body", b"") for m in sent[0]) == b"/a.js!"


def test_what_the_receiver_does_to_a_message_is_not_replayed():
    app = Replay(Files("public, immutable"))
    for _ in range(2):
        first = answers(app, "/a.js")[0]
        assert len(first["headers"]) == 1
        first["headers"] = [*first["headers"], (b"x", b"y")]
