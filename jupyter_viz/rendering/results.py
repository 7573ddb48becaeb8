"""The result object of every surface."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..enums import Freshness
from ..errors import UnreadableSource
from ..views import Document, Figure, View
from .bundles import MIME, PLOTLY, frozen, mime_bundle, plain_text
from .carried import DATA, unpacked

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go
    from nbformat import NotebookNode


class Shown(ABC):
    """What a result has to show: made in this process, or kept by a rendering in another."""

    @abstractmethod
    def bundle(self, provenance: Mapping[str, Any]) -> dict[str, Any]: ...

    @property
    @abstractmethod
    def data(self) -> pd.DataFrame: ...

    @property
    @abstractmethod
    def metrics(self) -> Mapping[str, float]: ...

    @property
    @abstractmethod
    def spec(self) -> Mapping[str, Any] | None:
        """The plotly figure as plain data; None for what is no plot."""

    @property
    @abstractmethod
    def text(self) -> str: ...


class Made(Shown):
    """What a recipe made in this process."""

    def __init__(self, view: View) -> None:
        self.view = view

    def bundle(self, provenance: Mapping[str, Any]) -> dict[str, Any]:
        return mime_bundle(self.view, provenance)

    @property
    def data(self) -> pd.DataFrame:
        return _no_data() if isinstance(self.view, Document) else self.view.data

    @property
    def metrics(self) -> Mapping[str, float]:
        return self.view.metrics

    @property
    def spec(self) -> Mapping[str, Any] | None:
        return self.view.spec if isinstance(self.view, Figure) else None

    @property
    def text(self) -> str:
        return plain_text(self.view)


class Kept(Shown):
    """What a rendering left in the store.

    Args:
        bundle: Of its last output.
        before: What it showed before that, as nbformat's outputs.
    """

    def __init__(self, bundle: Mapping[str, Any], before: Sequence[Mapping[str, Any]] = ()) -> None:
        self._bundle = dict(bundle)
        self.before = tuple(before)

    def bundle(self, provenance: Mapping[str, Any]) -> dict[str, Any]:
        kept = {kind: value for kind, value in frozen(self._bundle).items() if kind != DATA}
        if isinstance(own := kept.get(MIME), Mapping):
            kept[MIME] = {**own, "provenance": dict(provenance)}
        return kept

    @cached_property
    def data(self) -> pd.DataFrame:
        frame = unpacked(self._bundle)
        if frame is None and self._own.get("kind") in ("figure", "table"):
            raise UnreadableSource("The rows of this result were too many to be kept. Render it in this kernel.")
        return _no_data() if frame is None else frame

    @property
    def metrics(self) -> Mapping[str, float]:
        found: Mapping[str, float] = self._own.get("metrics", {})
        return found

    @property
    def spec(self) -> Mapping[str, Any] | None:
        return self._bundle.get(PLOTLY)

    @property
    def text(self) -> str:
        return str(self._bundle.get("text/plain", ""))

    @property
    def _own(self) -> Mapping[str, Any]:
        own = self._bundle.get(MIME)
        return own if isinstance(own, Mapping) else {}


def _no_data() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()


class Result:
    """What a recipe made of a source.

    Attributes:
        data: DataFrame behind the plot; an empty one where a text, a page or a picture is shown.
        metrics: Headline numbers by name, e.g. `{"auc": 0.987}`.
        provenance: Source pinned to its run, arguments, versions, and the kernel that made it.
        notebook: The notebook that gives the same picture again, executed; None where it was made of a value of this
            process.
        artifact: What was looked at, where it is one artifact; otherwise None.
        freshness: new, cached (it was there already) or stale (its source has changed since).
        id: Of the visualization that is kept; None where it is not.
        name: What it is called; None: as the recipe calls it.
        shown: What it has to show.
    """

    name: str | None = None

    def __init__(
        self,
        shown: Shown,
        provenance: Mapping[str, Any],
        notebook: Callable[[], NotebookNode] | None = None,
        *,
        artifact: Any = None,
        freshness: Freshness = Freshness.NEW,
        id: str | None = None,
    ) -> None:
        self.shown = shown
        self.provenance = dict(provenance)
        self._notebook = notebook
        self.artifact = artifact
        self.freshness = freshness
        self.id = id

    @cached_property
    def notebook(self) -> NotebookNode | None:
        return self._notebook and self._notebook()

    @property
    def data(self) -> pd.DataFrame:
        return self.shown.data

    @property
    def metrics(self) -> dict[str, float]:
        return dict(self.shown.metrics)

    @property
    def figure(self) -> go.Figure | None:
        """As a plotly figure; None for what is no plot."""
        if self.shown.spec is None:
            return None
        import plotly.graph_objects as go

        return go.Figure(dict(self.shown.spec))

    def to_html(self) -> str:
        """The still picture and the table: no script, nothing from outside."""
        bundle = self._repr_mimebundle_()
        return str(bundle.get("text/html") or f"<pre>{escape(bundle['text/plain'])}</pre>")

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it to a file, and return its path.

        Args:
            path: Its ending says what: `.html` (one page that needs nothing from outside, the plot alive), `.ipynb`
                (the notebook), `.md` (the picture in it), `.png` (the picture alone).

        Raises:
            InvalidArgument: Another ending; or `.png` of what is no picture.
        """
        from .saving import save

        return save(self, Path(path))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = self.shown.bundle(self.provenance)
        if self.name is None:
            return bundle
        own = bundle.get(MIME)
        titled = {MIME: {**own, "title": self.name}} if isinstance(own, Mapping) else {}
        return {**bundle, **titled, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return self.shown.text if self.name is None else f"{self.name}\n{self.shown.text}"
