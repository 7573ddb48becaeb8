"""An exception of somebody's becomes text, however it behaves."""

from __future__ import annotations

from jupyter_viz.tracebacks import last_line, whole_story


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_an_exception_that_cannot_be_printed_has_its_name() -> None:
    """Otherwise the step would never be recorded as failed."""
    assert "Mute" in last_line(Mute())
    assert "Mute" in whole_story(Mute())


def test_the_last_line_is_one_line_without_colours() -> None:
    assert last_line(ValueError("a\n\x1b[31mred\x1b[0m")) == "red"
