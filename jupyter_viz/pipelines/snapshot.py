"""What a pipeline is as it runs: its options, its code, the packages it can see, the commit it stands at."""

from __future__ import annotations

import hashlib
import inspect
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from ..models import INTERPRETER, NewSnapshot
from .configuration import PipelineOptions
from .graph import recordable

_GIT_SECONDS = 5


def snapshot_of(function: Callable[..., Any], options: PipelineOptions, flag: bool | None) -> NewSnapshot:
    """The snapshot of a pipeline that is about to run."""
    configuration = {name: recordable(value) for name, value in asdict(options).items() if name != "run_name"}
    try:
        file: str | None = inspect.getsourcefile(function)
        code: str | None = hashlib.sha256(inspect.getsource(function).encode()).hexdigest()
    except (OSError, TypeError):  # typed into an interpreter that keeps no source
        file, code = None, None
    folder = str(Path(file).parent) if file and Path(file).is_file() else None
    return NewSnapshot(
        {**configuration, "enable_artifact_visualization": flag, INTERPRETER: sys.executable},
        code,
        installed(),
        _commit(folder) if folder else None,
    )


@cache
def installed() -> dict[str, str]:
    """Versions of the installed distributions by name. Read once a process: it takes a tenth of a second."""
    return {name: found.version for found in distributions() if (name := found.metadata["Name"])}


@cache
def _commit(folder: str) -> str | None:
    """The git commit of a folder, with `+` where files differ from it; None where it is in no repository."""
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        return f"{commit}+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else commit
    except (OSError, subprocess.SubprocessError):
        return None


def _git(folder: str, *words: str) -> str:
    command = ["git", "-C", folder, *words]
    return subprocess.run(  # noqa: S603 — fixed words
        command, capture_output=True, text=True, check=True, timeout=_GIT_SECONDS
    ).stdout.strip()
