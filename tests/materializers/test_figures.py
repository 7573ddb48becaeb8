"""Pictures, plots and models come back, and are shown without a browser."""

from __future__ import annotations

import io
import json
import re
import warnings
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import pytest
from matplotlib.figure import Figure
from PIL import Image
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from jupyter_viz.enums import VisualizationType
from jupyter_viz.materializers import BaseMaterializer, materializer_for, saved_visualizations


def _kept(value: Any, folder: Path) -> tuple[BaseMaterializer, Any, dict[str, bytes]]:
    materializer = materializer_for(value)(str(folder))
    materializer.save(value)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unpickling")
        loaded = materializer.load()
    shown = saved_visualizations(materializer, value, "output")
    assert [item.error for item in shown] == [None] * len(shown)
    return materializer, loaded, {item.name: Path(str(item.uri)).read_bytes() for item in shown}


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I", "F", "I;16", "PA", "RGBX"]
)
def test_a_picture_of_any_mode_comes_back(mode: str, tmp_path: Path) -> None:
    image = Image.new(mode, (300, 200))
    pixel = tuple(range(1, len(image.getbands()) + 1))
    image.putpixel((3, 4), pixel if len(pixel) > 1 else 1)
    _, loaded, shown = _kept(image, tmp_path)
    assert (loaded.mode, loaded.size) == (mode, (300, 200))
    assert loaded.tobytes() == image.tobytes()
    [data] = shown.values()
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (300, 200)


def test_a_jpeg_comes_back_pixel_by_pixel(tmp_path: Path) -> None:
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (50, 60, 3), dtype=np.uint8)).save(tmp_path / "a.jpg")
    with Image.open(tmp_path / "a.jpg") as image:
        _, loaded, _ = _kept(image, tmp_path / "artifact")
        assert loaded.tobytes() == image.convert("RGB").tobytes()


@pytest.mark.parametrize("ending", ["gif", "png", "webp", "tiff"])
def test_a_film_keeps_its_frames(ending: str, tmp_path: Path) -> None:
    frames = [Image.new("L", (200, 200), shade) for shade in (0, 100, 200)]
    frames[0].save(tmp_path / f"a.{ending}", save_all=True, append_images=frames[1:])
    with Image.open(tmp_path / f"a.{ending}") as film:
        _, loaded, shown = _kept(film, tmp_path / "artifact")
    assert loaded.n_frames == 3
    assert shown


@pytest.mark.parametrize("made_by", ["pyplot", "Figure", "axes", "subfigure"])
def test_a_matplotlib_plot_is_shown_as_png(made_by: str, tmp_path: Path) -> None:
    figure = plt.figure() if made_by == "pyplot" else Figure()
    part = figure.subfigures() if made_by == "subfigure" else figure
    axes = part.subplots()
    axes.plot([1, 2, 3, 4], [1, 4, 2, 3])
    axes.set_title("Sample $x^2$")
    try:
        _, loaded, shown = _kept({"axes": axes, "subfigure": part}.get(made_by, figure), tmp_path)
        with Image.open(io.BytesIO(shown["figure"])) as image:
            assert image.format == "PNG"
            assert len(image.getcolors(1 << 20) or ()) > 10
        again = loaded if made_by == "axes" else loaded.axes[0]
        assert again.get_title() == "Sample $x^2$"
        assert again.lines[0].get_ydata().tolist() == [1, 4, 2, 3]
    finally:
        plt.close("all")


def test_a_plot_of_any_size_is_shown_small(tmp_path: Path) -> None:
    figure = Figure(figsize=(100, 50), dpi=300)
    figure.subplots().plot([1, 2])
    _, _, shown = _kept(figure, tmp_path)
    with Image.open(io.BytesIO(shown["figure"])) as image:
        assert max(image.size) <= 1700


@pytest.mark.parametrize(
    "figure",
    [
        go.Figure(),
        px.scatter(x=np.arange(300), y=np.linspace(0, 1, 300, dtype="f4")),
        px.imshow(np.arange(12).reshape(3, 4)),
        go.Figure(go.Scatter(x=["a", "é"], y=[None, float("nan")], name="<b>x</b>")),
    ],
    ids=["empty", "scatter", "two dimensions", "text"],
)
def test_a_plotly_figure_comes_back_with_its_numbers(figure: go.Figure, tmp_path: Path) -> None:
    """Adding to what plotly packed into a byte must not run over."""
    _, loaded, shown = _kept(figure, tmp_path)
    assert type(loaded) is type(figure)
    assert json.loads(loaded.to_json()) == json.loads(figure.to_json())
    assert "layout" in json.loads(shown["output"])
    with Image.open(io.BytesIO(shown["picture"])) as image:
        assert min(image.size) > 100
    for before, after in zip(figure.data, loaded.data, strict=True):
        if isinstance(before.x, np.ndarray) and before.x.dtype.kind == "i":
            assert (after.x + 1000).tolist() == (before.x + 1000).tolist()


@pytest.mark.parametrize(
    "figure",
    [
        px.bar(pd.DataFrame({"a": ["x", "y", "x"], "b": [1, 2, 3], "c": ["u", "u", "v"]}), x="a", y="b", color="c"),
        px.histogram(x=np.arange(50) ** 2),
        px.line(pd.DataFrame({"at": pd.date_range("2026-01-01", periods=4), "y": [1, 2, None, 4]}), x="at", y="y"),
        px.scatter(pd.DataFrame({"a": range(2000), "c": range(2000)}), x="a", y="a", color="c", size="c"),
        px.pie(values=[1, 2], names=["a", "b"]),
    ],
    ids=["bars", "histogram", "dates", "many points", "pie"],
)
def test_what_plotly_express_makes_has_a_picture(figure: go.Figure, tmp_path: Path) -> None:
    _, _, shown = _kept(figure, tmp_path)
    assert shown["picture"].startswith(b"\x89PNG")


def test_what_only_plotly_can_draw_has_none_and_stays_whole(tmp_path: Path) -> None:
    _, _, shown = _kept(go.Figure(go.Surface(z=[[1, 2], [3, 4]])), tmp_path)
    assert set(shown) == {"output"}


def test_an_estimator_is_shown_by_its_diagram_and_parameters(tmp_path: Path) -> None:
    scaled = make_column_transformer((StandardScaler(), [0]))
    model = make_pipeline(scaled, LogisticRegression(C=0.25, class_weight={1: 2.0, 2: 1}))
    model.fit(np.array([[0.0], [1.0], [2.0], [3.0]]), [1, 1, 2, 2])
    materializer, loaded, shown = _kept(model, tmp_path)
    assert loaded.predict([[3.0]]).tolist() == model.predict([[3.0]]).tolist()
    page = shown["diagram"].decode()
    assert "LogisticRegression" in page
    assert not re.findall(r"""<(?:script|img|link|iframe)[^>]*\s(?:src|href)=["']?(?:https?:)?//""", page)
    parameters = json.loads(shown["parameters"])
    assert parameters["class"] == "sklearn.pipeline.Pipeline"
    assert parameters["logisticregression__C"] == 0.25
    formats = [item.format for item in saved_visualizations(materializer, model)]
    assert formats == [VisualizationType.HTML, VisualizationType.JSON]
