"""Whose turn it is: users take turns, each user's own wait in order."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """What waits, by who asked for it."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, deque[T]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))

    def __iter__(self) -> Iterator[T]:
        """In the order in which they will have their turn, as far as it is known now."""
        lines = [list(waiting) for waiting in self._of.values()]
        for round in range(max(map(len, lines), default=0)):
            yield from (line[round] for line in lines if round < len(line))

    def of(self, user: str) -> int:
        """How many of a user's wait."""
        return len(self._of.get(user, ()))

    def add(self, user: str, item: T) -> None:
        self._of.setdefault(user, deque()).append(item)

    def next(self) -> T:
        """Take the next one; its user then comes after all others. Raises `LookupError` where none waits."""
        user, waiting = next(iter(self._of.items()), ("", deque[T]()))
        item = waiting.popleft()
        del self._of[user]
        if waiting:
            self._of[user] = waiting
        return item

    def remove(self, user: str, item: T) -> None:
        """Take one out that no longer wants a turn. Raises `ValueError` where it is not there."""
        waiting = self._of.get(user, deque[T]())
        waiting.remove(item)
        if not waiting:
            del self._of[user]
