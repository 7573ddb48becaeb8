"""The files of ZenML's artifacts. The connector `zenml` runs this file as `runner` runs the connector: by its path."""

from __future__ import annotations

import os
import shutil
from typing import Any

DATA = ("df.parquet.gzip", "df.parquet", "df.csv", "data.json")
"""Of an artifact of several files the one that is its data, by what ZenML's materializers call it."""
_open: set[str] = set()
"""Where the stores lie that are open."""


def artifacts(client: Any, name: str, version: Any, unlisted: dict[str, str]) -> list[dict[str, Any]]:
    """The files of one version of an artifact; what was saved to show of it belongs to the first.

    Where they can't be listed, why is added to `unlisted` by its URI.
    """
    local = "://" not in version.uri
    shown: list[dict[str, Any]] = []
    for each in version.visualizations or ():
        name_of = each.uri.rpartition("/")[2]
        shown.append({"name": name_of, "format": str(each.type), "uri": each.uri, "fetch": not local})
    try:
        files = _listed(client, version.uri, local)
    except FileNotFoundError:  # its bytes were removed
        files = []
    except Exception as error:  # the store can't be reached: the artifact is there all the same
        files = []
        told = str(error).strip().splitlines() or [""]
        unlisted[version.uri] = f"its files can't be listed: {type(error).__name__}: {told[0]}"
    of_shown = {each["name"] for each in shown}
    data = [file for file in DATA if file in files][:1] or [file for file in files if file not in of_shown] or files
    found = []
    for file in data or [""]:
        uri = f"{version.uri}/{file}".rstrip("/")
        artifact: dict[str, Any] = {"name": f"{name}/{file}" if len(data) > 1 else name, "uri": uri}
        if local and os.path.isfile(uri):
            artifact["size"] = os.path.getsize(uri)
        elif not local:
            artifact["fetch"] = True
        found.append(artifact)
    found[0]["visualizations"] = shown
    return found


def _listed(client: Any, uri: str, local: bool) -> list[str]:
    if local:
        return sorted(name for name in os.listdir(uri) if os.path.isfile(os.path.join(uri, name)))
    _open_store(client, uri)
    from zenml.io import fileio

    return sorted(os.fsdecode(name) for name in fileio.listdir(uri))


def bring(client: Any, uri: str, to: str) -> None:
    """Write a file of an artifact store to a file here."""
    _open_store(client, uri)
    from zenml.io import fileio

    with fileio.open(uri, "rb") as source, open(to, "wb") as target:
        shutil.copyfileobj(source, target)


def _open_store(client: Any, uri: str) -> None:
    """Have ZenML read the artifact store that a URI is in, of whatever stack. Raises `FileNotFoundError` for no store.

    Where artifacts are is asked anew: nothing else of this machine or store is read for who asks from elsewhere.
    """
    if ".." in uri.split("/"):
        raise FileNotFoundError(f"{uri} is no file of an artifact store")
    if any(uri.startswith(path) for path in _open):
        return
    from zenml.enums import StackComponentType
    from zenml.stack import StackComponent

    number, pages = 1, 1
    while number <= pages:
        page = client.list_stack_components(type=StackComponentType.ARTIFACT_STORE, page=number, hydrate=True)
        for component in page.items:
            path = str(component.configuration.get("path") or "").rstrip("/") + "/"
            if "://" in path and uri.startswith(path):
                StackComponent.from_model(component)  # ZenML knows it from then on, by the scheme of its URIs
                _open.add(path)
                return
        number, pages = number + 1, page.total_pages
    raise FileNotFoundError(f"{uri} is in no artifact store that this ZenML knows")
