"""How long recipes take over large parquet files, beside what else draws or describes them.

    python benchmarks/recipes.py [--rounds N] [--rows N] [--folder PATH] [--ydata-python PATH]

A ROC curve over 10,000,000 rows of four kinds of scores (normal; log-normal; normal, 0.2 % of the rows positive;
normal, rounded to four digits), beside pandas' reader, scikit-learn's roc_curve and auc, and plotly's figure of it.
Statistics of 1,000,000 x 20 normal numbers, beside DuckDB's SUMMARIZE, pandas' and polars' describe, and
ydata-profiling (minimal) by the interpreter at PATH, over a tenth of the rows.

All in this process, but for ydata-profiling in one of its own that has imported it. Prints the median and least of the
rounds in seconds, wall time and that of all processors (which other work on the machine disturbs less); how many times
ours the others take; how far the AUC is from scikit-learn's, and the bytes of the figures. --rows is of the ROC; the
other table has a tenth of it. What is in the folder at PATH from the last time is used again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from jupyter_viz import visualize

ROWS, TABLE_ROWS, COLUMNS = 10_000_000, 1_000_000, 20
KINDS = ("normal", "lognormal", "rare", "rounded")
_YDATA = """
import sys, time
import pandas as pd
from ydata_profiling import ProfileReport
began, cpu = time.perf_counter(), time.process_time()
ProfileReport(pd.read_parquet(sys.argv[1]), minimal=True, progress_bar=False).get_description()
print(time.perf_counter() - began, time.process_time() - cpu)
"""


def scores(kind: str, rows: int) -> pd.DataFrame:
    draw = np.random.default_rng(0)
    label = (draw.random(rows) < (0.002 if kind == "rare" else 0.5)).astype(int)
    score = draw.lognormal(label, 3.0) if kind == "lognormal" else draw.normal(label, 1.0)
    return pd.DataFrame({"label": label, "score": np.round(score, 4) if kind == "rounded" else score})


def numbers(rows: int) -> pd.DataFrame:
    values = np.random.default_rng(0).normal(size=(rows, COLUMNS))
    return pd.DataFrame(values, columns=[f"c{number}" for number in range(COLUMNS)])


def written(path: Path, frame: Callable[[], pd.DataFrame]) -> str:
    if not path.exists():
        frame().to_parquet(path)
    return str(path)


def theirs(path: str) -> tuple[float, int]:
    """(AUC, bytes of the figure) by pandas, scikit-learn and plotly."""
    import plotly.graph_objects as go
    from sklearn.metrics import auc, roc_curve

    frame = pd.read_parquet(path)
    fpr, tpr, _ = roc_curve(frame.label, frame.score)
    return float(auc(fpr, tpr)), len(go.Figure(go.Scatter(x=fpr, y=tpr)).to_json())


def ours(path: str) -> tuple[float, int]:
    figure = visualize("roc_curve", path)
    bundle = figure._repr_mimebundle_()
    return figure.metrics["auc"], len(json.dumps(bundle["application/vnd.plotly.v1+json"]))


def summarize(path: str) -> object:
    return duckdb.sql(f"SUMMARIZE SELECT * FROM '{path}'").fetchall()


def by_polars(path: str) -> object:
    import polars as pl

    return pl.read_parquet(path).describe()


class Times:
    """Seconds of the ways to do one thing, the first of which is ours."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._taken: dict[str, list[tuple[float, float]]] = {}

    def take(self, way: str, call: Callable[[], Any]) -> Any:
        began, cpu = time.perf_counter(), time.process_time()
        result = call()
        self.note(way, time.perf_counter() - began, time.process_time() - cpu)
        return result

    def note(self, way: str, wall: float, cpu: float) -> None:
        self._taken.setdefault(way, []).append((wall, cpu))

    def show(self) -> None:
        print(f"{self._title:44}{'wall':>16}{'processors':>18}{'/ ours':>8}")
        medians = {way: statistics.median(wall for wall, _ in taken) for way, taken in self._taken.items()}
        first = next(iter(medians.values()))
        for way, taken in self._taken.items():
            wall, cpu = ([each[place] for each in taken] for place in (0, 1))
            shown = "".join(f"{statistics.median(each):10.2f} ({min(each):.2f})" for each in (wall, cpu))
            print(f"  {way:42}{shown}{medians[way] / first:8.1f}", flush=True)


def roc(kind: str, path: str, rounds: int) -> None:
    times = Times(f"ROC, {kind}")
    for _ in range(rounds):
        area, size = times.take("roc_curve", lambda: ours(path))
    for _ in range(min(rounds, 2)):
        their_area, their_size = times.take("scikit-learn, plotly", lambda: theirs(path))
    times.show()
    print(f"  AUC {area:.6f}, off by {abs(area - their_area):.1e}; figure {size:,} bytes, theirs {their_size:,}")


def described(path: str, small: str, rounds: int, ydata: str | None) -> None:
    times = Times("Statistics")
    ways: dict[str, Callable[[], object]] = {
        "data_statistics": lambda: visualize("data_statistics", path),
        "DuckDB SUMMARIZE": lambda: summarize(path),
        "pandas describe": lambda: pd.read_parquet(path).describe(),
        "polars describe": lambda: by_polars(path),
    }
    for _ in range(rounds):
        for way, call in ways.items():
            times.take(way, call)
    if ydata:
        done = subprocess.run([ydata, "-c", _YDATA, small], capture_output=True, text=True, check=True)
        wall, cpu = done.stdout.split()[-2:]
        times.note("ydata-profiling, a tenth of the rows", float(wall), float(cpu))
    times.show()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", type=Path, help="where to keep the files")
    parser.add_argument("--ydata-python", help="interpreter of an environment with ydata-profiling")
    options = parser.parse_args()
    table_rows = options.rows * TABLE_ROWS // ROWS
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        visualize("roc_curve", written(folder / "first.parquet", lambda: scores("normal", 100)))
        whole = written(folder / f"table_{table_rows}.parquet", lambda: numbers(table_rows))
        small = written(folder / f"table_{table_rows // 10}.parquet", lambda: numbers(table_rows // 10))
        described(whole, small, options.rounds, options.ydata_python)
        for kind in KINDS:
            path = written(folder / f"{kind}_{options.rows}.parquet", lambda kind=kind: scores(kind, options.rows))  # type: ignore[misc]
            roc(kind, path, options.rounds)


if __name__ == "__main__":
    main()
