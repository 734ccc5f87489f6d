"""The journey through a run: its charts, boundaries and diagnoses."""
