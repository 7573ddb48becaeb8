"""Tables over files and values; and the engine behind them, which can reach nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from jupyter_viz import visualize
from jupyter_viz.artifacts import tables
from jupyter_viz.artifacts.source import Source
from jupyter_viz.enums import ArtifactKind
from jupyter_viz.errors import UnreadableSource
from jupyter_viz.io import delimited
from jupyter_viz.models import ColumnInfo


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "it's a {file}.csv"
    path.write_text("label,score\n1,0.5\n0,0.25\n")
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_blob('/etc/*')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_csv('{folder}/other.csv')",
        "SELECT * FROM read_csv('{folder}/*.csv')",
        "SELECT * FROM read_csv('http://127.0.0.1:1/a.csv')",
        "SELECT * FROM read_parquet('s3://bucket/a.parquet')",
        "COPY (SELECT 1) TO '{folder}/written.csv'",
        "COPY (SELECT 1) TO '/tmp/written.csv'",
        "EXPORT DATABASE '{folder}/exported'",
        "ATTACH '{folder}/new.db'",
        "ATTACH '{folder}/old.db' (READ_ONLY)",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '{folder}/x.duckdb_extension'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "SET autoinstall_known_extensions = true",
        "SET home_directory = '/tmp'",
        "RESET lock_configuration",
        "PRAGMA enable_external_access",
        "CREATE TABLE t AS SELECT * FROM sniff_csv('/etc/passwd')",
    ],
)
def test_the_engine_reaches_nothing_but_its_file(file: Path, statement: str) -> None:
    """A recipe's SQL, whatever it was talked into, reads and writes no other file and no network."""
    (file.parent / "other.csv").write_text("secret\n1\n")
    duckdb.connect(str(file.parent / "old.db")).close()
    before = {path.name for path in file.parent.iterdir()}
    connection = tables.of_file(str(file), "a.csv").get_backend()
    with pytest.raises(duckdb.Error):
        connection.raw_sql(statement.format(folder=file.parent)).fetchall()
    assert {path.name for path in file.parent.iterdir()} == before


def test_a_variables_engine_reaches_nothing_at_all(file: Path) -> None:
    connection = tables.of_value(pd.DataFrame({"a": [1]}), "frame").get_backend()
    with pytest.raises(duckdb.Error):
        connection.raw_sql(f"SELECT * FROM read_csv('{str(file).replace(chr(39), chr(39) * 2)}')").fetchall()


def test_the_file_itself_can_be_read_and_not_be_written(file: Path) -> None:
    before = file.read_bytes()
    table = tables.of_file(str(file), "a.csv")
    assert table.to_pandas().to_dict("list") == {"label": [1, 0], "score": [0.5, 0.25]}
    with pytest.raises(duckdb.Error):
        table.get_backend().raw_sql(f"COPY (SELECT 1) TO '{str(file).replace(chr(39), chr(39) * 2)}'").fetchall()
    assert file.read_bytes() == before


def test_a_parquet_file_keeps_its_types(tmp_path: Path) -> None:
    frame = pd.DataFrame({"t": pd.to_datetime(["2024-01-01", None]), "c": pd.Categorical(["a", "b"]), "n": [1.5, None]})
    frame.to_parquet(tmp_path / "a.parquet")
    read = tables.of_file(str(tmp_path / "a.parquet"), "a").to_pandas()
    assert read.n.isna().tolist() == [False, True]
    assert read.t.isna().tolist() == [False, True]
    assert read.c.astype(str).tolist() == ["a", "b"]


def test_a_parquet_file_cut_in_half_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"a": np.arange(10_000)}).to_parquet(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableSource, match="'my file' can't be read as a table"):
        tables.of_file(str(path), "my file")


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("label,score\n")
    table = tables.of_file(str(tmp_path / "a.csv"), "a.csv")
    assert list(table.columns) == ["label", "score"]
    assert len(table.to_pandas()) == 0


