"""An output becomes an artifact: its bytes by a materializer, then what to show of it, then one row for both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..artifacts.store import ArtifactStore
from ..catalog.finding import new_id
from ..clock import now
from ..enums import VisualizationType
from ..errors import VizError
from ..io import fileio
from ..materializers import BaseMaterializer, materializer_for
from ..materializers.base_materializer import qualified_name
from ..models import Artifact, Failure, SavedVisualization
from .tracebacks import last_line, whole_story

_LARGEST_SHOWN = 50 * 1024 * 1024


def stored_output(
    store: ArtifactStore,
    place: Mapping[str, str],
    output: str,
    value: Any,
    *,
    shown: bool,
    materializer_class: type[BaseMaterializer] | None = None,
) -> tuple[Artifact, list[SavedVisualization]]:
    """Write an output's bytes. Returns its row-to-be, and what was saved to show of it.

    Args:
        place: project, pipeline, run_id, run and step of the artifact.
        shown: Whether to have the materializer save visualizations.
        materializer_class: The one given on the step; by default that of the value's type.
    """
    artifact_id = new_id()
    folder = store.artifact_folder(place["run_id"], artifact_id)
    materializer_class = materializer_class or materializer_for(value)
    materializer = materializer_class(folder)
    try:
        materializer.save(value)
    except VizError as error:
        raise type(error)(f"Output {output!r} of step {place['step']!r}: {error}") from error
    digest, size = store.digest(folder)
    saved = list(_saved(store, materializer, value, output)) if shown else []
    description = materializer.describe(value)
    artifact = Artifact(
        id=artifact_id,
        name=output,
        index=0,
        project=place["project"],
        pipeline=place["pipeline"],
        run_id=place["run_id"],
        run=place["run"],
        step=place["step"],
        kind=materializer.KIND,
        python_type=qualified_name(type(value)).removeprefix("builtins."),
        materializer=qualified_name(materializer_class),
        uri=folder,
        size=size,
        digest=digest,
        rows=description.rows,
        columns=description.columns,
        created_at=now(),
    )
    return artifact, saved


def _saved(
    store: ArtifactStore, materializer: BaseMaterializer, value: Any, output: str
) -> Iterator[SavedVisualization]:
    """What the materializer saved to show. When it fails, that is what is shown; the step goes on."""
    try:
        for path, kind in materializer.save_visualizations(value).items():
            path = path.replace("\\", "/")
            stem = path.rpartition("/")[2].rpartition(".")[0]
            name = output if stem == "data" else stem  # a file that is the data itself
            store.checked(path)
            size = fileio.size(path)
            if size > _LARGEST_SHOWN:
                message = f"It has {size:,} bytes; at most {_LARGEST_SHOWN:,} are shown."
                yield SavedVisualization(name, VisualizationType(kind), error=Failure("too_large", message))
            else:
                yield SavedVisualization(name, VisualizationType(kind), path, size)
    except Exception as error:  # a user's `save_visualizations` can raise anything; the data is safe already
        failure = Failure("save_visualizations_failed", last_line(error), whole_story(error))
        yield SavedVisualization(type(materializer).__name__, VisualizationType.JSON, error=failure)
