"""The stage: the data that its player steps through, and what is said of a prediction."""
