"""Alembic migrations of the catalog: additive, run by the newer code, after a backup, under a lock."""
