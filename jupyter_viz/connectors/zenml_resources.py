"""What the connector `zenml` reads of a ZenML besides runs: snapshots, deployments, curated visualizations.

It runs this file as `runner` runs the connector: by its path. ZenML lists nothing that is curated: what is pinned to a
pipeline, model, deployment, run or snapshot comes with that. What is pinned to a project nobody can ask for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

UNTOLD = ("environment", "secrets")
"""Of a configuration: their values are nobody's business."""


def snapshot(client: Any, run: Any) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """(a run's pipeline as it was run, what is pinned to that)."""
    if getattr(run, "snapshot", None) is None:
        return None, []
    found = client.get_snapshot(run.snapshot.id, project=run.project.id)
    told = found.pipeline_configuration.model_dump(mode="json")
    steps = {name: each.config.parameters for name, each in found.step_configurations.items() if each.config.parameters}
    configuration = {name: value for name, value in told.items() if name not in UNTOLD and value not in (None, {}, [])}
    environment = found.client_environment or {}
    code = found.source_code
    return {
        "configuration": configuration | ({"steps": steps} if steps else {}),
        "code_digest": hashlib.sha256(code.encode()).hexdigest() if code else None,
        "packages": {
            name.removesuffix("_version"): str(environment[name])
            for name in ("python_version", "zenml_version")
            if name in environment
        },
        "git_commit": getattr(found.code_reference, "commit", None),
    }, list(curated(found, "pipeline_snapshot", str(run.id)))


def curated(owner: Any, kind: str, name: str, project: str | None = None) -> Iterator[dict[str, Any]]:
    """What is pinned to something."""
    for each in getattr(owner.get_resources(), "visualizations", None) or ():
        uri = each.artifact_visualization.uri
        yield {
            "id": str(each.id),
            "uri": uri,
            "fetch": "://" in uri,
            "resource_type": kind,
            "resource": name,
            "project": project,
            "name": each.display_name,
            "order": each.display_order,
            "size": str(each.layout_size.value),
        }


def resources(client: Any, projects: list[str], pages: Callable[..., Iterator[Any]]) -> dict[str, Any]:
    """The record about what there is besides runs; what is pinned to those is to be added."""
    deployments: list[dict[str, Any]] = []
    pinned: list[dict[str, Any]] = []
    for project in projects:
        of = project if len(projects) > 1 else None
        for kind, listed in (
            ("deployment", "list_deployments"),
            ("pipeline", "list_pipelines"),
            ("model", "list_models"),
        ):
            if not hasattr(client, listed):  # an older ZenML
                continue
            for each in pages(getattr(client, listed), project=project, hydrate=True):
                pinned += curated(each, kind, each.name, of)
                if kind == "deployment":
                    pipeline = getattr(each, "pipeline", None)
                    deployments.append({"name": each.name, "pipeline": pipeline and pipeline.name, "project": of})
    return {"type": "resources", "deployments": deployments, "curated": pinned}
