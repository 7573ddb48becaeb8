"""See what your ML pipeline runs made, without leaving Jupyter."""
