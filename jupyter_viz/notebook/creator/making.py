"""The button, what goes on once it was pressed, and the button that stops it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from ...client import Client
from ...errors import VizError, one_line
from ...rendering.results import Result
from ..elsewhere import Cancelled
from ..handed import HandedOver
from .looks import ROW, WIDE, alert, hidden, status
from .results import Made
from .threads import Latest, Main
from .wish import Wish
from .work import Work

_HERE, _ELSEWHERE = "Interrupt kernel", "Cancel"


class Making(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Makes one result at a time.

    Args:
        made: Called in a thread with the wish, what became of it, and the result that this takes the place of.
        ended: Called when nothing is being made any more.
    """

    def __init__(
        self, main: Main, made: Callable[[Wish, Result, Made | None], None], ended: Callable[[], None]
    ) -> None:
        self._main, self._made = main, made
        self._thread = Latest("generates", self.failed, lambda: main.call(ended))
        self._work: Work | None = None
        self._held: HandedOver | None = None
        self.button = widgets.Button(
            description="Generate Visualization", button_style="primary", disabled=True, layout=WIDE
        )
        self.stop = widgets.Button(description=_ELSEWHERE, layout=WIDE)
        self.progress = widgets.HTML()
        self.message = widgets.HTML()
        hidden(self.stop, True)
        self.stop.on_click(lambda _: self.cancel())
        row = widgets.HBox([self.button, self.stop, self.progress], layout=ROW)
        super().__init__([row, self.message], layout=WIDE)

    @property
    def busy(self) -> bool:
        return self._thread.busy

    def allow(self, obstacle: str | None) -> None:
        """The button works exactly when it can; why it can't stands beside it."""
        self.button.disabled = self.busy or obstacle is not None
        if not self.busy:
            self.progress.value = status(obstacle or "")

    def looking(self) -> None:
        """Whether it can is being found out. The button stays as it was: who presses it right after the last key is
        not to find it dead for a moment."""
        if not self.busy:
            self.progress.value = status("Looking at the source…")

    def begin(self, wish: Wish, variables: Mapping[str, Any], instead: Made | None = None) -> None:
        """Make what is wished. Returns at once.

        Args:
            instead: The result whose arguments were changed: its source is not read again.
        """
        if instead is None:
            self.let_go()
        elif self._work is not None:
            self._work.cancel()
        self.message.value = ""
        self.button.disabled = True
        self._thread.ask(lambda: self._make(wish, variables, instead))

    def cancel(self) -> None:
        """Stop what is being made. Returns at once; may be called from any thread."""
        self._thread.forget()
        if self._work is not None:
            self._work.cancel()

    def let_go(self) -> None:
        """Of what is held of a source."""
        held, self._held = self._held, None
        if held is not None:
            held.remove()

    def failed(self, error: Exception) -> None:
        text = str(error) if isinstance(error, VizError) else f"{type(error).__name__}: {error}"
        self.message.value = alert(one_line(text))

    def _make(self, wish: Wish, variables: Mapping[str, Any], instead: Made | None) -> None:
        """In a thread."""
        self._work = work = Work(wish, variables, self._main, self._say)
        self._say("Starting…", False)
        try:
            if instead is not None and self._held is None and not wish.variables(variables):
                self._held = HandedOver.read_once(wish.request())
            result = work.carry_out(self._held)
            if result.id is None and result.notebook is not None:
                Client().keep(result)
            self._made(wish, result, instead)
        except Cancelled as error:
            self.message.value = status(str(error))
        finally:
            self._work = None
            hidden(self.stop, True)

    def _say(self, text: str, here: bool) -> None:
        self.progress.value = status(text)
        self.stop.description = _HERE if here else _ELSEWHERE
        self.stop.tooltip = "Stop it, with the notebook's kernel's work" if here else "Stop it, and its kernel"
        hidden(self.stop, False)
