"""The names under which the server may be addressed, and whose pages may open its socket.

A page of another site can make its own name point to this machine (DNS rebinding); the browser then
takes this server for a part of that site, and lets it read everything. Such a request still has
that site's name as its Host, so names that nobody gave the server are refused. An address in digits
is no name: a server that listens everywhere is known by whatever address led to it, behind a
router or in a container, too.

The socket is open to pages of the very host and port that the request itself is for: a proxy passes
on the Host that its visitors say. Streamlit would accept further ones, and would ask a host outside
for this machine's address before it refuses one.
"""

import ipaddress
import os
import re
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.serving.addresses import EVERYWHERE

VARIABLE = "BACKSTEP_ALLOWED_HOSTS"
HERE = ("127.0.0.1", "localhost", "::1")
NAME = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)


class Allowed(NamedTuple):
    """`names`: of this machine; `given`: by who runs it; `any_address`: whatever is in digits."""

    names: tuple[str, ...]
    given: tuple[str, ...] = ()
    any_address: bool = False

    def allows(self, host: str) -> bool:
        name = name_of(host)
        return (any(fits(name, known) for known in self.names + self.given)
                or (self.any_address and is_address(name)))

    def __str__(self) -> str:
        digits = ("any address in digits",) if self.any_address else ()
        return ", ".join([*self.names, *self.given, *digits])


def allowed(host: str) -> Allowed:
    """What follows from where the server listens, and from the environment."""
    given = tuple(os.environ.get(VARIABLE, "").lower().split())
    for name in given:
        if not NAME.fullmatch(name) and not is_address(name):
            raise SystemExit(f"{VARIABLE} must be names such as backstep.example.org or "
                             f"*.example.org, separated by spaces (got {name[:80]!r})")
    own = (socket.gethostname().lower(), f"{socket.gethostname().lower()}.local")
    if host in EVERYWHERE:
        return Allowed((*HERE, *own), given, any_address=True)
    return Allowed(HERE if host in HERE else (host.lower(), *own), given)


def name_of(host: str) -> str:
    """Of a Host header: without the port, and the brackets of an address."""
    match = re.fullmatch(r"(?:\[([0-9a-f:.]+)\]|([^:@/?#\s\[\]]+))(?::[0-9]{1,5})?", host.lower(),
                         re.ASCII)
    return (match[1] or match[2].rstrip(".")) if match else ""


def netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # brackets without their other half
        return ""


def fits(name: str, known: str) -> bool:
    return name.endswith(known[1:]) if known.startswith("*.") else name == known


def is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


class Hosts:
    """Refuses who calls the server by another name, and pages of others at its socket."""

    def __init__(self, app: ASGIApp, allowed: Allowed) -> None:
        self.app, self.allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if sentence := self.refusal(scope):
            await refused(sentence, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def refusal(self, scope: Scope) -> str:
        if scope["type"] not in ("http", "websocket"):
            return ""
        headers = Headers(scope=scope)
        host, origin = headers.getlist("host"), headers.get("origin")
        if len(host) != 1 or not self.allowed.allows(host[0]):
            got = " ".join(host)[:80]
            return (f"Host must be one of {self.allowed} (got {got}). "
                    f"{VARIABLE} names further ones.")
        is_page = scope["type"] == "websocket" and origin is not None
        if is_page and netloc(origin) != host[0]:
            return "The socket is open to the pages of this server alone."
        return ""


async def refused(sentence: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before it is accepted: a 403
    else:
        await PlainTextResponse(sentence, 403)(scope, receive, send)
