"""The MIME bundle of a view: frozen first, readable with no kernel and no extension (decision 7)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

from ..still import still_picture
from ..views import Document, Figure, Rows, View
from .carried import packed

MIME = "application/vnd.jupyter-viz.v1+json"
PLOTLY = "application/vnd.plotly.v1+json"

_for_store = False
_EXACT = 2**53  # up to it a float is every whole number
_EMBEDDED_CELLS = 20_000
_HTML_ROWS = 50
_LONGEST_CELL = 200


def show_for_store() -> None:
    """Bundles of this process go to the store: with the rows behind them, and without their still picture.

    `frozen` adds that later, in another process.
    """
    global _for_store
    _for_store = True


def frozen(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """A bundle with the still picture of its plotly figure in its HTML; the same where there is nothing to draw."""
    spec, own = bundle.get(PLOTLY), bundle.get(MIME)
    html = bundle.get("text/html", "")
    if not isinstance(spec, Mapping) or not isinstance(html, str) or "<img" in html:
        return dict(bundle)
    alt = str(own.get("alt", "")) if isinstance(own, Mapping) else "A plot."
    return {**bundle, "text/html": _image(spec, alt) + html}


def mime_bundle(view: View, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The bundle, richest first (decision 7). Only what `view` says is in it, as plain JSON."""
    own = {
        "version": 1,
        "title": view.title,
        "alt": view.alt,
        "metrics": dict(view.metrics),
        "note": view.note,
        "provenance": dict(provenance),
    }
    if isinstance(view, Figure):
        own |= {"kind": "figure", "table": {"columns": [each.plain for each in view.columns], "total": _length(view)}}
        own |= {"rows": [dict(each) for each in view.rows]} if view.rows else {}
        return {
            MIME: own,
            PLOTLY: dict(view.spec),
            "text/html": _figure_html(view),
            "text/plain": plain_text(view),
            **(packed(view.data) if _for_store else {}),
        }
    if isinstance(view, Document):
        return {MIME: own | {"kind": "document"}, **view.bundle}
    table = _embedded(view)
    if len(table["rows"]) < len(view.data):
        own["note"] = f"Shows the first {len(table['rows']):,} of {view.total:,} rows."
    own |= {"kind": "table", "table": table}
    return {
        MIME: own,
        "text/html": _rows_html(view, table),
        "text/plain": plain_text(view),
        **(packed(view.data) if _for_store else {}),
    }


def _embedded(view: Rows) -> dict[str, Any]:
    frame = view.data.head(max(1, _EMBEDDED_CELLS // max(1, view.data.shape[1])))
    columns = [{"name": _unicode(str(name)), "type": _type(kind)} for name, kind in frame.dtypes.items()]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    return {"columns": columns, "rows": rows, "total": view.total}


def _type(dtype: Any) -> str:
    kind = getattr(dtype, "kind", "O")
    return {"b": "boolean", "i": "number", "u": "number", "f": "number", "M": "time"}.get(kind, "text")


def _cell(value: Any) -> Any:
    """A value as JSON holds it; None for what is missing, text cut where it is very long."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)  # beyond it a browser would round it silently
    if isinstance(value, float):
        return None if math.isnan(value) else value if math.isfinite(value) else str(value)
    if isinstance(value, date):
        text = value.isoformat()
        return None if text == "NaT" else text
    text = str(value)
    if text in ("<NA>", "NaT"):
        return None
    text = _unicode(text)
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"


def _unicode(text: str) -> str:
    """Text that every reader takes: half a surrogate pair, as in a file name that is no UTF-8, becomes `?`."""
    return text.encode(errors="replace").decode()


def _figure_html(view: Figure) -> str:
    image = "" if _for_store else _image(view.spec, view.alt)
    frame = view.data
    every = max(1, math.ceil(len(frame) / _HTML_ROWS))
    shown = frame.iloc[::every]
    caption = f"{len(shown):,} of {len(frame):,} points" if every > 1 else f"{len(frame):,} points"
    cells = [[_cell(value) for value in row] for row in shown.itertuples(index=False, name=None)]
    table = _html_table([str(name).replace("_", " ") for name in frame.columns], cells, caption)
    note = f"<p>{escape(view.note)}</p>" if view.note else ""
    return f"{image}<p>{escape(view.alt)}</p>{note}<details><summary>Table</summary>{table}</details>"


def _image(spec: Mapping[str, Any], alt: str) -> str:
    picture = still_picture(spec)
    return f'<img alt="{escape(alt)}" src="{picture}" style="max-width:100%">' if picture else ""


def _rows_html(view: Rows, table: Mapping[str, Any]) -> str:
    rows = table["rows"][:_HTML_ROWS]
    caption = f"the first {len(rows):,} of {view.total:,} rows" if len(rows) < view.total else f"{view.total:,} rows"
    return _html_table([column["name"] for column in table["columns"]], rows, caption)


def _html_table(names: list[str], rows: list[list[Any]], caption: str) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{escape(_shown(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def plain_text(view: View) -> str:
    numbers = ", ".join(f"{name} {_said(value)}" for name, value in view.metrics.items())
    text = f"{view.title}: {numbers}" if numbers else view.title
    if isinstance(view, Rows):
        text += f"\n{view.data.head(20).to_string()}"
    return _unicode(f"{text}\n{view.note}" if view.note else text)


def _said(number: float) -> str:
    """Counts with all their digits."""
    whole = math.isfinite(number) and float(number).is_integer() and abs(number) < _EXACT
    return f"{int(number):,}" if whole else f"{number:.6g}"


def _length(view: Figure) -> int:
    """How many rows a figure's table has."""
    try:
        return len(view.columns[0].found_in(view.spec))
    except (LookupError, TypeError):  # a plugin's figure that has no such values: its table is that of its rows
        return len(view.data)
