"""Things by name."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from ..errors import NotFound, did_you_mean

T = TypeVar("T")


class ByName(dict[str, T]):
    """A dict whose missing name raises `NotFound` with the nearest.

    Being a dict, its names complete in IPython; what it gives completes too, where a subclass says what that is.
    """

    def __init__(self, what: str, items: dict[str, T]) -> None:
        super().__init__(items)
        self._what = what

    def __missing__(self, name: Any) -> NoReturn:
        raise NotFound(f"{self._what} has no {name!r}.{did_you_mean(str(name), self)}")
