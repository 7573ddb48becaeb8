"""A `save_visualizations` that goes wrong costs what it would have shown, and says why; nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_viz.enums import VisualizationType
from jupyter_viz.io import fileio
from jupyter_viz.materializers import BaseMaterializer, saved_visualizations
from jupyter_viz.models import SavedVisualization

PNG = b"\x89PNG\r\n\x1a\n"


def _shown(folder: Path, save: Callable[[Any], Any], uri: str | None = None) -> list[SavedVisualization]:
    class Mine(BaseMaterializer):
        def save_visualizations(self, data: Any) -> Any:
            return save(self)

    folder.mkdir(exist_ok=True)
    return saved_visualizations(Mine(uri or str(folder)), object(), "scores")


def _writes(names: dict[str, bytes], kind: Any = VisualizationType.IMAGE) -> Callable[[Any], Any]:
    def save(self: BaseMaterializer) -> Any:
        for name, data in names.items():
            with fileio.open(self.path(name), "wb") as file:
                file.write(data)
        return {self.path(name): kind for name in names}

    return save


class Nameless(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RuntimeError("first é\nlast"), "RuntimeError: first é"),
        (SystemExit(3), "SystemExit: 3"),
        (MemoryError(), "MemoryError"),
        (ValueError(""), "ValueError"),
        (ValueError("x" * 100_000), "ValueError: xxx"),
        (Nameless(), "Nameless"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_what_it_raises_is_shown(error: BaseException, message: str, tmp_path: Path) -> None:
    def save(self: Any) -> Any:
        raise error

    [item] = _shown(tmp_path, save)
    assert item.uri is None
    assert item.error is not None
    assert item.error.code == "save_visualizations_failed"
    assert message in item.error.message
    assert len(item.error.message) <= 20_000
    assert "in save" in str(item.error.traceback)
    assert len(str(item.error.traceback)) <= 20_000


def test_an_interrupt_goes_on(tmp_path: Path) -> None:
    """Ctrl-C stops the run, whatever the step was doing."""

    def save(self: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _shown(tmp_path, save)


@pytest.mark.parametrize("returned", [None, [], "text", 5, {"a"}, [("a", "b")]], ids=repr)
def test_what_is_no_dict_is_said(returned: Any, tmp_path: Path) -> None:
    [item] = _shown(tmp_path, lambda self: returned)
    assert item.error is not None
    assert f"a {type(returned).__name__}, not a dict" in item.error.message


def test_nothing_to_show_is_no_failure(tmp_path: Path) -> None:
    assert _shown(tmp_path, lambda self: {}) == []


@pytest.mark.parametrize("kind", ["hologram", None, 5, VisualizationType.NOTEBOOK, VisualizationType, []], ids=repr)
def test_an_unknown_format_is_named_and_the_known_are(kind: Any, tmp_path: Path) -> None:
    [item] = _shown(tmp_path, _writes({"a.png": PNG}, kind))
    assert item.error is not None
    assert "VisualizationType.HTML" in item.error.message
    assert "NOTEBOOK" not in item.error.message.partition("there is")[2]


@pytest.mark.parametrize("path", [None, 5, b"a.png", "", ("a",)], ids=repr)
def test_what_is_no_path_is_said(path: Any, tmp_path: Path) -> None:
    [item] = _shown(tmp_path, lambda self: {path: VisualizationType.IMAGE})
    assert item.error is not None
    assert item.uri is None


@pytest.mark.parametrize("outside", ["secret.png", "../secret.png", "link.png", "sub/../../secret.png", "file"])
def test_no_file_of_somebody_else_gets_onto_a_page(outside: str, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    folder = tmp_path / "artifact"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    path = {
        "secret.png": str(tmp_path / "secret.png"),
        "file": f"file://{tmp_path}/secret.png",
    }.get(outside, str(folder / outside))
    [item] = _shown(folder, lambda self: {path: VisualizationType.IMAGE})
    assert item.uri is None
    assert item.error is not None
    assert "outside of the artifact's folder" in item.error.message


@pytest.mark.parametrize(
    "path", ["memory://elsewhere/a.png", "memory://artifact/../a.png", "memory://artifact-2/a.png"]
)
def test_nor_one_of_another_place_in_a_bucket(path: str, tmp_path: Path) -> None:
    with fileio.open(path, "wb") as file:
        file.write(PNG)
    [item] = _shown(tmp_path, lambda self: {path: VisualizationType.IMAGE}, "memory://artifact")
    assert item.uri is None


def test_a_path_may_be_relative_to_the_folder(tmp_path: Path) -> None:
    def save(self: BaseMaterializer) -> Any:
        Path(self.uri, "a.png").write_bytes(PNG)
        return {"a.png": "image", Path(self.uri, "a.png"): VisualizationType.IMAGE}

    first, second = _shown(tmp_path, save)
    assert first.error is second.error is None
    assert first.uri == second.uri == f"{tmp_path}/a.png".replace(os.sep, "/")


def test_one_that_fails_leaves_the_others(tmp_path: Path) -> None:
    """A missing file, a folder and a text that is called an image; the good one between them is shown."""
    (tmp_path / "folder.png").mkdir()
    names = {"good.png": PNG, "text.png": b"no image", "empty.png": b""}

    def save(self: BaseMaterializer) -> Any:
        return {
            self.path("missing.png"): VisualizationType.IMAGE,
            self.path("folder.png"): VisualizationType.IMAGE,
            **_writes(names)(self),
        }

    shown = {item.name: item for item in _shown(tmp_path, save)}
    assert list(shown) == ["missing", "folder", "good", "text", "empty"]
    assert [name for name, item in shown.items() if item.error is None] == ["good"]
    assert "no such file was written" in str(shown["missing"].error)
    assert "is a folder" in str(shown["folder"].error)
    assert "no image" in str(shown["text"].error)


def test_two_hundred_megabytes_are_too_much_and_it_is_said(tmp_path: Path) -> None:
    def save(self: BaseMaterializer) -> Any:
        path = self.path("large.html")
        with open(path, "wb") as file:
            file.truncate(200_000_000)
        return {path: VisualizationType.HTML}

    [item] = _shown(tmp_path, save)
    assert item.uri is None
    assert item.error is not None
    assert item.error.code == "too_large"
    assert "200,000,000 bytes" in item.error.message


def test_ten_thousand_pictures_are_too_many_and_it_is_said(tmp_path: Path) -> None:
    shown = _shown(tmp_path, _writes({f"{n}.png": PNG for n in range(1000)}))
    assert len(shown) == 101
    assert sum(item.error is None for item in shown) == 100
    assert "1,000 visualizations; the first 100" in str(shown[-1].error)


def test_each_has_a_name_of_its_own(tmp_path: Path) -> None:
    """The data's own file goes by the output's name; two of one name keep their endings."""
    kinds = {"data.md": "markdown", "plot.md": "markdown", "plot.html": "html", "noending": "html"}

    def save(self: BaseMaterializer) -> Any:
        _writes(dict.fromkeys(kinds, b"x"))(self)
        return {self.path(name): kind for name, kind in kinds.items()}

    assert [item.name for item in _shown(tmp_path, save)] == ["scores", "plot.md", "plot.html", "noending"]
