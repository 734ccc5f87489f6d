"""A link as a QR code: an SVG, made here, to be photographed from the back row.

Each character more makes the squares smaller. Up to MOST characters a code has at most 77 squares a
side, with its least error correction, and the quiet border of four squares that readers need. It is
dark on light in both themes: some readers do not know the other way round.
"""

from io import BytesIO

import segno

from figures.style import PALETTE

MOST = 500  # characters
BORDER = 4  # squares


def fits(link: str) -> bool:
    """Whether its code can be read from the back of a room."""
    return len(link.encode()) <= MOST


def qr_svg(link: str) -> str:
    """The code of a link that fits, as an SVG that is as large as its place."""
    text, colours = BytesIO(), PALETTE["light"]
    segno.make_qr(link, error="L", mode="byte", boost_error=False).save(
        text, kind="svg", border=BORDER, dark=colours["ink"], light=colours["page"],
        omitsize=True, xmldecl=False, nl=False)
    return text.getvalue().decode()


def squares(link: str) -> int:
    """How many squares a side the code has, without its border."""
    return segno.make_qr(link, error="L", mode="byte", boost_error=False).symbol_size(border=0)[0]
