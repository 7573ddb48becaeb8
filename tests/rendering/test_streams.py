"""What a kernel prints faster than anybody reads it: its memory must not be what ends it."""

from __future__ import annotations

from typing import Any

import pytest
from ipykernel.iostream import IOPubThread
from jupyter_client.session import Session

from jupyter_viz.errors import OutputLimitExceeded
from jupyter_viz.rendering.streams import CappedStream


class Idle(IOPubThread):
    """Sends nothing off."""

    io_loop = None

    def __init__(self) -> None: ...

    def schedule(self, f: Any) -> None: ...


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> CappedStream:
    monkeypatch.setattr(CappedStream, "most", 100)
    return CappedStream(Session(), Idle(), "stdout", watchfd=False)


def test_many_small_texts_are_refused_once_they_are_more_than_can_be_shown(stream: CappedStream) -> None:
    """But not before: whoever counts what arrives must come to the same end."""
    for _ in range(11):
        stream.write("x" * 10)
    with pytest.raises(OutputLimitExceeded, match="More than 100 characters were printed"):
        stream.write("x")


def test_one_text_that_is_too_long_is_refused_and_the_next_is_not(stream: CappedStream) -> None:
    with pytest.raises(OutputLimitExceeded, match="101 characters were printed at once"):
        stream.write("x" * 101)
    assert stream.write("x") == 1


def test_nothing_is_refused_without_a_limit(stream: CappedStream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CappedStream, "most", 0)
    assert sum(stream.write("x" * 60) or 0 for _ in range(3)) == 180
