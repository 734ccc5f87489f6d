"""What can be taken away: scripts, tables, a walk in one file, worksheets, a code to photograph."""
