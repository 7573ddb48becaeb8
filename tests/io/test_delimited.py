"""What the columns of a csv are: found once, over all of its rows."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from jupyter_viz.io import delimited
from jupyter_viz.io.delimited import described


@pytest.fixture(params=["small", "large"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file that is looked at as a whole, and one that is first told by its beginning."""
    if request.param == "large":
        monkeypatch.setattr(delimited, "_SMALL", 0)
        monkeypatch.setattr(delimited, "_SAMPLE", 100)
    return str(request.param)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "", "-3"], "BIGINT"),
        (["01234", "90210"], "VARCHAR"),  # zip codes
        (["+4930123", "+331234"], "VARCHAR"),  # telephone numbers
        (["1.5", "nan", "-inf", "1e300"], "DOUBLE"),
        (["1", "NaN"], "DOUBLE"),
        (["1" * 39, "2"], "VARCHAR"),  # more digits than any engine counts with
        (["1" * 60, "2"], "VARCHAR"),
        (["true", "false"], "BOOLEAN"),
        (["2024-02-01", ""], "DATE"),
        (["31/12/2020", "01/02/2020"], "DATE %d/%m/%Y"),
        (["2024-02-01 10:00:00.5"], "TIMESTAMP"),
        (["10:00:00"], "TIME"),
        (['"say ""hi"""', "#1"], "VARCHAR"),
        ([""], "VARCHAR"),
    ],
)
def test_a_column_is_of_the_type_that_its_values_have(
    tmp_path: Path, either: str, values: list[str], kind: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("n,x\n" + "".join(f"{place},{value}\n" for place, value in enumerate(values)))
    found = described(str(path))
    assert found is not None
    rows, columns = found
    assert rows == len(values)
    assert [(column.name, column.type) for column in columns] == [("n", "BIGINT"), ("x", kind)]


@pytest.mark.parametrize(
    ("late", "kinds"), [("a word", {"VARCHAR"}), ("01234", {"VARCHAR"}), ("7", {"BIGINT", "DOUBLE"})]
)
def test_a_column_may_be_empty_at_first(tmp_path: Path, either: str, late: str, kinds: set[str]) -> None:
    """Nothing in 100,000 rows says nothing about the type of what comes then."""
    path = tmp_path / "a.csv"
    path.write_text("n,x\n" + "1,\n" * 100_000 + f"1,{late}\n" * 10)
    found = described(str(path))
    assert found is not None
    assert found[0] == 100_010
    assert found[1][1].type in kinds


@pytest.mark.parametrize("text", ["a,b\n1\n", "a,b\n1,2\n1,2,3\n", "", 'a,b\n1,"x\\"y"\n2,"z,\\"w"\n'])
def test_what_is_no_table_is_not_described(tmp_path: Path, text: str) -> None:
    """Nor is one that is only read by guessing how it is quoted."""
    (tmp_path / "a.csv").write_text(text)
    assert described(str(tmp_path / "a.csv")) is None


def test_tabs_and_gzip(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "it's.tsv.gz", "wt") as file:
        file.write("a\tit's\n1\tx,y\n")
    found = described(str(tmp_path / "it's.tsv.gz"))
    assert found is not None
    assert [(column.name, column.type) for column in found[1]] == [("a", "BIGINT"), ("it's", "VARCHAR")]