def test_a_tab_separated_file_keeps_its_commas(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("name\tvalue\nDoe, Jane\t1\n")
    read = tables.of_file(str(tmp_path / "a.tsv"), "a.tsv").to_pandas()
    assert read.to_dict("list") == {"name": ["Doe, Jane"], "value": [1]}


def test_a_surprise_late_in_a_csv_is_no_crash(tmp_path: Path) -> None:
    """60,000 numbers and then a word: a column of text, not a driver's error in the middle of a recipe."""
    (tmp_path / "a.csv").write_text("x\n" + "1\n" * 60_000 + "n/a\n")
    read = tables.of_file(str(tmp_path / "a.csv"), "a.csv").to_pandas()
    assert len(read) == 60_001


def test_a_surprise_late_in_a_large_csv_is_none_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its types are told by the first rows, as long as all others fit."""
    monkeypatch.setattr(delimited, "_SMALL", 0)
    monkeypatch.setattr(delimited, "_SAMPLE", 100)
    (tmp_path / "a.csv").write_text("x,y\n" + "1,2\n" * 60_000 + "n/a,2.5\n")
    read = tables.of_file(str(tmp_path / "a.csv"), "a.csv").to_pandas()
    assert read.x.iloc[-1] == "n/a"
    assert read.y.iloc[-1] == 2.5


@pytest.mark.parametrize("end", ["1,2,3\n", "1\n"])
def test_rows_of_different_length_are_refused_when_the_file_is_opened(tmp_path: Path, end: str) -> None:
    """However late they come; and the sentence names the file as its user did, not the folders above it."""
    (tmp_path / "a.csv").write_text("x,y\n" + "1,2\n" * 30_000 + end)
    with pytest.raises(UnreadableSource, match=r"'my file' can't be read as a table") as caught:
        tables.of_file(str(tmp_path / "a.csv"), "my file")
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("text", ["a,b\n1,2\n1,2,3\n", "a,b\n1,2,3\n", "a,b\n1,2\n1\n"])
def test_no_line_is_dropped_silently(tmp_path: Path, text: str) -> None:
    """A line that does not fit the header is named, with its number; nothing is guessed about it."""
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(UnreadableSource, match=r"line \d has \d fields, the header 2"):
        tables.of_file(str(tmp_path / "a.csv"), "a.csv").to_pandas()


@pytest.mark.parametrize(
    "value",
    [
        pd.DataFrame({"a": [1, 2]}),
        pa.table({"a": [1, 2]}),
        [{"a": 1}, {"a": 2}],
        ibis.memtable({"a": [1, 2]}),
    ],
    ids=["pandas", "arrow", "list of dicts", "ibis"],
)
def test_every_kind_of_table_will_do(value: object) -> None:
    assert tables.of_value(value, "value").to_pandas().a.tolist() == [1, 2]


def test_a_column_of_nothing_does_not_spoil_the_others() -> None:
    table = tables.of_value(pd.DataFrame({"a": [1, 2], "empty": [None, None]}), "value")
    assert table.to_pandas().a.tolist() == [1, 2]
    assert table.to_pandas()["empty"].isna().all()


@pytest.mark.parametrize("value", [5, "text", None, object(), {"a": 1}, np.zeros((2, 2, 2))])
def test_what_is_no_table_is_refused_by_name(value: object) -> None:
    with pytest.raises(UnreadableSource, match=r"'value' is a .*, which is no table"):
        tables.of_value(value, "value")


def test_the_notebooks_own_ibis_is_left_alone() -> None:
    """Looking at a variable does not change the user's default backend."""
    before = ibis.options.default_backend
    tables.of_value(pd.DataFrame({"a": [1]}), "value").to_pandas()
    assert ibis.options.default_backend is before


def _recorded(path: Path) -> tuple[ColumnInfo, ...]:
    found = delimited.described(str(path))
    assert found is not None
    return found[1]


@pytest.mark.parametrize("small", [1 << 20, 0])
def test_recorded_types_are_not_looked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    """The codes of a part of the rows look like numbers; dates were told apart by a row that is no longer near."""
    path = tmp_path / "a.csv"
    path.write_text("code,day\n0123,31/12/2020\n123,01/02/2020\n")
    columns = _recorded(path)
    monkeypatch.setattr(delimited, "_SMALL", small)
    path.write_text("code,day\n123,01/02/2020\n")
    [row] = tables.of_file(str(path), "a", columns=columns).to_pandas().itertuples(index=False)
    assert (row.code, str(row.day)[:10]) == ("123", "2020-02-01")


@pytest.mark.parametrize("small", [1 << 20, 0])
def test_a_file_that_contradicts_what_was_recorded_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("n,at\n1,2024-01-01\n")
    columns = _recorded(path)
    monkeypatch.setattr(delimited, "_SMALL", small)
    path.write_text("n,at\n1,2024-01-01\n" + "2,2024-01-02\n" * 50 + "2,soon\n")
    source = Source("churn@1/rows", ArtifactKind.TABLE, str(path), columns)
    where = r"line 53: column 'at' has 'soon', which is no DATE\."
    with pytest.raises(UnreadableSource, match=where), source.failures():
        source.table().at.max().execute()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("n,day\n1,2024-01-01\n", "Column 2 of 'a' is 'day', and 'at' was recorded"),
        ("at,n\n2024-01-01,1\n", "Column 1 of 'a' is 'at', and 'n' was recorded"),
        ("n\n1\n", "'a' has 1 columns, and 2 were recorded"),
    ],
)
def test_other_columns_than_the_recorded_are_told(tmp_path: Path, text: str, said: str) -> None:
    """They would be read as what the recorded ones are, under their names."""
    path = tmp_path / "a.csv"
    path.write_text("n,at\n1,2024-01-01\n")
    columns = _recorded(path)
    path.write_text(text)
    with pytest.raises(UnreadableSource, match=said) as caught:
        tables.of_file(str(path), "a", columns=columns)
    assert "run it again, or give the file by its path" in str(caught.value)


