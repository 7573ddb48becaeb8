"""How the panel's parts look: as wide as there is room, in Lab's own colours."""

from __future__ import annotations

from html import escape
from typing import Any

WIDE = {"width": "auto"}  # a full width would push their margins out of the panel
SMALL = {"width": "auto", "align_self": "flex-start"}
LABEL = {"description_width": "7em"}
ROW = {"width": "auto", "flex_flow": "row wrap", "align_items": "center"}


def hidden(widget: Any, hide: bool) -> None:
    widget.layout.display = "none" if hide else None


def alert(text: str) -> str:
    """An error, as HTML that is read aloud."""
    return f'<div role="alert" style="color:var(--jp-error-color1);line-height:1.4">{escape(text)}</div>'


def status(text: str) -> str:
    """What goes on, likewise."""
    return f'<div role="status" style="color:var(--jp-ui-font-color2);line-height:1.4">{escape(text)}</div>'
