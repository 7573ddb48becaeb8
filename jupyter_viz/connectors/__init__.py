"""Runs of other systems, brought into the catalog. Nothing is ever changed or deleted in the other system."""
