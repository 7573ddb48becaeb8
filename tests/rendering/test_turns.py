"""Users take turns; each user's own wait in order."""

from __future__ import annotations

import pytest

from jupyter_viz.rendering.turns import Turns


def test_in_turns() -> None:
    turns: Turns[str] = Turns()
    for item in ("a1", "a2", "a3", "b1", "c1", "b2"):
        turns.add(item[0], item)
    assert list(turns) == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert (len(turns), turns.of("a"), turns.of("nobody")) == (6, 3, 0)
    turns.remove("a", "a2")
    assert [turns.next() for _ in range(5)] == ["a1", "b1", "c1", "a3", "b2"]
    assert not turns


def test_what_is_not_there() -> None:
    turns: Turns[str] = Turns()
    with pytest.raises(LookupError):
        turns.next()
    with pytest.raises(ValueError, match="not in deque"):
        turns.remove("a", "a1")
