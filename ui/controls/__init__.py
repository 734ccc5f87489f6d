"""The sidebar: controls of the experiment."""
