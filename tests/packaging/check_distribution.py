"""What a user gets who never saw the source: the wheel, built from the sdist, in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser.lab import free_port, wait_until_answers

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.timeout(600)  # two builds and a cold installation


def run(*command: str | Path, environment: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [str(word) for word in command], env=environment, cwd=cwd, capture_output=True, text=True, timeout=580
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(sdist, wheel): the sdist of what git holds, the wheel of what the sdist holds."""
    clean = tmp_path_factory.mktemp("source") / "jupyter_viz"
    tracked = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (clean / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clean / name)
    built = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", built, clean)
    (sdist,), (wheel,) = built.glob("*.tar.gz"), built.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def environment(distributions: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fresh virtual environment with the wheel and its demo extra."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    run(sys.executable, "-m", "venv", folder)
    # What is imported is compiled then: of all that is installed it is a small part.
    words = ("install", "--quiet", "--no-compile", "--disable-pip-version-check")
    run(folder / "bin" / "pip", *words, f"{distributions[1]}[demo]")
    return folder


@pytest.fixture
def outside(environment: Path, tmp_path: Path) -> dict[str, str]:
    """Variables of a process that uses that environment, in a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "PYTEST"))}
    kept.pop("VIRTUAL_ENV", None)
    return kept | {"HOME": str(tmp_path), "PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def demo(environment: Path, outside: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of a Lab that `jupyter viz demo` started."""
    port, log = free_port(), tmp_path / "demo.log"
    command = [environment / "bin" / "jupyter", "viz", "demo", "--no-browser", f"--port={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*map(str, command), "--IdentityProvider.token=abc", "--ServerApp.ip=127.0.0.1"],
            env=outside,
            cwd=tmp_path,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_answers(f"http://127.0.0.1:{port}/api", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def ask(url: str) -> dict[str, object]:
    request = urllib.request.Request(url, headers={"Authorization": "token abc"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def test_the_distributions_hold_what_they_should(distributions: tuple[Path, Path]) -> None:
    """The Lab extension, its settings, the server's configuration, the migrations and the demo travel along."""
    sdist, wheel = distributions
    names = zipfile.ZipFile(wheel).namelist()
    for end in (
        "share/jupyter/labextensions/jupyter-viz/package.json",
        "share/jupyter/labextensions/jupyter-viz/install.json",
        "etc/jupyter/jupyter_server_config.d/jupyter_viz.json",
        "jupyter_viz/catalog/migrations/versions/0001_first_tables.py",
        "jupyter_viz/catalog/migrations/env.py",
        "jupyter_viz/api/openapi.yaml",
        "jupyter_viz/demo/demo.ipynb",
    ):
        assert any(name.endswith(end) for name in names), end
    assert any("labextensions/jupyter-viz/static/remoteEntry" in name for name in names)
    assert not any(name.startswith(("tests/", "jupyter_viz/labextension/")) for name in names)
    with tarfile.open(sdist) as archive:
        inside = archive.getnames()
    assert any(name.endswith("labextension/src/index.ts") for name in inside)
    assert not any("node_modules" in name for name in inside)


def test_the_installed_package_is_well(environment: Path, outside: dict[str, str], tmp_path: Path) -> None:
    """The doctor of a fresh installation finds every part working, the two extensions included."""
    report = run(environment / "bin" / "jupyter", "viz", "doctor", environment=outside, cwd=tmp_path)
    assert "NO " not in report
    assert "ok  Lab extension" in report
    assert "ok  server extension" in report


def test_the_demo_starts_from_the_wheel_and_leaves_nothing(
    environment: Path, outside: dict[str, str], demo: str, tmp_path: Path
) -> None:
    """One command shows four runs of which one failed; another one takes all of it away."""
    page = ask(f"{demo}/jupyter-viz/runs")
    runs = page["runs"]
    assert isinstance(runs, list)
    assert [run["status"] for run in runs].count("completed") == 3
    assert [run["status"] for run in runs].count("failed") == 1
    assert {run["pipeline"] for run in runs} == {"breast_cancer"}
    notebook = ask(f"{demo}/api/contents/demo.ipynb")
    assert notebook["type"] == "notebook"
    made = tmp_path / ".local" / "share" / "jupyter" / "viz-demo"
    assert made.is_dir()
    run(environment / "bin" / "jupyter", "viz", "demo", "--remove", environment=outside, cwd=tmp_path)
    assert not made.exists()


def test_the_demos_notebook_runs_from_top_to_bottom(
    environment: Path, outside: dict[str, str], demo: str, tmp_path: Path
) -> None:
    """Every cell a new user presses through works."""
    notebook = tmp_path / ".local" / "share" / "jupyter" / "viz-demo" / "demo" / "notebooks" / "demo.ipynb"
    seen = outside | {"JUPYTER_VIZ_HOME": str(notebook.parents[2])}
    run(environment / "bin" / "jupyter", "execute", "--inplace", notebook, environment=seen, cwd=tmp_path)
    cells = [cell for cell in nbformat.read(notebook, 4).cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in cells[1:])


def test_a_kernel_of_another_environment_and_home_sees_the_servers_catalog(
    environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server in one environment, a kernel in another whose HOME differs: one catalog; where not, it is said."""
    from jupyter_client.manager import start_new_kernel

    from jupyter_viz.app import SERVER_CATALOG
    from jupyter_viz.config import load_configuration
    from jupyter_viz.service import Service

    service = Service(load_configuration())
    catalog = service.catalog.id
    for name, value in service.config.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(SERVER_CATALOG, catalog)
    python = environment / "bin" / "python"
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    for name, variables in {
        "other-home": {"HOME": str(tmp_path / "elsewhere")},
        "other-catalog": {"HOME": str(tmp_path / "elsewhere"), "JUPYTER_VIZ_HOME": str(tmp_path / "another")}
        | {"JUPYTER_VIZ_CATALOG": f"sqlite:///{tmp_path}/another/catalog.db"},
    }.items():
        folder = tmp_path / "kernels" / name
        folder.mkdir(parents=True)
        argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": name, "language": "python", "env": variables}
        (folder / "kernel.json").write_text(json.dumps(spec))
    told = {}
    for name in ("other-home", "other-catalog"):
        manager, client = start_new_kernel(kernel_name=name)
        texts: list[str] = []
        try:
            client.execute_interactive(
                "import sys; print(sys.prefix)\n%load_ext jupyter_viz\n%viz status",
                timeout=60,
                output_hook=lambda message, texts=texts: texts.append(message["content"].get("text", "")),  # type: ignore[misc]
            )
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
        told[name] = "".join(texts)
    assert str(environment) in told["other-home"]
    assert catalog in told["other-home"]
    assert "problem" not in told["other-home"]
    assert f"the sidebar {catalog}" in told["other-catalog"]
    assert "kernel.json" in told["other-catalog"]
