"""Places: where other systems keep their runs, as the user names them and as they are kept."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from ..config import Configuration
from ..errors import BadRequest

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///")


@dataclass(frozen=True, slots=True)
class Place:
    """Attributes:
    system: The connector's name.
    location: As the connector takes it, with credentials where the user gave them.
    python: The interpreter that has the connector's library; ours where it is None.
    project: That the runs are to belong to; None for the configured one.
    """

    system: str
    location: str = field(repr=False)
    python: str | None = None
    project: str | None = None


def plain_location(text: str, folder: str | None = None) -> str:
    """A location as it is kept: absolute where it is a path, and without credentials.

    The namespace behind an address (`https://host/pipeline#team`) belongs to it; anything else there does not.

    Args:
        folder: Where relative paths begin; the current one by default.
    """
    here = Path(folder or ".").absolute()
    if match := _SQLITE.match(text):
        return f"{match[0]}{here / text[match.end() :]}"
    if "://" not in text:
        return str(here / Path(text).expanduser())
    split = urlsplit(text)
    part = split.fragment if _NAMESPACE.fullmatch(split.fragment) else ""
    return urlunsplit(split._replace(netloc=split.netloc.rpartition("@")[2], query="", fragment=part))


def has_credentials(location: str) -> bool:
    """Whether a location holds what is not to be kept."""
    split = urlsplit(location)
    return "://" in location and ("@" in split.netloc or bool(split.query))


def folder_of(location: str) -> str | None:
    """The folder in which a place as it is kept has its files; None where it is no folder or file of this machine."""
    if match := _SQLITE.match(location):
        return str(Path(location[match.end() :]).parent)
    path = location.removeprefix("file://")
    if not path or "://" in path:
        return None
    return path if os.path.isdir(path) else str(Path(path).parent)


def lies_openly_in(folder: str, path: str) -> bool:
    """Whether a file lies in the folder of a place, and nothing on the way to it is hidden.

    A co-worker who writes a run's paths shall not lead anybody into `.ssh` because the database is in a home.
    """
    real, root = Path(path).resolve(), Path(folder).resolve()
    if root == Path(root.anchor) or not real.is_relative_to(root):
        return False
    return not any(part.startswith(".") for part in real.relative_to(root).parts)


def configured_places(config: Configuration) -> Iterator[tuple[str, Place]]:
    """(name, place) of each that the configuration names."""
    for name, values in config.connectors.items():
        yield (
            name,
            Place(values["system"], values.get("location", ""), values.get("python"), values.get("project")),
        )


def with_credentials(place: Place, config: Configuration) -> Place:
    """A place as it was kept, as the configuration has it: with credentials, and in its interpreter."""
    for _, known in configured_places(config):
        if known.system == place.system and plain_location(known.location) == place.location:
            return Place(known.system, known.location, known.python or place.python, known.project or place.project)
    return place


def refuse_credentials(place: Place) -> None:
    """Raises `BadRequest` where a place that is to be kept has a credential in it."""
    if has_credentials(place.location):
        raise BadRequest(
            f"{plain_location(place.location)}: the user name, password or token in the address would not be kept. "
            "Give the address without it, and the credential where the system itself looks for it (such as "
            "MLFLOW_TRACKING_TOKEN in the server's environment), or in the setting `connectors` of config.yaml."
        )
