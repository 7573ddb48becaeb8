"""The picture that stays when everything else is gone."""

from __future__ import annotations

import base64
import json
import xml.etree.ElementTree as ET
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import plotly.express as px
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
        {"type": "heatmap", "z": [1, None, 3], "x": ["a", "a", "b"], "y": ["c", "d", "d"], "text": ["1", "", "3"]},
        {"type": "heatmap", "z": [1], "x": [0.5], "y": [2], "texttemplate": "%{text}", "text": ["1"]},
        {"type": "heatmap", "z": []},
        {"type": "scatter", "x": [1, 2], "y": [3, 4], "error_y": {"array": [1, None]}, "line": {"shape": "hv"}},
        {"type": "bar", "x": [0.5, 1.5], "y": [3, 4], "width": [1, 1], "marker": {"opacity": 0.5}},
        {"type": "pie", "labels": ["a", "b"], "values": [3, 4]},
        {"x": [1], "y": [None]},
        {"type": "scatter", "x": [], "y": []},
    ],
)
def test_every_form_of_a_trace_is_drawn(trace: dict[str, Any]) -> None:
    assert _svg({"data": [trace], "layout": {}}).tag.endswith("svg")


def _axes(spec: dict[str, Any]) -> Any:
    from jupyter_viz.still import _drawn

    figure = _drawn(spec)
    assert figure is not None
    return figure.axes[0]


def test_a_heatmap_may_be_a_list_of_cells() -> None:
    """Numbers stand where they are, in order; names in the order in which they come."""
    cells = {"type": "heatmap", "x": [3, 1, 2], "y": ["b", "a", "b"], "z": [30, 10, None]}
    axes = _axes({"data": [cells], "layout": {}})
    [mesh] = axes.collections
    assert mesh.get_array().filled(-1).tolist() == [[-1, -1, 30], [10, -1, -1]]
    assert mesh.get_coordinates()[0, :, 0].tolist() == [0.5, 1.5, 2.5, 3.5]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["b", "a"]


def test_texts_in_cells_can_be_read_on_light_and_on_dark() -> None:
    cells = {"type": "heatmap", "z": [[0, 9]], "text": [["few", "many"]], "texttemplate": "%{text}"}
    scale = [[0, "#ffffff"], [1, "#000000"]]
    axes = _axes({"data": [{**cells, "colorscale": scale}], "layout": {}})
    assert {text.get_text(): text.get_color() for text in axes.texts} == {"few": "black", "many": "white"}


def test_errors_reach_as_far_as_they_are() -> None:
    trace = {"x": [1], "y": [5], "error_y": {"array": [2], "arrayminus": [1]}}
    [[segment]] = [bars.get_segments() for bars in _axes({"data": [trace], "layout": {}}).collections]
    assert segment.tolist() == [[1, 4], [1, 7]]


def test_bars_of_a_histogram_stand_where_their_numbers_are() -> None:
    bars = {"type": "bar", "x": [0.25, 1.0], "y": [3, 1], "width": [0.5, 1.0]}
    patches = _axes({"data": [bars], "layout": {"barmode": "overlay"}}).patches
    assert [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in patches] == [(0, 0.5, 3), (0.5, 1, 1)]


def test_overlaid_bars_share_their_place() -> None:
    bars = [{"type": "bar", "x": ["a"], "y": [3]}, {"type": "bar", "x": ["a"], "y": [1]}]
    patches = _axes({"data": bars, "layout": {"barmode": "overlay"}}).patches
    assert len({(bar.get_x(), bar.get_y(), bar.get_width()) for bar in patches}) == 1


def test_a_legend_above_covers_neither_data_nor_title() -> None:
    from jupyter_viz.recipes.style import layout, legend_above
    from jupyter_viz.still import _drawn

    traces = [{"x": [0, 1], "y": [0, 1], "name": f"name {n}"} for n in range(5)]
    figure = _drawn({"data": traces, "layout": layout("A title", "x", "y", **legend_above(3))})
    assert figure is not None
    figure.canvas.draw()
    [axes] = figure.axes
    box = axes.get_legend().get_window_extent()
    assert box.y0 >= axes.bbox.y1
    assert axes.title.get_text() == ""
    assert axes._left_title.get_window_extent().y0 >= box.y1


def test_many_points_are_a_small_picture() -> None:
    """Hundreds in a notebook, each of them sharp, and not a digit of a text lost."""
    numbers = [n**0.5 for n in range(200)]
    points = {"mode": "markers", "x": numbers, "y": numbers, "marker": {"color": "#0072B2", "opacity": 0.5}}
    spec = {"data": [points], "layout": {"title": {"text": 'x="1.23456789" d="3.14159265"'}}}
    picture = still_picture(spec)
    assert picture is not None
    assert len(picture) < 50_000
    root = _svg(spec)
    assert 'x="1.23456789" d="3.14159265"' in _texts(root)
    assert len([element for element in root.iter() if element.tag.endswith("use")]) >= 200


