"""The lessons on their page."""
