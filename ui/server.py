"""Backstep as an ASGI application: what `make run` serves.

`streamlit run app.py` serves the same app, for whoever sits at this machine. This adds what
Streamlit leaves to others; each of these is a file in ui/serving/:

- Compression. Streamlit sends its scripts as they are, Plotly's alone in 4.7 MB. Each is compressed
  once, at its first request, and its compressed bytes are replayed after that.
- Security headers. Scripts, styles, fonts and pictures come from this server alone, and the browser
  is told to refuse all others.
- Small packets at once. Streamlit's own server leaves Nagle's algorithm on.
- Visitors who harm nobody: no names that others gave this server, no message that empties
  everybody's caches, no numbers about its inside, no more files than fit, no connection that is
  held open without a word.

HOST and PORT say where to listen: 127.0.0.1 and 8501 if nothing else is said, 0.0.0.0 or :: for all
addresses of this machine.

BACKSTEP_ALLOWED_HOSTS   further names under which browsers may call it, such as
                         "backstep.example.org *.school.example": a proxy's, or one of a name server
BACKSTEP_FRAME_ANCESTORS sites that may show Backstep in a frame: "https://moodle.example.org"
BACKSTEP_HEAD_SECONDS    how long the head of a request may take, 10 if nothing else is said
BACKSTEP_METRICS         yes: /_stcore/metrics tells everybody about caches and sessions

Any ASGI server runs it: `uvicorn ui.server:app`, where HOST still says what it may be called, and
`--http ui.serving.heads:PromptProtocol` keeps the time limit.
"""

import os
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from threading import Timer

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from streamlit import config

from ui.players import code
from ui.serving import addresses, heads, health, hosts
from ui.serving.messages import Messages
from ui.serving.policy import SecurityHeaders, security_headers
from ui.serving.replay import Replay
from ui.serving.uploads import Uploads
from ui.session import bounds

APP = Path(__file__).parent.parent / "app.py"


def middleware() -> list[Middleware]:
    """From the outside to the inside."""
    return [
        Middleware(SecurityHeaders, headers=security_headers()),
        Middleware(hosts.Hosts, allowed=hosts.allowed(addresses.where()[0])),
        Middleware(health.Health, metrics=health.has_metrics()),
        Middleware(Messages),
        Middleware(Uploads),
        Middleware(Replay),
        Middleware(GZipMiddleware),
    ]


app = st.App(APP, routes=code.routes(), middleware=middleware())
config.set_option("server.allowedHosts", ["*"])  # hosts.Hosts stands before it, and for all paths


def has_display() -> bool:
    if "CI" in os.environ:
        return False
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def main() -> None:
    """Serve until Ctrl+C, and show the app in a browser where there is one."""
    if sentence := health.missing():
        raise SystemExit(sentence)
    heads.PromptProtocol.seconds = heads.head_seconds()
    host, port = addresses.where()
    listener, urls = addresses.listening(host, port), addresses.urls(host, port)
    print(f"Backstep is at {' and '.join(urls)} (Ctrl+C ends it)", flush=True)
    bounds.log_them()
    if has_display():
        Timer(1, webbrowser.open, urls[:1]).start()
    # To compress each message anew costs a quarter of the capacity; what travels is small already.
    settings = uvicorn.Config(app, http=heads.PromptProtocol, log_level="warning",
                              server_header=False, ws_per_message_deflate=False)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(settings).run([listener])


if __name__ == "__main__":
    main()
