"""The player's files, as they are put into a page: what plays the scenes of figures/stage.py."""

from pathlib import Path

from figures import style

ROOT = Path(__file__).parent.parent
JS = (ROOT / "assets" / "stage.js").read_text("utf-8")
CSS = style.css() + "\n" + (ROOT / "assets" / "stage.css").read_text("utf-8")
ICON = (ROOT / "assets" / "icon.svg").read_bytes()
FONT = (ROOT / "static" / "stix-two-math.woff2").read_bytes()
