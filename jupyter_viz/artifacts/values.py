"""Values of the notebook that are no tables, as files that recipes read. None of their libraries is imported here."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..enums import ArtifactKind
from ..errors import UnreadableSource
from ..still import still_png
from ..types import HTMLString, JSONString, MarkdownString


def _of_matplotlib(value: Any) -> bytes:
    while not hasattr(value, "savefig"):  # axes, or a part of a figure
        value = value.figure
    file = io.BytesIO()
    value.savefig(file, format="png", dpi=150, bbox_inches="tight")
    return file.getvalue()


def _of_plotly(value: Any) -> bytes:
    picture = still_png(json.loads(value.to_json()))
    if picture is None:
        raise UnreadableSource("No still picture can be drawn of this plotly figure. Show the figure itself.")
    return picture


def _of_pillow(value: Any) -> bytes:
    file = io.BytesIO()
    (value if value.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else value.convert("RGB")).save(file, "png")
    return file.getvalue()


def _of_estimator(value: Any) -> bytes:
    from sklearn.utils import estimator_html_repr

    page = f'<!doctype html><meta charset="utf-8"><body style="color-scheme:light">{estimator_html_repr(value)}</body>'
    return page.encode()


def _of_text(value: str) -> bytes:
    return value.encode()


def _of_mapping(value: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(value).encode()
    except (TypeError, ValueError) as error:
        raise UnreadableSource(f"It is no JSON: {error}.") from None


# By the name of a class among the value's own.
_KNOWN: dict[str, tuple[ArtifactKind, Callable[[Any], bytes]]] = {
    "matplotlib.figure.FigureBase": (ArtifactKind.IMAGE, _of_matplotlib),
    "matplotlib.axes._base._AxesBase": (ArtifactKind.IMAGE, _of_matplotlib),
    "plotly.basedatatypes.BaseFigure": (ArtifactKind.IMAGE, _of_plotly),
    "PIL.Image.Image": (ArtifactKind.IMAGE, _of_pillow),
    "sklearn.base.BaseEstimator": (ArtifactKind.HTML, _of_estimator),
    f"{HTMLString.__module__}.{HTMLString.__qualname__}": (ArtifactKind.HTML, _of_text),
    f"{MarkdownString.__module__}.{MarkdownString.__qualname__}": (ArtifactKind.MARKDOWN, _of_text),
    f"{JSONString.__module__}.{JSONString.__qualname__}": (ArtifactKind.JSON, _of_text),
    "builtins.str": (ArtifactKind.TEXT, _of_text),
    "builtins.dict": (ArtifactKind.JSON, _of_mapping),
}


def kind_of_value(value: Any) -> ArtifactKind:
    """What can be done with a value that is no table."""
    return next((_KNOWN[name][0] for name in _names(value)), ArtifactKind.BINARY)


def bytes_of_value(value: Any, text: str) -> bytes:
    """The file that a value is read as. Raises `UnreadableSource` where it is none."""
    for name in _names(value):
        try:
            return _KNOWN[name][1](value)
        except UnreadableSource as error:
            raise UnreadableSource(f"{text!r} can't be shown: {error}") from None
    raise UnreadableSource(f"{text!r} is a {type(value).__name__}, which has no bytes.")


def _names(value: Any) -> Iterator[str]:
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(value).__mro__)
    return (name for name in names if name in _KNOWN)
