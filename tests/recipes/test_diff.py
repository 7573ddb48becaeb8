"""What changed between two sources, against pandas, scipy and what was put in."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy.spatial.distance import jensenshannon

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, MissingColumn, VizError
from jupyter_viz.recipes.drift import jensen_shannon


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    draw = np.random.default_rng(0)
    old = pd.DataFrame({"id": range(1000), "x": draw.normal(size=1000), "c": draw.choice(list("abc"), 1000), "gone": 1})
    new = old.drop(columns="gone").assign(x=old.x + (old.id >= 500) * 3.0, new="n")
    new.loc[5, "c"] = None
    new = new[new.id != 3]
    return {"old": old, "new": pd.concat([new, pd.DataFrame({"id": [5000], "x": [0.0], "c": ["a"], "new": ["n"]})])}


def test_columns_that_came_went_and_moved(tables: dict[str, pd.DataFrame]) -> None:
    result = visualize("diff", tables)
    data = result.data.set_index("column")
    assert data.change["gone"] == "removed"
    assert data.change["new"] == "added"
    assert result.metrics["columns_added"] == 1
    old, new = tables["old"].x, tables["new"].x
    ends = min(old.min(), new.min()), max(old.max(), new.max())
    counts = [np.histogram(values, bins=20, range=ends)[0] for values in (old, new)]
    assert data.divergence["x"] == pytest.approx(jensenshannon(*counts, base=2) ** 2, abs=1e-6)
    assert data["mean after"]["x"] == pytest.approx(new.mean(), rel=1e-5)
    assert data["missing % after"]["c"] == pytest.approx(0.1)
    assert data.index.tolist()[2] == "x", "after what came and went, what moved most"


def test_statistics_of_two_tables_stand_below_each_other_with_how_far_they_moved(
    tables: dict[str, pd.DataFrame],
) -> None:
    result = visualize("data_statistics", tables)
    data = result.data
    assert data.columns.tolist()[:3] == ["run", "column", "divergence"]
    assert data["column"].tolist()[:4] == ["id", "id", "x", "x"]
    assert data.run.tolist()[:4] == ["old", "new", "old", "new"]
    moved = data[(data.run == "new") & (data["column"] == "x")].divergence.iloc[0]
    diff = visualize("diff", tables).data.set_index("column").divergence["x"]
    assert moved == diff == result.metrics["divergence"]
    assert data[data.run == "old"].divergence.isna().all()
    assert "Divergence from old" in str(result.shown.view.note)


def test_the_same_table_has_not_moved(tables: dict[str, pd.DataFrame]) -> None:
    result = visualize("diff", [tables["old"], tables["old"]])
    assert result.metrics["divergence"] == 0
    assert "no distribution moved" in result.shown.view.alt


@pytest.mark.parametrize("shares", [((1, 0), (0, 1)), ((3, 5, 2), (3, 5, 2)), ((10, 1, 4), (1, 7, 0))])
def test_the_divergence_is_scipys(shares: Any) -> None:
    before, after = (dict(enumerate(each)) for each in shares)
    assert jensen_shannon(before, after) == pytest.approx(jensenshannon(*shares, base=2) ** 2, abs=1e-12)


def test_rows_by_key(tables: dict[str, pd.DataFrame]) -> None:
    result = visualize("diff", tables, key=["id"])
    assert result.metrics == {"added": 1, "removed": 1, "changed": 501, "same": 498}
    data = result.data.set_index("id")
    assert data.change[3] == "removed"
    assert data.change[5000] == "added"
    assert data.what[5] == "c: " + tables["old"].c[5] + " → missing"
    assert "gone, new" in str(result.shown.view.note)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"key": ["c"]}, InvalidArgument, "is the same in several of the 1,000 rows"),
        ({"key": ["gone"]}, MissingColumn, "has no column 'gone'"),
        ({"show": "rows"}, InvalidArgument, "say with `key`"),
    ],
)
def test_a_key_that_is_none(tables: dict[str, pd.DataFrame], arguments: Any, error: type[VizError], said: str) -> None:
    with pytest.raises(error, match=said):
        visualize("diff", tables, **arguments)


def test_json_by_path(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": [1, 2, {"b/c": 3}], "d": true, "e": 1}')
    (tmp_path / "b.json").write_text('{"a": [1, 5, {"b/c": 3}], "f": 1, "e": true}')
    result = visualize("diff", [str(tmp_path / "a.json"), str(tmp_path / "b.json")])
    found = {row.path: row.change for row in result.data.itertuples()}
    assert found == {"/a/1": "changed", "/d": "removed", "/e": "changed", "/f": "added"}
    assert result.metrics == {"added": 1, "removed": 1, "changed": 2, "same": 2}


def test_lines_of_text_and_no_markup_of_theirs(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x\ny\nz\n")
    (tmp_path / "b.txt").write_text("x\nz\n<script>\n")
    result = visualize("diff", [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")])
    assert result.metrics == {"added": 1, "removed": 1}
    assert "<ins>+&lt;script&gt;</ins>" in result.to_html()
    assert "<del>-y</del>" in result.to_html()


def test_pixels(tmp_path: Path) -> None:
    one = Image.new("RGB", (40, 30), "red")
    one.save(tmp_path / "a.png")
    one.putpixel((3, 3), (0, 255, 0))
    one.save(tmp_path / "b.png")
    Image.new("RGB", (10, 30), "red").save(tmp_path / "c.png")
    result = visualize("diff", [str(tmp_path / "a.png"), str(tmp_path / "b.png")])
    assert result.metrics["differing"] == pytest.approx(1 / 1200)
    assert result.metrics["largest"] == 255
    sizes = visualize("diff", [str(tmp_path / "a.png"), str(tmp_path / "c.png")])
    assert "40 by 30 pixels, c.png 10 by 30" in sizes.shown.view.alt


def test_runs_say_what_got_better(recorded_home: Any) -> None:
    result = visualize("diff", [recorded_home.failed_run.address, recorded_home.run.address])
    data = result.data.set_index("name")
    assert data.what["roc_auc"] == "metric"
    assert data.what["fail"] == "parameter"
    assert data["is"]["roc_auc"] == "same"


@pytest.mark.parametrize("names", [["a.png"], ["a.png", "a.txt"], ["a.txt", "a.txt", "a.txt"]])
def test_two_of_the_same_kind_are_needed(tmp_path: Path, names: list[str]) -> None:
    Image.new("RGB", (4, 3)).save(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(InvalidArgument, match="compare"):
        visualize("diff", [str(tmp_path / name) for name in names])


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([True, False, None], [True, True, True], 2),
        ([True, False, True], [1, 0, 0], 1),  # as engines without truth values have them
        (np.array([2**63 + 5, 1, 2], "uint64"), np.array([2**63 + 6, 1, 2], "uint64"), 1),
        (np.array([2**63 + 5, 1, 2], "uint64"), [5, 1, 2], 1),
        ([Decimal(10**20), Decimal(1), Decimal(2)], [Decimal(10**20 + 1), Decimal(1), Decimal(2)], 1),
        ([Decimal("1.5"), Decimal(1), Decimal(2)], [1.5, 1.0, 3.0], 1),
        (pd.to_datetime(["2024-01-01"] * 3).date, pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-01"]), 1),
    ],
)
def test_values_are_compared_as_what_they_are(before: Any, after: Any, changed: int) -> None:
    """Of types that hold the same in another way only other values are a difference, of large numbers every digit."""
    sources = [pd.DataFrame({"id": [1, 2, 3], "x": values}) for values in (before, after)]
    assert visualize("diff", sources, key=["id"]).metrics["changed"] == changed


def test_any_number_can_be_the_key() -> None:
    ids = np.array([2**63, 2**63 + 1], "uint64")
    sources = [pd.DataFrame({"id": ids, "x": x}) for x in ([1, 2], [1, 3])]
    assert visualize("diff", sources, key=["id"]).data.id.astype("uint64").tolist() == [2**63 + 1]
