"""What happens inside a rendering's kernel before its notebook."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..artifacts import given
from ..artifacts.source import Source
from . import results


def beginning(sources: Sequence[Source]) -> str:
    """The code that runs before a notebook: its sources are handed over, and the still picture is left for later."""
    values = json.dumps(json.dumps([given.to_plain(source) for source in sources]))
    return f"__import__({__name__!r}, fromlist=['begin']).begin({values})"


def begin(sources: str) -> None:
    for source in json.loads(sources):
        given.give(source)
    results.put_off_pictures()
