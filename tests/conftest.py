"""For all tests: examples are drawn the same way every time, and a slow machine is no failure."""

import os

from hypothesis import settings

os.environ.setdefault("BACKSTEP_WORKERS", "0")  # no processes, but where a test asks for them

settings.register_profile("backstep", deadline=None, derandomize=True)
settings.load_profile("backstep")
