"""Benchmarks: `python -m tests.bench` runs all of them, `python -m tests.bench engine` those named.

One module for each topic; its `main()` measures and prints. None of them is a test.
"""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported: one thread for everybody
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
