"""Bytes, and files and folders by their path: their content is copied into the artifact."""

from __future__ import annotations

import csv
import json
import os
import stat
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from ..enums import ArtifactKind, VisualizationType
from ..errors import InvalidOutput
from ..io import fileio
from .base_materializer import BaseMaterializer, Description
from .strings import PREVIEW, fenced

_KINDS = {
    ArtifactKind.TABLE: (".csv", ".tsv", ".parquet", ".csv.gz", ".tsv.gz"),
    ArtifactKind.JSON: (".json",),
    ArtifactKind.MARKDOWN: (".md", ".markdown"),
    ArtifactKind.HTML: (".html", ".htm"),
    ArtifactKind.IMAGE: (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"),
    ArtifactKind.TEXT: (".txt", ".log", ".py", ".yaml", ".yml"),
}
_SHOWN = {
    ArtifactKind.JSON: VisualizationType.JSON,
    ArtifactKind.MARKDOWN: VisualizationType.MARKDOWN,
    ArtifactKind.HTML: VisualizationType.HTML,
    ArtifactKind.IMAGE: VisualizationType.IMAGE,
}
_IMAGES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}
_DELIMITED = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
_HEX_BYTES = 512
_LISTED = 1000
_BLOCK = 1 << 20
# Copies of stored paths live as long as the process that asked for them.
_copies: list[tempfile.TemporaryDirectory[str]] = []


class BytesMaterializer(BaseMaterializer):
    """`bytes`: shown as an image or text where they are one, else as the first of them."""

    def save(self, data: bytes) -> None:
        if type(data) is not bytes:  # a class of its own, which may hold more
            super().save(data)
        with fileio.open(self.path("data.bin"), "wb") as file:
            file.write(data)

    def load(self, data_type: type | None = None) -> Any:
        if fileio.exists(self.path("data.pkl")):
            return super().load()
        with fileio.open(self.path("data.bin"), "rb") as file:
            return file.read()

    def save_visualizations(self, data: bytes) -> dict[str, VisualizationType]:
        for head, ending in _IMAGES.items():
            if data.startswith(head):
                path = self.path(f"image.{ending}")
                with fileio.open(path, "wb") as file:
                    file.write(data)
                return {path: VisualizationType.IMAGE}
        path = self.path("bytes.md")
        with fileio.open(path, "w") as file:
            file.write(_as_markdown(data[: PREVIEW * 4], len(data)))
        return {path: VisualizationType.MARKDOWN}


class PathMaterializer(BaseMaterializer):
    """A path of this machine: the file, or the folder as a tar archive. Loading gives a path to a copy."""

    def save(self, data: Path) -> None:
        try:
            mode = data.stat().st_mode
        except OSError as error:
            raise InvalidOutput(
                f"There is no file or folder {str(data)!r} ({error.strerror}). A Path stands for what is at it; "
                f"for the text alone return str(path)."
            ) from None
        name = data.name or data.resolve().name or "root"
        if stat.S_ISDIR(mode):
            with fileio.open(self.path("data.tar"), "wb") as file, tarfile.open(fileobj=file, mode="w|") as archive:
                _add_folder(archive, data, name, ())
        elif stat.S_ISREG(mode):
            self.KIND = _kind(name)
            fileio.copy(data, self.path(f"data{_ending(name)}"))
        else:
            raise InvalidOutput(f"{str(data)!r} is neither a file nor a folder.")
        with fileio.open(self.path("path.json"), "w") as file:
            json.dump({"name": name, "folder": stat.S_ISDIR(mode)}, file)

    def load(self, data_type: type | None = None) -> Path:
        with fileio.open(self.path("path.json")) as file:
            about = json.load(file)
        copy = tempfile.TemporaryDirectory(prefix="jupyter_viz-", ignore_cleanup_errors=True)
        _copies.append(copy)
        path = Path(copy.name, about["name"])
        if about["folder"]:
            with fileio.open(self.path("data.tar"), "rb") as file, tarfile.open(fileobj=file, mode="r|") as archive:
                archive.extractall(copy.name, filter="data")
        else:
            fileio.copy(self.path(f"data{_ending(about['name'])}"), path)
        return path

    def save_visualizations(self, data: Path) -> dict[str, VisualizationType]:
        if data.is_dir():
            return self._listing(data)
        kind = _kind(data.name)
        stored = self.path(f"data{_ending(data.name)}")
        if kind in _SHOWN:
            return {stored: _SHOWN[kind]}
        if data.name.lower().endswith(".csv"):
            return {stored: VisualizationType.CSV}
        path = self.path("beginning.md")
        with data.open("rb") as source, fileio.open(path, "w") as file:
            file.write(_as_markdown(source.read(PREVIEW * 4), data.stat().st_size))
        return {path: VisualizationType.MARKDOWN}

    def describe(self, data: Path) -> Description:
        """Of a csv its rows and columns, as recipes will read them."""
        if data.is_dir() or not data.name.lower().endswith(_DELIMITED):
            return Description()
        from ..io.delimited import described

        return Description(*described(str(data)) or ())

    def _listing(self, folder: Path) -> dict[str, VisualizationType]:
        found = sorted(
            (path.relative_to(folder).as_posix(), path.stat().st_size)
            for path in (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
            if path.is_file()
        )
        path = self.path("files.csv")
        with fileio.open(path, "w") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "bytes"])
            writer.writerows((os.fsencode(name).decode(errors="replace"), size) for name, size in found[:_LISTED])
            if len(found) > _LISTED:
                writer.writerow([f"… and {len(found) - _LISTED:,} more", sum(size for _, size in found[_LISTED:])])
        return {path: VisualizationType.CSV}


