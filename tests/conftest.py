"""For all tests: examples are drawn the same way every time, and a slow machine is no failure."""

from hypothesis import settings

settings.register_profile("backstep", deadline=None, derandomize=True)
settings.load_profile("backstep")
