"""Two processes record 10,000 runs at once; then a recording is killed (SIGKILL) a hundred times. On both databases.

    python benchmarks/soak_recording.py [RUNS] [KILLS]

The same that `tests/catalog/test_crowd.py` and `tests/pipelines/test_killed.py` check, for longer. Stops at the first
thing that is lost, half, or says it runs; otherwise prints what was seen.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from catalog.crowd import check as check_crowd
from catalog.crowd import two_at_once
from pipelines.killing import check, rounds_of, swept


def soak(name: str, url: str, runs: int, kills: int) -> None:
    os.environ["JUPYTER_VIZ_CATALOG"] = url
    began = time.perf_counter()
    two_at_once(url, runs)
    taken = time.perf_counter() - began
    check_crowd(url, runs)
    print(f"{name}: two processes recorded {runs:,} runs in {taken:.0f} s ({runs / taken:.0f} a second); all are there")
    acknowledged: set[int] = set()
    for numbers in rounds_of(kills, seed=1):
        acknowledged.update(numbers)
    count = check(acknowledged)
    orphans, unfinished = swept()
    check(acknowledged)
    print(
        f"{name}: killed {kills} times in {count:,} runs; all of {len(acknowledged):,} acknowledged steps are there, "
        f"whole; gc removed {orphans} orphans and {unfinished} unfinished writes"
    )


def main() -> None:
    import pgserver

    runs, kills = (int(word) for word in (sys.argv[1:] + ["10000", "100"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JUPYTER_VIZ_HOME"] = f"{folder}/sqlite"
        soak("SQLite", f"sqlite:///{folder}/sqlite/catalog.db", runs, kills)
    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
        os.environ["JUPYTER_VIZ_HOME"] = f"{folder}/postgresql"
        soak("PostgreSQL", server.get_uri(), runs, kills)
        server.cleanup()


if __name__ == "__main__":
    main()
