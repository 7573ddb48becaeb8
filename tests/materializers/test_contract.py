"""Every installed materializer keeps its contract: what is saved is loaded, and what it shows is what it says."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import decimal
import enum
import io
import json
import sys
import uuid
import warnings
from pathlib import Path, PosixPath, WindowsPath
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import polars as pl
import pyarrow as pa
import pydantic
import pytest
from matplotlib.figure import Figure
from PIL import Image
from sklearn.linear_model import LogisticRegression

from jupyter_viz import registry
from jupyter_viz.enums import ArtifactKind, VisualizationType
from jupyter_viz.io import fileio
from jupyter_viz.materializers import BaseMaterializer, materializer_for, materializer_named, saved_visualizations
from jupyter_viz.materializers.base_materializer import qualified_name
from jupyter_viz.types import CSVString, HTMLString, JSONString, MarkdownString

LARGEST_SHOWN = 1_500_000


class Anything:
    """No materializer knows it: the last resort stores it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Anything)

    __hash__ = None  # type: ignore[assignment]


class Colour(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Settings:
    rate: float
    layers: tuple[int, ...]


class Config(pydantic.BaseModel):
    name: str
    created: datetime.datetime
    parts: dict[int, list[float]]


FRAME = pd.DataFrame({"label": [1, 0], "score": [0.5, 0.25], "name": ["é", "🚀"]})
MOMENT = datetime.datetime(2026, 3, 29, 2, 30, tzinfo=datetime.timezone.utc)


def _figure() -> Figure:
    figure = Figure()
    figure.add_subplot().plot([1, 2, 3], [1, 4, 2])
    return figure


# One value for each type a materializer is installed for; a new one without a value here fails.
VALUES: dict[str, Any] = {
    "PIL.Image.Image": Image.fromarray(np.arange(300, dtype=np.uint8).reshape(10, 10, 3)),
    "builtins.NoneType": None,
    "builtins.bool": True,
    "builtins.bytes": b"\x00\xff" * 1000,
    "builtins.complex": 1 - 2j,
    "builtins.dict": {"a": [1, {"b": None}], "é": 0.1 + 0.2},
    "builtins.float": 0.1 + 0.2,
    "builtins.frozenset": frozenset({1, "a"}),
    "builtins.int": 2**70,
    "builtins.list": [1, "two", 3.5, None, True, {"a": []}],
    "builtins.object": Anything(),
    "builtins.set": {1, (2, "b")},
    "builtins.str": "é🚀\r\n```code```\n",
    "builtins.tuple": (1, ("a", {2: b"b"}), [float("inf")]),
    "dataclasses.dataclass": Settings(0.1, (8, 2)),
    "datetime.date": MOMENT,
    "datetime.time": datetime.time(1, 2, 3),
    "datetime.timedelta": datetime.timedelta(days=-1, microseconds=3),
    "decimal.Decimal": decimal.Decimal("1.10"),
    "enum.Enum": Colour.RED,
    "jupyter_viz.types.CSVString": CSVString('a,b\n1,"x, y"\n'),
    "jupyter_viz.types.HTMLString": HTMLString("<h1>é</h1>"),
    "jupyter_viz.types.JSONString": JSONString('{"a": [1.0, "é"]}'),
    "jupyter_viz.types.MarkdownString": MarkdownString("# é\r\n"),
    "matplotlib.axes._base._AxesBase": _figure().axes[0],
    "matplotlib.figure.FigureBase": _figure(),
    "numpy.generic": np.float32(0.1),
    "numpy.ndarray": np.linspace(0, 1, 300).reshape(20, 15),
    "pandas.DataFrame": FRAME,
    "pandas.Series": FRAME.score,
    "pathlib.Path": Path("notes.md"),
    "plotly.basedatatypes.BaseFigure": go.Figure(go.Scatter(x=np.arange(5), y=[1.5, 2, 3, 4, 5])),
    "polars.dataframe.frame.DataFrame": pl.DataFrame({"a": [1, None], "b": ["x", "y"]}),
    "polars.series.series.Series": pl.Series("a", [1.5, None]),
    "pyarrow.lib.Table": pa.table({"a": [1, None], "b": [["x"], []]}),
    "pydantic.main.BaseModel": Config(name="é", created=MOMENT, parts={1: [0.5]}),
    "sklearn.base.BaseEstimator": LogisticRegression(C=0.1),
    "uuid.UUID": uuid.UUID(int=5),
}
# The names that other versions of pandas and Python have for the same types.
ELSEWHERE = {"pandas.core.frame.DataFrame", "pandas.core.series.Series", "pathlib._local.Path"}
# Their libraries need environments of their own: see tests/integrations.
INTEGRATIONS = ("evidently", "great_expectations", "whylogs", "datasets")


def _installed() -> dict[str, Any]:
    return {
        name: point
        for name, point in registry.found(registry.MATERIALIZERS).items()
        if name.split(".")[0] not in INTEGRATIONS
    }


def check_format(path: str, kind: VisualizationType) -> None:
    with fileio.open(path, "rb") as file:
        data = file.read()
    assert len(data) <= LARGEST_SHOWN
    if kind is VisualizationType.IMAGE:
        Image.open(io.BytesIO(data)).verify()
    elif kind is VisualizationType.JSON:
        json.loads(data.decode(), parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    elif kind is VisualizationType.CSV:
        rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}
    else:
        assert kind in (VisualizationType.HTML, VisualizationType.MARKDOWN)
        data.decode()


def assert_same(left: Any, right: Any) -> None:
    assert type(left) is type(right)
    if isinstance(left, (pd.DataFrame, pd.Series)):
        getattr(pd.testing, f"assert_{'frame' if isinstance(left, pd.DataFrame) else 'series'}_equal")(left, right)
    elif isinstance(left, np.ndarray):
        np.testing.assert_array_equal(left, right, strict=True)
    elif isinstance(left, (pl.DataFrame, pl.Series, pa.Table)):
        assert left.equals(right)
    elif isinstance(left, (Figure, matplotlib.axes.Axes)):
        axes = [getattr(figure, "axes", None) for figure in (left, right)]
        lines = [(each[0] if isinstance(each, list) else each.figure.axes[0]).lines[0].get_xydata() for each in axes]
        np.testing.assert_array_equal(*lines)
    elif isinstance(left, LogisticRegression):
        assert left.get_params() == right.get_params()
    elif isinstance(left, go.Figure):
        assert left.to_dict().keys() == right.to_dict().keys()
        np.testing.assert_array_equal(left.data[0].x, right.data[0].x, strict=True)
        assert json.loads(left.to_json()) == json.loads(right.to_json())
    elif isinstance(left, (PosixPath, WindowsPath)):
        assert left.name == right.name
        assert left.read_bytes() == right.read_bytes()
    else:
        assert left == right


def test_every_installed_type_has_a_value_here() -> None:
    assert set(_installed()) - ELSEWHERE == set(VALUES) - ELSEWHERE


@pytest.mark.parametrize("name", VALUES)
def test_a_value_of_each_type_comes_back_as_it_was(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.md").write_text("# é")
    value = VALUES[name]
    found = registry.load(_installed()[name])
    assert issubclass(found, BaseMaterializer)
    assert materializer_for(value) is found
    assert materializer_named(qualified_name(found)) is found
    folder = tmp_path / "artifact"
    materializer = found(str(folder))
    materializer.save(value)
    assert [path for path in folder.iterdir() if path.name.startswith("data.")]
    shown = saved_visualizations(materializer, value, "output")
    assert shown
    for item in shown:
        assert item.error is None
        assert item.uri is not None
        assert item.size <= LARGEST_SHOWN
        check_format(item.uri, item.format)
        assert Path(item.uri).parent == folder
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")  # said, as it must be: see test_plain
        loaded = found(str(folder)).load()
    assert_same(loaded, value)
    description = materializer.describe(value)
    assert (materializer.KIND is ArtifactKind.TABLE) == bool(description.columns)


@pytest.mark.parametrize(
    "name",
    ["builtins.tuple", "pandas.DataFrame", "numpy.ndarray", "PIL.Image.Image", "pathlib.Path", "builtins.bytes"],
)
def test_artifacts_may_lie_in_any_store(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.md").write_text("# é")
    found = registry.load(_installed()[name])
    materializer = found(f"memory://{uuid.uuid4()}/artifact")
    materializer.save(VALUES[name])
    for item in saved_visualizations(materializer, VALUES[name]):
        assert item.error is None
        check_format(str(item.uri), item.format)
    assert_same(found(materializer.uri).load(), VALUES[name])


def test_no_library_is_imported_to_find_a_materializer() -> None:
    """A step that returns a number costs no import of scikit-learn, polars or plotly."""
    import subprocess

    code = """
import sys
from jupyter_viz.materializers import materializer_for, saved_visualizations
import tempfile
for value in (1, "text", (1, 2), {"a": {1}}, b"bytes"):
    materializer = materializer_for(value)(tempfile.mkdtemp())
    materializer.save(value)
    saved_visualizations(materializer, value)
    materializer.describe(value)
    materializer.load()
heavy = {"duckdb", "ibis", "pandas", "numpy", "sklearn", "polars", "plotly", "matplotlib", "pyarrow"}
heavy |= {"PIL", "cloudpickle", "pydantic"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_engine_is_imported_to_describe_a_table_that_has_types() -> None:
    """Only a csv has to be looked through for them."""
    import subprocess

    code = """
import sys, tempfile
import pandas as pd
from jupyter_viz.materializers import materializer_for, saved_visualizations
value = pd.DataFrame({"a": [1]})
materializer = materializer_for(value)(tempfile.mkdtemp())
materializer.save(value)
saved_visualizations(materializer, value)
materializer.describe(value)
print(sorted({"duckdb", "ibis"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
