"""How much memory a kernel takes for recipes over a csv that is larger than it may have.

    python benchmarks/large_csv.py [--gigabytes 5] [--parts 10]

Makes a csv, or parquet files with --parts, in a temporary folder. Each recipe runs in a fresh process, as in a kernel;
its peak is that of resident memory since the process began. Beside it, what importing alone takes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

_BYTES_OF_A_ROW = 118.5
_ROWS = """
SELECT (r < 0.3)::INT AS label, (r < 0.3)::INT * 0.3 + random() * 0.7 AS score, random() * 1000 AS x1,
    random() - 0.5 AS x2, (random() * 1e6)::INT AS x3, random() AS x4, 'kind ' || (random() * 20)::INT AS kind,
    TIMESTAMP '2024-01-01' + to_seconds(i) AS at
FROM (SELECT i, random() AS r FROM range({first}, {last}) AS t(i))
"""
_RECIPES = {
    "data_statistics": {},
    "roc_curve": {},
    "histogram": {"column": "x1", "by": "kind"},
}
_WORK = """
import json, re, sys, time
from jupyter_viz import visualize
from jupyter_viz.recipes.known import find_recipe

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024

name, source, arguments = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
find_recipe(name)
before, begun = peak(), time.perf_counter()
metrics = visualize(name, source, **arguments).metrics
print(json.dumps([before, peak(), time.perf_counter() - begun, metrics]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=1.0, help="of the csv; by default 1")
    parser.add_argument("--parts", type=int, default=0, help="parquet files of as many rows instead of a csv")
    parser.add_argument("--most", type=int, default=1000, help="MB that a kernel may take; 1 is returned if one did")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        source = _made(Path(folder), int(chosen.gigabytes * 1e9 / _BYTES_OF_A_ROW), chosen.parts)
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e9
        print(f"{source.name}: {size:.2f} GB")
        worst = 0.0
        for name, arguments in _RECIPES.items():
            words = [sys.executable, "-c", _WORK, name, str(source), json.dumps(arguments)]
            done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, cwd=folder, env=_environment())
            before, peak, seconds, metrics = json.loads(done.stdout)
            worst = max(worst, peak)
            shown = {key: round(value, 6) for key, value in list(metrics.items())[:2]}
            print(f"{name}: {peak:.0f} MB at most ({before:.0f} MB imported), {seconds:.1f} s, {shown}", flush=True)
    sys.exit(worst > chosen.most)


def _made(folder: Path, rows: int, parts: int) -> Path:
    with duckdb.connect() as connection:
        if not parts:
            connection.execute(f"COPY ({_ROWS.format(first=0, last=rows)}) TO '{folder}/large.csv'")
            return folder / "large.csv"
        for part in range(parts):
            bounds = {"first": rows * part // parts, "last": rows * (part + 1) // parts}
            connection.execute(f"COPY ({_ROWS.format(**bounds)}) TO '{folder}/part-{part:03}.parquet'")
        return folder / "part-*.parquet"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "JUPYTER_VIZ_HOME": tempfile.gettempdir()}


if __name__ == "__main__":
    main()
