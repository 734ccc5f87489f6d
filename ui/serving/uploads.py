"""How much a session may leave on the server at once: files that it sends and that nobody reads.

A file that was read is given back at once (ui/data/files.py), and so are its bytes here: what
counts is what Streamlit holds now, and what is on its way. Each file counts for SMALLEST at least.
"""

import re
from collections import Counter

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

MB = 1024 * 1024
SMALLEST = 262_144  # bytes
MOST = {"one session": 42 * MB, "all sessions": 420 * MB}  # two of the largest files, and twenty
PATH = re.compile(r".*/_stcore/upload_file/([^/]+)/[^/]+")


class Uploads:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.coming: Counter[str] = Counter()  # session -> bytes on their way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = PATH.fullmatch(scope.get("path", ""))
        if not match or scope.get("method") != "PUT" or not is_open(session := match[1]):
            await self.app(scope, receive, send)
            return
        size = max(SMALLEST, announced(scope))
        if sentence := refusal(kept(), self.coming, session, size):
            await read_to_the_end(receive, size)
            await PlainTextResponse(sentence, 413)(scope, receive, send)
            return
        self.coming[session] += size
        try:
            await self.app(scope, receive, send)
        finally:
            self.coming -= Counter({session: size})


async def read_to_the_end(receive: Receive, most: int) -> None:
    """A browser does not listen before it has sent everything."""
    while most > 0 and (message := await receive()).get("more_body"):
        most -= len(message["body"])


def is_open(session: str) -> bool:
    return runtime.get_instance().is_active_session(session)


def announced(scope: Scope) -> int:
    """The bytes of the body; of one that does not say so, as many as Streamlit lets it have."""
    text = Headers(scope=scope).get("content-length", "")
    most = (config.get_option("server.maxUploadSize") + 1) * MB
    return min(int(text), most) if re.fullmatch("[0-9]{1,12}", text) else most


def kept() -> Counter[str]:
    """session -> bytes that Streamlit holds of it."""
    manager = runtime.get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    return Counter({session: sum(max(SMALLEST, len(file.data)) for file in [*files.values()])
                    for session, files in [*manager.file_storage.items()]})


def refusal(held: Counter[str], coming: Counter[str], session: str, size: int) -> str:
    """What speaks against so many bytes more, or nothing."""
    both = held + coming
    used = {"one session": both[session], "all sessions": both.total()}
    for whose, most in MOST.items():
        if used[whose] + size > most:
            return (f"the files of {whose} must be at most {most // MB} MB together "
                    f"(got {-(-(used[whose] + size) // MB)} MB)")
    return ""
