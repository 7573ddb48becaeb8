"""A saved result is readable with no kernel, no extension and no trust."""

from __future__ import annotations

import datetime
import json
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from jupyter_viz import visualize
from jupyter_viz.rendering.bundles import MIME, PLOTLY, mime_bundle, plain_text
from jupyter_viz.views import Figure, FigureColumn, Rows

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


def _figure(**changes: Any) -> Figure:
    values: dict[str, Any] = {
        "title": EVIL,
        "alt": EVIL,
        "spec": {"data": [{"type": "scatter", "x": [0, 1], "y": [0, 1], "name": EVIL}], "layout": {"title": EVIL}},
        "columns": (FigureColumn("x", "number", "/data/0/x"),),
        "data": pd.DataFrame({EVIL: [EVIL, "a"], "y": [1.5, None]}),
        "metrics": {"auc": 0.5},
        "note": EVIL,
    }
    return Figure(**{**values, **changes})


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


VIEWS = [_figure(), Rows(EVIL, EVIL, pd.DataFrame({EVIL: [EVIL], "b": [1]}), 1, note=EVIL)]


@pytest.mark.parametrize("view", VIEWS, ids=["figure", "rows"])
def test_the_html_holds_no_script_and_escapes_everything(view: Any) -> None:
    """Column names and values of somebody else's data are text wherever they are shown."""
    parser = Elements()
    html = mime_bundle(view, {"source": EVIL})["text/html"]
    parser.feed(html)
    allowed = {"img", "p", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert {tag for tag, _ in parser.found} <= allowed
    for tag, attributes in parser.found:
        assert not any(name.startswith("on") for name in attributes)
        if tag == "img":
            assert re.match(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+\Z", attributes["src"] or "")
            assert attributes["alt"] == view.alt
        else:
            assert not {"src", "href", "style"} & set(attributes)


def test_the_order_is_richest_first() -> None:
    """Ours, plotly's, HTML, text: each front end takes the first that it knows."""
    assert list(mime_bundle(VIEWS[0], {})) == [MIME, PLOTLY, "text/html", "text/plain"]
    assert list(mime_bundle(VIEWS[1], {})) == [MIME, "text/html", "text/plain"]


def test_counts_have_all_their_digits_in_a_text() -> None:
    """A terminal has nothing else."""
    view = Rows(
        "Table", "A table.", pd.DataFrame({"a": [1]}), 1, {"rows": 1_234_567, "mean": 2.3456789, "worst": np.inf}
    )
    assert plain_text(view).startswith("Table: rows 1,234,567, mean 2.34568, worst inf")


def test_the_figure_is_in_the_bundle_once() -> None:
    bundle = mime_bundle(_figure(), {})
    assert "data" not in bundle[MIME]
    assert bundle[MIME]["table"]["columns"] == [{"name": "x", "type": "number", "values": "/data/0/x"}]
    assert go.Figure(bundle[PLOTLY]).data[0].x == (0, 1)


AWKWARD = pd.DataFrame(
    {
        "float": [np.nan, np.inf, -np.inf, 0.1],
        "int": [2**62, -(2**53), 2**53 - 1, 0],
        "time": pd.to_datetime(["2024-01-01", None, "2024-01-01 12:00:01.5", "1700-01-01"], format="ISO8601"),
        "zone": pd.date_range("2024-01-01", periods=4, tz="Europe/Berlin"),
        "bool": pd.array([True, None, False, True], dtype="boolean"),
        "text": pd.Series(["é🚀", None, "half \ud800", "x" * 500], dtype=object),
        "any": [[1, 2], {"a": 1}, b"\xff", datetime.date(2024, 1, 2)],
        "delta": pd.to_timedelta([1, None, 2, 3], unit="s"),
        "category": pd.Categorical(["a", None, "b", "a"]),
    }
)


def test_any_value_becomes_plain_json() -> None:
    """No NaN, no number a browser would round silently, nothing missing shown as a word."""
    bundle = json.loads(json.dumps(mime_bundle(Rows("t", "a.", AWKWARD, 4), {}), allow_nan=False))
    json.dumps(bundle, ensure_ascii=False).encode()
    rows = dict(zip(AWKWARD, zip(*bundle[MIME]["table"]["rows"], strict=True), strict=True))
    assert rows["float"] == (None, "inf", "-inf", 0.1)
    assert rows["int"] == (str(2**62), str(-(2**53)), 2**53 - 1, 0)
    assert rows["time"][:3] == ("2024-01-01T00:00:00", None, "2024-01-01T12:00:01.500000")
    assert rows["zone"][0] == "2024-01-01T00:00:00+01:00"
    assert rows["bool"] == (True, None, False, True)
    assert rows["text"][0] == "é🚀"
    assert rows["text"][1] is None
    assert len(rows["text"][3]) == 200
    assert rows["any"][:2] == ("[1, 2]", "{'a': 1}")
    assert rows["delta"][1] is None
    assert rows["category"] == ("a", None, "b", "a")
    types = {column["name"]: column["type"] for column in bundle[MIME]["table"]["columns"]}
    assert (types["float"], types["int"], types["time"], types["zone"], types["text"]) == (
        "number",
        "number",
        "time",
        "time",
        "text",
    )


def test_columns_of_one_name_are_both_shown() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    assert mime_bundle(Rows("t", "a.", frame, 1), {})[MIME]["table"]["rows"] == [[1, 2]]


def test_a_figure_without_a_still_picture_keeps_its_table() -> None:
    """A plugin's 3-D plot: no picture, but the numbers and the sentence are there."""
    html = mime_bundle(_figure(spec={"data": [{"type": "surface", "z": [[1]]}], "layout": {}}), {})["text/html"]
    assert "<img" not in html
    assert "<table>" in html


def test_a_long_figure_table_is_thinned_in_html_and_says_so() -> None:
    html = mime_bundle(_figure(data=pd.DataFrame({"x": range(1000)})), {})["text/html"]
    assert "50 of 1,000 points" in html
    assert html.count("<tr>") == 51


def test_the_result_object_is_what_the_design_says() -> None:
    frame = pd.DataFrame({"label": [0, 1, 1], "score": [0.1, 0.9, 0.4]})
    result = visualize("roc_curve", frame)
    assert list(result.data.columns) == ["threshold", "false_positive_rate", "true_positive_rate"]
    assert result.metrics == {"auc": 1.0}
    assert isinstance(result.figure, go.Figure)
    assert result.notebook is None  # a variable can't be read from another process
    assert result.provenance["recipe"] == "roc_curve"
    assert result.provenance["arguments"] == {"target": "label", "score": "score", "positive": None, "exact": False}
    assert result.to_html() == result._repr_mimebundle_()["text/html"]
    assert repr(result) == "ROC of score for label = 1: auc 1"
    assert visualize("table", frame).figure is None


def test_provenance_holds_nobodys_home(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook that is published tells nobody where it was made."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("label,score\n1,0.5\n0,0.1\n")
    bundle = visualize("roc_curve", "a.csv")._repr_mimebundle_()
    assert str(tmp_path) not in json.dumps(bundle)
