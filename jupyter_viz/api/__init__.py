"""HTTP: the only place that knows of it. Each file ends with its routes."""
