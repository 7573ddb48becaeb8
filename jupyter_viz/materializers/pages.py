"""Small HTML pages that need nothing from outside, and no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

_STYLE = """
body { font: 13px/1.45 system-ui, sans-serif; color: #222; background: #fff; margin: 16px; color-scheme: light }
h1 { font-size: 17px; margin: 0 0 4px } h2 { font-size: 15px; margin: 20px 0 4px }
table { border-collapse: collapse; margin: 8px 0 }
th, td { text-align: left; vertical-align: top; padding: 4px 10px; border-bottom: 1px solid #ddd; max-width: 36em }
td { overflow-wrap: anywhere } th { background: #f4f4f4 }
.good { color: #00694a } .bad { color: #a33c00; font-weight: 600 } .small { color: #666 }
"""


def page(title: str, *parts: str) -> str:
    """A whole page of parts that are HTML already."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are HTML already."""
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in header)}</tr></thead>\n{body}</table>"


def text(value: Any, longest: int = 300) -> str:
    """A value as HTML: its text, cut where it is long."""
    whole = value if isinstance(value, str) else str(value)
    whole = whole.encode("utf-8", "replace").decode()
    return escape(whole if len(whole) <= longest else f"{whole[:longest]}…")
