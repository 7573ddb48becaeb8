"""Patterns: several files that are one table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from jupyter_viz import visualize
from jupyter_viz.artifacts.given import from_plain, to_plain
from jupyter_viz.artifacts.parts import path_source
from jupyter_viz.config import Configuration, load_configuration
from jupyter_viz.errors import BadRequest, NotFound, UnreadableSource
from jupyter_viz.io import delimited


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    for day in ("mon", "tue"):
        (folder / day).mkdir(parents=True)
        for n in range(2):
            frame = pd.DataFrame({"day": [day] * 3, "n": [n, n + 1, n + 2]})
            frame.to_parquet(folder / day / f"{n}.parquet")
            frame.to_csv(folder / day / f"{n}.csv", index=False)
    (tmp_path / "secret").mkdir()
    pd.DataFrame({"day": ["secret"], "n": [1]}).to_parquet(tmp_path / "secret" / "0.parquet")
    return folder


@pytest.fixture
def server(root: Path) -> Configuration:
    return load_configuration(overrides={"source_root": str(root)})


@pytest.mark.parametrize(
    ("text", "rows"),
    [("mon/*.parquet", 6), ("*/*.parquet", 12), ("./t?e/[01].parquet", 6), ("*/1.csv", 6), ("*/*.csv", 12)],
)
def test_a_pattern_is_one_table(server: Configuration, text: str, rows: int) -> None:
    found = from_plain(to_plain(path_source(text, server)))
    assert len(found.table().to_pandas()) == rows
    assert list(found.table().columns) == ["day", "n"]


def test_a_notebook_reads_a_pattern_anywhere(root: Path) -> None:
    assert visualize("bar", f"{root}/*/*.parquet", by="day").data["rows"].tolist() == [6, 6]


def test_of_a_large_csv_each_part_is_looked_at_once(
    server: Configuration, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_SMALL", 0)
    (root / "tue" / "1.csv").write_text("n,day\nmany,tue\n")  # another order, another type
    read = path_source("*/*.csv", server).table().to_pandas()
    assert sorted(set(read.n)) == ["0", "1", "2", "3", "many"]
    assert set(read.day) == {"mon", "tue"}


def test_a_column_that_a_part_lacks_is_null_there(server: Configuration, root: Path) -> None:
    pd.DataFrame({"n": [7], "more": [1.5]}).to_parquet(root / "tue" / "2.parquet")
    read = path_source("tue/*.parquet", server).table().to_pandas()
    assert read.day.isna().sum() == 1
    assert read.more.notna().sum() == 1


def test_the_digest_changes_with_each_part(server: Configuration, root: Path) -> None:
    before = path_source("*/*.parquet", server).digest
    assert path_source("*/*.parquet", server).digest == before
    pd.DataFrame({"day": ["tue"], "n": [7]}).to_parquet(root / "tue" / "1.parquet")
    changed = path_source("*/*.parquet", server).digest
    (root / "tue" / "1.parquet").unlink()
    assert len({before, changed, path_source("*/*.parquet", server).digest}) == 3


def test_a_file_that_is_called_like_a_pattern_is_that_file(server: Configuration, root: Path) -> None:
    (root / "scores [1].csv").write_text("n\n1\n")
    assert path_source("scores [1].csv", server).path == str(root / "scores [1].csv")


def test_no_part_lies_outside(server: Configuration, root: Path, tmp_path: Path) -> None:
    (root / "mon" / "link.parquet").symlink_to(tmp_path / "secret" / "0.parquet")
    (root / "out").symlink_to(tmp_path / "secret")
    assert set(path_source("*/*.parquet", server).table().to_pandas().day) == {"mon", "tue"}
    for text in (f"{tmp_path}/secret/*.parquet", "out/*.parquet", "/*/*.csv", "absent/*.parquet", "mon/*.tsv"):
        with pytest.raises(NotFound) as caught:
            path_source(text, server)
        assert str(caught.value) == f"There is no file {text!r} that may be read from here."
    for text in ("../secret/*.parquet", "mon/../../secret/*.parquet", "mon/*.parquet\0", "//host/share/*.csv"):
        with pytest.raises(BadRequest):
            path_source(text, server)


@pytest.mark.parametrize("text", ["**/*.parquet", "mon/*", "mon/*.png"])
def test_what_is_no_pattern_of_tables_is_refused(server: Configuration, text: str) -> None:
    with pytest.raises(BadRequest, match="is no pattern of tables"):
        path_source(text, server)


def test_a_part_that_can_not_be_read_is_named(server: Configuration, root: Path) -> None:
    (root / "tue" / "1.csv").write_text("day,n\ntue,1\ntue,1,2\n")
    with pytest.raises(UnreadableSource, match=r"1\.csv: line 3 has 3 fields, the header 2") as caught:
        path_source("*/*.csv", server).table()
    assert str(root) not in str(caught.value)
    whole = (root / "tue" / "1.parquet").read_bytes()
    (root / "tue" / "1.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableSource, match=r"'\*/\*\.parquet' can't be read as a table"):
        path_source("*/*.parquet", server).table()
