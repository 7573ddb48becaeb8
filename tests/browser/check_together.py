"""Runs of four systems in one sidebar and one picture, each made by its real package in an environment of its own.

`make test-integrations` runs it, after the environments of MLflow, ZenML and Kubeflow are there:
TOGETHER_MLFLOW, TOGETHER_ZENML and TOGETHER_KFP name their interpreters.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from browser.lab import Lab, open_lab
from browser.sidebar import open_sidebar
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, Page, expect
from sklearn.metrics import roc_auc_score

MADE = Path(__file__).parent / "made"
SYSTEMS = ("mlflow", "zenml", "kfp")
INTERPRETERS = {system: os.environ.get(f"TOGETHER_{system.upper()}", "") for system in SYSTEMS}
OURS = """
import sys
import pandas as pd
from jupyter_viz import pipeline, step

@step
def judge(path: str) -> pd.DataFrame:
    return pd.read_csv(path)

@pipeline
def ours(path: str) -> None:
    judge(path)

ours(sys.argv[1])
"""
LATEST = """
import json
from jupyter_viz.client import Client
found = {}
for run in Client().list_pipeline_runs():
    run = Client().get_pipeline_run(run.id)
    found[run.pipeline] = [each.address for each in run.outputs.values() if each.kind.value == "table"]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, float]]:
    """A table for each system, and its AUC as scikit-learn has it: four that nobody confuses."""
    made = {}
    for number, system in enumerate((*SYSTEMS, "ours")):
        random = np.random.default_rng(number)
        label = random.integers(0, 2, 200)
        score = (label * (0.15 + number * 0.25) + random.random(200)).round(4)
        path = tmp_path_factory.mktemp(system) / "scores.csv"
        pd.DataFrame({"label": label, "score": score}).to_csv(path, index=False)
        made[system] = (path, float(roc_auc_score(label, score)))
    aucs = [auc for _, auc in made.values()]
    assert min(abs(one - other) for one in aucs for other in aucs if one is not other) > 0.02
    return made


@pytest.fixture(scope="module")
def places(lab: Lab, scores: dict[str, tuple[Path, float]]) -> dict[str, str]:
    """Where each system has its run."""
    assert all(INTERPRETERS.values()), "name the interpreters; `make test-integrations` does"
    zenml = lab.folder / "zenml"
    environment = lab.environment | {
        "ZENML_CONFIG_PATH": str(zenml),
        "ZENML_ANALYTICS_OPT_IN": "false",
        "ZENML_LOGGING_VERBOSITY": "WARN",
    }
    words = {"mlflow": [str(lab.root)], "zenml": [], "kfp": [str(lab.root)]}
    for system in SYSTEMS:
        command = [INTERPRETERS[system], str(MADE / f"of_{system}.py"), *words[system], str(scores[system][0])]
        done = subprocess.run(command, env=environment, cwd=lab.root, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
    lab.run(OURS, str(scores["ours"][0]))
    return {
        "mlflow": f"sqlite:///{lab.root}/mlflow.db",
        "zenml": str(zenml),
        "kfp": str(lab.root / "local_outputs"),
    }


def _connect(page: Page, panel: Locator, system: str, location: str) -> None:
    """As somebody does who fills the form and tests it first."""
    panel.get_by_role("button", name="Connect to runs of another system").click()
    form = page.get_by_role("dialog")
    form.get_by_label("System").select_option(system)
    form.get_by_label("Where its runs are").fill(location)
    if system != "kfp":
        form.get_by_label("Interpreter that has its library").fill(INTERPRETERS[system])
    form.get_by_role("button", name="Test the connection").click()
    expect(form.get_by_role("status")).to_contain_text("✓", timeout=120_000)
    form.get_by_role("button", name="Connect", exact=True).click()
    place = panel.locator(f'[data-viz-place="{location}"]')
    expect(place).to_have_attribute("data-viz-state", "ok", timeout=120_000)
    expect(place).to_contain_text("1 run")


def test_four_systems_in_one_sidebar_and_one_picture(
    page: Page, lab: Lab, places: dict[str, str], scores: dict[str, tuple[Path, float]]
) -> None:
    open_lab(page, lab.url)
    panel = open_sidebar(page)
    for system, location in places.items():
        _connect(page, panel, system, location)
    expect(panel.locator("[data-viz-run]")).to_have_count(4)

    tables = _tables(lab)
    assert set(tables) == {"of mlflow", "of_zenml", "of-kfp", "ours"}
    addresses = {
        "mlflow": next(each for each in tables["of mlflow"] if each.endswith("scores.csv")),
        "zenml": tables["of_zenml"][0],
        "kfp": tables["of-kfp"][0],
        "ours": tables["ours"][0],
    }
    words = " ".join(f"'{address}'" for address in addresses.values())
    cells = ["%load_ext jupyter_viz", f"%viz roc_curve {words} --target label --score score"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel})
    nbformat.write(made, lab.root / "together.ipynb")
    page.evaluate(
        """async () => {
            const commands = window.jupyterapp.commands;
            const panel = await commands.execute('docmanager:open', { path: 'together.ipynb' });
            await panel.sessionContext.ready;
            await commands.execute('notebook:run-all-cells');
        }"""
    )
    figure = page.locator(".jp-Notebook").get_by_role("figure")
    expect(figure).to_be_visible(timeout=120_000)
    legend = figure.locator(".legendtext", has_text="AUC")
    expect(legend).to_have_count(4)
    told = dict(text.split(": AUC ") for text in legend.all_text_contents())
    for system, address in addresses.items():
        name = address.partition("@")[2].partition("/")[0]
        assert float(told[name]) == pytest.approx(scores[system][1], abs=0.0005), (system, told)
    page.screenshot(path=Path(os.environ.get("TOGETHER_PICTURE", lab.folder / "together.png")))


def _tables(lab: Lab) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(lab.run(LATEST))
    return found


def test_a_second_sync_and_a_killed_one_leave_no_duplicate(lab: Lab, places: dict[str, str]) -> None:
    before = _tables(lab)
    for seconds in (0.3, 1.0, 2.0, None):
        for system, location in places.items():
            words = [sys.executable, "-c", "import sys; from jupyter_viz.cli import main; sys.exit(main())", "sync"]
            words += [system, location, *(["--python", INTERPRETERS[system]] if system != "kfp" else [])]
            started = subprocess.Popen(words, env=lab.environment, start_new_session=True, stdout=subprocess.PIPE)
            if seconds is None:
                out, _ = started.communicate(timeout=120)
                assert out.decode().splitlines()[0] == "0 new, 0 updated, 1 unchanged, 0 removed", system
            else:
                time.sleep(seconds)
                os.killpg(started.pid, signal.SIGKILL)
                started.communicate()
    assert _tables(lab) == before
