"""A tab that has a link open: what a browser says to the server while its visitor only looks on.

It asks for the page, and as often as the page wants for the fragment that computes on (Streamlit's
run_every). It looks into small messages only, and counts the bytes of the large ones.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from urllib.request import urlopen
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.bench.links import Link

SMALL = 100_000  # bytes
STREAM = "/_stcore/stream"
SEEDS = count(500_000)  # no seed comes twice


@dataclass
class Looker:
    """What such a tab remembers; `seen` counts what came."""

    url: str
    link: Link
    seen: Counter[str]
    socket: ClientConnection | None = None
    query: str = ""
    fragment: str = ""
    pause: float = 0
    session: str = ""
    files: list[str] = field(default_factory=list)
    later: set[asyncio.Task] = field(default_factory=set)

    async def look(self) -> None:
        """Until it is cancelled, or the server is gone."""
        address = self.url.replace("http", "ws", 1) + STREAM
        try:
            async with connect(address, subprotocols=["streamlit"], max_size=None,
                               open_timeout=60, close_timeout=1) as self.socket:
                await self.ask_anew()
                while True:
                    await self.take(await self.socket.recv())
        except (ConnectionClosed, OSError, TimeoutError):
            self.seen["lost connection"] += 1
        finally:
            for task in self.later:
                task.cancel()

    async def ask_anew(self) -> None:
        self.query = f"v=1&{self.link.query}&seed={next(SEEDS)}"
        self.fragment = ""
        await self.ask()
        if self.link.again:
            self.do_later(self.link.again, self.ask_anew)

    async def ask(self, fragment: str = "") -> None:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.link.page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment)
        await self.socket.send(message.SerializeToString())

    def do_later(self, seconds: float, act) -> None:
        async def wait_and_act() -> None:
            await asyncio.sleep(seconds)
            await act()

        task = asyncio.create_task(wait_and_act())
        self.later.add(task)
        task.add_done_callback(self.done)

    def done(self, task: asyncio.Task) -> None:
        self.later.discard(task)
        if not task.cancelled() and task.exception():
            self.seen[type(task.exception()).__name__] += 1

    async def take(self, data: bytes) -> None:
        self.seen["bytes"] += len(data)
        self.seen["largest"] = max(self.seen["largest"], len(data))
        if len(data) > SMALL:
            return
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
            if not message.metadata.run.fragment_ids:
                self.fragment = ""
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.fragment, self.pause = message.auto_rerun.fragment_id, message.auto_rerun.interval
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.take_element(message.delta.new_element)
        elif kind == "script_finished":
            self.finished(message.script_finished)
        elif kind == "backend_operation_response":
            self.take_file(message.backend_operation_response)

    def take_element(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.seen["error box"] += 1
        elif kind == "alert":
            self.seen["sentence"] += 1
        elif kind == "download_button" and self.link.takes:
            button = element.download_button
            if button.help.endswith(self.link.takes):
                self.files.append(button.deferred_file_id)

    def finished(self, how: int) -> None:
        if how == ForwardMsg.FINISHED_SUCCESSFULLY:
            self.seen["drawn"] += 1
            for file in self.files:
                self.do_later(0, lambda file=file: self.order(file))
            self.files = []
        if self.fragment and how != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            fragment = self.fragment
            self.do_later(self.pause, lambda: self.go_on(fragment))

    async def go_on(self, fragment: str) -> None:
        """The fragment once more, unless the page has been drawn without it meanwhile."""
        if fragment == self.fragment:
            await self.ask(fragment)

    async def order(self, file: str) -> None:
        message = BackMsg()
        message.backend_operation_request.request_id = str(uuid4())
        message.backend_operation_request.session_id = self.session
        message.backend_operation_request.deferred_file.file_id = file
        await self.socket.send(message.SerializeToString())

    def take_file(self, response) -> None:
        if response.error_msg:
            self.seen["refused file"] += 1
        else:
            self.do_later(0, lambda: asyncio.to_thread(self.fetch, response.deferred_file.url))

    def fetch(self, path: str) -> None:
        with urlopen(f"{self.url}{path}") as answer:
            while piece := answer.read(1 << 20):
                self.seen["bytes of files"] += len(piece)
