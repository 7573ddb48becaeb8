"""The picture that stays when everything else is gone."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from typing import Any

import matplotlib as mpl
import pytest

from jupyter_viz.still import still_picture, still_png


def _svg(spec: dict[str, Any]) -> ET.Element:
    picture = still_picture(spec)
    assert picture is not None
    assert picture.startswith("data:image/svg+xml;base64,")
    return ET.fromstring(base64.b64decode(picture.partition(",")[2], validate=True))


def _texts(root: ET.Element) -> str:
    return " ".join(text for text in root.itertext() if text.strip())


SPEC: dict[str, Any] = {
    "data": [{"type": "scatter", "mode": "lines", "x": [0, 0.5, None, 1], "y": [0, None, 0.7, 1], "name": "AUC"}],
    "layout": {
        "title": {"text": "ROC of p"},
        "xaxis": {"title": {"text": "False positive rate"}, "range": [0, 1]},
        "yaxis": {"title": {"text": "True positive rate"}},
        "annotations": [{"x": 0.9, "y": 0.1, "text": "AUC 0.987"}],
    },
}


def test_it_is_an_svg_with_the_figures_own_words() -> None:
    root = _svg(SPEC)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = _texts(root)
    for text in ("ROC of p", "False positive rate", "True positive rate", "AUC 0.987"):
        assert text in words


def test_it_holds_no_script_and_reaches_nothing() -> None:
    for element in _svg(SPEC).iter():
        assert not element.tag.endswith(("script", "foreignObject", "image"))
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "href" not in name or value.startswith("#")


@pytest.mark.parametrize("text", ["cost in $ and $", "$\\frac{1}{0}$", "100% & <more>", "日本 é", "_x^2", "\\"])
def test_no_title_is_a_formula(text: str) -> None:
    """Money is no mathematics; and a title that isn't valid TeX does not cost the picture."""
    from jupyter_viz.recipes.style import plain

    words = _texts(_svg({**SPEC, "layout": {"title": {"text": plain(text)}}}))
    assert text in words


def test_the_same_figure_is_the_same_picture() -> None:
    """A notebook that is run again shows no difference where there is none."""
    assert still_picture(SPEC) == still_picture(SPEC)


def test_the_users_matplotlib_is_left_alone() -> None:
    before = dict(mpl.rcParams), mpl.get_backend(auto_select=False)
    still_picture(SPEC)
    assert (dict(mpl.rcParams), mpl.get_backend(auto_select=False)) == before


@pytest.mark.parametrize(
    "traces",
    [[{"type": "surface"}], [{"y": [1]}, {"y": [2], "xaxis": "x2"}], [{"type": "pie", "values": [1]}, {"y": [1]}]],
    ids=["three dimensions", "several axes", "a pie among lines"],
)
def test_a_kind_that_cannot_be_drawn_gives_none(traces: list[dict[str, Any]]) -> None:
    assert still_picture({"data": traces, "layout": {}}) is None
    assert still_png({"data": traces, "layout": {}}) is None


def test_bars_of_several_traces_stand_beside_each_other_or_on_top() -> None:
    """What plotly draws 7 high is not drawn 4 high."""
    from jupyter_viz.still import _drawn

    bars = [{"type": "bar", "x": ["a", "b"], "y": [3, 1]}, {"type": "bar", "x": ["b", "a"], "y": [2, 4]}]
    for mode, tops in (("stack", {3, 7, 1}), ("group", {3, 1, 2, 4})):
        figure = _drawn({"data": bars, "layout": {"barmode": mode}})
        assert figure is not None
        patches = figure.axes[0].patches
        assert {patch.get_y() + patch.get_height() for patch in patches} == tops
        assert len({patch.get_x() for patch in patches}) == (2 if mode == "stack" else 4)


@pytest.mark.parametrize(
    "trace",
    [
        {"type": "scatter", "x": [1, 2], "y": [3, 4]},
        {"type": "scatter", "mode": "markers", "x": [1, 2], "y": [3, 4], "marker": {"color": "#ff0000", "size": 8}},
        {"type": "scatter", "mode": "lines+markers", "x": ["a", "b"], "y": [3, 4], "line": {"dash": "dot"}},
        {"type": "scattergl", "x": [1, 2], "y": [3, 4], "marker": {"color": [1, 2], "size": [3, 4]}},
        {"type": "scatter", "x": ["2026-01-01", "2026-02-01 12:30:00.5"], "y": [3, 4]},
        {"type": "scatter", "y": [3, 4], "mode": "markers", "text": ["a", "b"]},
        {"type": "bar", "x": ["a", "b"], "y": [3, None], "name": "n"},
        {"type": "bar", "y": ["a", "b"], "x": [3, 4], "orientation": "h"},
        {"type": "histogram", "x": [1, 2, 2, None], "nbinsx": 5},
        {"type": "histogram", "y": [1.5, 2.5]},
        {"type": "histogram", "x": ["a", "b", "a"]},
        {"type": "heatmap", "z": [[1, None], [3, 4]], "x": ["a", "b"], "y": ["c", "d"]},
        {"type": "pie", "labels": ["a", "b"], "values": [3, 4]},
        {"x": [1], "y": [None]},
        {"type": "scatter", "x": [], "y": []},
    ],
)
def test_every_form_of_a_trace_is_drawn(trace: dict[str, Any]) -> None:
    assert _svg({"data": [trace], "layout": {}}).tag.endswith("svg")
