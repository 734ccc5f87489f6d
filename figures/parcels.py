"""A parcel: words and packed numbers in one piece of bytes, for a player in the browser.

    length of the words (4 bytes) · the words as JSON · the arrays, each at a multiple of 8 bytes

`arrays` in the words says of each array its type, its shape and where it begins behind the words.
Numbers that are not finite may travel in arrays, never in words (assets/parcel.js opens a parcel).
"""

import json
from typing import Any

import numpy as np

from engine.nn.arrays import Array

EDGE = 8  # bytes: the browser reads an array where its own size divides its place


def parcel(words: dict[str, Any], arrays: dict[str, Array]) -> bytes:
    """The bytes of words and arrays of the types u1, i4, f4 and f8."""
    pieces = {name: padded(little(array).tobytes()) for name, array in arrays.items()}
    places = dict(zip(pieces, np.cumsum([0, *map(len, pieces.values())]).tolist(), strict=False))
    listed = {name: [kind(a), list(a.shape), places[name]] for name, a in arrays.items()}
    text = json.dumps(words | {"arrays": listed}, allow_nan=False, ensure_ascii=False)
    return b"".join([headed(text), *pieces.values()])


def headed(text: str) -> bytes:
    """JSON as the words of a parcel, to which only arrays are to be added."""
    head = text.encode()
    return padded(len(head).to_bytes(4, "little") + head, b" ")


def kind(array: Array) -> str:
    return f"{array.dtype.kind}{array.dtype.itemsize}"


def little(array: Array) -> Array:
    return array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)


def padded(piece: bytes, filling: bytes = b"\0") -> bytes:
    return piece + filling * (-len(piece) % EDGE)


def opened(data: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """The words and the arrays of a parcel."""
    length = int.from_bytes(data[:4], "little")
    words = json.loads(data[4 : 4 + length])
    start = 4 + length + -(4 + length) % EDGE
    read = lambda dtype, shape, place: np.frombuffer(
        data, f"<{dtype}", int(np.prod(shape)), start + place).reshape(shape)
    return words, {name: read(*listed) for name, listed in words.pop("arrays").items()}
