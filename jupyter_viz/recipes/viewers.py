"""Files that are shown as they are: text, Markdown, pages, JSON, pictures."""

from __future__ import annotations

import base64
import io
import json as json_format
from collections.abc import Iterator
from html import escape
from typing import Annotated, Any

from ..errors import UnreadableSource
from ..framed import framed
from ..views import Document
from .base import LONGEST_TEXT, Bounds, Json, Page, Picture, Text, recipe

_SHOWN = 4000  # characters for surfaces that show nothing but text
_DEEPEST = 100
_KINDS = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"))


@recipe(title="Text")
def text(source: Text, *, lines: Annotated[int, Bounds(1, 20_000)] = 2000, end: bool = False) -> Document:
    """A file of text as it is: a log, a report, code.

    Args:
        lines: How many lines at most.
        end: Show the last lines of what was read rather than the first.
    """
    found = source.text.splitlines()
    shown = found[-lines:] if end else found[:lines]
    part = f"the {'last' if end else 'first'} {len(shown):,} of {len(found):,}" if len(shown) < len(found) else "all"
    whole = "\n".join(shown)
    return Document(
        title="Text",
        alt=f"Text of {len(found):,} lines, {source.size:,} bytes.",
        bundle={"text/html": f"<pre>{escape(whole)}</pre>", "text/plain": whole},
        metrics={"lines": len(found), "bytes": source.size},
        note=_note(source, "" if part == "all" else f"Shows {part} lines."),
    )


@recipe(title="Markdown")
def markdown(source: Text) -> Document:
    """A file of Markdown, formatted."""
    headings = [line.lstrip("#").strip() for line in source.text.splitlines() if line.startswith("#")]
    about = f", under the headings {', '.join(headings[:5])}" if headings else ""
    return Document(
        title=headings[0] if headings else "Markdown",
        alt=f"Formatted text of {len(source.text):,} characters{about}.",
        bundle={"text/markdown": source.text, "text/plain": _short(source.text)},
        metrics={"characters": len(source.text)},
        note=_note(source),
    )


@recipe(title="HTML page")
def html(source: Page) -> Document:
    """A page of HTML in a frame of its own: its scripts run, but reach neither Jupyter nor the network."""
    title = _title(source.text) or "HTML page"
    return Document(
        title=title,
        alt=f"Page {title!r} of {source.size:,} bytes.",
        bundle={"text/html": framed(title, source.text), "text/plain": _short(source.text)},
        metrics={"bytes": source.size},
        note=_note(source),
    )


@recipe(title="JSON")
def json(source: Json) -> Document:
    """A file of JSON as a tree that unfolds.

    Shows what is in it by its depth and number of values.
    """
    value = source.value
    depth, values = 0, 0
    for level in _levels(value):
        depth += 1
        values += len(level)
        if depth > _DEEPEST:
            raise UnreadableSource(f"The JSON is nested more than {_DEEPEST} deep; nobody could unfold that.")
    kind = "object" if isinstance(value, dict) else "list" if isinstance(value, list) else type(value).__name__
    names = f" with {', '.join(list(map(str, value))[:8])}" if isinstance(value, dict) and value else ""
    return Document(
        title="JSON",
        alt=f"JSON: one {kind}{names}; {values:,} values, {depth} deep.",
        bundle={
            # Only a tree can be unfolded; and what is no finite number is no JSON.
            **({"application/json": value} if isinstance(value, (dict, list)) and _is_strict(value) else {}),
            "text/plain": _short(json_format.dumps(value, indent=2, ensure_ascii=False)),
        },
        metrics={"values": values, "depth": depth},
    )


@recipe(title="Picture")
def picture(source: Picture) -> Document:
    """A picture as it is, with its size in pixels."""
    kind = next((kind for start, kind in _KINDS if source.data.startswith(start)), None)
    if kind is None and b"<svg" in source.data[:1000]:
        width, height, kind = 0, 0, "image/svg+xml"
    else:
        width, height = _pixels(source.data)
    size = f"{width:,} by {height:,} pixels" if width else "drawn by lines"
    data = base64.b64encode(source.data).decode()
    return Document(
        title="Picture",
        alt=f"Picture, {size}, {len(source.data):,} bytes.",
        bundle={
            "text/html": f'<img alt="A picture, {size}." src="data:{kind};base64,{data}" style="max-width:100%">',
            "text/plain": f"A picture, {size}.",
        },
        metrics={"width": width, "height": height, "bytes": len(source.data)},
    )


def _pixels(data: bytes) -> tuple[int, int]:
    import PIL.Image

    try:
        with PIL.Image.open(io.BytesIO(data)) as image:
            image.verify()
            width, height = image.size
            return width, height
    except Exception as error:  # Pillow raises what a broken file makes its codecs raise
        raise UnreadableSource(f"This is no picture that can be read: {error}.") from None


def _levels(value: Any) -> Iterator[list[Any]]:
    """The values of JSON, one depth after the other."""
    level = [value]
    while level:
        yield level
        inner = [each for each in level if isinstance(each, (dict, list))]
        level = [item for each in inner for item in (each.values() if isinstance(each, dict) else each)]


def _is_strict(value: Any) -> bool:
    try:
        json_format.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


def _title(page: str) -> str:
    from html import unescape

    start = page[:10_000].lower().find("<title>")
    return " ".join(unescape(page[start + 7 :].partition("<")[0]).split())[:200] if start >= 0 else ""


def _note(source: Text, note: str = "") -> str | None:
    cut = f"The first {LONGEST_TEXT:,} of {source.size:,} bytes were read." if source.is_cut else ""
    return " ".join(filter(None, (note, cut))) or None


def _short(whole: str) -> str:
    return whole if len(whole) <= _SHOWN else f"{whole[:_SHOWN]}\n… {len(whole) - _SHOWN:,} more characters"
