"""Request to result over HTTP, beside nbclient, nbconvert and papermill, interleaved.

    python -m benchmarks.rendering.latency [--rounds 10] [--each 20] [--peers-python PYTHON] [-- LAB OPTIONS]

In each round, in random order: renderings back to back and 250 ms apart, as custom pandas cell and as `roc_curve`;
renderings that find the pool empty; the peers. Then some servers are started anew, each for its first rendering.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil

from .peer import Peer, peer
from .server import Connection, Server, running
from .tables import Target, at_least, at_most, exactly, machine, markdown, milliseconds, percentile, targets
from .work import Work, check, new_work

APART = 0.25
SETTLE = 1.0
"""Seconds between two ways of rendering, so that neither pays for what the other left to do."""

CUSTOM, RECIPE = "custom pandas cell", "`roc_curve`"
BACK, SPACED, EMPTY = "back to back", "250 ms apart", "pool empty"
FIRST, FIRST_EVER = "first after a server start", "first in a new home"
SHARED, EXPORTED, FRESH, PAPERMILL = (
    "nbclient, one shared warm kernel",
    "the same + nbconvert (Kubeflow's way)",
    "nbclient, a fresh kernel each",
    "papermill",
)

WAYS = (BACK, SPACED, EMPTY, FIRST, FIRST_EVER, SHARED, EXPORTED, FRESH, PAPERMILL)

Seconds = dict[tuple[str, str], list[float]]
Make = Callable[[Work], dict[str, Any]]
MAKE: dict[str, Make] = {CUSTOM: Work.custom_request, RECIPE: Work.recipe_request}


def one_by_one(server: Server, request: Make, count: int, apart: float) -> list[float]:
    """Seconds of each of `count` renderings, one after the other."""
    works = [new_work(server.root) for _ in range(count)]
    connection, found = Connection(server), []
    for work in works:
        time.sleep(apart)
        answer, seconds = connection.render(request(work))
        check(work, answer)
        found.append(seconds)
    connection.close()
    return found


def with_pool_empty(server: Server, request: Make, pool: int) -> float:
    """Seconds of the last of `pool` + 1 renderings asked for at once: the others took the waiting kernels."""
    works = [new_work(server.root) for _ in range(pool + 1)]
    connections = [Connection(server) for _ in works]
    for connection in connections:
        connection.ask("GET", "jupyter-viz/status")  # connected
    with ThreadPoolExecutor(len(works)) as threads:
        answers = list(threads.map(Connection.render, connections, map(request, works)))
    for connection, work, (answer, _) in zip(connections, works, answers, strict=True):
        connection.close()
        check(work, answer)
    return max(seconds for _, seconds in answers)


def first(options: list[str], name: str, into: Seconds) -> int:
    """Time the first rendering in a new home, and that of a second server over the same home.

    Returns how many processes a server has before its first rendering.
    """
    processes = 0
    with running(options) as server:
        for way in (FIRST_EVER, FIRST):
            processes = max(processes, processes_at_rest(server))
            into[name, way] += one_by_one(server, MAKE[name], 1, 0)
            server.stop()
            if way is FIRST_EVER:
                server.start()
    return processes


def processes_at_rest(server: Server) -> int:
    """How many the server has; JupyterLab itself asks npm for a registry after each start, which may take seconds."""
    fewest, until = sys.maxsize, time.monotonic() + 10
    while fewest > 1 and time.monotonic() < until:
        time.sleep(SETTLE)
        fewest = min(fewest, 1 + len(psutil.Process(server.pid).children(recursive=True)))
    return fewest


def one_round(server: Server, peers: dict[str, Peer], given: argparse.Namespace, into: Seconds) -> None:
    ways: list[Callable[[], None]] = []
    for name, request in MAKE.items():
        for spacing, apart in ((BACK, 0.0), (SPACED, APART)):

            def ours(name: str = name, request: Make = request, spacing: str = spacing, apart: float = apart) -> None:
                into[name, spacing] += one_by_one(server, request, given.each, apart)

            ways.append(ours)

        def empty(name: str = name, request: Make = request) -> None:
            for _ in range(max(1, given.each // 10)):
                into[name, EMPTY].append(with_pool_empty(server, request, given.pool))
                time.sleep(SETTLE)

        ways.append(empty)

    def shared() -> None:
        for _ in range(max(1, given.each // 5)):
            for name, execute in ((CUSTOM, peers["shared"].pandas), (RECIPE, peers["shared"].recipe)):
                executed, exported = execute(new_work(server.root))
                into[name, SHARED].append(executed)
                into[name, EXPORTED].append(executed + exported)

    def fresh() -> None:
        into[CUSTOM, FRESH].append(peers["fresh"].pandas(new_work(server.root))[0])
        into[RECIPE, FRESH].append(peers["fresh"].recipe(new_work(server.root))[0])

    ways += [shared, fresh]
    if "papermill" in peers:
        ways.append(lambda: into[CUSTOM, PAPERMILL].append(peers["papermill"].pandas(new_work(server.root))[0]))
    random.shuffle(ways)
    for way in ways:
        way()
        time.sleep(SETTLE)
        for path in server.root.glob("*.csv"):
            path.unlink()


def measure(given: argparse.Namespace) -> tuple[Seconds, list[int]]:
    found: Seconds = defaultdict(list)
    with ExitStack() as stack:
        server = stack.enter_context(running(given.options))
        peers = {way: stack.enter_context(peer(way, server)) for way in ("shared", "fresh")}
        if given.peers_python:
            peers["papermill"] = stack.enter_context(peer("papermill", server, given.peers_python))
        for request in MAKE.values():  # warm: nothing of this counts
            one_by_one(server, request, min(5, given.each), 0)
        for _ in range(3):
            peers["shared"].pandas(new_work(server.root))
            peers["shared"].recipe(new_work(server.root))
        for number in range(given.rounds):
            one_round(server, peers, given, found)
            print(f"round {number + 1} of {given.rounds}", file=sys.stderr)
    processes = []
    for number in range(given.cold):
        processes += [first(given.options, name, found) for name in MAKE]
        print(f"cold {number + 1} of {given.cold}", file=sys.stderr)
    return found, processes


def judged(found: Seconds, processes: list[int]) -> list[Target]:
    """The numbers of the issue."""
    p50 = {way: percentile(seconds, 50) for way, seconds in found.items()}
    judged = []
    for name, limit in ((CUSTOM, 30), (RECIPE, 40)):
        for spacing in (BACK, SPACED):
            judged.append(at_most(f"{name}, {spacing}, p50", 1000 * p50[name, spacing], limit, "ms"))
        judged.append(at_most(f"{name}, pool empty, p50", 1000 * p50[name, EMPTY], 150, "ms"))
        judged.append(at_least(f"{name}, beside Kubeflow's way", p50[name, EXPORTED] / p50[name, BACK], 6))
        judged.append(at_least(f"{name}, beside nbclient fresh", p50[name, FRESH] / p50[name, BACK], 50))
        if (name, FIRST) in found:
            judged.append(at_most(f"{name}, {FIRST}, the slowest", max(found[name, FIRST]), 3, "s"))
    if processes:
        judged.append(exactly("processes before the first rendering", max(processes), 1))
    return judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--each", type=int, default=20, help="renderings of each kind in a round; peers do fewer")
    parser.add_argument("--pool", type=int, default=2, help="kernels that wait; one more finds none")
    parser.add_argument("--cold", type=int, default=3, help="server starts for each kind of rendering")
    parser.add_argument("--peers-python", help="interpreter with papermill, ipykernel, pandas and plotly")
    parser.add_argument("options", nargs="*", help="for JupyterLab, after --")
    given = parser.parse_args()
    if given.peers_python and not Path(given.peers_python).exists():
        parser.error(f"There is no {given.peers_python}.")
    found, processes = measure(given)
    print(f"Work: 10,000-row csv → ROC → plotly, a new file and new arguments each time. {machine()}\n")
    rows = []
    for name, way in [(name, way) for name in MAKE for way in WAYS if (name, way) in found]:
        seconds = found[name, way]
        ratio = percentile(seconds, 50) / percentile(found[name, BACK], 50)
        rows.append([f"{name}: {way}", str(len(seconds)), *milliseconds(seconds), f"{ratio:.1f}"])
    print(markdown(["way", "n", "p50 ms", "p95", "p99", "times ours"], rows), end="\n\n")
    print(targets(judged(found, processes)))


if __name__ == "__main__":
    main()
