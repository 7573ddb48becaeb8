"""Exceptions as text."""

from __future__ import annotations

import traceback

from ..errors import one_line

_LONGEST = 20_000


def last_line(error: BaseException) -> str:
    text = "".join(traceback.format_exception_only(error)).strip()
    return one_line(text.splitlines()[-1])[:_LONGEST]


def whole_story(error: BaseException) -> str:
    """The traceback; of a very long one its end."""
    return "".join(traceback.format_exception(error))[-_LONGEST:]
