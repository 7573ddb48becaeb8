"""What a materializer saved to show, checked: somebody's `save_visualizations` can do anything and harm nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..enums import VisualizationType
from ..io import fileio
from ..models import Failure, SavedVisualization
from ..tracebacks import headline, whole_story
from .base_materializer import BaseMaterializer

LARGEST = 50 * 1024 * 1024
MOST = 100
_FORMATS = tuple(kind for kind in VisualizationType if kind is not VisualizationType.NOTEBOOK)
_IMAGE_HEADS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"<svg", b"<?xm")


def saved_visualizations(
    materializer: BaseMaterializer, data: Any, output: str | None = None
) -> list[SavedVisualization]:
    """Let a materializer save what to show of a value, and say what came of it. Raises nothing.

    Args:
        materializer: The one that saved the value, so that its folder holds the data already.
        data: The value.
        output: Name for a visualization that is the file of the data itself.

    Returns:
        One for each file; what went wrong is in the `error` of the one it concerns.
    """
    try:
        returned = materializer.save_visualizations(data)
        files = dict(returned) if isinstance(returned, Mapping) else None
    except (Exception, SystemExit) as error:  # code of a user or library; the data is safe already
        return [_failed(materializer, headline(error), whole_story(error))]
    if files is None:
        message = f"It returned a {type(returned).__name__}, not a dict of paths and VisualizationTypes."
        return [_failed(materializer, message)]
    shown = [_checked(materializer, path, kind) for path, kind in list(files.items())[:MOST]]
    if len(files) > MOST:
        shown.append(_failed(materializer, f"It saved {len(files):,} visualizations; the first {MOST} are shown."))
    return list(_named(shown, output))


def _checked(materializer: BaseMaterializer, path: Any, kind: Any) -> SavedVisualization:
    try:
        form = VisualizationType(kind)
        if form not in _FORMATS:
            raise ValueError
    except ValueError:
        known = ", ".join(f"VisualizationType.{each.name}" for each in _FORMATS)
        return _failed(materializer, f"{_short(kind)} is no format of {_short(path)}; there is {known}.")
    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
        return _failed(materializer, f"{_short(path)} is not a path.")
    name = os.fspath(path)
    try:
        found = _located(materializer.uri, str(name))
        return _measured(found, form)
    except (Exception, SystemExit) as error:  # a store, or a path, of any kind
        return SavedVisualization(_last_part(str(name)), form, error=_failure(headline(error)))


def _located(folder: str, path: str) -> str:
    """The path of a file below the artifact's folder, in which a relative one is looked for."""
    outside = PermissionError(f"{path!r} is outside of the artifact's folder; write below `self.uri`.")
    if "://" in folder:
        whole = path if "://" in path else f"{folder.rstrip('/')}/{path}"
        if not whole.startswith(f"{folder.rstrip('/')}/") or ".." in whole.split("/"):
            raise outside
        return whole
    root = Path(folder).resolve()
    whole = os.path.join(folder, path.removeprefix("file://"))
    if not Path(whole).resolve().is_relative_to(root):
        raise outside
    return whole.replace("\\", "/")


def _measured(path: str, form: VisualizationType) -> SavedVisualization:
    name = _last_part(path)
    if fileio.isdir(path):
        raise IsADirectoryError(f"{name!r} is a folder; a visualization is one file.")
    if not fileio.exists(path):
        raise FileNotFoundError(f"{name!r} was announced, but no such file was written.")
    size = fileio.size(path)
    if size > LARGEST:
        message = f"It has {size:,} bytes; at most {LARGEST:,} are shown."
        return SavedVisualization(name, form, error=Failure("too_large", message))
    if form is VisualizationType.IMAGE:
        with fileio.open(path, "rb") as file:
            head = file.read(4)
        if not head.startswith(_IMAGE_HEADS):
            raise ValueError(f"{name!r} is no image: PNG, JPEG, GIF, WebP and SVG are.")
    return SavedVisualization(name, form, path, size)


def _named(shown: list[SavedVisualization], output: str | None) -> Iterator[SavedVisualization]:
    """Named after the file without its ending, or with it where two would be called the same."""
    stems = [item.name.rpartition(".")[0] or item.name for item in shown]
    for item, stem in zip(shown, stems, strict=True):
        name = item.name if stems.count(stem) > 1 else stem
        if stem == "data" and output:  # a file that is the data itself
            name = output
        yield SavedVisualization(name, item.format, item.uri, item.size, item.error)


def _failed(materializer: BaseMaterializer, message: str, story: str | None = None) -> SavedVisualization:
    return SavedVisualization(type(materializer).__name__, VisualizationType.JSON, error=_failure(message, story))


def _failure(message: str, story: str | None = None) -> Failure:
    return Failure("save_visualizations_failed", message, story)


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:  # an object that can't even be printed
        text = f"A {type(value).__name__}"
    return text if len(text) <= 200 else f"{text[:200]}…"
