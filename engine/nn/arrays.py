"""The type of every array of the engine."""

import numpy as np

Array = np.ndarray
