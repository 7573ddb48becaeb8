"""What takes room, and what may go: for `jupyter viz du`, `jupyter viz gc`, and whoever deletes a run."""
