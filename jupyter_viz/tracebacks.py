"""Exceptions as text. Nothing here raises, whatever the exception's own methods do."""

from __future__ import annotations

import traceback

from .errors import one_line

_LONGEST = 20_000


def last_line(error: BaseException) -> str:
    """The last line of what Python would print of it, fit for one line on a page."""
    try:
        lines = "".join(traceback.format_exception_only(error)).strip().splitlines()
    except Exception:  # its own __str__ raises
        return type(error).__name__
    return one_line(lines[-1])[:_LONGEST] if lines else type(error).__name__


def whole_story(error: BaseException) -> str:
    """The traceback; of a very long one its beginning and its end."""
    try:
        story = "".join(traceback.format_exception(error))
    except Exception:  # its own __str__ raises
        return type(error).__name__
    half = _LONGEST // 2
    return story if len(story) <= _LONGEST else f"{story[: half - 3]}\n…\n{story[-half:]}"
