"""One output of one step."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..enums import ArtifactKind
from ..errors import BytesGone
from ..materializers import load_stored
from ..models import Artifact, ColumnInfo
from .listing import facts
from .owner import OWNER, fields_of
from .visualization import RecordedVisualization

if TYPE_CHECKING:
    from .owner import AskedBy


class RecordedArtifact:
    """One output of one step."""

    id: str
    name: str
    index: int
    project: str
    pipeline: str
    run_id: str
    run: str
    step: str
    kind: ArtifactKind
    python_type: str
    materializer: str
    uri: str
    size: int
    digest: str
    rows: int | None
    columns: tuple[ColumnInfo, ...]
    created_at: datetime
    visualization_count: int
    version: int
    system: str | None
    address: str

    def __init__(self, asked_by: AskedBy, model: Artifact) -> None:
        self._asked_by, self._model = asked_by, model
        vars(self).update(fields_of(model), address=model.address)

    @property
    def visualizations(self) -> list[RecordedVisualization]:
        found = self._asked_by().visualizations_of(OWNER, self.id)
        return [RecordedVisualization(self._asked_by, item) for item in found]

    def load(self) -> Any:
        """The object it was stored from; of another system's file what it holds, as `python_type` says.

        Raises `BytesGone` when its bytes were removed.
        """
        if self.system is not None:
            return self._asked_by().artifact_source(self._model).value_of_file()
        try:
            return load_stored(self.uri, self.materializer, self.python_type)
        except FileNotFoundError:
            gone = f"The bytes of {self.address} are gone: somebody removed them from the store."
            raise BytesGone(gone) from None

    def visualize(self, title: str | None = None) -> None:
        """Show its visualizations: displayed in a notebook, printed as text elsewhere."""
        shown = self.visualizations
        if title is not None:
            print(title)  # noqa: T201 — asked for
        if not shown:
            print(self._why_nothing())  # noqa: T201
        in_notebook = _in_notebook()
        for item in shown:
            if in_notebook:
                from IPython.display import display

                display(item)
                continue
            try:
                print(item.text())  # noqa: T201
            except BytesGone as error:
                print(f"{item.name}: {error}")  # noqa: T201

    def _why_nothing(self) -> str:
        if self.system is not None:
            return f"{self.address} is a file that {self.system} keeps. `%viz` shows it by a recipe."
        return (
            f"There is nothing to show of {self.address}: it was recorded with "
            f"enable_artifact_visualization=False, or {self.materializer.rpartition('.')[2]} saves no "
            "visualizations. `%viz` shows it by a recipe."
        )

    def __repr__(self) -> str:
        rows = f", {self.rows:,} rows" if self.rows is not None else ""
        return f"<artifact {self.address}: {self.python_type}{rows}, {self.size:,} bytes, version {self.version}>"

    def _repr_html_(self) -> str:
        return facts(
            f"artifact {self.address}",
            {
                "type": self.python_type,
                "rows": None if self.rows is None else f"{self.rows:,}",
                "columns": [f"{column.name}: {column.type}" for column in self.columns],
                "size": f"{self.size:,} bytes",
                "version": self.version,
                "made": self.created_at,
                "visualizations": [item.name for item in self.visualizations],
            },
        )


def _in_notebook() -> bool:
    import sys

    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")
