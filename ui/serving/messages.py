"""What a browser may say over the socket: what the pages of this app need, and nothing else.

Streamlit obeys more. Anyone could empty the caches of all visitors (clear_cache), have files
written beside the app (install_skills), or ask for the repository that it was started in
(load_git_info). Such a message ends here, without an answer.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

SAID = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}
ASKED = {"deferred_file", "dataframe_chunk"}  # a download, and the next rows of a table


class Messages:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_what_is_needed() -> Message:
            message = await receive()
            while not is_needed(message):
                message = await receive()
            return message

        is_socket = scope["type"] == "websocket"
        await self.app(scope, receive_what_is_needed if is_socket else receive, send)


def is_needed(message: Message) -> bool:
    """What is no message of Streamlit's is left to Streamlit, which closes the socket."""
    try:
        said = BackMsg.FromString(message.get("bytes") or b"")
    except Exception:  # protobuf's own DecodeError, which has no public home
        return True
    kind = said.WhichOneof("type")
    if kind == "backend_operation_request":
        return said.backend_operation_request.WhichOneof("payload") in ASKED
    return kind is None or kind in SAID
