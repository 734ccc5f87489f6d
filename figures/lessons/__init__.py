"""The lessons' texts, read, and the small pictures in them."""
