"""Rendering: a request becomes a notebook, a fresh kernel executes it, what it showed is kept."""
