"""What all tests share: a home of their own, a recorded run, databases, a Jupyter server."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pytest

from jupyter_viz import log_metrics, pipeline, step
from jupyter_viz.client import Client
from jupyter_viz.config import load_configuration
from jupyter_viz.enums import VisualizationType
from jupyter_viz.materializers import BaseMaterializer
from jupyter_viz.models import Principal, RenderRequest
from jupyter_viz.service import Service
from jupyter_viz.types import CSVString, HTMLString, JSONString, MarkdownString

pytest_plugins = ["pytest_jupyter.jupyter_server", "object_store"]

PREFIX = "JUPYTER_VIZ_"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", default="duckdb", help="what holds the tables of tests/recipes: postgresql, pyspark")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that two processes end at about the same time."""
    slow = ["packaging", "browser", "rendering", "recipes"]

    def place(item: pytest.Item) -> int:
        room = item.path.relative_to(Path(__file__).parent).parts[0]
        return slow.index(room) if room in slow else len(slow)

    items.sort(key=place)


@contextmanager
def _at_home(folder: Path) -> Iterator[Path]:
    """Make `folder` the home: no other JUPYTER_VIZ_* variable, no catalog left open before or after."""
    from jupyter_viz.catalog import catalog

    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIX)}
    opened = dict(catalog._open)
    catalog._open.clear()
    os.environ[PREFIX + "HOME"] = str(folder)
    try:
        yield folder
    finally:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            del os.environ[name]
        os.environ.update(before)
        for each in catalog._open.values():
            each.close()
        catalog._open.clear()
        catalog._open.update(opened)


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    with _at_home(tmp_path / "viz") as folder:
        yield folder


@pytest.fixture(scope="session")
def at_home() -> Callable[..., object]:
    """For fixtures that live longer than a test: a context manager that makes a folder the home."""
    return _at_home


@pytest.fixture
def python() -> Callable[..., str]:
    """Run code in another process of this environment; gives what it printed."""

    def run(code: str, *args: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, *args],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


