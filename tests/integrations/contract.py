"""What every integration has to show, with the real library."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from PIL import Image

from jupyter_viz.enums import VisualizationType
from jupyter_viz.materializers import BaseMaterializer, materializer_for, saved_visualizations


def saved_and_shown(value: Any, folder: Path) -> tuple[BaseMaterializer, dict[str, bytes]]:
    """Store a value as a step does; returns its materializer and what is shown, by name."""
    materializer = materializer_for(value)(str(folder))
    assert type(materializer).__module__ != "jupyter_viz.materializers.plain", "it was not known"
    materializer.save(value)
    assert [path for path in folder.iterdir() if path.name.startswith("data.")]
    shown = {}
    for item in saved_visualizations(materializer, value):
        assert item.error is None, item.error
        shown[item.name] = Path(str(item.uri)).read_bytes()
        if item.format is VisualizationType.IMAGE:
            Image.open(io.BytesIO(shown[item.name])).verify()
    assert shown
    return materializer, shown


def outside(page: bytes) -> list[str]:
    """Addresses a page loads something from."""
    found = re.findall(
        rb"""<(?:script|img|iframe|source|link)\b[^>]*?\s(?:src|href)=["']?((?:https?:)?//[^"'\s>]+)""", page
    )
    return [address.decode() for address in found]
