"""Some of the things asked for, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

from ..models import Named, Pipeline
from .listing import Listing, when

T = TypeVar("T")


class Page(Sequence[T]):
    """Some of the things asked for, in order: `.items`; how many there are of them in all: `.total`; and
    `.next_cursor` to ask for more, None at the end."""

    def __init__(
        self,
        items: Sequence[T],
        next_cursor: str | None,
        count: Callable[[], int],
        listing: Callable[[Sequence[Any]], Listing],
    ) -> None:
        self.items = list(items)
        self.next_cursor = next_cursor
        self._count, self._listing = count, listing

    @cached_property
    def total(self) -> int:
        """How many there are on all pages; counted when it is first asked for."""
        return self._count()

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.items == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "\n".join(filter(None, (repr(self._listing(self.items)), self._more())))

    def _repr_html_(self) -> str:
        more = self._more()
        return self._listing(self.items)._repr_html_() + (f"<p>{more}</p>" if more else "")

    def _more(self) -> str:
        if self.next_cursor is None:
            return ""
        return f"{len(self)} of {self.total:,}; the next ones with cursor=page.next_cursor"


def listed_pipelines(pipelines: Sequence[Pipeline]) -> Listing:
    rows = [[item.name, item.project, f"{item.run_count:,}"] for item in pipelines]
    return Listing(["pipeline", "project", "runs"], rows, "There are no such pipelines.")


def listed_named(kind: str, items: Sequence[Named]) -> Listing:
    """Experiments, models or deployments as a table."""
    header = [kind.removesuffix("s"), "project", "created"]
    rows = [[item.name, item.project, when(item.created_at)] for item in items]
    if kind == "deployments":
        header.append("pipeline")
        rows = [[*row, item.pipeline or "—"] for row, item in zip(rows, items, strict=True)]
    return Listing(header, rows, f"There are no such {kind}.")
