"""Pipelines, experiments, models and deployments in lists: found, filtered, sorted, by page.

There are hundreds of them where there are a hundred thousand runs, so this is done on the whole list of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..errors import BadRequest, InvalidAddress, InvalidFilter, NotFound, did_you_mean
from ..models import Named, Pipeline
from .filter import Condition, OneOf, Text, parse_filter
from .selection import SHORTEST_PREFIX

T = TypeVar("T", Pipeline, Named)

_SORTED_BY: Mapping[str, Callable[[Any], Any]] = {
    "name": lambda item: item.name,
    "project": lambda item: item.project,
    "created": lambda item: item.created_at,
    "runs": lambda item: item.run_count,
}


@dataclass(frozen=True, slots=True)
class ListedPage(Generic[T]):
    items: list[T]
    next_cursor: str | None
    total: int


def page_of(
    kind: str, items: Sequence[T], filter: str = "", sort: str | None = None, size: int = 50, cursor: str | None = None
) -> ListedPage[T]:
    """A page of a list.

    Args:
        kind: What they are, for messages: pipelines, experiments, models or deployments.
        filter: As `catalog.filter` reads it; of its keys name, id, project and, for deployments, pipeline.
        sort: name, project; of pipelines also runs, of the others created; `-` before it: the last or most first.
            Without it the list's own order.
        cursor: `next_cursor` of the page before.

    Raises:
        InvalidFilter, BadRequest: Filter, sort or cursor is none, or none of such a list.
    """
    conditions = parse_filter(filter)
    found = [item for item in items if all(_holds(kind, item, condition) for condition in conditions)]
    if sort:
        key, descending = sort.removeprefix("-"), sort.startswith("-")
        known = ["name", "project", "runs" if kind == "pipelines" else "created"]
        if key not in known:
            raise BadRequest(f"A list of {kind} can't be sorted by {key!r}.{did_you_mean(key, known)}")
        found.sort(key=lambda item: (_SORTED_BY[key](item), item.id), reverse=descending)
    begin = 0
    if cursor is not None:
        ids = [item.id for item in found]
        if cursor not in ids:
            raise BadRequest(f"{cursor[:100]!r} is not a cursor of this list: pass `next_cursor` of the page before.")
        begin = ids.index(cursor) + 1
    page = found[begin : begin + size]
    more = begin + size < len(found)
    return ListedPage(page, page[-1].id if more and page else None, len(found))


def one_of(what: str, items: Sequence[T], text: str) -> T:
    """The one of that id, id prefix, name or `project::name`. Raises `NotFound` with the nearest."""
    by_name = [item for item in items if text in (item.id, item.name, f"{item.project}::{item.name}")]
    by_prefix = [item for item in items if len(text) >= SHORTEST_PREFIX and item.id.startswith(text.lower())]
    found = by_name or by_prefix
    if not found:
        raise NotFound(f"There is no {what} {text!r}.{did_you_mean(text, (item.name for item in items))}")
    if len(found) > 1:
        there = ", ".join(f"{item.project}::{item.name}" for item in found)
        raise InvalidAddress(f"Several of the {what}s are called {text!r}: {there}. Write project::name, or the id.")
    return found[0]


def _holds(kind: str, item: Pipeline | Named, condition: Condition) -> bool:
    if isinstance(condition, Text):
        holds = condition.text.casefold() in item.name.casefold()
    elif isinstance(condition, OneOf) and condition.key == "id":
        holds = any(item.id.startswith(value.lower()) for value in condition.values)
    elif isinstance(condition, OneOf) and condition.key in _keys(kind):
        holds = getattr(item, condition.key) in condition.values
    else:
        known = ", ".join(f"{key}:" for key in _keys(kind))
        raise InvalidFilter(f"Filter: a list of {kind} is filtered by {known} or a text.")
    return holds is not condition.negated


def _keys(kind: str) -> tuple[str, ...]:
    return ("id", "name", "project", "pipeline") if kind == "deployments" else ("id", "name", "project")
