"""Which kernel a rendering gets: the user's own code over an object runs where the object's classes are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from jupyter_viz import pipeline, step
from jupyter_viz.config import load_configuration
from jupyter_viz.enums import ArtifactKind, VisualizationStatus
from jupyter_viz.models import Principal, RenderRequest
from jupyter_viz.service import Service

KERNEL = "where-it-was-recorded"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An interpreter of another environment, with a kernelspec."""
    interpreter = tmp_path / "elsewhere" / "bin" / "python"
    interpreter.parent.mkdir(parents=True)
    interpreter.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    interpreter.chmod(0o755)
    folder = tmp_path / "kernels" / KERNEL
    folder.mkdir(parents=True)
    argv = [str(interpreter), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Elsewhere", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    return interpreter


class Model:
    """A type that no materializer knows."""

    weights = (1, 2)


@step
def train() -> Model:
    return Model()


@step
def count() -> int:
    return 3


@pipeline
def trained() -> None:
    train()
    count()


async def test_code_over_an_object_runs_in_the_environment_that_recorded_it(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(elsewhere))
        trained()
    service = Service(load_configuration())
    run_in = {}
    for name in ("train", "count"):
        code = "repr(source)"
        asked = RenderRequest("custom", f"trained@latest/{name}/output", {}, code)
        made = await service.render(Principal(), asked)
        await service.wait(made.id, 60)
        found, outputs = service.visualization(Principal(), made.id, True)
        assert found.status is VisualizationStatus.COMPLETED, outputs
        run_in[name] = found.provenance["kernel"]["name"]
        kind = service.source(Principal(), f"trained@latest/{name}/output").kind
        assert (kind is ArtifactKind.BINARY) == (name == "train")
    # A number can be read anywhere: it does not wait for a kernel that takes seconds.
    assert run_in == {"train": KERNEL, "count": "python3"}
    await service.close()
