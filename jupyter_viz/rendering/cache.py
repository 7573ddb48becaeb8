"""When two requests are the same: the key of a result."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ..models import RenderRequest

_PACKAGES = ("jupyter_viz", "duckdb", "ibis-framework", "pandas", "plotly")


def request_key(request: RenderRequest, source_digest: str | None, environment: Mapping[str, Any]) -> str:
    """SHA-256 over the source and what is in it, the recipe and its arguments, and the code that will run.

    Args:
        source_digest: Of the source's content, None without a source.
        environment: Whatever else decides the picture: versions, the digest of the recipes' code.
    """
    parts = [
        request.recipe,
        request.source,
        source_digest,
        dict(request.arguments),
        request.code,
        request.kernel,
        dict(environment),
    ]
    parts += [request.name] if request.name else []
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def environment_now(recipes: str) -> dict[str, str]:
    """What decides a picture besides the request: versions, and `recipes`, the digest of the code of all recipes."""
    return {**_versions(), "recipes": recipes}


@cache
def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
