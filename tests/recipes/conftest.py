"""Tables for recipes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def scores() -> Callable[..., pd.DataFrame]:
    """Labels and scores of a classifier that knows something, seeded."""

    def make(rows: int = 500, seed: int = 1, rate: float = 0.3) -> pd.DataFrame:
        draw = np.random.default_rng(seed)
        label = (draw.random(rows) < rate).astype(int)
        return pd.DataFrame({"label": label, "score": draw.normal(label, 1.0)})

    return make
