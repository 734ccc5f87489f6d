"""A QR code is drawn whole, dark on light with its border, while it can be photographed."""

import re
from xml.etree import ElementTree

import pytest

from figures.exports.qr import BORDER, MOST, fits, qr_svg, squares
from figures.style import PALETTE

LINK = "https://example.org/?v=1&seed=3&step=dW1"


@pytest.mark.parametrize(("length", "side"), [(17, 21), (271, 57), (458, 73), (459, 77), (520, 77)])
def test_its_size_is_that_of_the_standard(length, side):
    """ISO/IEC 18004, byte mode, level L: versions 1, 10, 14 and 15 hold 17, 271, 458 and 520."""
    assert squares("x" * length) == side


def test_the_longest_link_that_fits_has_77_squares_a_side():
    longest = "x" * MOST
    assert fits(longest)
    assert not fits(longest + "x")
    assert not fits("é" * MOST)
    assert squares(longest) == 77


def test_the_svg_is_whole_and_has_its_quiet_border():
    root = ElementTree.fromstring(qr_svg(LINK))
    width = squares(LINK) + 2 * BORDER
    assert root.get("viewBox") == f"0 0 {width} {width}"
    assert root.get("width") is None
    colours = {*re.findall("#[0-9a-f]{3,6}", qr_svg(LINK).lower())}
    light = PALETTE["light"]
    assert colours <= {light["ink"], light["page"], "#fff"}
