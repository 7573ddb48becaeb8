"""An output becomes an artifact: its bytes by a materializer, then what to show of it, then one row for both."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..artifacts.store import ArtifactStore
from ..catalog.finding import new_id
from ..clock import now
from ..enums import VisualizationType
from ..errors import InvalidOutput, VizError
from ..materializers import BaseMaterializer, Description, materializer_for, saved_visualizations
from ..materializers.registered import qualified_name
from ..models import Artifact, Failure, SavedVisualization
from ..uri import is_uri


def stored_output(
    store: ArtifactStore,
    place: Mapping[str, str],
    output: str,
    value: Any,
    *,
    shown: bool,
    given: type[BaseMaterializer] | None = None,
) -> tuple[Artifact, list[SavedVisualization]]:
    """Write an output's bytes. Returns its row-to-be, and what was saved to show of it.

    Args:
        place: project, pipeline, run_id, run and step of the artifact.
        shown: Whether to have the materializer save visualizations.
        given: The materializer given on the step, which goes before that of the value's type.
    """
    artifact_id = new_id()
    folder = store.artifact_folder(place["run_id"], artifact_id)
    materializer_class = materializer_for(value, given)
    with store.making(folder) as written:
        materializer = materializer_class(written)
        try:
            materializer.save(value)
            missed = is_uri(written) and not store.files(written)
        except VizError as error:
            raise type(error)(f"Output {output!r} of step {place['step']!r}: {error}") from error
        except FileNotFoundError as error:
            missed = is_uri(written) and str(error.filename).startswith(written)
            if not missed:
                raise
        if missed:
            raise InvalidOutput(
                f"Output {output!r} of step {place['step']!r}: {materializer_class.__name__}.save() wrote nothing to "
                f"{written}. Write with `jupyter_viz.io.fileio.open`: Python's own `open` knows no object store."
            )
        digest, size = store.digest(written)
        saved = saved_visualizations(materializer, value, output) if shown else []
        try:
            description = materializer.describe(value)
        except Exception as error:  # a user's `describe` can raise anything; the data is safe already
            description = Description()
            message = f"describe() failed: {type(error).__name__}: {error}"
            saved.append(SavedVisualization(output, VisualizationType.JSON, error=Failure("describe_failed", message)))
        saved = [replace(item, uri=_moved(item.uri, written, folder)) for item in saved]
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


def _moved(uri: str | None, written: str, folder: str) -> str | None:
    """Where a file is found once the folder it was written into has its name."""
    if uri is None or uri.startswith(written):
        return uri and folder + uri[len(written) :]
    # Written by another name of the same folder: one without its links.
    return f"{folder}/{os.path.relpath(os.path.realpath(uri), os.path.realpath(written))}"
