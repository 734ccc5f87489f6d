"""The players on a page: what goes to the browser, and what comes back."""
