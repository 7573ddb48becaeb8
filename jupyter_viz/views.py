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
        values: JSON pointer into the figure, e.g. `/data/0/x`, so that no number is stored twice.
    """

    name: str
    type: str
    values: str


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
    """

    title: str
    alt: str
    spec: Mapping[str, Any]
    columns: Sequence[FigureColumn]
    data: pd.DataFrame = field(repr=False)
    metrics: Mapping[str, float] = field(default_factory=dict)
    note: str | None = None


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
