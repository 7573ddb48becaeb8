"""Recording runs: `@step`, `@pipeline`, `log_metrics`. Users import them from `jupyter_viz`."""
