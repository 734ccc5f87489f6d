"""The depth lab on its page."""
