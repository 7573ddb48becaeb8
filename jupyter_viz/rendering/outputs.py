"""What cells show while they run, up to what a browser can hold: a flood must not fill the server's memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

KEPT_OUTPUTS = 500
KEPT_STREAM = 1_000_000
MOST_MESSAGES = 5_000

_STATUSES = ("status", "execute_input")


@dataclass(slots=True)
class OutputCollector:
    """Puts messages of a kernel into cells, as a notebook front end does.

    Keeps the first `KEPT_OUTPUTS` outputs and `KEPT_STREAM` characters of text. `truncated` says that it cut; `flooded`
    that more than `MOST_MESSAGES` messages or `most_bytes` have come: then the kernel is to be stopped. `heard` counts
    all messages, also those of no cell: whoever reads them does.
    """

    most_bytes: int
    truncated: bool = False
    flooded: bool = False
    heard: int = 0
    _messages: int = 0
    _bytes: int = 0
    _stream: int = 0
    _clear_next: set[int] = field(default_factory=set)
    _displays: dict[str, list[NotebookNode]] = field(default_factory=dict)

    def take(self, cell: NotebookNode, message: Mapping[str, Any], size: int) -> None:
        """Take in an iopub message of a cell. `size` is the bytes it came with."""
        kind, content = message["msg_type"], message["content"]
        if kind in _STATUSES:
            return
        self._messages += 1
        self._bytes += size
        if self._messages > MOST_MESSAGES or self._bytes > self.most_bytes:
            self.flooded = self.truncated = True
            return
        if kind == "clear_output":
            if content.get("wait"):
                self._clear_next.add(id(cell))
            else:
                cell.outputs.clear()
        elif kind == "update_display_data":
            self._update(content)
        elif kind == "stream":
            self._text(cell, content)
        elif kind in ("display_data", "execute_result", "error"):
            self._add(cell, message)

    def _text(self, cell: NotebookNode, content: Mapping[str, Any]) -> None:
        self._clear(cell)
        left = KEPT_STREAM - self._stream
        text = content["text"]
        self._stream += len(text)
        if len(text) > left:
            self.truncated = True
            text = text[: max(0, left)]
        if not text:
            return
        last = cell.outputs[-1] if cell.outputs else None
        if last is not None and last.output_type == "stream" and last.name == content["name"]:
            last.text += text
        elif len(cell.outputs) < KEPT_OUTPUTS:
            cell.outputs.append(NotebookNode(output_type="stream", name=content["name"], text=text))
        else:
            self.truncated = True

    def _add(self, cell: NotebookNode, message: Mapping[str, Any]) -> None:
        self._clear(cell)
        if len(cell.outputs) >= KEPT_OUTPUTS and message["msg_type"] != "error":
            self.truncated = True
            return
        output = _output_of(message)
        display = message["content"].get("transient", {}).get("display_id")
        if display is not None:
            self._displays.setdefault(display, []).append(output)
        cell.outputs.append(output)

    def _update(self, content: Mapping[str, Any]) -> None:
        for output in self._displays.get(content.get("transient", {}).get("display_id"), ()):
            dict.update(output, data=content["data"], metadata=content["metadata"])

    def _clear(self, cell: NotebookNode) -> None:
        if id(cell) in self._clear_next:
            self._clear_next.discard(id(cell))
            cell.outputs.clear()


def _output_of(message: Mapping[str, Any]) -> NotebookNode:
    """A message as nbformat's output, without its copy of everything: a plot has thousands of numbers."""
    kind, content = message["msg_type"], message["content"]
    names = ("ename", "evalue", "traceback") if kind == "error" else ("data", "metadata")
    output = NotebookNode(output_type=kind)
    if kind == "execute_result":
        output["execution_count"] = content["execution_count"]
    dict.update(output, {name: content[name] for name in names})
    return output


def size_of(message: Mapping[str, Any]) -> int:
    """About how many bytes the content of a message took on its way."""
    content = message["content"]
    if message["msg_type"] == "stream":
        return len(content["text"])
    data = content.get("data", {})
    return sum(len(value) if isinstance(value, str) else len(json.dumps(value, default=str)) for value in data.values())
