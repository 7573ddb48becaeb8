"""Stores of other systems that are on this machine: found by name, none of them opened before somebody says so."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..errors import BadRequest
from .places import plain_location

LIBRARIES = {"mlflow": "mlflow", "zenml": "zenml", "kubeflow": "kfp"}
"""The module that a system's connector needs, where it needs one."""
KUBEFLOW_TOKEN = "/var/run/secrets/kubeflow/pipelines/token"  # noqa: S105 — its path
KUBEFLOW_IN_CLUSTER = "http://ml-pipeline-ui.kubeflow"  # the page: of the API alone no files come


@dataclass(frozen=True, slots=True)
class FoundStore:
    """Attributes:
    system, location: As `sync` takes them; no credentials are in the location.
    why: What was seen of it.
    python: The interpreter that has the library it needs: None for ours, or where none was found.
    missing: The library that no interpreter known here has; None where one has it, or none is needed.
    """

    system: str
    location: str
    why: str
    python: str | None = None
    missing: str | None = None


def stores_found(folder: str | os.PathLike[str], environ: Mapping[str, str] | None = None) -> list[FoundStore]:
    """What a folder, the environment and this user's home hold of other systems, each once.

    Args:
        folder: Where notebooks are: a server's root folder.
        environ: Of the process; this one's by default.
    """
    environ = os.environ if environ is None else environ
    found: dict[tuple[str, str], FoundStore] = {}
    for system, location, why in _stores(Path(folder).absolute(), environ):
        with suppress(BadRequest):  # a variable that holds no address names no store
            kept = plain_location(location)
            if (system, kept) not in found:
                found[system, kept] = FoundStore(system, kept, why, *interpreter_for(system))
    return list(found.values())


def _stores(folder: Path, environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    zenml = zenml_folder(environ)
    if (zenml / "config.yaml").is_file():
        yield "zenml", str(zenml), "this user's ZenML"
    if uri := environ.get("MLFLOW_TRACKING_URI", "").strip():
        yield "mlflow", uri, "MLFLOW_TRACKING_URI"
    if (folder / "mlflow.db").is_file():
        yield "mlflow", f"sqlite:///{folder / 'mlflow.db'}", "mlflow.db"
    # Without descriptions of experiments it only has the artifacts of a database's runs.
    if any(folder.glob("mlruns/*/meta.yaml")):
        yield "mlflow", str(folder / "mlruns"), "mlruns"
    if any(folder.glob("local_outputs/*/")):
        yield "kfp", str(folder / "local_outputs"), "local_outputs"
    if Path(environ.get("KF_PIPELINES_SA_TOKEN_PATH", KUBEFLOW_TOKEN)).is_file():
        yield "kubeflow", environ.get("KF_PIPELINES_ENDPOINT", KUBEFLOW_IN_CLUSTER), "this cluster's Kubeflow"


def zenml_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where ZenML keeps this user's configuration: as `click.get_app_dir` finds it, which ZenML asks."""
    environ = os.environ if environ is None else environ
    if named := environ.get("ZENML_CONFIG_PATH"):
        return Path(named)
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA", "~")).expanduser() / "zenml"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/zenml").expanduser()
    return Path(environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "zenml"


def interpreter_for(system: str) -> tuple[str | None, str | None]:
    """(interpreter, missing library): (None, None) where ours has what the system's connector needs.

    Looked at are ours, the environment that is active, and those that have a Jupyter kernel. None of them is started.
    """
    module = LIBRARIES.get(system)
    if module is None or find_spec(module) is not None:
        return None, None
    for interpreter in _interpreters():
        if any(interpreter.parents[1].glob(f"[Ll]ib*/python*/site-packages/{module}/__init__.py")):
            return str(interpreter), None
    return None, module


def _interpreters() -> Iterator[Path]:
    from jupyter_client.kernelspec import KernelSpecManager

    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if folder := os.environ.get(name):
            yield Path(folder) / ("python.exe" if sys.platform == "win32" else "bin/python")
    for about in KernelSpecManager().get_all_specs().values():
        command = Path((about["spec"].get("argv") or [""])[0])
        if command.is_absolute() and command.is_file() and command.name.lower().startswith("python"):
            yield command
