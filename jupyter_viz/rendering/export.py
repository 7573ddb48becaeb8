"""An executed notebook for readers elsewhere. These functions run in a process of their own: `Kernels.call`.

Each takes the notebook as JSON holds it; an export is given back in base64.
"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

from .bundles import MIME, PLOTLY, frozen
from .carried import DATA

_PLOTLY_JS = "plotly-js-inlined-once"


def drawn(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook with a still picture beside each of its plots."""
    notebook["metadata"]["drawn"] = True
    return _with_bundles(notebook, frozen, for_others=False)


def to_ipynb(notebook: dict[str, Any]) -> str:
    """The notebook itself."""
    return _base64(json.dumps(_with_bundles(notebook, dict), indent=1, ensure_ascii=False))


def to_md(notebook: dict[str, Any]) -> str:
    """Markdown, its pictures inlined."""
    from nbconvert import MarkdownExporter

    exporter: Any = MarkdownExporter()  # type: ignore[no-untyped-call]
    text, _ = exporter.from_notebook_node(_node(_with_bundles(notebook, _for_markdown)))
    return _base64(text)


def to_html(notebook: dict[str, Any]) -> str:
    """One page that needs nothing from outside: plotly.js is in it once, where there is a plot."""
    from nbconvert import HTMLExporter
    from plotly.offline import get_plotlyjs

    exporter: Any = HTMLExporter(template_name="lab", embed_images=True)  # type: ignore[no-untyped-call]
    # Neither formulas nor widgets are ours; their scripts would come from the net.
    exporter.mathjax_url = exporter.require_js_url = exporter.jupyter_widgets_base_url = exporter.mermaid_js_url = ""
    exporter.widget_renderer_url = ""
    page, _ = exporter.from_notebook_node(_node(_with_bundles(notebook, _interactive)))
    if 'class="viz-plot"' in page:
        page = page.replace("</head>", f"<script>{get_plotlyjs()}</script>\n</head>", 1)
    return _base64(page)


def _interactive(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """The plot by plotly.js instead of its picture, which stays for readers without scripts."""
    if not isinstance(spec := bundle.get(PLOTLY), Mapping):
        return {kind: value for kind, value in bundle.items() if kind != MIME}
    # In a script's JSON no `</script>` may end it early.
    figure = json.dumps({"data": spec.get("data", []), "layout": spec.get("layout", {})}).replace("</", "<\\/")
    html = bundle.get("text/html", "")
    picture, _, rest = html.partition(">") if html.startswith("<img ") else ("", "", html)
    still = f"<noscript>{picture}></noscript>" if picture else ""
    plot = (
        f'<div class="viz-plot" style="max-width:720px"></div>{still}<script type="text/javascript">'
        "(function () { const at = document.currentScript, plot = at.previousElementSibling.matches('noscript') ? "
        "at.previousElementSibling.previousElementSibling : at.previousElementSibling; "
        f"const figure = {figure}; Plotly.newPlot(plot, figure.data, figure.layout, {{responsive: true}}); }})();"
        "</script>"
    )
    return {"text/html": plot + rest, "text/plain": bundle.get("text/plain", "")}


def _for_markdown(bundle: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: value for kind, value in bundle.items() if kind not in (MIME, PLOTLY)}


def _with_bundles(
    notebook: dict[str, Any], change: Callable[[Mapping[str, Any]], dict[str, Any]], for_others: bool = True
) -> dict[str, Any]:
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if isinstance(output.get("data"), dict):
                output["data"] = change(output["data"])
                if for_others:
                    output["data"].pop(DATA, None)
    return notebook


def _node(notebook: dict[str, Any]) -> Any:
    import nbformat

    return nbformat.from_dict(notebook)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
