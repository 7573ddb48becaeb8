"""What happens inside a rendering's kernel before its notebook, and in a waiting kernel before anybody asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ..artifacts import given
from ..artifacts.source import Source
from ..enums import ArtifactKind
from . import results

_ROWS = 40


def beginning(sources: Sequence[Source]) -> str:
    """The code that runs before a notebook: its sources are handed over, and the still picture is left for later."""
    values = json.dumps(json.dumps([given.to_plain(source) for source in sources]))
    return f"__import__({__name__!r}, fromlist=['begin']).begin({values})"


def begin(sources: str) -> None:
    for source in json.loads(sources):
        given.give(source)
    results.put_off_pictures()


def rehearse() -> None:
    """Render a small table, so that a click does not pay for what happens only once in a process."""
    from ..client import Client

    path = Path("rehearsal.csv").absolute()
    path.write_text("label,score\n" + "".join(f"{row % 2},{row / _ROWS}\n" for row in range(_ROWS)))
    try:
        source = Source(path.name, ArtifactKind.TABLE, str(path))
        json.dumps(Client().visualize("roc_curve", source)._repr_mimebundle_())
    finally:
        path.unlink()
