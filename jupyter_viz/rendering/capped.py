"""An nbclient that stops taking in what no browser could show: a flood must not fill the server's memory."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode

KEPT_OUTPUTS = 500
KEPT_STREAM = 1_000_000
MOST_MESSAGES = 5_000
MOST_BYTES = 50_000_000

_COUNTED = ("stream", "display_data", "execute_result", "update_display_data")


class CappedClient(NotebookClient):
    """Keeps the first `KEPT_OUTPUTS` outputs and `KEPT_STREAM` characters of text; `truncated` says that it cut.

    Sets `flooded` when more than `MOST_MESSAGES` or `MOST_BYTES` have come: whoever waits for it stops the kernel.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.flooded = asyncio.Event()
        self.truncated = False
        self._messages = self._bytes = self._stream = 0

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        if msg["msg_type"] in _COUNTED and not self._fits(msg["msg_type"], msg["content"]):
            self.truncated = True
            return None
        return super().process_message(msg, cell, cell_index)

    def _fits(self, kind: str, content: dict[str, Any]) -> bool:
        text = content.get("text", "")
        size = len(text) if kind == "stream" else _size(content.get("data", {}))
        self._messages += 1
        self._bytes += size
        if self._messages > MOST_MESSAGES or self._bytes > MOST_BYTES:
            self.flooded.set()
            return False
        if kind != "stream":
            return self._messages <= KEPT_OUTPUTS
        left = KEPT_STREAM - self._stream
        self._stream += size
        if left < size:
            self.truncated = True
            content["text"] = text[: max(0, left)]
        return left > 0


def _size(data: dict[str, Any]) -> int:
    return sum(len(value) if isinstance(value, str) else len(json.dumps(value, default=str)) for value in data.values())
