"""`jupyter viz demo`: record the runs, open JupyterLab on them; `--remove` takes all of it away."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

from ..client import Client
from ..config import PREFIX
from ..errors import MissingExtra

_MARK = ".made-by-the-demo"
_NOTEBOOK = "demo.ipynb"
_TAG = "jupyter-viz-demo"


def prepare() -> Path:
    """Record the demo's runs where there are none yet, and lay out its notebook. Returns the demo's home."""
    if importlib.util.find_spec("sklearn") is None:
        raise MissingExtra("The demo needs scikit-learn: pip install 'jupyter_viz[demo]'.")
    home = _home()
    _lay_out(home)
    os.environ[PREFIX + "HOME"] = str(home)
    if not Client().list_pipeline_runs(filter=f"tag:{_TAG}", size=1):
        from .pipeline import record_runs

        _say("Recording runs of the pipeline breast_cancer…")
        record_runs()
    return home


def start(words: Sequence[str]) -> int:
    """Prepare the demo, then run JupyterLab with `words` until it ends."""
    home = prepare()
    command = [sys.executable, "-m", "jupyterlab", *_lab_options(home), *words]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in words:
        _say("You are root: --allow-root is added, without it JupyterLab would not start.")
        command.append("--allow-root")
    _say(f"All of it is kept in {home}; `jupyter viz demo --remove` removes it.")
    if (home / _MARK).exists():
        _say(f"A script or terminal of yours sees the same runs after: export {PREFIX}HOME={home}")
    try:
        return subprocess.call(command)  # noqa: S603 — JupyterLab, with the words the user gave
    except KeyboardInterrupt:
        return 0


def remove(everything: bool = False) -> int:
    """Remove what the demo recorded and laid out. What the user added stays, and is listed.

    Args:
        everything: Remove that too, where the home is the demo's own.
    """
    home = _home()
    if not home.exists():
        _say(f"There is nothing to remove: {home} does not exist.")
        return 0
    os.environ[PREFIX + "HOME"] = str(home)
    client = Client()
    for run in client.list_pipeline_runs(filter=f"tag:{_TAG}", size=200):
        client.delete_pipeline_run(run)
    shutil.rmtree(home / "demo" / "lab", ignore_errors=True)
    _remove_notebook(_folder(home))
    kept = [f"run {run.address}" for run in client.list_pipeline_runs(size=200)]
    kept += [str(path) for path in sorted((home / "demo").rglob("*")) if path.is_file()]
    its_own = (home / _MARK).exists()
    if its_own and (everything or not kept):
        shutil.rmtree(home)
        _say(f"Removed {home}.")
    elif kept and its_own:
        _say(f"Removed what the demo made. Yours is kept in {home}; --remove --all removes it too:")
        _say("\n".join(f"  {item}" for item in kept))
    else:
        _say(f"Removed what the demo made. {home} was there before it and is kept.")
    return 0


def _remove_notebook(folder: Path) -> None:
    """The demo's notebook with its checkpoints, and each folder that is empty then."""
    (folder / _NOTEBOOK).unlink(missing_ok=True)
    (folder / ".ipynb_checkpoints" / _NOTEBOOK.replace(".ipynb", "-checkpoint.ipynb")).unlink(missing_ok=True)
    for empty in (folder / ".ipynb_checkpoints", folder, folder.parent):
        if empty.is_dir() and not any(empty.iterdir()):
            empty.rmdir()


def _home() -> Path:
    """`JUPYTER_VIZ_HOME` where it is set, otherwise a home of the demo's own."""
    given = os.environ.get(PREFIX + "HOME")
    return Path(given).expanduser().absolute() if given else Path(jupyter_data_dir(), "viz-demo")


def _lay_out(home: Path) -> None:
    if not home.exists():
        home.mkdir(parents=True)
        (home / _MARK).touch()
    notebook = _folder(home) / _NOTEBOOK
    if not notebook.exists():
        notebook.parent.mkdir(parents=True, exist_ok=True)
        notebook.write_bytes(files(__package__).joinpath(_NOTEBOOK).read_bytes())
    lab = home / "demo" / "lab"
    # JupyterLab's first question ("notify you about news?") has nothing to do with the demo.
    news = lab / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    _write_json(news, {"fetchNews": "false", "checkForUpdates": False})
    sidebar = {
        "collapsed": False,
        "visible": True,
        "current": "jupyter-viz-sidebar",
        "widgets": ["jupyter-viz-sidebar"],
    }
    layout = {"left": sidebar, "relativeSizes": [0.3, 0.7, 0]}
    # The file name is JupyterLab's own for the workspace "default": its name, a dash, and a checksum of it.
    workspace = lab / "workspaces" / "default-37a8.jupyterlab-workspace"
    _write_json(workspace, {"data": {"layout-restorer:data": layout}, "metadata": {"id": "default"}})


def _lab_options(home: Path) -> list[str]:
    lab = home / "demo" / "lab"
    return [
        f"--ServerApp.root_dir={_folder(home)}",
        f"--LabApp.default_url=/lab/tree/{_NOTEBOOK}",
        f"--LabApp.user_settings_dir={lab / 'settings'}",
        f"--LabApp.workspaces_dir={lab / 'workspaces'}",
    ]


def _folder(home: Path) -> Path:
    return home / "demo" / "notebooks"


def _write_json(path: Path, value: object) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))


def _say(text: str) -> None:
    print(text, flush=True)
