"""The experiment, the state around it, what they may be, and the link that holds them."""
