"""Pictures and plots: of Pillow, matplotlib and plotly."""

from __future__ import annotations

import io
import json
import shutil
from typing import Any

from ..enums import ArtifactKind, VisualizationType
from ..io import fileio
from ..still import still_png
from ..still.arrays import decoded
from . import pickled
from .base_materializer import BaseMaterializer, qualified_name
from .images import LONGEST_SIDE, reduced

# The modes that PNG holds without loss.
_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
_FILMS = {"GIF": "gif", "WEBP": "webp", "TIFF": "tiff", "PNG": "apng"}
_LARGEST_JSON = 10 * 1024 * 1024


class ImageMaterializer(BaseMaterializer):
    """`PIL.Image.Image`, as PNG; a film as the file it is of; modes that PNG doesn't hold by cloudpickle."""

    KIND = ArtifactKind.IMAGE

    def save(self, data: Any) -> None:
        if getattr(data, "is_animated", False) and data.format in _FILMS:
            where = data.fp.tell()
            data.fp.seek(0)
            with fileio.open(self.path(f"data.{_FILMS[data.format]}"), "wb") as file:
                shutil.copyfileobj(data.fp, file)
            data.fp.seek(where)
            return
        if data.mode not in _PNG_MODES:
            self.KIND = ArtifactKind.BINARY
            pickled.save(self.path("data.pkl"), data)
            return
        kept = {name: data.info[name] for name in ("exif", "icc_profile", "dpi", "transparency") if name in data.info}
        with fileio.open(self.path("data.png"), "wb") as file:
            data.save(file, format="png", **kept)

    def load(self, data_type: type | None = None) -> Any:
        from PIL import Image

        if fileio.exists(self.path("data.pkl")):
            return pickled.load(self.path("data.pkl"))
        for ending in _FILMS.values():
            if fileio.exists(self.path(f"data.{ending}")):
                with fileio.open(self.path(f"data.{ending}"), "rb") as file:
                    return Image.open(io.BytesIO(file.read()))
        with fileio.open(self.path("data.png"), "rb") as file:
            image = Image.open(io.BytesIO(file.read()))
            return image.copy()

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        name, picture = reduced(data.copy(), "image")
        if name == "image.png" and fileio.exists(self.path("data.png")):
            return {self.path("data.png"): VisualizationType.IMAGE}
        with fileio.open(self.path(name), "wb") as file:
            file.write(picture)
        return {self.path(name): VisualizationType.IMAGE}


class MatplotlibMaterializer(BaseMaterializer):
    """matplotlib's figures, and axes by the figure they are in: pickled, and shown as PNG."""

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        figure = data if hasattr(data, "savefig") else data.figure
        while not hasattr(figure, "savefig"):  # a part of a figure
            figure = figure.figure
        width, height = figure.get_size_inches()
        dpi = min(max(float(figure.dpi), 100), LONGEST_SIDE / max(width, height, 0.1))
        path = self.path("figure.png")
        with fileio.open(path, "wb") as file:
            figure.savefig(file, format="png", dpi=dpi, bbox_inches="tight")
        return {path: VisualizationType.IMAGE}


class PlotlyMaterializer(BaseMaterializer):
    """plotly's figures, as their JSON. Subclasses of plotly's classes come back as `plotly.graph_objects.Figure`."""

    KIND = ArtifactKind.JSON

    def save(self, data: Any) -> None:
        with fileio.open(self.path("data.json"), "w") as file:
            file.write(data.to_json())
        with fileio.open(self.path("type.json"), "w") as file:
            json.dump(qualified_name(type(data)), file)

    def load(self, data_type: type | None = None) -> Any:
        import plotly.graph_objects as go

        with fileio.open(self.path("type.json")) as file:
            widget = json.load(file).endswith(".FigureWidget")
        with fileio.open(self.path("data.json")) as file:
            spec = decoded(json.load(file))
        return go.FigureWidget(spec) if widget else go.Figure(spec)

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        path = self.path("data.json")
        shown = {path: VisualizationType.JSON} if fileio.size(path) <= _LARGEST_JSON else {}
        if picture := _picture(data):
            with fileio.open(self.path("picture.png"), "wb") as file:
                file.write(picture)
            shown[self.path("picture.png")] = VisualizationType.IMAGE
        return shown


def _picture(figure: Any) -> bytes | None:
    """For where plotly is not; None for what can't be drawn without it."""
    try:
        return still_png(json.loads(figure.to_json()))
    except (ValueError, TypeError, KeyError, OverflowError):  # of values that mean something to plotly alone
        return None
