"""The engine: NumPy only. Pure functions and frozen data, and the formulas of backpropagation once.

NumPy reads the limits below when it is first imported, which is here. For matrices of this size a
second thread costs time, and it would take the core from somebody else's session.
"""

import os

for limit in (
    "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
):
    os.environ.setdefault(limit, "1")
