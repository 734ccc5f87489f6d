"""Backstep as an ASGI application: what `make run` serves.

`streamlit run app.py` serves the same app. This adds what Streamlit leaves to others:

- Compression. Streamlit sends its scripts as they are, Plotly's alone in 4.7 MB. Each is compressed
  once, at its first request, and its compressed bytes are replayed after that.
- Security headers. Scripts, styles, fonts and pictures come from this server alone, and the browser
  is told to refuse all others.
- Small packets at once. Streamlit's own server leaves Nagle's algorithm on.
- Memory that stays. glibc gives that of a large array back to the system when it is freed, and asks
  for it again for the next one: a third of the time that a new picture takes.

HOST and PORT say where to listen. BACKSTEP_FRAME_ANCESTORS names the sites that may show Backstep
in a frame, such as "https://moodle.example.org". Any ASGI server runs it: `uvicorn ui.server:app`.
"""

import ctypes
import os
import re
import socket
import sys
import webbrowser
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from posixpath import normpath
from threading import Timer

import streamlit as st
import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import code

APP = Path(__file__).parent.parent / "app.py"
INDEX = Path(st.__file__).parent / "static" / "index.html"
Key = tuple[str, bool]  # path, and whether compressed
GLIBC = {"M_TRIM_THRESHOLD": (-1, 64_000_000), "M_MMAP_THRESHOLD": (-3, 32_000_000),
         "M_ARENA_MAX": (-8, 1)}  # what may stay, and how large an array in it; one heap for all
SITE = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?", re.IGNORECASE)


def frame_ancestors() -> str:
    """Who may show the app in a frame: its own site, and those that the environment names."""
    sites = os.environ.get("BACKSTEP_FRAME_ANCESTORS", "").split()
    for site in sites:
        if not SITE.fullmatch(site):
            raise SystemExit(
                "BACKSTEP_FRAME_ANCESTORS must be addresses such as https://moodle.example.org, "
                f"separated by spaces (got {site!r})"
            )
    return " ".join(["'self'", *sites])


def inline_scripts() -> str:
    """The hashes of the scripts in Streamlit's own page; no other inline script may run."""
    scripts = re.findall(r"<script>(.*?)</script>", INDEX.read_text("utf-8"), re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in scripts)


def security_headers() -> dict[str, str]:
    """What every answer says about itself."""
    policy = {
        "default-src": "'none'",
        "connect-src": "'self'",
        "script-src": f"'self' blob: {inline_scripts()}",  # a component's script comes as a blob,
        "style-src": "'self' 'unsafe-inline'",  # and its style inline, like all of Streamlit's
        "font-src": "'self' data:",  # KaTeX
        "img-src": "'self' data: blob:",  # Plotly: heat maps, and a chart saved as a picture
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": frame_ancestors(),
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Permissions-Policy": "clipboard-write=(self), camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


class SecurityHeaders:
    """Gives every answer the same headers."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app, self.headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)


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
            await send(message)

    async def record(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def send_and_keep(message: Message) -> None:
            if answer or is_immutable(message):
                answer.append(message)
            await send(message)

        await self.app(scope, receive, send_and_keep)
        if answer:
            self.answers[key] = answer


def is_plain_get(scope: Scope) -> bool:
    """Whether the whole file is asked for, not a part of it and not only if it changed."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return not any(name == b"range" or name.startswith(b"if-") for name, _ in scope["headers"])


def is_immutable(message: Message) -> bool:
    return "immutable" in Headers(raw=message.get("headers", [])).get("cache-control", "")


app = st.App(
    APP,
    routes=code.routes(),
    middleware=[
        Middleware(Replay),
        Middleware(SecurityHeaders, headers=security_headers()),
        Middleware(GZipMiddleware),
    ],
)


def address() -> tuple[str, int]:
    """HOST and PORT, once it is sure that this machine can listen there."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8501")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise SystemExit(f"PORT must be a whole number from 1 to 65535 (got {port!r})")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, int(port)), family=family).close()
    except OSError as error:
        reason = error.strerror.partition(" (")[0]
        raise SystemExit(
            f"Cannot listen on {host} port {port}: {reason}. HOST and PORT choose another."
        ) from None
    return host, int(port)


def has_display() -> bool:
    if "CI" in os.environ:
        return False
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def keep_freed_memory() -> None:
    """Where the C library is glibc; another one keeps its own ways."""
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt"):
        for option, value in GLIBC.values():
            ctypes.CDLL(None).mallopt(option, value)


def main() -> None:
    """Serve until Ctrl+C, and show the app in a browser where there is one."""
    host, port = address()
    keep_freed_memory()
    url = f"http://{host}:{port}"
    print(f"Backstep is at {url} (Ctrl+C ends it)", flush=True)
    if has_display():
        Timer(1, webbrowser.open, [url]).start()
    # To compress each message anew costs a quarter of the capacity; what travels is small already.
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False,
                ws_per_message_deflate=False)


if __name__ == "__main__":
    main()
