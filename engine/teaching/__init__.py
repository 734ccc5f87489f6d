"""Predictions, and what is wrong with them; tasks, worksheets and the numbers that lessons
quote.
"""
