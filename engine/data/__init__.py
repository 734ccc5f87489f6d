"""Data: the built-in sets, a user's table, a drawing, and how samples are put into batches."""
