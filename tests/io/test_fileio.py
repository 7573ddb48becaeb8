"""Files by path or URL, as materializers use them."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from jupyter_viz.io import fileio


@pytest.fixture(params=["path", "file", "memory", "s3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        return f"s3://{request.getfixturevalue('bucket')}/folder"
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


def _fill(folder: str, *names: str) -> None:
    for name in names:
        with fileio.open(f"{folder}/{name}", "w") as file:
            file.write(name)


def _read(path: str) -> str:
    with fileio.open(path) as file:
        text: str = file.read()
        return text


def test_a_folder_is_listed_by_names(folder: str) -> None:
    _fill(folder, "b.txt", "a.txt", "c/d.txt")
    assert fileio.listdir(folder) == ["a.txt", "b.txt", "c"]
    assert fileio.isdir(f"{folder}/c")
    assert not fileio.isdir(f"{folder}/a.txt")
    for none in (f"{folder}/none", f"{folder}/a.txt"):
        with pytest.raises(FileNotFoundError):
            fileio.listdir(none)


def test_walking_gives_every_folder_with_its_names(folder: str) -> None:
    _fill(folder, "a.txt", "c/d.txt", "c/e/f.txt")
    walked = list(fileio.walk(folder))
    assert [(sorted(folders), sorted(files)) for _, folders, files in walked] == [
        (["c"], ["a.txt"]),
        (["e"], ["d.txt"]),
        ([], ["f.txt"]),
    ]
    assert _read(f"{walked[2][0]}/f.txt") == "c/e/f.txt"
    assert [files for _, _, files in fileio.walk(folder, topdown=False)][-1] == ["a.txt"]


def test_a_pattern_gives_paths_that_open(folder: str) -> None:
    _fill(folder, "b.txt", "a.txt", "c.csv", "c/d.txt")
    assert [_read(path) for path in fileio.glob(f"{folder}/*.txt")] == ["a.txt", "b.txt"]
    assert len(fileio.glob(f"{folder}/**/*.txt")) == 3


def test_copying_and_moving_replace_nothing_unasked(folder: str) -> None:
    _fill(folder, "a.txt", "b.txt")
    for change in (fileio.copy, fileio.rename):
        with pytest.raises(FileExistsError):
            change(f"{folder}/a.txt", f"{folder}/b.txt")
        assert _read(f"{folder}/b.txt") == "b.txt"
    fileio.copy(f"{folder}/a.txt", f"{folder}/b.txt", overwrite=True)
    assert _read(f"{folder}/b.txt") == _read(f"{folder}/a.txt") == "a.txt"
    fileio.rename(f"{folder}/a.txt", f"{folder}/new/c.txt")
    assert _read(f"{folder}/new/c.txt") == "a.txt"
    assert not fileio.exists(f"{folder}/a.txt")
    with pytest.raises(FileNotFoundError):
        fileio.rename(f"{folder}/a.txt", f"{folder}/d.txt")


def test_a_file_goes_from_one_store_to_another(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff" * 3_000_000)
    there = f"memory://{uuid4()}/a.bin"
    fileio.copy(tmp_path / "a.bin", there)
    assert fileio.size(there) == 3_000_000
    with pytest.raises(ValueError, match="another store"):
        fileio.rename(tmp_path / "a.bin", f"memory://{uuid4()}/a.bin")


def test_a_file_is_removed_a_folder_only_by_rmtree(folder: str) -> None:
    _fill(folder, "c/d.txt", "c/e.txt")
    with pytest.raises(IsADirectoryError):
        fileio.remove(f"{folder}/c")
    fileio.remove(f"{folder}/c/d.txt")
    assert fileio.listdir(f"{folder}/c") == ["e.txt"]
    with pytest.raises(FileNotFoundError):
        fileio.remove(f"{folder}/c/d.txt")


@pytest.mark.parametrize("folder", ["path", "file", "memory"], indirect=True)  # a bucket has none of its own
def test_folders_are_made(folder: str) -> None:
    fileio.makedirs(f"{folder}/x/y")
    fileio.makedirs(f"{folder}/x/y")
    assert fileio.isdir(f"{folder}/x/y")
    fileio.mkdir(f"{folder}/x/z")
    assert fileio.isdir(f"{folder}/x/z")
    with pytest.raises(FileExistsError):
        fileio.mkdir(f"{folder}/x/z")


def test_what_is_known_of_a_file(folder: str) -> None:
    _fill(folder, "a.txt")
    about = fileio.stat(f"{folder}/a.txt")
    assert about.size == 5
    assert not about.is_folder
    assert about.modified is not None
    assert fileio.stat(folder).is_folder
    with pytest.raises(FileNotFoundError):
        fileio.stat(f"{folder}/none")


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
