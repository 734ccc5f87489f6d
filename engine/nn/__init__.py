"""The network and its calculus: layers, losses, forward and backward pass, optimizers."""
