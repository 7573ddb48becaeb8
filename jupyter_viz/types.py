"""Special strings a step can return, so that they are shown as what they are (as in ZenML)."""

from __future__ import annotations


class HTMLString(str):
    """A page or fragment in HTML. Shown in a frame that reaches nothing outside itself."""

    __slots__ = ()


class MarkdownString(str):
    """A text in Markdown."""

    __slots__ = ()


class CSVString(str):
    """Comma-separated values whose first row names the columns."""

    __slots__ = ()


class JSONString(str):
    """A JSON document. What isn't valid JSON is refused with the position of the error."""

    __slots__ = ()
