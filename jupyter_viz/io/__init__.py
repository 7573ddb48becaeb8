"""Files by path or fsspec URL, as in the ZenML document."""
