"""A path stands for what is at it: the content is stored, and comes back in a copy."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from jupyter_viz.enums import ArtifactKind, VisualizationType
from jupyter_viz.errors import InvalidOutput
from jupyter_viz.materializers import saved_visualizations
from jupyter_viz.materializers.files import BytesMaterializer, PathMaterializer


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("scores.csv", ArtifactKind.TABLE, VisualizationType.CSV),
        ("notes.MD", ArtifactKind.MARKDOWN, VisualizationType.MARKDOWN),
        ("page.html", ArtifactKind.HTML, VisualizationType.HTML),
        ("about.json", ArtifactKind.JSON, VisualizationType.JSON),
        ("log.txt", ArtifactKind.TEXT, VisualizationType.MARKDOWN),
        ("two words é", ArtifactKind.BINARY, VisualizationType.MARKDOWN),
        (".hidden", ArtifactKind.BINARY, VisualizationType.MARKDOWN),
        ("model.tar.gz", ArtifactKind.BINARY, VisualizationType.MARKDOWN),
        ("rows.csv.gz", ArtifactKind.TABLE, VisualizationType.MARKDOWN),
    ],
)
def test_a_file_comes_back_under_its_name(
    name: str, kind: ArtifactKind, shown: VisualizationType, tmp_path: Path
) -> None:
    """Also when the original is gone, and recipes know what it holds."""
    path = tmp_path / name
    path.write_text('{"a": 1}')
    materializer = PathMaterializer(str(tmp_path / "artifact"))
    materializer.save(path)
    [item] = saved_visualizations(materializer, path)
    assert (item.error, item.format, materializer.KIND) == (None, shown, kind)
    path.unlink()
    loaded = PathMaterializer(materializer.uri).load()
    assert type(loaded) is type(path)
    assert loaded.name == name
    assert loaded.read_text() == '{"a": 1}'


def test_changing_the_copy_leaves_what_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    materializer = PathMaterializer(str(tmp_path / "artifact"))
    materializer.save(path)
    materializer.load().write_text("changed")
    assert materializer.load().read_text() == "a\n1\n"


def test_a_folder_comes_back_whole(tmp_path: Path) -> None:
    """Empty folders, and what links lead to; a link back to the machine it was made on would be of no use."""
    folder = tmp_path / "model"
    (folder / "sub" / "empty").mkdir(parents=True)
    (folder / "sub" / "weights.bin").write_bytes(os.urandom(100_000))
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    (tmp_path / "elsewhere.txt").write_text("linked")
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    materializer = PathMaterializer(str(tmp_path / "artifact"))
    materializer.save(folder)
    loaded = materializer.load()
    assert loaded.name == "model"
    assert (loaded / "sub" / "empty").is_dir()
    assert (loaded / "sub" / "weights.bin").read_bytes() == (folder / "sub" / "weights.bin").read_bytes()
    assert (loaded / "link.txt").read_text() == "linked"
    assert not (loaded / "link.txt").is_symlink()
    assert os.access(loaded / "run.sh", os.X_OK)
    [item] = saved_visualizations(materializer, folder)
    listing = pd.read_csv(str(item.uri)).set_index("file").bytes.to_dict()
    assert listing == {"link.txt": 6, "run.sh": 10, "sub/weights.bin": 100_000}


def test_an_archive_names_no_user(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "a").write_text("a")
    PathMaterializer(str(tmp_path / "artifact")).save(tmp_path / "model")
    with tarfile.open(tmp_path / "artifact" / "data.tar") as archive:
        assert {(member.uname, member.uid) for member in archive} == {("", 0)}


def test_a_long_listing_is_cut_and_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for number in range(1500):
        (tmp_path / "many" / str(number)).touch()
    [item] = saved_visualizations(PathMaterializer(str(tmp_path / "artifact")), tmp_path / "many")
    lines = Path(str(item.uri)).read_text().splitlines()
    assert len(lines) == 1002
    assert lines[-1].startswith("… and 500 more")


def _cycle(folder: Path) -> Path:
    (folder / "a").mkdir()
    (folder / "a" / "again").symlink_to(folder / "a")
    return folder / "a"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def _dangling(folder: Path) -> Path:
    (folder / "b").mkdir()
    (folder / "b" / "link").symlink_to(folder / "none")
    return folder / "b"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "none", r"no file or folder .* return str\(path\)"),
        (_cycle, "a link to a folder that holds it"),
        (_pipe, "neither a file nor a folder"),
        (_dangling, "link to nothing"),
    ],
    ids=["absent", "cycle", "pipe", "dangling"],
)
def test_what_cannot_be_copied_is_refused_with_the_reason(make: object, message: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput, match=message):
        PathMaterializer(str(tmp_path / "artifact")).save(make(tmp_path))  # type: ignore[operator]


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (10, 10)).save(file, format="png")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"plain text \xc3\xa9", "```text\nplain text é\n```"),
        (b"", "```text\n\n```"),
        (b"\x00\x01abc\xff", "000000  00 01 61 62 63 ff"),
        (b"\xff" * 1000, "The first 512 of 1,000 bytes."),
        (b"x" * 1_000_000, "1,000,000 bytes in all."),
        (("é" * 300_000).encode()[:-1], "599,999 bytes in all."),
    ],
    ids=["text", "empty", "binary", "long binary", "long text", "cut character"],
)
def test_bytes_are_shown_as_what_they_are(data: bytes, expected: str, tmp_path: Path) -> None:
    materializer = BytesMaterializer(str(tmp_path))
    materializer.save(data)
    assert materializer.load() == data
    [item] = saved_visualizations(materializer, data)
    text = Path(str(item.uri)).read_text("utf-8")
    assert expected in text
    assert len(text) < 250_000


def test_bytes_of_an_image_are_shown_as_the_image(tmp_path: Path) -> None:
    [item] = saved_visualizations(BytesMaterializer(str(tmp_path)), _png())
    assert item.format is VisualizationType.IMAGE
    assert json.dumps(item.error) == "null"


@pytest.mark.parametrize("name", ["rows.csv", "rows.tsv"])
def test_a_path_to_a_csv_has_columns_as_a_table_has(name: str, tmp_path: Path) -> None:
    """They are what the sidebar offers, and what recipes read it by."""
    path = tmp_path / name
    path.write_text("zip,n\n01234,1\n".replace(",", "\t" if name.endswith(".tsv") else ","))
    description = PathMaterializer(str(tmp_path / "artifact")).describe(path)
    assert description.rows == 1
    assert [(column.name, column.type) for column in description.columns] == [("zip", "VARCHAR"), ("n", "BIGINT")]
    assert PathMaterializer(str(tmp_path / "artifact")).describe(tmp_path).columns == ()