@pytest.mark.parametrize("value", [1e308, -1.7e308])
def test_numbers_that_leave_no_room_for_ticks_cost_the_picture_only(value: float) -> None:
    assert still_picture({"data": [{"x": [value, value], "y": [value, value]}], "layout": {}}) is None


def test_a_picture_of_thousands_of_parts_is_pixels() -> None:
    """A notebook keeps it for ever."""
    cells = [[row * column % 7 for column in range(60)] for row in range(60)]
    picture = still_picture({"data": [{"type": "heatmap", "z": cells}], "layout": {}})
    assert picture is not None
    assert picture.startswith("data:image/png;base64,")
    assert len(picture) < 100_000


def test_it_is_as_tall_as_the_figure_needs() -> None:
    """Names on top of each other are read in a tall picture only."""
    bars = {"type": "bar", "orientation": "h", "y": [f"n{number}" for number in range(10)], "x": [1] * 10}
    usual, tall = (_svg({"data": [bars], "layout": about}) for about in ({}, {"height": 990}))
    assert float(tall.attrib["height"].removesuffix("pt")) == 712.8
    assert float(usual.attrib["height"].removesuffix("pt")) == 316.8


NAMES = [f"name {place}" for place in range(3_000)]
DAYS = [f"2024-01-01T{place // 3600:02}:{place // 60 % 60:02}:{place % 60:02}" for place in range(3_000)]
VALUES = [place % 7 - 3.5 for place in range(3_000)]


