"""How a table lies in a file: by the file's name, or where that has no ending by how it begins."""

from __future__ import annotations

from ..uri import is_uri

CSV = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
PARQUET = (".parquet", ".parquet.gzip")  # ZenML writes the latter, which has its gzip inside
PARQUET_BEGINS = b"PAR1"


def is_parquet(path: str) -> bool:
    """Whether a table's file is parquet; what is not is csv. `path` may be a URI, of which only the name tells."""
    name = path.lower()
    if name.endswith((*PARQUET, *CSV)) or is_uri(path):
        return name.endswith(PARQUET)
    try:
        with open(path, "rb") as file:
            return file.read(len(PARQUET_BEGINS)) == PARQUET_BEGINS
    except OSError:
        return False
