"""A pipeline that jupyter_viz has never seen: random scores by seed, columns of its own, judged by scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass

RECORD = """
import json, sys
from typing import Annotated
import numpy as np, pandas as pd
from sklearn.metrics import accuracy_score, roc_auc_score
from jupyter_viz import log_metrics, pipeline, step
from jupyter_viz.types import HTMLString, MarkdownString

@step
def judge(seed: int) -> tuple[
    Annotated[pd.DataFrame, "verdicts"], Annotated[HTMLString, "page"], Annotated[MarkdownString, "note"]
]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, 400)
    belief = np.round(truth * rng.uniform(0.2, 1.2) + rng.normal(size=400), 2)
    auc, right = roc_auc_score(truth, belief), accuracy_score(truth, belief > 0.5)
    log_metrics({"hit_rate": right}, format="PERCENTAGE")
    log_metrics({"area": auc})
    page = "<h1>Seen</h1><script>document.body.dataset.ran = 'yes'; fetch('/api').catch(() => {})</script>"
    return (pd.DataFrame({"truth": truth, "belief <b>": belief}), HTMLString(page), MarkdownString(f"**{auc:.3f}**"))

@pipeline
def court(seed: int):
    judge(seed)

runs = []
for seed in map(int, sys.argv[1:]):
    if seed < 0:
        try:
            court(seed)
        except ValueError:
            continue
    run = court.with_options(run_name=f"seed-{seed}")(seed)
    runs.append({"name": run.name, "hit_rate": run.metrics["hit_rate"].value, "area": run.metrics["area"].value})
print(json.dumps(runs))
"""


@dataclass
class Recorded:
    name: str
    hit_rate: float
    area: float
