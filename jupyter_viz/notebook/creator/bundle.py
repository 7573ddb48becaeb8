"""Several results as one output of a cell: readable with no kernel, no extension, no trust, as each of them is."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ...rendering.bundles import MIME, PLOTLY
from ...rendering.results import Kept, Result

_PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif")


def bundle_of(results: Sequence[tuple[str, Result]], place: Mapping[str, Any]) -> dict[str, Any]:
    """The MIME bundle that shows results one below the other, each under its caption.

    Args:
        place: Tells the front end which output it is.
    """
    shown = [(caption, result._repr_mimebundle_(), _before(result)) for caption, result in results]
    html = "".join(_html(caption, bundle, before) for caption, bundle, before in shown)
    text = "\n\n".join(f"{caption}\n{bundle.get('text/plain', '')}" for caption, bundle, _ in shown)
    if len(shown) == 1 and not shown[0][2]:
        [(caption, bundle, _)] = shown
        own = bundle.get(MIME, {"version": 1, "kind": "document", "title": caption, "alt": caption})
        rest = {kind: value for kind, value in bundle.items() if kind not in (MIME, "text/html", "text/plain")}
        return {MIME: {**own, "caption": caption, "place": place}, **rest, "text/html": html, "text/plain": text}
    own = {
        "version": 1,
        "kind": "results",
        "title": "Results",
        "alt": f"{len(shown)} results",
        "place": place,
        "results": [
            {"caption": caption, "outputs": [*before, {"data": _without_html(bundle)}]}
            for caption, bundle, before in shown
        ],
    }
    return {MIME: own, "text/html": html, "text/plain": text}


def _before(result: Result) -> list[dict[str, Any]]:
    """What it showed before the last thing, as bundles."""
    if not isinstance(result.shown, Kept):
        return []
    return [
        {"data": {"text/plain": str(output["text"])} if output["output_type"] == "stream" else dict(output["data"])}
        for output in result.shown.before
        if output["output_type"] == "stream" or "data" in output
    ]


def _without_html(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Where a figure or table is drawn from its data its HTML, which is in the whole output's, would be there twice."""
    drawn = PLOTLY in bundle or bundle.get(MIME, {}).get("kind") == "table"
    return {kind: value for kind, value in bundle.items() if not (drawn and kind.startswith("text/"))}


def _html(caption: str, bundle: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> str:
    parts = [_html_of(each["data"]) for each in before]
    return f"<section><p><b>{escape(caption)}</b></p>{''.join(parts)}{_html_of(bundle)}</section>"


def _html_of(bundle: Mapping[str, Any]) -> str:
    if "text/html" in bundle:
        return str(bundle["text/html"])
    for kind in _PICTURES:
        if kind in bundle:
            data = str(bundle[kind])
            is_text = data.lstrip().startswith("<")
            encoded = base64.b64encode(data.encode()).decode() if is_text else "".join(data.split())
            alt = escape(str(bundle.get("text/plain", "A picture.")))
            return f'<img alt="{alt}" src="data:{kind};base64,{encoded}" style="max-width:100%">'
    return f"<pre>{escape(str(bundle.get('text/plain', '')))}</pre>"
