"""Places: where other systems keep their runs, as the user names them and as they are kept."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from ..config import Configuration
from ..errors import BadRequest

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_WORD = re.compile(r"[\w-]+")
_WORDS = ("databricks", "databricks-uc")  # what MLflow calls a place that its own settings name
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///")
_FILE = re.compile(r"file:(?://[^/]*(?=/))?")
_PARTS = re.compile(r"[/?#]")
_HOST = re.compile(r"(?:\[[^]]*\]|[^:]*)(?::\d*)?")
_SHORTEST = 3
_CREDENTIALS = re.compile(r"//[^/@\s]*@")


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

    The namespace behind an address (`https://host/pipeline#team`) belongs to it; of a query, or what a browser writes
    behind a #, nothing is kept.

    Args:
        folder: Where relative paths begin; the current one by default.

    Raises:
        BadRequest: It is no address and no path.
    """
    here = Path(folder or ".").absolute()
    try:
        if text in _WORDS:
            return text
        if match := _SQLITE.match(text):
            return f"{match[0]}{here / text[match.end() :]}"
        if match := _FILE.match(text):
            return str(here / unquote(text[match.end() :]))
        if "://" not in text:
            return str(here / Path(text).expanduser())
        plain, _ = _apart(text)
        split = urlsplit(plain)
        _ = split.port
    except (ValueError, RuntimeError):  # RuntimeError: ~nobody
        raise BadRequest(f"{_shown(text)} is neither an address nor a path.") from None
    if _WORD.fullmatch(split.fragment) and not _NAMESPACE.fullmatch(split.fragment):
        raise BadRequest(
            f"{split.fragment!r} is no namespace: it has at most 63 small letters, digits and -, and begins and ends "
            "with a letter or digit."
        )
    part = split.fragment if _NAMESPACE.fullmatch(split.fragment) else ""
    return urlunsplit(split._replace(query="", fragment=part))


def has_credentials(location: str) -> bool:
    """Whether a location holds what is not to be kept."""
    return any(_secret_parts(location))


def _secret_parts(location: str) -> tuple[str, str]:
    """(the user of an address with their password, its query)."""
    if "://" not in location or _SQLITE.match(location):
        return "", ""
    plain, user = _apart(location)
    return user, plain.partition("#")[0].partition("?")[2]


def without_secrets(message: str, location: str) -> str:
    """A message about a place, with nothing in it that its location has to hide."""
    user, query = _secret_parts(location)
    if query.startswith("ns="):  # the namespace, where Kubeflow's page has it
        query = query.partition("&")[2]
    found = {user, user.partition(":")[2], query, *(value for _, value in parse_qsl(query))}
    for secret in sorted(found | set(map(unquote, found)), key=len, reverse=True):
        if len(secret) > _SHORTEST:  # of shorter ones every sentence is full
            message = message.replace(secret, "…")
    return _CREDENTIALS.sub("//", message)


def _apart(address: str) -> tuple[str, str]:
    """(an address without its user, the user with their password).

    A password may hold what separates the parts of an address. Of a page an @ may stand in the path, too: there it
    only counts where what stands before the first slash is no host with a port.
    """
    scheme, _, rest = address.partition("://")
    host = _PARTS.split(rest, maxsplit=1)[0]
    is_user = "@" in host or not scheme.startswith("http") or not _HOST.fullmatch(host)
    if "@" not in rest or not is_user:
        return address, ""
    user, _, behind = (host if "@" in host and scheme.startswith("http") else rest).rpartition("@")
    return f"{scheme}://{behind}{rest[len(user) + 1 + len(behind) :]}", user


def _shown(text: str) -> str:
    """A location that can't be read, cut so that nothing of it can be a secret."""
    return repr(f"{text.partition('://')[0]}://…" if "://" in text else text)


def is_of_machine(location: str) -> bool:
    """Whether a place as it is kept is a file or folder of a machine, which another machine may not have."""
    return bool(_SQLITE.match(location)) or ("://" not in location and location not in _WORDS)


def folder_of(location: str) -> str | None:
    """The folder in which a place as it is kept has its files; None where it is no folder or file of this machine."""
    if not is_of_machine(location):
        return None
    path = _SQLITE.sub("", location)
    if os.path.isfile(path):
        return str(Path(path).parent)
    return path if os.path.isdir(path) else None


def lies_openly_in(folder: str, path: str) -> bool:
    """Whether a file lies in the folder of a place, and nothing on the way to it is hidden.

    A co-worker who writes a run's paths shall not lead anybody into `.ssh` because the database is in a home.
    """
    try:
        real, root = Path(path).resolve(), Path(folder).resolve()
    except (OSError, RuntimeError, ValueError):  # links that lead in a circle, NUL
        return False
    if root == Path(root.anchor) or not real.is_relative_to(root):
        return False
    return not any(part.startswith(".") for part in real.relative_to(root).parts)


def configured_places(config: Configuration) -> Iterator[tuple[str, Place]]:
    """(name, place) of each that the configuration names; relative paths there begin at the home."""
    for name, values in config.connectors.items():
        location = values.get("location", "")
        if location and not has_credentials(location):
            location = plain_location(location, config.home)
        yield name, Place(values["system"], location, values.get("python"), values.get("project"))


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
