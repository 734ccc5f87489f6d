"""This process: what suits one that draws pages for many. Set once, when `ui` is imported, by
`make run` and by `streamlit run app.py` alike.

- Memory that stays. glibc gives the memory of a large array back to the system when it is freed,
  and asks for it again for the next one: a third of the time that a new picture takes.
- One thread for linear algebra. For matrices of this size a second one costs time, and it would
  take the core from somebody else's session.
"""

import ctypes
import sys

from threadpoolctl import threadpool_limits

from engine.nn import arrays  # noqa: F401  NumPy's library must be there to be limited

GLIBC = {"M_TRIM_THRESHOLD": (-1, 64_000_000), "M_MMAP_THRESHOLD": (-3, 32_000_000),
         "M_ARENA_MAX": (-8, 1)}  # what may stay, and how large an array in it; one heap for all


def keep_freed_memory() -> None:
    """Where the C library is glibc; another one keeps its own ways."""
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt"):
        for option, value in GLIBC.values():
            ctypes.CDLL(None).mallopt(option, value)


def on_one_thread() -> None:
    """Products of matrices, from now on."""
    threadpool_limits(limits=1, user_api="blas")
