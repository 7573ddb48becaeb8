"""Tables of files in a bucket: of parquet no more is fetched than is needed, and a recipe reaches nothing else."""

from __future__ import annotations

import gc
import gzip
import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from object_store import S3

from jupyter_viz.artifacts import ranges, tables
from jupyter_viz.errors import StoreUnavailable, UnreadableSource
from jupyter_viz.io import fileio


def put(uri: str, data: bytes) -> str:
    with fileio.open(uri, "wb") as file:
        file.write(data)
    return uri


@pytest.fixture(scope="module")
def wide() -> bytes:
    """A parquet file of about 16 MB: 20 columns in several row groups."""
    draw = np.random.default_rng(0)
    file = io.BytesIO()
    pd.DataFrame({f"c{i}": draw.random(100_000) for i in range(20)}).to_parquet(file, row_group_size=25_000)
    return file.getvalue()


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each request for a part of a file asked for."""
    sizes: list[int] = []
    real = fileio.read_range

    def counted(path: str, start: int, end: int) -> bytes:
        sizes.append(end - start)
        return real(path, start, end)

    monkeypatch.setattr(fileio, "read_range", counted)
    return sizes


def test_two_columns_of_twenty_cost_a_tenth(bucket: str, wide: bytes, fetched: list[int]) -> None:
    uri = put(f"s3://{bucket}/wide.parquet", wide)
    table = tables.of_file(uri, uri)
    frame = pd.read_parquet(io.BytesIO(wide))
    assert table.c3.sum().execute() == pytest.approx(frame.c3.sum())
    assert table.c17.max().execute() == frame.c17.max()
    assert sum(fetched) < len(wide) * 0.15
    before = sum(fetched)
    assert table.c3.min().execute() == frame.c3.min()
    assert sum(fetched) == before  # the same column is not fetched again


def test_all_of_a_file_comes_back_as_it_is(bucket: str, wide: bytes) -> None:
    uri = put(f"s3://{bucket}/wide.parquet", wide)
    pd.testing.assert_frame_equal(tables.of_file(uri, uri).to_pandas(), pd.read_parquet(io.BytesIO(wide)))


def test_threads_that_share_a_handle_do_not_take_each_others_place(bucket: str) -> None:
    """DuckDB seeks and reads from several threads at once."""
    data = b"".join(number.to_bytes(4, "big") for number in range(3_000_000))  # above what is fetched whole
    one = ranges.OneFile(put(f"s3://{bucket}/numbers.parquet", data), "data.parquet")
    handle = one.open(one.path, "rb")

    def read(number: int) -> int:
        handle.seek(number * 4)
        return int.from_bytes(handle.read(4), "big")

    wanted = list(range(0, 3_000_000, 40_000))
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, wanted)) == wanted


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_parquet('{folder}/other.parquet')",
        "SELECT * FROM read_parquet('{folder}/a.parquet')",
        "SELECT * FROM read_parquet('{folder}/*.parquet')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_text('source://other.parquet')",
        "SELECT * FROM read_parquet('source://*')",
        "SELECT * FROM glob('source://*')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO 'source://data.parquet'",
        "COPY (SELECT 1) TO 'source://new.parquet'",
        "COPY (SELECT 1) TO '{folder}/a.parquet'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_paths = ['{folder}/other.parquet']",
    ],
)
def test_the_engine_reaches_nothing_but_its_file(bucket: str, statement: str) -> None:
    folder = f"s3://{bucket}/folder"
    file = io.BytesIO()
    pd.DataFrame({"a": [1]}).to_parquet(file)
    for name in ("a", "other"):
        put(f"{folder}/{name}.parquet", file.getvalue())
    connection = tables.of_file(f"{folder}/a.parquet", "a").get_backend()
    with pytest.raises(duckdb.Error):
        connection.raw_sql(statement.format(folder=folder)).fetchall()
    assert [path.rpartition("/")[2] for path in fileio.find(folder)] == ["a.parquet", "other.parquet"]
    assert fileio.size(f"{folder}/a.parquet") == len(file.getvalue())


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz", "A.CSV"])
def test_what_is_not_parquet_is_copied_and_the_copy_removed(
    bucket: str, name: str, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    text = "x,y\n1,é\n2,ü\n".replace(",", "\t" if "tsv" in name else ",").encode()
    table = tables.of_file(put(f"s3://{bucket}/{name}", gzip.compress(text) if "gz" in name else text), name)
    assert table.to_pandas().to_dict("list") == {"x": [1, 2], "y": ["é", "ü"]}
    with pytest.raises(duckdb.Error):
        table.get_backend().raw_sql(f"SELECT * FROM read_parquet('s3://{bucket}/{name}')").fetchall()
    assert os.listdir(tmp_path / "own")
    del table
    gc.collect()
    assert not os.listdir(tmp_path / "own")


def test_in_a_rendering_the_copy_lies_in_its_own_folder(bucket: str, tmp_path: Path, monkeypatch) -> None:
    """Which is removed with all in it, also when the kernel is killed."""
    monkeypatch.setenv("JUPYTER_VIZ_RENDERING", "x")
    monkeypatch.chdir(tmp_path)
    table = tables.of_file(put(f"s3://{bucket}/a.csv", b"x\n1\n"), "a.csv")
    assert [path.name for path in tmp_path.glob("*/data.csv")] == ["data.csv"]
    assert table.count().execute() == 1


def test_what_is_too_large_to_be_copied_says_what_to_do(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_LARGEST_COPY", 5)
    uri = put(f"s3://{bucket}/a.csv", b"x\n1234567\n")
    with pytest.raises(UnreadableSource, match=r"has 10 bytes; .* up to 5\. Store it as parquet"):
        tables.of_file(uri, uri)


def test_a_message_names_the_file_as_its_user_did(bucket: str, wide: bytes) -> None:
    uri = put(f"s3://{bucket}/broken.parquet", wide[: len(wide) // 2])
    with pytest.raises(UnreadableSource, match="'my file' can't be read as a table") as caught:
        tables.of_file(uri, "my file")
    assert "source://" not in str(caught.value)
    with pytest.raises(UnreadableSource, match=r"line 3 has 3 fields, the header 2"):
        tables.of_file(put(f"s3://{bucket}/a.csv", b"x,y\n1,2\n1,2,3\n"), "a.csv")


def test_a_store_that_dies_meanwhile_is_told(mortal_s3: S3, wide: bytes) -> None:
    bucket = mortal_s3.new_bucket()
    uri = put(f"s3://{bucket}/wide.parquet", wide)
    table = tables.of_file(uri, uri)
    mortal_s3.stop()
    with pytest.raises(duckdb.Error, match=f"s3://{bucket} can't be reached"):
        table.c3.sum().execute()
    with pytest.raises(StoreUnavailable):
        tables.of_file(uri, uri)
    mortal_s3.start()
