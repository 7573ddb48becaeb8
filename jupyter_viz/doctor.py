"""`jupyter viz doctor`: does every part work here? Each line is a part; a cross comes with the way out."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from .artifacts.store import WRITING
from .catalog.engine import on_network_file_system, sqlite_path
from .config import load_configuration, unknown_variables
from .errors import VizError
from .notebook.listings import status_lines
from .service import Service

Check = Callable[[Service], str | None]


def check() -> tuple[list[str], bool]:
    """The report by line, and whether all is well."""
    service = Service(load_configuration())
    lines = status_lines(service)
    well = not any(line.startswith("problem") for line in lines)
    for title, part in _CHECKS.items():
        try:
            problem = part(service)
        except VizError as error:
            problem = str(error)
        lines.append(f"{'ok ' if problem is None else 'NO '} {title}" + (f": {problem}" if problem else ""))
        well = well and problem is None
    return lines, well


def _variables(_service: Service) -> str | None:
    unknown = unknown_variables(os.environ)
    return f"{', '.join(unknown)}: no such setting, not read. docs/operate.md lists them." if unknown else None


def _catalog(service: Service) -> str | None:
    # A query, not only a connection.
    service.catalog.runs.page(limit=1)
    path = sqlite_path(service.config.catalog)
    kind = on_network_file_system(path.parent.resolve()) if path else None
    if kind is None:
        return None
    return (
        f"{path} is on a network file system ({kind}), where SQLite is slow and can lose its locks. Use PostgreSQL: "
        "JUPYTER_VIZ_CATALOG=postgresql://…"
    )


def _artifacts(service: Service) -> str | None:
    probe = f"{service.store.root}/{WRITING}probe-{os.getpid()}"  # so named, `gc` removes it after a kill -9
    try:
        service.store.write(probe, b"written")
        service.store.remove(probe)
    except OSError as error:
        return f"{service.store.root} can't be written: {error.strerror or error}. Set JUPYTER_VIZ_ARTIFACTS."
    return None


def _server_extension(_service: Service) -> str | None:
    from jupyter_core.paths import jupyter_config_path

    for folder in jupyter_config_path():
        for file in Path(folder, "jupyter_server_config.d").glob("*.json"):
            extensions = json.loads(file.read_text()).get("ServerApp", {}).get("jpserver_extensions", {})
            if extensions.get("jupyter_viz"):
                return None
    return "It is not enabled: pip install --force-reinstall --no-deps jupyter_viz, in the server's environment."


def _lab_extension(_service: Service) -> str | None:
    from jupyter_core.paths import jupyter_path

    for folder in jupyter_path("labextensions"):
        package = Path(folder, "jupyter-viz", "package.json")
        if package.is_file():
            found = json.loads(package.read_text())["version"]
            if found == version("jupyter_viz"):
                return None
            return f"{package.parent} is of version {found}: install jupyter_viz again, or remove that folder."
    return "It is not installed: pip install --force-reinstall --no-deps jupyter_viz."


def _tables(_service: Service) -> str | None:
    """pyarrow does not say to pip which NumPy it needs, so an older NumPy can find itself beside a pyarrow too new."""
    try:
        import_module("pyarrow")
    except ImportError as error:
        kept = " pip install 'pyarrow<26' works with NumPy 1." if "NumPy" in str(error) else ""
        return f"They can't be read or written: {error}.{kept}"
    return None


def _recipes(service: Service) -> str | None:
    from .recipes.known import read_descriptions

    with tempfile.TemporaryDirectory() as folder:
        _, broken = read_descriptions(Path(folder))
    return "; ".join(f"{plugin.name} is broken ({plugin.message})" for plugin in broken) or None


_CHECKS: dict[str, Check] = {
    "settings": _variables,
    "catalog": _catalog,
    "artifact store": _artifacts,
    "server extension": _server_extension,
    "Lab extension": _lab_extension,
    "tables": _tables,
    "recipes": _recipes,
}
