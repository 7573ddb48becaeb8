"""Exceptions as text. Nothing here raises, whatever the exception's own methods do."""

from __future__ import annotations

import traceback

from .errors import one_line

_LONGEST = 20_000


def headline(error: BaseException) -> str:
    """Its type and the first line of its message, fit for one line on a page; the rest is in `whole_story`."""
    try:
        lines = "".join(traceback.format_exception_only(error)).strip().splitlines()
    except Exception:  # its own __str__ raises
        return type(error).__name__
    if isinstance(error, SyntaxError):  # the place in the code comes first
        lines = [line for line in lines if line.startswith(f"{type(error).__name__}:")] or lines[-1:]
    first = lines[0].rstrip() if lines else type(error).__name__
    if first.endswith(":"):  # the message begins with an empty line, or announces something
        first = " ".join([first, *lines[1:2]])
    return one_line(first)[:_LONGEST]


def whole_story(error: BaseException) -> str:
    """The traceback; of a very long one its beginning and its end."""
    try:
        story = "".join(traceback.format_exception(error))
    except Exception:  # its own __str__ raises
        return type(error).__name__
    half = _LONGEST // 2
    return story if len(story) <= _LONGEST else f"{story[: half - 3]}\n…\n{story[-half:]}"
