"""The players' files, as they are put into a page: what plays in the browser what Python sends."""

from pathlib import Path

from figures import style

ROOT = Path(__file__).parent.parent


def script(part: str) -> str:
    """A player's JavaScript, whole: what all players share, then its own."""
    return "\n".join((ROOT / "assets" / f"{name}.js").read_text("utf-8") for name in ("dom", part))


def look(part: str) -> str:
    """A player's style sheet: the palette, then its own rules."""
    return style.css(part) + "\n" + (ROOT / "assets" / f"{part}.css").read_text("utf-8")


JS, CSS = script("stage"), look("stage")
ICON = (ROOT / "assets" / "icon.svg").read_bytes()
FONT = (ROOT / "static" / "stix-two-math.woff2").read_bytes()