def _add_folder(archive: tarfile.TarFile, folder: Path, name: str, above: tuple[str, ...]) -> None:
    """The content of a folder; what a link leads to is copied, for elsewhere the link would lead nowhere."""
    real = os.path.realpath(folder)
    if real in above:
        raise InvalidOutput(f"{str(folder)!r} is a link to a folder that holds it.")
    archive.addfile(_info(name, tarfile.DIRTYPE))
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        inside = f"{name}/{entry.name}"
        if entry.is_dir():
            _add_folder(archive, Path(entry.path), inside, (*above, real))
        elif entry.is_file():
            with open(entry.path, "rb") as file:
                info = _info(inside, tarfile.REGTYPE)
                about = os.fstat(file.fileno())
                info.size, info.mtime, info.mode = about.st_size, int(about.st_mtime), about.st_mode & 0o777
                archive.addfile(info, file)
        else:
            raise InvalidOutput(f"{entry.path!r} is neither a file nor a folder, or a link to nothing.")


def _info(name: str, kind: bytes) -> tarfile.TarInfo:
    """Without the user's name and number, which are nobody's business elsewhere."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.mode = 0o755 if kind == tarfile.DIRTYPE else 0o644
    return info


def _kind(name: str) -> ArtifactKind:
    lower = name.lower()
    return next((kind for kind, endings in _KINDS.items() if lower.endswith(endings)), ArtifactKind.BINARY)


def _ending(name: str) -> str:
    """Of the stored file, so that recipes know what it holds; `.bin` for a name without one."""
    lower = name.lower()
    known = [ending for endings in _KINDS.values() for ending in endings if lower.endswith(ending)]
    return max(known, key=len, default=".bin")


def _as_markdown(head: bytes, total: int) -> str:
    """A text, or the first bytes in hexadecimal."""
    try:
        text: Any = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The head may end within a character.
        text = head[: error.start].decode("utf-8-sig") if error.start >= len(head) - 3 and len(head) < total else None
    if text is not None and not any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text[:PREVIEW]):
        return fenced(text[:PREVIEW], "" if len(head) == total and len(text) <= PREVIEW else f"{total:,} bytes in all")
    first = head[:_HEX_BYTES]
    lines = [
        f"{start:06x}  {first[start : start + 16].hex(' '):<47}  "
        + "".join(chr(byte) if 32 <= byte < 127 else "." for byte in first[start : start + 16])
        for start in range(0, len(first), 16)
    ]
    return fenced("\n".join(lines), f"The first {len(first):,} of {total:,} bytes" if len(first) < total else "")
