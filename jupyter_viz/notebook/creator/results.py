"""The results of a panel: an output below it that stays in the notebook, and a row of buttons for each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import ipywidgets as widgets
from IPython.display import display

from ...client import Client
from ...enums import Freshness
from ...errors import VizError
from ...rendering.results import Result
from .bundle import bundle_of
from .front import Front
from .looks import ROW, WIDE, alert, status
from .threads import Latest
from .wish import Wish

FORMATS = ("html", "ipynb", "md", "png")


@dataclass
class Made:
    """A wish and what became of it."""

    number: int
    wish: Wish
    result: Result

    @property
    def caption(self) -> str:
        about = [self.wish.recipe.title, self.wish.source.strip(), str(self.result.freshness)]
        return f"{self.number} · {' · '.join(filter(None, about))}"


class Results(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Newest first."""

    def __init__(self) -> None:
        self._front = Front(None, "")
        self._handle: Any = None
        self._id, self._revision = uuid4().hex, 0
        self._made: list[Made] = []
        self._rows: list[Row] = []
        self._lock = threading.RLock()
        self.saving = Latest("exports")
        super().__init__([], layout=WIDE)

    @property
    def newest(self) -> Made | None:
        return self._made[0] if self._made else None

    def reserve(self, front: Front) -> None:
        """Make the output that results are put into: the one of the cell that runs."""
        self._front = front
        self._handle = display(self._bundle(), raw=True, display_id=True)

    def add(self, wish: Wish, result: Result, instead: Made | None = None) -> None:
        """Show a result above the others, or in place of one."""
        with self._lock:
            self._date()
            number = instead.number if instead in self._made and instead else self._next()
            made = Made(number, wish, result)
            self._made = [made, *(each for each in self._made if each is not instead)]
            self._show()

    def remove(self, made: Made) -> None:
        with self._lock:
            self._made = [each for each in self._made if each is not made]
            self._show()

    def _next(self) -> int:
        return 1 + max((each.number for each in self._made), default=0)

    def _date(self) -> None:
        """What was made of a source that has changed since is stale."""
        for each in self._made:
            if each.result.id is not None:
                try:
                    dated = Client().get_visualization(each.result.id).result().freshness
                except VizError:  # it was removed where it was kept
                    continue
                if dated is Freshness.STALE:
                    each.result.freshness = dated

    @property
    def _place(self) -> dict[str, Any]:
        return {"id": self._id, "revision": self._revision}

    def _bundle(self) -> dict[str, Any]:
        return bundle_of([(each.caption, each.result) for each in self._made], self._place)

    def _show(self) -> None:
        self._revision += 1
        there = {id(row.made): row for row in self._rows}
        self._rows = [there.get(id(made)) or Row(made, self) for made in self._made]
        self.children = tuple(self._rows)
        if self._handle is not None:
            self._handle.update(self._bundle(), raw=True)
            self._front.show(self._place, self._bundle)

    def insert(self, made: Made, done: Callable[[], None]) -> None:
        self._front.insert(made.wish.cell(), done)


class Row(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """What can be done with one result."""

    def __init__(self, made: Made, results: Results) -> None:
        self.made, self._results = made, results
        name = f"result {made.number}"
        self.insert = widgets.Button(
            description="Insert as cell", tooltip=f"Insert the cell that makes {name}", layout=WIDE
        )
        self.format = widgets.Dropdown(
            options=FORMATS, description="Export as", layout={"width": "13em"}, tooltip=f"Format to export {name} in"
        )
        self.export = widgets.Button(
            description="Export", tooltip=f"Write {name} into the notebook's folder", layout=WIDE
        )
        self.remove = widgets.Button(description="Remove", tooltip=f"Remove {name}", layout=WIDE)
        self.message = widgets.HTML()
        self.cell = widgets.Textarea(description="Cell", value=made.wish.cell(), layout={"width": "auto"})
        self.insert.on_click(lambda _: self._insert())
        self.export.on_click(lambda _: self._results.saving.ask(self._export))
        self.remove.on_click(lambda _: self._results.remove(made))
        # Its caption stands above it, in the output below.
        about = widgets.HTML(f"Result {made.number}", layout={"width": "6em"})
        buttons = widgets.HBox([about, self.insert, self.format, self.export, self.remove], layout=ROW)
        self._parts = (buttons, self.message)
        super().__init__(self._parts, layout=WIDE)

    def _insert(self) -> None:
        # The text is there until the front end says that it has inserted it: one without our extension never will.
        self._say(status("Copy this into a cell:"), self.cell)
        self._results.insert(self.made, lambda: self._say(status("Inserted below.")))

    def _export(self) -> None:
        recipe = self.made.wish.recipe.name
        path = Path(f"{recipe}-{self.made.number}.{self.format.value}")
        try:
            self._say(status(f"Written: {self.made.result.save(path)}"))
        except VizError as error:
            self._say(alert(str(error)))
        except Exception as error:  # a disk that is full, a figure that can't be drawn
            self._say(alert(f"{path} could not be written: {error}"))

    def _say(self, html: str, *more: Any) -> None:
        self.message.value = html
        self.children = (*self._parts, *more)
