"""The security headers of every answer: all that a page loads or runs comes from this server."""

import os
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

INDEX = Path(st.__file__).parent / "static" / "index.html"
SITE = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?", re.IGNORECASE | re.ASCII)


def frame_ancestors() -> str:
    """Who may show the app in a frame: its own site, and those that the environment names."""
    sites = os.environ.get("BACKSTEP_FRAME_ANCESTORS", "").split()
    for site in sites:
        if not SITE.fullmatch(site):
            raise SystemExit(
                "BACKSTEP_FRAME_ANCESTORS must be addresses such as https://moodle.example.org, "
                f"separated by spaces (got {site[:80]!r})"
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