@pytest.mark.parametrize(
    "trace",
    [
        {"type": "bar", "x": NAMES, "y": VALUES},
        {"type": "bar", "x": VALUES, "y": NAMES, "orientation": "h"},
        {"type": "bar", "x": DAYS, "y": VALUES},
        {"type": "scatter", "mode": "markers", "x": NAMES, "y": VALUES},
        {"type": "scatter", "mode": "markers", "x": VALUES, "y": NAMES},
        {"type": "scatter", "mode": "markers", "x": VALUES, "y": DAYS},
        {"type": "histogram", "x": NAMES},
        {"type": "pie", "labels": NAMES, "values": [abs(value) for value in VALUES]},
        {"type": "heatmap", "x": NAMES[:200], "y": DAYS[:200], "z": [VALUES[:200]] * 200},
    ],
    ids=lambda trace: "-".join(
        (trace["type"], trace.get("mode", ""), *("xy"[n] for n in (0, 1) if trace.get("xy"[n]) is NAMES))
    ),
)
def test_thousands_of_names_are_not_all_written(trace: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """One's own figure may have them. Each name, bar and slice drawn by itself takes milliseconds: a minute in all."""
    drawn: list[str] = []
    draw = mpl.text.Text.draw

    def noted(text: mpl.text.Text, *args: Any) -> None:
        drawn.append(text.get_text())
        draw(text, *args)

    monkeypatch.setattr(mpl.text.Text, "draw", noted)
    kept: list[int] = []
    monkeypatch.setattr(mpl.patches.Patch, "draw", lambda *_: kept.append(1))
    assert still_png({"data": [trace], "layout": {}}) is not None
    assert 5 < len([text for text in drawn if text]) < 200
    assert len(kept) < 300


FRAME = pd.DataFrame({"x": range(60), "y": [place % 7 for place in range(60)], "g": list("abc") * 20})


@pytest.mark.parametrize(
    "figure",
    [
        px.scatter(FRAME, x="x", y="y", color="g"),
        px.line(FRAME, x="x", y="y", facet_col="g"),
        px.area(FRAME.assign(x=FRAME.x // 3), x="x", y="y", color="g"),
        px.bar(FRAME.groupby("g", as_index=False).y.sum(), x="g", y="y", color="g"),
        px.box(FRAME, x="g", y="y"),
        px.box(FRAME, x="y", y="g", color="g"),
        px.box(FRAME, y=["x", "y"]),
        px.violin(FRAME, x="g", y="y", color="g"),
        px.strip(FRAME, x="g", y="y"),
        px.histogram(FRAME, x="y", color="g"),
        px.density_heatmap(FRAME, x="x", y="y"),
        px.imshow(np.arange(12.0).reshape(3, 4)),
        px.pie(FRAME, names="g", values="y"),
    ],
    ids=lambda figure: figure.data[0].type,
)
def test_what_people_draw_with_plotly_express_has_a_picture(figure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its arrays are base64 in JSON: the picture is that of the numbers in them."""
    spec = json.loads(figure.to_json())
    assert "bdata" in json.dumps(spec)
    plain = json.loads(json.dumps(spec), object_hook=lambda each: _listed(each) if "bdata" in each else each)
    assert "bdata" not in json.dumps(plain)
    assert still_picture(spec) == still_picture(plain) is not None


def _listed(array: dict[str, Any]) -> Any:
    values = np.frombuffer(base64.b64decode(array["bdata"]), array["dtype"])
    shape = [int(side) for side in array.get("shape", str(len(values))).split(",")]
    return values.reshape(shape).tolist()


def test_the_boxes_of_a_picture_are_the_quartiles() -> None:
    from matplotlib.figure import Figure

    from jupyter_viz.still.bars import Bars
    from jupyter_viz.still.spread import draw_boxes

    axes = Figure().add_subplot()
    traces = [
        {"type": "box", "y": [1.0, 2.0, 3.0, 4.0, 50.0], "x": ["a"] * 5},
        {
            "type": "box",
            "q1": [10.0],
            "median": [20.0],
            "q3": [30.0],
            "lowerfence": [5.0],
            "upperfence": [40.0],
            "x": ["b"],
        },
    ]
    bars = Bars(traces, {})
    for trace in traces:
        draw_boxes(axes, trace, bars)
    boxes = [[float(corner) for corner in box.get_path().vertices[:, 1]] for box in axes.patches]
    assert [(min(box), max(box)) for box in boxes] == [(2.0, 4.0), (10.0, 30.0)]
    assert [float(box.get_path().vertices[:4, 0].mean()) for box in axes.patches] == pytest.approx([0.0, 1.0], abs=0.01)


@pytest.mark.parametrize(
    "trace",
    [
        {"type": "scatter3d", "x": [1]},
        {"type": "scatter", "x": [{}], "y": [1]},
        {"type": "scatter", "x": [1, 2], "y": [1]},
        {"type": "heatmap", "z": [["a"]]},
        {"type": "box", "y": ["a"]},
        {"type": "histogram2d", "x": ["a"], "y": ["b"]},
        {"type": "pie", "values": [-1.0], "labels": ["a"]},
        {"type": "scatter", "x": {"bdata": "?", "dtype": "f8"}, "y": [1]},
        {"type": "scatter", "x": {"bdata": "AAAA", "dtype": "nothing"}, "y": [1]},
        {"type": "scatter", "x": 5, "y": [1]},
        {"type": "histogram", "x": ["a", "a"], "y": [1, 5], "histfunc": "sum"},
        {"type": "histogram", "x": [1, 2], "histnorm": "percent"},
        {"type": "histogram", "x": [1, 2], "cumulative": {"enabled": True}},
        {"type": "histogram2d", "x": [1, 2], "y": [1, 2], "z": [3, 4], "histfunc": "avg"},
        {"type": "scatter", "x": [1], "y": [1], "stackgroup": "one", "groupnorm": "percent"},
    ],
    ids=lambda trace: trace["type"],
)
def test_what_can_not_be_drawn_has_none_and_costs_nothing_else(trace: dict[str, Any]) -> None:
    assert still_picture({"data": [trace], "layout": {}}) is None


def test_a_density_counts_every_pair() -> None:
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

    from jupyter_viz.still.bars import Bars
    from jupyter_viz.still.spread import draw_density

    axes = Figure().add_subplot()
    trace = {"type": "histogram2d", "x": [1, 1, 2, None], "y": [5, 5, 6, 7], "nbinsx": 2, "nbinsy": 2}
    draw_density(axes, trace, Bars([trace], {}))
    [mesh] = [each for each in axes.collections if isinstance(each, QuadMesh)]
    assert mesh.get_array().tolist() == [[2.0, 0.0], [0.0, 1.0]]


def test_stacked_areas_stand_on_each_other() -> None:
    from matplotlib.figure import Figure

    from jupyter_viz.still.bars import Bars
    from jupyter_viz.still.traces import DRAW

    axes = Figure().add_subplot()
    traces = [{"x": [1, 2], "y": [1.0, 2.0], "stackgroup": "1"}, {"x": [1, 2], "y": [3.0, 4.0], "stackgroup": "1"}]
    bars = Bars(traces, {})
    for trace in traces:
        DRAW["scatter"](axes, trace, bars)
    assert [line.get_ydata().tolist() for line in axes.lines] == [[1.0, 2.0], [4.0, 6.0]]
