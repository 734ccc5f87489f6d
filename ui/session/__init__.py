"""What belongs to one visitor: the state, its history, the runs, the link."""
