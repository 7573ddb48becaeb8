"""Evidently: its page is stored whole, and needs no network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
from contract import outside, saved_and_shown
from evidently import Report
from evidently.presets import DataDriftPreset


def test_a_drift_report(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    reference = pd.DataFrame({"x": generator.normal(size=300), "y": generator.choice(list("ab"), 300)})
    snapshot = Report([DataDriftPreset()]).run(reference.assign(x=reference.x + 1), reference)
    materializer, shown = saved_and_shown(snapshot, tmp_path)
    assert b"Drift" in shown["report"]
    assert outside(shown["report"]) == []
    assert len(shown["report"]) < 10_000_000
    assert json.loads(shown["metrics"])["metrics"][0]["value"]["count"] == 1
    loaded = materializer.load()
    assert type(loaded) is type(snapshot)
    assert loaded.dict() == snapshot.dict()
