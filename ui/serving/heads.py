"""How long a client may take to say what it wants.

A request begins with its head: a line and some headers. uvicorn waits for the end of it for ever,
and a few thousand clients that send a letter a minute would take every socket that there is. Here
the time begins with the connection, and after an answer with the next letter; a timer that the
whole head has stopped does not touch what follows, a long upload or the socket of a session.
"""

import asyncio
import os
import re

from uvicorn.protocols.http.auto import AutoHTTPProtocol

NAME, SECONDS = "BACKSTEP_HEAD_SECONDS", "10"


def head_seconds() -> float:
    text = os.environ.get(NAME, SECONDS)
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or not float(text):
        raise SystemExit(f"{NAME} must be a number above 0 and below 10000 (got {text[:80]!r})")
    return float(text)


class PromptProtocol(AutoHTTPProtocol):
    """uvicorn's protocol, which closes a connection whose head does not come to its end."""

    seconds = float(SECONDS)
    timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop_timer()
        super().connection_lost(exc)

    def wait_for_head(self) -> None:
        """One timer for each head: what comes in pieces does not begin it anew."""
        if self.has_head():
            self.stop_timer()
        elif self.timer is None:
            self.timer = self.loop.call_later(self.seconds, self.transport.close)

    def has_head(self) -> bool:
        """Whether a request is being answered, or the connection has become a socket."""
        is_answering = self.cycle is not None and not self.cycle.response_complete
        return is_answering or self.transport.get_protocol() is not self

    def stop_timer(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
