"""A result as a file."""

from __future__ import annotations

import base64
import copy
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument, did_you_mean
from ..still import still_png
from .bundles import PLOTLY
from .export import drawn, to_html, to_ipynb, to_md

if TYPE_CHECKING:
    from .results import Result

_EXPORTS = {".html": to_html, ".ipynb": to_ipynb, ".md": to_md}
_INLINED = re.compile(r'^<img [^>]*src="data:image/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+/=]+)"')
_ENDINGS = (*_EXPORTS, ".png")


def save(result: Result, path: Path) -> Path:
    """As `Result.save`."""
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        given = f"ends with {ending!r}" if ending else "has no ending"
        raise InvalidArgument(
            f"{str(path)!r} {given}, which says nothing of how to save a result.{did_you_mean(ending, _ENDINGS)}"
        )
    data = _png(result, path) if ending == ".png" else base64.b64decode(_EXPORTS[ending](_notebook(result)))
    path = path.expanduser()
    path.write_bytes(data)
    return path


def _png(result: Result, path: Path) -> bytes:
    bundle = result._repr_mimebundle_()
    picture = still_png(bundle[PLOTLY]) if PLOTLY in bundle else None
    if picture is None and (inlined := _INLINED.search(bundle.get("text/html", ""))):
        picture = _as_png(base64.b64decode(inlined[1]))
    if picture is None:
        raise InvalidArgument(f"{str(path)!r}: this result is no picture that can be drawn. Save it as .html or .md.")
    return picture


def _as_png(data: bytes) -> bytes:
    import PIL.Image

    file = io.BytesIO()
    with PIL.Image.open(io.BytesIO(data)) as image:
        image.save(file, "png")
    return file.getvalue()


def _notebook(result: Result) -> dict[str, Any]:
    """The executed notebook with its pictures; of a value of this process one with the result alone."""
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    notebook = result.notebook
    if notebook is None:
        cell = new_code_cell("# Made of a value of another process: there is no code that makes it again.", id="viz-1")
        cell.outputs = [new_output("display_data", result._repr_mimebundle_())]
        notebook = new_notebook(cells=[cell], metadata={"jupyter_viz": result.provenance})
    # Of a rendering the pictures may not be drawn yet.
    return drawn(copy.deepcopy(dict(notebook)))
