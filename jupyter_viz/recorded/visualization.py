"""One thing to look at, as a notebook and as a terminal show it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..enums import Origin, VisualizationStatus, VisualizationType
from ..errors import BytesGone
from ..framed import framed
from ..models import Failure, Visualization
from .owner import OWNER, fields_of

if TYPE_CHECKING:
    from ..rendering.results import Result
    from .owner import AskedBy

_SHOWN_TEXT = 4000


class RecordedVisualization:
    """One thing to look at, stored with an artifact."""

    id: str
    artifact_id: str | None
    name: str
    format: VisualizationType
    origin: Origin
    recipe: str | None
    status: VisualizationStatus
    size: int | None
    created_at: datetime
    error: Failure | None
    uri: str | None
    source: str | None
    arguments: Mapping[str, Any]
    metrics: Mapping[str, float]
    provenance: Mapping[str, Any]

    def __init__(self, asked_by: AskedBy, model: Visualization) -> None:
        self._asked_by = asked_by
        vars(self).update(fields_of(model))

    def read(self) -> bytes:
        """Its bytes. Raises `BytesGone` when they were removed."""
        return self._asked_by().content(OWNER, self.id)[1]

    def result(self) -> Result:
        """What a recipe made of a source, as `visualize` gives it.

        Raises:
            NotFound: It is no finished rendering.
            BytesGone: It was removed.
        """
        from .artifact import RecordedArtifact

        result = self._asked_by().result(OWNER, self.id)
        if result.artifact is not None:
            result.artifact = RecordedArtifact(self._asked_by, result.artifact)
        return result

    def text(self) -> str:
        """A form for where there is no notebook."""
        if self.error:
            return f"{self.name}: {self.error.message}"
        if self.format is VisualizationType.IMAGE:
            return f"{self.name}: an image of {self.size or 0:,} bytes at {self.uri}"
        _, outputs = self._asked_by().visualization(OWNER, self.id)
        texts = [str(output["data"].get("text/plain", "")) for output in outputs.outputs if "data" in output]
        text = "\n".join(texts) if texts else self.read().decode(errors="replace")
        cut = f"\n… the first {_SHOWN_TEXT:,} of {len(text):,} characters" if len(text) > _SHOWN_TEXT else ""
        return f"{self.name} ({self.format}):\n{text[:_SHOWN_TEXT]}{cut}"

    def bundle(self) -> dict[str, Any]:
        """The MIME bundle that shows it in a notebook; HTML only inside a frame that reaches nothing."""
        if self.error is None and self.format is VisualizationType.IMAGE:
            import base64

            data = self.read()
            kind = "image/svg+xml" if data.lstrip()[:4] in (b"<svg", b"<?xm") else "image/png"
            picture = base64.b64encode(data).decode()
            title = html.escape(self.name)
            image = f'<img alt="{title}" src="data:{kind};base64,{picture}" style="max-width:100%">'
            return {"text/html": image, "text/plain": self.text()}
        if self.error is None and self.format is VisualizationType.HTML:
            return {"text/html": framed(self.name, self.read().decode(errors="replace")), "text/plain": self.text()}
        if self.error is None:
            _, outputs = self._asked_by().visualization(OWNER, self.id)
            for output in outputs.outputs:
                if "data" in output:
                    return {**output["data"], "text/plain": self.text()}
        return {"text/plain": self.text()}

    def __repr__(self) -> str:
        return f"<visualization {self.name} ({self.format})>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        try:
            return self.bundle()
        except BytesGone as error:
            return {"text/plain": f"{self.name}: {error}"}
