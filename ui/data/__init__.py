"""Data and weights: how they come in, and how results are taken away."""
