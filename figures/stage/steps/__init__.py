"""The steps of one training step: formula, numbers, derivation and sentence of each."""
