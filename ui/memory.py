"""Memory that stays: how the C library of this process deals with what was freed.

glibc gives the memory of a large array back to the system when it is freed, and asks for it again
for the next one: a third of the time that a new picture takes. It is set once, when `ui` is
imported: by `make run` and by `streamlit run app.py`, before either draws anything.
"""

import ctypes
import sys

GLIBC = {"M_TRIM_THRESHOLD": (-1, 64_000_000), "M_MMAP_THRESHOLD": (-3, 32_000_000),
         "M_ARENA_MAX": (-8, 1)}  # what may stay, and how large an array in it; one heap for all


def keep_freed_memory() -> None:
    """Where the C library is glibc; another one keeps its own ways."""
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt"):
        for option, value in GLIBC.values():
            ctypes.CDLL(None).mallopt(option, value)
