"""Scripts, styles and fonts are compressed once, at their first request, and replayed after that.

Only an answer that came to its end is kept. A visitor who leaves while it is on its way makes
Streamlit stop in the middle: the next one gets it anew. Two who ask for it first at the same time
make it twice, and neither waits for the other, who may be slow.
"""

from posixpath import normpath

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Key = tuple[str, bool]  # path, and whether compressed


class Replay:
    """Keeps the answers that Streamlit calls immutable: files whose name changes with their bytes.

    They are finitely many, so there is nothing to evict: 9 MB if a browser asks for them all.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.answers: dict[Key, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_plain_get(scope):
            await self.app(scope, receive, send)
            return
        key = normpath(scope["path"]), "gzip" in Headers(scope=scope).get("accept-encoding", "")
        if key not in self.answers:
            await self.record(key, scope, receive, send)
            return
        for message in self.answers[key]:
            await send(dict(message))

    async def record(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def send_and_keep(message: Message) -> None:
            if answer or is_immutable(message):
                answer.append(dict(message))
            await send(message)

        await self.app(scope, receive, send_and_keep)
        if is_whole(answer):
            self.answers[key] = answer


def is_plain_get(scope: Scope) -> bool:
    """Whether the whole file is asked for, not a part of it and not only if it changed."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return not any(name == b"range" or name.startswith(b"if-") for name, _ in scope["headers"])


def is_immutable(message: Message) -> bool:
    return "immutable" in Headers(raw=message.get("headers", [])).get("cache-control", "")


def is_whole(answer: list[Message]) -> bool:
    """Whether it has an end, and as many bytes as it says."""
    if not answer or answer[0]["status"] != 200 or answer[-1].get("more_body", len(answer) == 1):
        return False
    size = sum(len(message.get("body", b"")) for message in answer[1:])
    return Headers(raw=answer[0]["headers"]).get("content-length", str(size)) == str(size)
