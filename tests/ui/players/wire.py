"""What travels on the websocket: a client that speaks as Streamlit's own page does.

It says which large messages it still has, as a browser does, so that they need not come again.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from engine.experiment import link
from engine.experiment.state import State

KEPT = 2  # script runs that a browser keeps a large message for, unless it is used again


@dataclass
class Visitor:
    """A browser tab, and what came in its last run of the script: bytes by kind of element."""

    socket: ClientConnection
    query: str
    page: str
    scripts: int = 0
    large: dict[str, int] = field(default_factory=dict)
    widgets: dict[str, str] = field(default_factory=dict)
    came: Counter[str] = field(default_factory=Counter)
    code: dict[str, str] = field(default_factory=dict)  # of each component

    def look(self) -> int:
        """Open the page; the bytes that come."""
        return self.rerun(BackMsg())

    def choose(self, name: str, value: int) -> int:
        """Change a number in the sidebar; the bytes that come."""
        message = BackMsg()
        message.rerun_script.widget_states.widgets.add(id=self.widgets[name], int_value=value)
        return self.rerun(message)

    def rest_at(self, iteration: int, turn: int) -> int:
        """The slider of the journey comes to rest; the bytes that come."""
        said = {"cursor": {"turn": turn, "iteration": iteration}}
        message = BackMsg()
        message.rerun_script.widget_states.widgets.add(
            id=self.widgets["journey"], json_value=json.dumps(said))
        return self.rerun(message)

    def rerun(self, message: BackMsg) -> int:
        self.scripts += 1
        self.came.clear()
        asked = message.rerun_script
        asked.query_string, asked.page_name = self.query, self.page
        asked.cached_message_hashes.extend(
            name for name, seen in self.large.items() if self.scripts - seen <= KEPT)
        self.socket.send(message.SerializeToString())
        while not self.take(self.socket.recv()):
            pass
        return self.came.total()

    def take(self, data: bytes) -> bool:
        """Remember what came; whether the script has ended."""
        answer = ForwardMsg.FromString(data)
        kind = answer.WhichOneof("type")
        if kind == "ref_hash" or answer.metadata.cacheable:
            self.large[answer.ref_hash or answer.hash] = self.scripts
        if kind == "page_info_changed":
            self.query = answer.page_info_changed.query_string
        if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            kind = self.take_element(answer.delta.new_element)
        self.came[kind] += len(data)
        return kind == "script_finished"

    def take_element(self, element: Element) -> str:
        kind = element.WhichOneof("type")
        if kind == "number_input":
            self.widgets[element.number_input.label] = element.number_input.id
        if kind != "bidi_component":
            return kind
        player = element.bidi_component
        name = player.component_name.rpartition(".")[2]
        self.widgets[name], self.code[name] = player.id, player.js_content + player.css_content
        return name


@contextmanager
def visit(url: str, state: State, page: str = "") -> Iterator[Visitor]:
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
        yield Visitor(socket, urlencode(link.write(state)), page)
