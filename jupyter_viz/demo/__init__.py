"""The demo: real runs of a small pipeline, and JupyterLab opened on them."""
