"""The work of all measurements: a csv of 10,000 rows → ROC → plotly, never the same twice."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROWS = 10_000
PLOTLY = "application/vnd.plotly.v1+json"
_seeds = itertools.count(int.from_bytes(uuid.uuid4().bytes[:6], "big"))

# As one would write it in a notebook; every tenth point is drawn, as many as the recipe draws.
_CELL = """\
# {unique}
import numpy as np
import pandas as pd
import plotly.graph_objects as go

table = pd.read_csv({path}).sort_values("{score}", ascending=False)
hit = table["{label}"].to_numpy()
tpr = np.r_[0, np.cumsum(hit) / hit.sum()]
fpr = np.r_[0, np.cumsum(1 - hit) / (1 - hit).sum()]
auc = np.trapezoid(tpr, fpr)
figure = go.Figure(go.Scatter(x=fpr[::10], y=tpr[::10], name="{score}"))
figure.update_layout(title=f"AUC {{auc:.9f}}", xaxis_title="False positive rate", yaxis_title="True positive rate")
figure"""


@dataclass(frozen=True)
class Work:
    """A csv with two columns of a name of their own, and the AUC that scikit-learn finds in it."""

    path: Path
    label: str
    score: str
    auc: float

    def custom_request(self) -> dict[str, Any]:
        """The pandas cell as `custom` code, with arguments of its own."""
        code = _CELL.format(path="source.path", unique=self.path.stem, label=self.label, score=self.score)
        return {"recipe": "custom", "source": self.path.name, "arguments": {"of": self.path.stem}, "code": code}

    def recipe_request(self) -> dict[str, Any]:
        return {
            "recipe": "roc_curve",
            "source": self.path.name,
            "arguments": {"target": self.label, "score": self.score},
        }

    def pandas_cells(self) -> list[str]:
        """The same cell for a notebook of nbclient's or papermill's."""
        parameters = f"source = {json.dumps(str(self.path))}"
        return [parameters, _CELL.format(path="source", unique=self.path.stem, label=self.label, score=self.score)]

    def recipe_cells(self) -> list[str]:
        """The recipe for a notebook of nbclient's. It shows the bare figure: no still picture is drawn there either."""
        shown = f'view = roc_curve(open_source(source).table(), target="{self.label}", score="{self.score}")'
        return [
            f"source = {json.dumps(str(self.path))}",
            "from IPython.display import display\n"
            "from jupyter_viz.client import open_source\n"
            "from jupyter_viz.recipes.classification import roc_curve\n"
            f'{shown}\ndisplay({{"{PLOTLY}": view.spec, "text/plain": view.alt}}, raw=True)\nview.metrics["auc"]',
        ]


def new_work(folder: Path, rows: int = ROWS) -> Work:
    """Write a csv that was never there before."""
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(next(_seeds))
    label = rng.integers(0, 2, rows)
    # Nine decimals: no ties, so that every way of drawing the curve gives the same area.
    score = np.round(label * rng.uniform(0.5, 1.5) + rng.normal(size=rows), 9)
    name = uuid.uuid4().hex[:8]
    work = Work(folder / f"w{name}.csv", f"label_{name}", f"score_{name}", float(roc_auc_score(label, score)))
    lines = map("%d,%.9f".__mod__, zip(label.tolist(), score.tolist(), strict=True))
    work.path.write_text(f"{work.label},{work.score}\n" + "\n".join(lines) + "\n")
    return work


def check(work: Work, answer: Mapping[str, Any], fresh: bool = True) -> None:
    """Raise AssertionError unless this visualization was made for this work, and is right.

    Args:
        fresh: Whether it must say that it was made for the request; an answer to GET says nothing of that.
    """
    assert answer["status"] == "completed", f"{answer['status']}: {answer['error']}"
    assert not fresh or answer["freshness"] == "new", f"the answer is {answer['freshness']}"
    assert answer["source"] == work.path.name, answer["source"]
    auc = answer["metrics"].get("auc")
    check_auc(work, auc if auc is not None else auc_in_title(answer["outputs"]))
    assert any(PLOTLY in output.get("data", {}) for output in answer["outputs"]), "no plotly figure"


def check_auc(work: Work, auc: float) -> None:
    assert abs(auc - work.auc) < 1e-6, f"AUC {auc}, scikit-learn says {work.auc}"


def auc_in_title(outputs: list[Mapping[str, Any]]) -> float:
    """The AUC that the pandas cell wrote above its figure."""
    for output in outputs:
        if figure := output.get("data", {}).get(PLOTLY):
            return float(figure["layout"]["title"]["text"].removeprefix("AUC "))
    raise AssertionError(f"no plotly figure in {str(outputs)[:500]}")
