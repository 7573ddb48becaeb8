"""Tables for recipes, and the engine that they are in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
import pandas as pd
import pytest

from jupyter_viz.artifacts import tables

from . import engines


@pytest.fixture(scope="session")
def engine_called(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], engines.Put]]:
    """Starts an engine at its first use."""
    started: dict[str, engines.Put] = {}

    def new_database() -> str:
        url: str = request.getfixturevalue("postgres")()
        return url

    with ExitStack() as running:

        def called(name: str) -> engines.Put:
            if name not in started:
                start = getattr(engines, name)
                started[name] = running.enter_context(start(new_database, tmp_path_factory.mktemp(name)))
            return started[name]

        yield called


@pytest.fixture(autouse=True)
def engine(
    request: pytest.FixtureRequest, engine_called: Callable[[str], engines.Put], monkeypatch: pytest.MonkeyPatch
) -> str:
    """Which engine holds the DataFrames that a test looks at: DuckDB, unless `--engine` or the test says another."""
    name: str = getattr(request, "param", request.config.getoption("engine"))
    put, of_value = engine_called(name), tables.of_value
    monkeypatch.setattr(tables, "of_value", lambda value, text: put(of_value(value, text)))
    return name


@pytest.fixture
def scores() -> Callable[..., pd.DataFrame]:
    """Labels and scores of a classifier that knows something, seeded."""

    def make(rows: int = 500, seed: int = 1, rate: float = 0.3) -> pd.DataFrame:
        draw = np.random.default_rng(seed)
        label = (draw.random(rows) < rate).astype(int)
        return pd.DataFrame({"label": label, "score": draw.normal(label, 1.0)})

    return make
