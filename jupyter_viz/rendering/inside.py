"""What happens inside a rendering's kernel before its notebook."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..artifacts import given
from ..artifacts.source import Source
from . import bundles


def beginning(sources: Sequence[Source]) -> str:
    """The code that runs before a notebook: its sources are handed over, and what it shows is for the store."""
    values = json.dumps(json.dumps([given.to_plain(source) for source in sources]))
    return f"__import__({__name__!r}, fromlist=['begin']).begin({values})"


def begin(sources: str) -> None:
    for source in json.loads(sources):
        given.give(source)
    bundles.show_for_store()
