"""One configuration for every process: server, kernels, pipelines, command line.

In order, the later wins: built-in values, `$JUPYTER_VIZ_HOME/config.yaml`, `JUPYTER_VIZ_*` variables, traits of the
Jupyter server (which hands all of it on to the kernels it starts, as variables).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ConfigurationError, VizError, did_you_mean
from .uri import Uri, is_uri

if TYPE_CHECKING:
    import yaml

PREFIX = "JUPYTER_VIZ_"
CONFIG_FILE = "config.yaml"
_NOT_SETTINGS = (PREFIX + "SERVER_CATALOG", PREFIX + "RENDERING")
_LISTS = {"allowed_sources": "folders", "preload": "modules", "recipe_folders": "folders"}
_MAY_BE_ZERO = {"cpu_limit", "memory_limit", "process_limit", "output_limit", "file_limit", "waiting_kernels"}
_NUMBERS: dict[str, Callable[[Any], float]] = {
    "time_limit": float,
    "concurrency": int,
    "queue_limit": int,
    "user_limit": int,
    "cpu_limit": float,
    "memory_limit": int,
    "process_limit": int,
    "output_limit": int,
    "file_limit": int,
    "waiting_kernels": int,
    "idle_seconds": float,
    "keep_renderings_days": float,
    "keep_renderings_bytes": int,
}
_TEXTS = {"home", "catalog", "artifacts", "project", "source_root"}
_HIDDEN = ("connections", "connectors")  # their values may hold passwords: no message repeats them
_OF_A_PLACE = {"system", "location", "python", "project"}


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where things are and what is allowed.

    Attributes:
        home: Folder of everything that has no place of its own.
        catalog: SQLAlchemy URL of the catalog; by default `catalog.db` (SQLite) in `home`.
        artifacts: Folder or fsspec URL below which artifacts and results are stored; by default `artifacts` in `home`.
        project: The project that runs are recorded in.
        allowed_sources: Folders, and URIs of buckets or folders in them, whose files a rendering may read, besides the
            server's root folder and the store.
        connections: Databases whose tables are sources: URLs as `ibis.connect` takes them, by name.
        connectors: Places whose runs `jupyter viz sync` brings in, by name: system, location (which may hold a
            credential; relative paths begin at `home`), python (the interpreter that has the system's library),
            project.
        source_root: Folder that relative file sources start from; by default the current one.
        time_limit: Seconds a rendering may take, once its kernel is there.
        concurrency: Renderings at a time.
        queue_limit: Renderings that may wait; one more is refused.
        user_limit: Renderings of one user that may wait or run; one more of theirs is refused.
        cpu_limit: Seconds of CPU that a rendering's process may use; 0 for no limit, as in the ones below.
        memory_limit: Bytes that a rendering may take beyond what a fresh kernel has.
        process_limit: Processes that a rendering may have started at a time.
        output_limit: Bytes that a rendering may show.
        file_limit: Bytes of one file that a rendering may write.
        waiting_kernels: Kernels kept ready, each for one rendering.
        idle_seconds: After so long without a rendering the kernels are let go, until the next one.
        preload: Modules that rendering kernels have imported already; none may start a thread when it is imported.
        recipe_folders: Folders whose `.py` files are plugins with recipes, relative to `home`.
        keep_renderings_days: How long a rendering that nobody looks at is kept.
        keep_renderings_bytes: How many bytes of renderings are kept; of more, the longest unused go first.
    """

    home: str
    catalog: str
    artifacts: str
    project: str = "default"
    allowed_sources: tuple[str, ...] = ()
    connections: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    connectors: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False, hash=False)
    source_root: str | None = None
    time_limit: float = 100.0
    concurrency: int = 2
    queue_limit: int = 500
    user_limit: int = 250
    cpu_limit: float = 200.0
    memory_limit: int = 4 * 1024**3
    process_limit: int = 64
    output_limit: int = 50_000_000
    file_limit: int = 2 * 1024**3
    waiting_kernels: int = 2
    idle_seconds: float = 600.0
    preload: tuple[str, ...] = ()
    recipe_folders: tuple[str, ...] = ()
    keep_renderings_days: float = 30.0
    keep_renderings_bytes: int = 2_000_000_000

    @property
    def home_path(self) -> Path:
        return Path(self.home)

    @property
    def saved_recipes(self) -> Path:
        """The folder of the cells that were saved as recipes."""
        return self.home_path / "recipes"

    @property
    def recipe_places(self) -> tuple[str, ...]:
        """All folders where recipes are: those of the setting, and that of the cells that were saved."""
        own = str(self.saved_recipes)
        return (
            self.recipe_folders
            if own in self.recipe_folders or not self.saved_recipes.is_dir()
            else (*self.recipe_folders, own)
        )

    def environment(self) -> dict[str, str]:
        """The variables that give another process this same configuration.

        But for `connections` and `connectors`: passwords are not spread. Another process reads them where this one
        did, in the home's file or the variable that it inherits.
        """
        import yaml

        values = {}
        for name, value in asdict(self).items():
            if value is None or name in _HIDDEN:
                continue
            plain = list(value) if isinstance(value, tuple) else value
            text = yaml.safe_dump(plain, default_flow_style=True, width=10**6)
            values[PREFIX + name.upper()] = value if isinstance(value, str) else text.removesuffix("...\n").strip()
        return values


def default_home() -> str:
    """`viz/` in the Jupyter data folder of this user."""
    from jupyter_core.paths import jupyter_data_dir

    return str(Path(jupyter_data_dir()) / "viz")


