"""Lists and facts that read well in a notebook and in a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_viz.client import Client
from jupyter_viz.enums import MetricFormat
from jupyter_viz.models import Metric
from jupyter_viz.recorded.listing import Listing, shown


def test_columns_stand_below_each_other() -> None:
    listing = Listing(["name", "n"], [["a", "1"], ["longer name", "22"]], "None.")
    assert repr(listing).splitlines() == ["name         n", "a            1", "longer name  22"]


def test_html_is_escaped_and_an_empty_list_says_so() -> None:
    html = Listing(["<b>"], [["<script>alert(1)</script>"]], "None.")._repr_html_()
    assert "<script>" not in html
    assert "&lt;b&gt;" in html
    assert repr(Listing(["a"], [], "None <yet>.")) == "None <yet>."
    assert Listing(["a"], [], "None <yet>.")._repr_html_() == "<p>None &lt;yet&gt;.</p>"


def test_runs_with_their_metrics(recorded_home: Any) -> None:
    lines = repr(Client().list_pipeline_runs()).splitlines()
    assert lines[0].split() == ["run", "status", "started", "accuracy", "loss"]
    assert lines[1].split()[0] == recorded_home.run.address
    assert lines[1].split()[-2:] == ["90.0%", "1.500"]
    assert lines[2].split()[1] == "failed"


def test_no_runs_yet_says_how_to_record_one() -> None:
    assert "jupyter viz demo" in repr(Client().list_pipeline_runs())


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        (None, "—"),
        (Metric("x", 0.9349, MetricFormat.PERCENTAGE), "93.5%"),
        (Metric("x", 0.9349), "0.935"),
        (Metric("x", -0.0004), "-4.00e-04"),
        (Metric("x", 0.0), "0.000"),
        (Metric("x", 1.0), "1.000"),
        (Metric("rows", 12_000.0), "12,000"),
        (Metric("x", 1.5e9 + 0.5), "1.50e+09"),
    ],
)
def test_metrics_as_people_read_them(metric: Metric | None, text: str) -> None:
    assert shown(metric) == text