def test_types_that_duckdb_did_not_tell_are_none_to_read_by(tmp_path: Path) -> None:
    """An older catalog says that every column of a csv is a string; a materializer of one's own may say int64."""
    path = tmp_path / "a.csv"
    path.write_text("n,x\n1,2.5\n")
    for types in (("string", "string"), ("int64", "DOUBLE")):
        columns = tuple(map(ColumnInfo, ("n", "x"), types))
        assert tables.of_file(str(path), "a", columns=columns).to_pandas().to_dict("list") == {"n": [1], "x": [2.5]}


@pytest.mark.parametrize("code", ["01234", "+4930123", "1_000"])
def test_codes_of_digits_stay_texts(tmp_path: Path, code: str) -> None:
    """A zip code that became a number would have lost its zero."""
    (tmp_path / "a.csv").write_text(f"code,n\n{code},1\n90210,2\n")
    assert tables.of_file(str(tmp_path / "a.csv"), "a").to_pandas().code.tolist() == [code, "90210"]


def test_a_line_that_begins_like_a_comment_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,n\n#1 fan,\nx,2\n")
    assert tables.of_file(str(tmp_path / "a.csv"), "a").to_pandas().name.tolist() == ["#1 fan", "x"]


def test_integers_of_any_length_can_be_read(tmp_path: Path) -> None:
    """Up to 38 digits as numbers, beyond as texts; never rounded."""
    long, longer = "12345678901234567890", "1" * 39
    (tmp_path / "a.csv").write_text(f"a,b,c\n{long},{longer},{longer * 2}\n1,2,3\n")
    read = tables.of_file(str(tmp_path / "a.csv"), "a").to_pandas()
    assert [str(value) for value in read.iloc[0]] == [long, longer, longer * 2]


def test_moments_of_a_frame_are_exact_to_the_nanosecond() -> None:
    """As those of a parquet file of it are; with a time zone to the microsecond."""
    moments = pd.Series(pd.to_datetime([1704067200123456789, 1704153600500000000, None]))
    frame = pd.DataFrame({"at": moments, "zoned": moments.dt.tz_localize("Europe/Berlin"), "other": [1, 2, 3]})
    table = tables.of_value(frame, "frame")
    read = table.order_by("other").to_pandas()
    assert read["at"].iloc[:2].astype("datetime64[ns]").tolist() == moments.iloc[:2].tolist()
    assert read["at"].isna().tolist() == [False, False, True]
    assert abs(read.zoned.iloc[0] - frame.zoned.iloc[0]) < pd.Timedelta(1, "us")
    assert visualize("histogram", frame, column="at").metrics["rows"] == 3


def test_durations_are_no_reason_to_refuse_a_frame() -> None:
    """pandas has them in nanoseconds, which Ibis can't tell DuckDB."""
    frame = pd.DataFrame({"took": pd.to_timedelta([3600, 7200], unit="s").astype("timedelta64[ns]"), "x": [1, 2]})
    assert visualize("table", frame).data.x.tolist() == [1, 2]


def test_a_column_that_no_engine_has_a_type_for_is_text_and_the_others_can_be_looked_at() -> None:
    frame = pd.DataFrame({"x": [1.5, 2.5, 4.0], "mixed": [1, "a", None], "z": [1 + 2j, 0j, 1j]})
    frame["month"] = pd.period_range("2024-01", periods=3, freq="M")
    frame["part"] = pd.cut(frame.x, 2)
    found = tables.of_value(frame, "frame")
    assert found.x.mean().execute() == pytest.approx(8 / 3)
    shown = found.to_pandas()
    assert shown.mixed.tolist()[:2] == ["1", "a"]
    assert shown.mixed.isna().tolist() == [False, False, True]
    assert shown.part.tolist() == ["(1.498, 2.75]", "(1.498, 2.75]", "(2.75, 4.0]"]
    assert shown.month.tolist() == ["2024-01", "2024-02", "2024-03"]