def load_configuration(
    environ: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> Configuration:
    """Read the configuration as this process sees it. Raises `ConfigurationError` that names file and key."""
    environ = os.environ if environ is None else environ
    home = Path(environ.get(PREFIX + "HOME") or default_home()).expanduser().absolute()
    if overrides and overrides.get("home"):
        home = Path(overrides["home"]).expanduser().absolute()
    known = {each.name for each in fields(Configuration)}
    values = _from_file(home / CONFIG_FILE, known) | _from_environment(environ, known) | dict(overrides or {})
    values["home"] = str(home)
    values.setdefault("catalog", f"sqlite:///{(home / 'catalog.db').as_posix()}")
    values.setdefault("artifacts", str(home / "artifacts"))
    return _checked(values)


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """`JUPYTER_VIZ_*` variables that are no settings. Not refused: a newer server hands its own on to older kernels."""
    known = {PREFIX + each.name.upper() for each in fields(Configuration)} | set(_NOT_SETTINGS)
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known)


def _from_file(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} can't be read: {error}") from error
    import yaml

    try:
        values = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path} is not YAML: {_reason(error)}") from None
    if not isinstance(values, dict):
        raise ConfigurationError(f"{path} must hold names and values, not a {type(values).__name__}.")
    for name in values:
        if name not in known or name == "home":
            raise ConfigurationError(f"{path} has the unknown key {name!r}.{did_you_mean(str(name), known)}")
    return values


def _from_environment(environ: Mapping[str, str], known: set[str]) -> dict[str, Any]:
    import yaml

    values: dict[str, Any] = {}
    for name in known & {key[len(PREFIX) :].lower() for key in environ if key.startswith(PREFIX)}:
        text = environ[PREFIX + name.upper()]
        try:
            values[name] = text if name in _TEXTS else yaml.safe_load(text)
        except yaml.YAMLError as error:
            given = "" if name in _HIDDEN else f"={text!r}"
            raise ConfigurationError(f"{PREFIX}{name.upper()}{given} can't be read: {_reason(error)}") from None
    return values


def _reason(error: yaml.YAMLError) -> str:
    """What is wrong and where, without the line itself."""
    mark = getattr(error, "problem_mark", None)
    where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return f"{getattr(error, 'problem', None) or type(error).__name__}{where}."


def _checked(values: dict[str, Any]) -> Configuration:
    for name in _TEXTS & values.keys():
        if not isinstance(values[name], str):
            raise ConfigurationError(f"{name}: {values[name]!r} is not text.")
    for name, kind in _NUMBERS.items():
        if name in values:
            try:
                values[name] = kind(values[name])
            except (TypeError, ValueError, OverflowError):
                raise ConfigurationError(f"{name}: {values[name]!r} is not a number.") from None
            if not (values[name] > 0 or (name in _MAY_BE_ZERO and values[name] == 0)):
                raise ConfigurationError(f"{name}: {values[name]!r} must be above zero.")
    for name, what in _LISTS.items():
        listed = values.get(name, ())
        if isinstance(listed, str):
            listed = [listed]
        if not isinstance(listed, (list, tuple)) or not all(isinstance(each, str) for each in listed):
            raise ConfigurationError(f"{name}: {listed!r} must be a list of {what}.")
        values[name] = tuple(listed)
    values["recipe_folders"] = tuple(
        str(Path(values["home"], Path(folder).expanduser())) for folder in values["recipe_folders"]
    )
    values["connections"] = _connections(values.get("connections") or {})
    values["connectors"] = _connectors(values.get("connectors") or {})
    values["allowed_sources"] = tuple(source.removeprefix("file://") for source in values["allowed_sources"])
    for source in filter(is_uri, values["allowed_sources"]):
        _check_uri("allowed_sources", source)
    values["artifacts"] = values["artifacts"].removeprefix("file://")
    if is_uri(values["artifacts"]):
        _check_uri("artifacts", values["artifacts"])
    return Configuration(**values)


def _connections(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping) or not all(
        isinstance(name, str) and isinstance(url, str) and is_uri(url) for name, url in given.items()
    ):
        raise ConfigurationError("connections: it must hold names and URLs, such as lake: duckdb:///data/lake.duckdb.")
    return dict(given)


def _connectors(given: Any) -> dict[str, dict[str, str]]:
    if not isinstance(given, Mapping) or not all(
        isinstance(name, str)
        and isinstance(place, Mapping)
        and "system" in place
        and all(isinstance(value, str) for value in place.values())
        for name, place in given.items()
    ):
        raise ConfigurationError(
            "connectors: it must hold names, and of each the texts system and location, such as "
            "tracking: {system: mlflow, location: https://mlflow.example}."
        )
    for name, place in given.items():
        if unknown := sorted(place.keys() - _OF_A_PLACE):
            raise ConfigurationError(
                f"connectors: {name!r} has the unknown key {unknown[0]!r}.{did_you_mean(unknown[0], _OF_A_PLACE)}"
            )
    return {name: dict(place) for name, place in given.items()}


def _check_uri(name: str, text: str) -> None:
    try:
        # A store may be of any kind that fsspec knows; sources are read from those that the code was made for.
        uri = Uri.parse(text, schemes=name != "artifacts")
    except VizError as error:
        raise ConfigurationError(f"{name}: {error}") from None
    if uri.scheme in ("http", "https", "ftp"):
        raise ConfigurationError(
            f"{name}: nothing can be stored by {uri.scheme!r}. Give a folder, or s3://bucket/folder."
        )
