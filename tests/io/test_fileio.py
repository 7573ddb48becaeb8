"""Files by path or URL, as materializers use them."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from jupyter_viz.io import fileio


@pytest.fixture(params=["path", "file", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return {"path": str(tmp_path), "file": f"file://{tmp_path}", "memory": f"memory://{uuid4()}"}[request.param]


def test_text_comes_back_as_it_was_written(folder: str) -> None:
    """No newline is translated, no character lost, whatever the machine's locale."""
    text = "é日🚀\r\nsecond\n\rthird\0"
    with fileio.open(f"{folder}/a.txt", "w") as file:
        file.write(text)
    with fileio.open(f"{folder}/a.txt") as file:
        assert file.read() == text
    assert fileio.size(f"{folder}/a.txt") == len(text.encode())


def test_a_folder_is_made_when_a_file_in_it_is_written(folder: str) -> None:
    with fileio.open(f"{folder}/new/deep/a.bin", "wb") as file:
        file.write(b"\xff")
    assert fileio.exists(f"{folder}/new/deep/a.bin")


def test_reading_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fileio.open(tmp_path / "new" / "a.txt")
    assert not (tmp_path / "new").exists()


def test_all_files_below_are_found_in_order_and_can_be_opened(folder: str) -> None:
    for name in ("b.txt", "a.txt", "c/d.txt"):
        with fileio.open(f"{folder}/{name}", "w") as file:
            file.write(name)
    found = fileio.find(folder)
    assert [path.rpartition("/")[2] for path in found] == ["a.txt", "b.txt", "d.txt"]
    for path in found:
        with fileio.open(path) as file:
            assert path.endswith(file.read())


def test_removing_takes_all_and_nothing_is_no_error(folder: str) -> None:
    with fileio.open(f"{folder}/x/a.txt", "w") as file:
        file.write("a")
    fileio.rmtree(f"{folder}/x")
    fileio.rmtree(f"{folder}/x")
    assert not fileio.exists(f"{folder}/x/a.txt")
    assert fileio.find(f"{folder}/x") == []


@pytest.mark.parametrize("name", ["two words", "100%", "a#b", "a;b", "[x]", "é", "*", "a?b"])
def test_awkward_names(tmp_path: Path, name: str) -> None:
    """A home folder with any character in its name works."""
    path = tmp_path / name / "a.txt"
    with fileio.open(path, "w") as file:
        file.write("there")
    assert path.read_text() == "there"
    assert fileio.find(tmp_path / name) == [str(path)]
    fileio.rmtree(tmp_path / name)
    assert not path.exists()