class SmallDisk:
    """A real file system of a few megabytes. `fill()` leaves not a byte, `free()` makes room again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    def fill(self) -> None:
        with self._filler.open("ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                with suppress(OSError):
                    while file.write(b"x" * size):
                        pass

    def free(self) -> None:
        self._filler.unlink()


@pytest.fixture
def small_disk() -> Iterator[SmallDisk]:
    """Mounting takes root, or the sudo without a password that CI machines have."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    folder = tempfile.mkdtemp()
    subprocess.run([*root, "mount", "-t", "tmpfs", "-o", "size=16m,mode=1777", "tmpfs", folder], check=True)
    yield SmallDisk(Path(folder))
    subprocess.run([*root, "umount", "--lazy", folder], check=True)
    os.rmdir(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[..., str]]:
    """A real PostgreSQL; each call makes an empty database, in a folder where one is given, and gives its URL."""
    runtime = tempfile.mkdtemp()
    data = tempfile.mkdtemp()  # not below pytest's folder: as root the server runs as another user
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", runtime)
        import pgserver

        # As root it makes a user of the system: two processes of tests must not both do so at once.
        with open(Path(tempfile.gettempdir()) / "jupyter-viz-tests.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            server = pgserver.get_server(data, cleanup_mode="delete")
        # Nobody needs these databases after a power cut.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        made: list[str] = []

        def new(folder: Path | None = None) -> str:
            name, where = f"viz{len(made)}", ""
            made.append(name)
            if folder is not None:
                about = os.stat(data)
                os.chown(folder, about.st_uid, about.st_gid)
                server.psql(f"CREATE TABLESPACE at_{name} LOCATION '{folder}';")
                where = f" TABLESPACE at_{name}"
            server.psql(f"CREATE DATABASE {name}{where};")
            return str(server.get_uri(name))

        yield new
        server.cleanup()
    shutil.rmtree(runtime, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty catalog, on each database that is supported."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    new: Callable[[], str] = request.getfixturevalue("postgres")
    return new()


# A recorded home, and a server on it


@dataclass(frozen=True)
class Recorded:
    """A home with a run of every kind of output, and renderings that real kernels made."""

    home: Path
    run: Any
    failed_run: Any
    artifacts: dict[str, Any]
    shown: dict[str, Any]  # by name, what the materializers made
    rendering: Any  # of the owner
    failure: Any  # of the owner: a recipe that failed in its kernel
    of_ann: Any

    @property
    def scores(self) -> str:
        return str(self.artifacts["scores"].address)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Made once. Tests may add to it; what is in it they leave alone."""
    folder = tmp_path_factory.mktemp("recorded")
    with _at_home(folder):
        return asyncio.run(_record(folder))


class Picture(str):
    """An output that is shown as images."""


class PictureMaterializer(BaseMaterializer):
    ASSOCIATED_TYPES = (Picture,)

    def save(self, data: Picture) -> None:
        os.makedirs(self.uri, exist_ok=True)
        Path(self.path("data.svg")).write_text(data)

    def save_visualizations(self, data: Picture) -> dict[str, VisualizationType]:
        Path(self.path("dot.png")).write_bytes(b"\x89PNG\r\n\x1a\n")
        return {self.path("data.svg"): VisualizationType.IMAGE, self.path("dot.png"): VisualizationType.IMAGE}


@step
def evaluate() -> tuple[
    Annotated[pd.DataFrame, "scores"],
    Annotated[HTMLString, "report"],
    Annotated[MarkdownString, "summary"],
    Annotated[CSVString, "rows"],
    Annotated[JSONString, "settings"],
    Annotated[str, "log"],
    Annotated[Picture, "picture"],
    Annotated[object, "model"],
    Annotated[pd.DataFrame, "classes"],
]:
    log_metrics({"roc_auc": 0.75, "loss": 1.5})
    log_metrics({"accuracy": 0.9}, format="PERCENTAGE")
    draw = np.random.default_rng(1)
    label = (draw.random(200) < 0.5).astype(int)
    return (
        pd.DataFrame({"label": label, "p": draw.normal(label, 1.0)}),
        HTMLString("<h1>Report</h1><script>document.title = 'ran'</script>"),
        MarkdownString("**good**"),
        CSVString("a,b\n1,x\n"),
        JSONString('{"a": [1]}'),
        "a line",
        Picture('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        SimpleNamespace(weights=[1, 2]),
        pd.DataFrame({"label": ["a", "b", "c"], "score": [0.1, 0.2, 0.3]}),
    )


@pipeline
def churn(rate: float = 0.1, fail: bool = False) -> None:
    evaluate()
    if fail:
        raise ValueError("as asked")


async def _record(folder: Path) -> Recorded:
    failed = None
    try:
        churn(fail=True)
    except ValueError:
        failed = Client().get_pipeline_run("churn@newest")
    run = churn()
    artifacts = {artifact.name: artifact for artifact in run.steps["evaluate"].artifacts}
    service = Service(load_configuration(overrides={"source_root": str(folder)}))
    owner, ann = Principal(), Principal("user:ann")
    scores = artifacts["scores"].address
    wanted = [
        (owner, RenderRequest("roc_curve", scores, {"target": "label", "score": "p"})),
        (owner, RenderRequest("roc_curve", artifacts["classes"].address)),
        (ann, RenderRequest("table", scores)),
    ]
    made = [(who, (await service.render(who, request)).id) for who, request in wanted]
    for _, visualization_id in made:
        await service.wait(visualization_id, 100)
    rendering, failure, of_ann = [service.visualization(who, each)[0] for who, each in made]
    shown = {
        f"{name}/{each.name}": each
        for name, artifact in artifacts.items()
        for each in service.visualizations_of(owner, artifact.id)
        if each.origin == "materializer"
    }
    await service.close()
    return Recorded(folder, run, failed, artifacts, shown, rendering, failure, of_ann)


@pytest.fixture
def recorded_home(recorded: Recorded) -> Iterator[Recorded]:
    """The recorded home as this test's home."""
    with _at_home(recorded.home):
        yield recorded


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    return {"ServerApp": {"jpserver_extensions": {"jupyter_viz": True}}}


@pytest.fixture
def service(recorded_home: Recorded, jp_serverapp: Any, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Any]:
    """The service inside a running server, on the recorded home."""
    [extension] = jp_serverapp.extension_manager.extension_apps["jupyter_viz"]
    yield extension.service
    jp_asyncio_loop.run_until_complete(extension.stop_extension())


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    import yaml

    import jupyter_viz.api

    text = (Path(jupyter_viz.api.__file__).parent / "openapi.yaml").read_text()
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@pytest.fixture
def ask(service: Any, jp_fetch: Any, openapi: dict[str, Any]) -> Callable[..., Awaitable[Answer]]:
    """Ask the server; every answer is held against openapi.yaml."""

    async def fetch(
        method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> Answer:
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        response = await jp_fetch(
            "jupyter-viz",
            *path.split("/"),
            method=method,
            body=data,
            headers=dict(headers or {}),
            params=query,
            raise_error=False,
            follow_redirects=False,
            allow_nonstandard_methods=True,
            request_timeout=100,
        )
        answer = Answer(response.code, response.headers, response.body)
        _check_against(openapi, method, path, answer)
        return answer

    return fetch


def _check_against(openapi: dict[str, Any], method: str, path: str, answer: Answer) -> None:
    from jsonschema import Draft202012Validator

    documented: dict[str, Any] = {"default": openapi["components"]["responses"]["Error"]}
    for template, operations in openapi["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", template.strip("/"))
        if re.fullmatch(pattern, path) and method.lower() in operations:
            documented = operations[method.lower()]["responses"]
    if answer.status < 400:
        assert str(answer.status) in documented, f"{method} {path} answers {answer.status}, which is not documented"
    response = documented.get(str(answer.status), openapi["components"]["responses"]["Error"])
    content = response.get("content", {})
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if not content:
        assert answer.body == b""
        return
    assert kind in content, f"{method} {path} answers {kind}"
    if schema := content[kind].get("schema"):
        whole = {**schema, "components": openapi["components"], "unevaluatedProperties": False}
        validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
        problems = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(answer.json())]
        assert not problems, f"{method} {path}: {problems}"
        json.dumps(answer.json(), allow_nan=False)
