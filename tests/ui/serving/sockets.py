"""Talking to a started server without a browser: a request, a session's socket, its messages."""

from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

STREAM = "_stcore/stream"


def get(url: str, **headers: str) -> tuple[int, bytes]:
    """Status and body, of refusals too."""
    there = urlsplit(url)
    with closing(HTTPConnection(there.hostname, there.port, timeout=30)) as connection:
        connection.request("GET", f"{there.path or '/'}?{there.query}", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def socket_of(url: str, **more) -> ClientConnection:
    return connect(f"{url.replace('http', 'ws', 1)}/{STREAM}", subprotocols=["streamlit"],
                   max_size=None, **more)


def asked(client: ClientConnection, query: str = "v=1", page: str = "") -> list[ForwardMsg]:
    """A page is drawn; all that came until its script ended."""
    message = BackMsg()
    message.rerun_script.query_string, message.rerun_script.page_name = query, page
    client.send(message.SerializeToString())
    return until(client, lambda m: m.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                 and m.WhichOneof("type") == "script_finished")


def until(client: ClientConnection, ends: Callable[[ForwardMsg], bool]) -> list[ForwardMsg]:
    found = [ForwardMsg.FromString(client.recv(timeout=60))]
    while not ends(found[-1]):
        found.append(ForwardMsg.FromString(client.recv(timeout=60)))
    return found
