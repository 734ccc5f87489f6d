"""The players' files: ES modules in assets/, joined to one script for each player.

A joined script is itself a module, and needs nothing else: a page gets it by its address
(ui/players/code.py), and the walk has it inside (figures/exports/walk.py).
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from figures import style

ROOT = Path(__file__).parent.parent
ASSETS = ROOT / "assets"
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
NAME = re.compile(
    r"^(?:export )?(?:default )?(?:async )?(?:function|const|let) (\w+)", re.MULTILINE)


@lru_cache(maxsize=8)  # the players, and a few more
def script(part: str) -> str:
    """A player's JavaScript, whole: each module once, after those that it imports.

    `assets/<part>/mount.js` is where it begins, or `assets/<part>.js`; its default export stays.
    """
    return joined({str(file.relative_to(ASSETS)): file.read_text("utf-8")
                   for file in modules_of(begin(part))})


def begin(part: str) -> Path:
    """The module that a player begins with."""
    folder = ASSETS / part
    return folder / "mount.js" if folder.is_dir() else ASSETS / f"{part}.js"


def modules_of(file: Path, before: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """All modules that a module needs, itself the last; of two that need each other either one."""
    found = (*before, file)
    for _, address in IMPORT.findall(file.read_text("utf-8")):
        needed = (file.parent / address).resolve()
        if needed not in found:
            found = modules_of(needed, found)
    return (*(f for f in found if f != file), file)


def joined(modules: dict[str, str]) -> str:
    """Modules as one: without imports, and without exports but for the default one."""
    owners: dict[str, str] = {}
    for file, text in modules.items():
        if bad := next((names for names, _ in IMPORT.findall(text) if " as " in names), None):
            raise ValueError(f"imports must keep their names ({file}: {bad.strip()})")
        for name in NAME.findall(text):
            if name in owners:
                raise ValueError(f"names must differ ({name} in {owners[name]} and {file})")
            owners[name] = file
    return "\n".join(EXPORT.sub("", IMPORT.sub("", text)).strip() + "\n"
                     for text in modules.values())


def look(part: str) -> str:
    """A player's style sheet: the palette, then its own rules."""
    return style.css(part) + "\n" + (ASSETS / f"{part}.css").read_text("utf-8")


@cache
def icon() -> bytes:
    return (ASSETS / "icon.svg").read_bytes()


@cache
def font() -> bytes:
    """The mathematics font, as WOFF2."""
    return (ROOT / "static" / "stix-two-math.woff2").read_bytes()
