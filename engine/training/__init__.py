"""Training: a run, iteration by iteration, and what can be measured of it."""
