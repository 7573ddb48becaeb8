"""What the panel asks of our Lab extension, where there is one: a cell, and an output after the page was reloaded.

Each wish is a comm of its own that the extension answers by closing it: so nothing is lost by a reload, and a front end
without the extension answers too, that it knows no such thing.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

TARGET = "jupyter_viz.notebook"
CANCEL = "jupyter_viz.cancel"
_asked: set[Any] = set()  # comms that wait for their answer


class Front:
    """The front end of a cell.

    Args:
        kernel: Of the notebook; None where there is none, and then nobody answers.
        cell: Its id.
    """

    def __init__(self, kernel: Any, cell: str) -> None:
        self._kernel, self._cell = kernel, cell

    def insert(self, source: str, done: Callable[[], None]) -> None:
        """Have a cell inserted below; `done` is called when that has happened."""
        self._ask({"insert": source}, lambda answer: done() if answer.get("inserted") else None)

    def show(self, place: dict[str, Any], bundle: Callable[[], dict[str, Any]]) -> None:
        """See that the cell's output shows what it should: after a reload of the page it is no longer updated."""

        def answered(answer: dict[str, Any]) -> None:
            if answer.get("behind"):
                self._ask({"place": place, "bundle": bundle()}, lambda _: None)

        self._ask({"place": place}, answered)

    def _ask(self, wish: dict[str, Any], answered: Callable[[dict[str, Any]], None]) -> None:
        if self._kernel is None or not self._cell:
            return
        from comm import create_comm

        comm = create_comm(target_name=TARGET, data={"cell": self._cell, **wish})
        _asked.add(comm)

        def closed(message: dict[str, Any]) -> None:
            _asked.discard(comm)
            answered(message["content"]["data"])

        comm.on_close(closed)


def cell_id(kernel: Any) -> str:
    """Of the cell that is being executed; empty where the front end does not say."""
    return "" if kernel is None else str(kernel.get_parent().get("metadata", {}).get("cellId", ""))


_cancels: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()


def answer_cancel(kernel: Any, key: str, panel: Any) -> None:
    """Have the front end cancel what a panel does, even while a cell runs: its comm is answered by a subshell."""
    _cancels[key] = panel
    if kernel is None or CANCEL in kernel.comm_manager.targets:
        return

    def opened(comm: Any, message: dict[str, Any]) -> None:
        asked = _cancels.get(message["content"]["data"].get("panel", ""))
        if asked is not None:
            asked.cancel()
        comm.close()

    kernel.comm_manager.register_target(CANCEL, opened)
