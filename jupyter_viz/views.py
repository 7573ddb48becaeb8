"""What a recipe returns: a figure, rows or a document, as plain data that every surface can show in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One column of a figure shown as a table.

    Attributes:
        type: number, text, boolean or time.
        values: JSON pointer into the figure, e.g. `/data/0/x`, so that no number is stored twice; or several, for what
            is drawn by several traces. Of a pair the first points at one value, which is repeated for each that the
            second finds.
    """

    name: str
    type: str
    values: str | Sequence[str | tuple[str, str]]

    def found_in(self, spec: Mapping[str, Any]) -> list[Any]:
        """Its values in a figure, rows of a grid one after the other. Raises `LookupError` where there are none."""
        if isinstance(self.values, str):
            return _flat(_at(spec, self.values))
        parts = (
            _flat(_at(spec, part)) if isinstance(part, str) else [_at(spec, part[0])] * len(_at(spec, part[1]))
            for part in self.values
        )
        return [value for part in parts for value in part]

    @property
    def plain(self) -> dict[str, Any]:
        """As it stands in a bundle."""
        values = self.values if isinstance(self.values, str) else [_listed(part) for part in self.values]
        return {"name": self.name, "type": self.type, "values": values}


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot.

    Attributes:
        title: What it is about.
        alt: What somebody who can't see it needs to know, in a sentence or two.
        spec: A plotly figure as plain data: `{"data": [...], "layout": {...}}`.
        columns: The plotted numbers, to be shown as a table.
        data: The numbers behind the plot, unrounded.
        metrics: Headline numbers by name, e.g. `{"auc": 0.987}`.
        note: What a reader must know about how it was made (rows left out, sampling), or None.
        rows: How to get the rows behind a point of the plot: conditions that must all hold, as `recipes.behind` makes
            them; none where that can't be said.
    """

    title: str
    alt: str
    spec: Mapping[str, Any]
    columns: Sequence[FigureColumn]
    data: pd.DataFrame = field(repr=False)
    metrics: Mapping[str, float] = field(default_factory=dict)
    note: str | None = None
    rows: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A table.

    Attributes:
        data: The rows shown.
        total: How many there are in all.
    """

    title: str
    alt: str
    data: pd.DataFrame = field(repr=False)
    total: int
    metrics: Mapping[str, float] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """Something that is shown as it is: a text, a page, a picture.

    Attributes:
        bundle: By MIME type, what shows it on surfaces of every kind; `text/plain` is among them.
    """

    title: str
    alt: str
    bundle: Mapping[str, Any] = field(repr=False)
    metrics: Mapping[str, float] = field(default_factory=dict)
    note: str | None = None


View = Figure | Rows | Document


def _listed(part: str | tuple[str, str]) -> str | list[str]:
    return part if isinstance(part, str) else list(part)


def _at(spec: Any, pointer: str) -> Any:
    """What is at a JSON pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        spec = spec[int(name)] if isinstance(spec, (list, tuple)) else spec[name]
    return spec


def _flat(found: Sequence[Any]) -> list[Any]:
    if found and isinstance(found[0], (list, tuple)):
        return [value for row in found for value in row]
    return list(found)
