"""Strings: plain text, and the four special ones that are shown as what they are."""

from __future__ import annotations

import json
import os
import re
import tempfile
from typing import Any, ClassVar

from ..enums import ArtifactKind, VisualizationType
from ..errors import InvalidOutput
from ..io import fileio
from ..types import CSVString, HTMLString, JSONString, MarkdownString
from ..uri import is_uri
from . import pickled
from .base_materializer import BaseMaterializer, Description

PREVIEW = 100_000


def fenced(text: str, note: str = "") -> str:
    """Markdown that shows a text as it is, whatever is in it, and a note below."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}\n" + (f"\n\n{note}.\n" if note else "")


class TextMaterializer(BaseMaterializer):
    """`str`: shown as it is, in a block of its own."""

    KIND = ArtifactKind.TEXT
    ENDING: ClassVar[str] = "txt"
    TYPE: ClassVar[type[str]] = str

    @property
    def data_path(self) -> str:
        return self.path(f"data.{self.ENDING}")

    def save(self, data: str) -> None:
        if type(data) is not self.TYPE:  # a class of its own, an enum for one
            pickled.save(self.path("data.pkl"), data)
        try:
            encoded = data.encode()
        except UnicodeEncodeError as error:
            raise InvalidOutput(f"The text can't be stored as UTF-8: {error}.") from None
        with fileio.open(self.data_path, "wb") as file:
            file.write(encoded)

    def load(self, data_type: type | None = None) -> Any:
        if fileio.exists(self.path("data.pkl")):
            return pickled.load(self.path("data.pkl"))
        with fileio.open(self.data_path, "rb") as file:
            return self.TYPE(file.read().decode())

    def save_visualizations(self, data: str) -> dict[str, VisualizationType]:
        path = self.path("text.md")
        cut = f"The first {PREVIEW:,} of {len(data):,} characters" if len(data) > PREVIEW else ""
        with fileio.open(path, "w") as file:
            file.write(fenced(data[:PREVIEW], cut))
        return {path: VisualizationType.MARKDOWN}


class HTMLMaterializer(TextMaterializer):
    KIND = ArtifactKind.HTML
    ENDING = "html"
    TYPE = HTMLString

    def save_visualizations(self, data: str) -> dict[str, VisualizationType]:
        return {self.data_path: VisualizationType.HTML}


class MarkdownMaterializer(TextMaterializer):
    KIND = ArtifactKind.MARKDOWN
    ENDING = "md"
    TYPE = MarkdownString

    def save_visualizations(self, data: str) -> dict[str, VisualizationType]:
        return {self.data_path: VisualizationType.MARKDOWN}


class JSONStringMaterializer(TextMaterializer):
    KIND = ArtifactKind.JSON
    ENDING = "json"
    TYPE = JSONString

    def save(self, data: str) -> None:
        try:
            json.loads(data)
        except (ValueError, RecursionError) as error:
            raise InvalidOutput(f"The JSONString is not JSON: {error}.") from None
        super().save(data)

    def save_visualizations(self, data: str) -> dict[str, VisualizationType]:
        return {self.data_path: VisualizationType.JSON}


class CSVMaterializer(TextMaterializer):
    KIND = ArtifactKind.TABLE
    ENDING = "csv"
    TYPE = CSVString

    def save_visualizations(self, data: str) -> dict[str, VisualizationType]:
        return {self.data_path: VisualizationType.CSV}

    def describe(self, data: str) -> Description:
        """Rows and columns as recipes will read them; nothing where the text is no table."""
        if not data.strip():
            return Description(0)
        from ..io.delimited import described

        if not is_uri(self.uri) and os.path.exists(self.data_path):
            return Description(*described(self.data_path) or ())
        with tempfile.TemporaryDirectory(prefix="jupyter-viz-") as folder:
            path = os.path.join(folder, f"data.{self.ENDING}")
            with open(path, "wb") as file:
                file.write(data.encode())
            return Description(*described(path) or ())
