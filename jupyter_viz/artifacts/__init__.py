"""The bytes: where they are kept, what may be read, and tables over them."""
