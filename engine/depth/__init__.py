"""Depth: how signals and gradients change from layer to layer, measured and predicted."""
