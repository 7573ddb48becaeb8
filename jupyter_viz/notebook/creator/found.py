"""Runs of other systems on this machine, while none is recorded here: each with a button that brings them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from ...connectors.found import FoundStore
from . import looking
from .looks import ROW, WIDE, alert, hidden, status
from .threads import Latest, Main


class Found(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Hidden where there is nothing to say. Nothing is read before somebody says so.

    Args:
        connected: Called when runs were brought in.
    """

    def __init__(self, main: Main, connected: Callable[[], None]) -> None:
        self._main, self._connected = main, connected
        self.reading = Latest("looks for stores", self._failed)
        self.said = widgets.HTML()
        super().__init__([], layout=WIDE)
        hidden(self, True)

    def look(self) -> None:
        """Show what is found, if nothing is recorded here."""

        def work() -> None:
            stores = looking.stores()
            self._main.call(lambda: self._show(stores))

        self.reading.ask(work)

    def _show(self, stores: Sequence[FoundStore]) -> None:
        about = widgets.HTML("Nothing is recorded here yet. These runs are on this machine:")
        self.children = (about, *map(self._row, stores), self.said) if stores else ()
        hidden(self, not stores)

    def _row(self, store: FoundStore) -> Any:
        where = widgets.HTML(f"<b>{escape(store.system)}</b> {escape(store.location)}")
        button = widgets.Button(description="Connect", tooltip=f"Bring in the runs of {store.why}", layout=WIDE)
        button.disabled = store.missing is not None
        button.on_click(lambda _: self._connect(store))
        if store.missing is None:
            return widgets.HBox([button, where], layout=ROW)
        command = f"jupyter viz sync {store.system} {store.location} --python INTERPRETER"
        needs = widgets.HTML(escape(f"needs an interpreter that has {store.missing}: {command}"))
        return widgets.HBox([button, where, needs], layout=ROW)

    def _connect(self, store: FoundStore) -> None:
        self._say(status(f"Reading the runs of {store.why}…"))

        def work() -> None:
            said = looking.connect(
                store, lambda done: self._main.call(lambda: self._say(status(f"{done:,} runs read…")))
            )
            self._main.call(lambda: self._done(said))

        self.reading.ask(work)

    def _done(self, said: str) -> None:
        self._say(status(said))
        self.children = (self.said,)  # now runs are recorded here: nothing is offered any more
        self._connected()

    def _say(self, html: str) -> None:
        self.said.value = html

    def _failed(self, error: Exception) -> None:
        self._main.call(lambda: self._say(alert(str(error))))
