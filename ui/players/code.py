"""The players' code and style: a browser asks for them by address, once, and keeps them.

The messages of a page only name them. Each file is named after its bytes, so that it never changes
and a new version has another name. `make run` serves them (ui/server.py); `streamlit run app.py`
has no route for them, and there the code travels in the messages.

The address is below the page's own, wherever that is: behind a prefix, or on a page's first look.
"""

from functools import cache
from hashlib import sha256
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from figures import player

PLAYERS = ("stage", "journey", "plane")
KINDS = {"js": ("text/javascript", player.script), "css": ("text/css", player.look)}
FOR_EVER = "public, max-age=31536000"
KEPT = f"{FOR_EVER}, immutable"  # by the server too (ui/server.py): of each file one address alone
SERVED: list[bool] = []  # something in it: a server of this process answers at these addresses
LOADER = """
const at = (name) => new URL(`code/${{name}}`, document.baseURI).href;
const styled = fetch(at("{css}")).then((answer) => answer.text())
  .then((text) => new CSSStyleSheet().replace(text));
const loaded = Promise.all([import(at("{js}")), styled]);
export default (args) => {{
  const {{ parentElement }} = args, root = parentElement.getRootNode();
  let end, gone = false;
  const start = ([{{ default: mount }}, sheet]) => {{
    if (gone) return;
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
    end = mount(args);
  }};
  const told = () => Object.assign(document.createElement("p"), {{ textContent: "{lost}" }});
  loaded.then(start, () => parentElement.replaceChildren(told()));
  return () => ((gone = true), end?.());
}};
"""
LOST = "A part of this page did not arrive. Please reload the page."


@cache
def files() -> dict[str, tuple[str, bytes]]:
    """name -> media type and bytes, of every file that there is."""
    made = [(part, kind, make(part).encode()) for part in PLAYERS
            for kind, (_, make) in KINDS.items()]
    return {named(part, kind, text): (KINDS[kind][0], text) for part, kind, text in made}


def named(part: str, kind: str, text: bytes) -> str:
    return f"{part}-{sha256(text).hexdigest()[:16]}.{kind}"


def name_of(part: str, kind: str) -> str:
    return named(part, kind, KINDS[kind][1](part).encode())


def routes() -> list[Route]:
    """For a server; from now on the players of this process are given by address."""
    SERVED.append(True)
    return [Route(path, answer) for path in ("/code/{name}", "/{prefix:path}/code/{name}")]


async def answer(request: Request) -> Response:
    if (name := request.path_params["name"]) not in files():
        return Response(status_code=404)
    kind, text = files()[name]
    caching = FOR_EVER if request.path_params.get("prefix") else KEPT
    return Response(text, media_type=kind, headers={"Cache-Control": caching})


def component(part: str) -> Any:
    """A player as a component of Streamlit: its code by address where that is served."""
    js, css = name_of(part, "js"), name_of(part, "css")
    if SERVED:
        return st.components.v2.component(part, js=LOADER.format(js=js, css=css, lost=LOST))
    return st.components.v2.component(part, js=player.script(part), css=player.look(part))


@cache
def hold() -> Any:
    return st.components.v2.component("cargo", js=player.script("cargo"))


def cargo(parcel: bytes, key: str) -> None:
    """Leave a parcel with the players of the page; unchanged, it is not sent again."""
    hold()(key=key, data=parcel)
