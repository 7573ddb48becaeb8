"""200 renderings asked for at once, all new.

    python -m benchmarks.rendering.load [--requests 200] [--runs 300] [-- LAB OPTIONS]

The burst is sent twice: once timed, with the event loop's lag and pages of runs looked at meanwhile; once to read the
memory, which costs time of its own. Answers 429 and 503 are obeyed: the request comes again after Retry-After. Beside
it the same work, one after the other, on one shared kernel.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import queue
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from multiprocessing.synchronize import Event
from typing import Any

import httpx

from . import loop_lag
from .peer import peer
from .server import HEADERS, VISUALIZATIONS, WAIT, Connection, Server, running
from .tables import Target, at_least, at_most, exactly, machine, markdown, milliseconds, percentile, targets
from .usage import CPU, Peak, cpu, names, row, usage
from .work import Work, check, new_work

RECIPES = {"custom pandas cell": Work.custom_request, "`roc_curve`": Work.recipe_request}
SETTLE = 3.0
"""Seconds after which the pool is full again."""

RECORD = """
import sys
from jupyter_viz import log_metrics, pipeline, step

@step
def judge(number: int) -> int:
    log_metrics({"accuracy": number % 97 / 97, "auc": number % 89 / 89})
    return number

@pipeline
def nightly(number: int):
    judge(number)

for number in range(int(sys.argv[1])):
    nightly(number)
"""


@dataclass
class Burst:
    """What became of renderings that were asked for at once. Times in seconds."""

    took: float = 0
    each: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    cpu: CPU = field(default_factory=lambda: CPU(0, 0, 0))
    lag: dict[str, float] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)


async def send(server: Server, works: list[Work], recipe: str, limit: float) -> Burst:
    """Ask for all at once and wait for all, at most `limit` seconds."""
    found = Burst()
    bodies = [json.dumps(RECIPES[recipe](work)) for work in works]
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=server.url, headers=HEADERS, timeout=limit, limits=limits) as client:
        await client.get("jupyter-viz/status")
        began = time.perf_counter()

        async def one(work: Work, body: str) -> tuple[Work, Any, bool, float]:
            answer, fresh = await _render(client, body, found.refused)
            return work, answer, fresh, time.perf_counter() - began

        tasks = [asyncio.create_task(one(work, body)) for work, body in zip(works, bodies, strict=True)]
        await asyncio.wait(tasks, timeout=limit)
        found.took = time.perf_counter() - began
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, BaseException):
                found.failed.append(f"lost: {ended!r}"[:300])
                continue
            work, answer, fresh, seconds = ended
            try:
                check(work, answer, fresh)
                found.each.append(seconds)
            except AssertionError as error:
                found.failed.append(str(error)[:300])
    return found


async def _render(client: httpx.AsyncClient, body: str, refused: Counter[int]) -> tuple[Any, bool]:
    """(finished visualization, whether it is the answer to the request itself rather than to a later GET)."""
    while True:
        response = await client.post(WAIT, content=body)
        if response.status_code not in (429, 503):
            break
        refused[response.status_code] += 1
        # Spread out, as browsers that were not refused in the same millisecond would be.
        await asyncio.sleep(float(response.headers["Retry-After"]) * random.uniform(1, 1.2))
    response.raise_for_status()
    if response.status_code == 200:
        return response.json(), True
    while True:  # 60 s were not enough
        await asyncio.sleep(0.5)
        answer = (await client.get(f"{VISUALIZATIONS}/{response.json()['id']}")).raise_for_status().json()
        if answer["status"] not in ("queued", "running"):
            return answer, False


def read_pages(server: Server, ended: Event, into: Any) -> None:
    """Ask for pages of runs, ten a second; runs in a process of its own."""
    connection, found = Connection(server), []
    while not ended.is_set():
        page, seconds = connection.ask("GET", "jupyter-viz/runs?limit=50")
        assert page["runs"], "no runs in the catalog"
        found.append(seconds)
        time.sleep(0.1)
    into.put(found)


def timed(server: Server, works: list[Work], recipe: str, limit: float) -> Burst:
    processes = multiprocessing.get_context("spawn")
    ended, pages = processes.Event(), processes.Queue()
    reader = processes.Process(target=read_pages, args=(replace(server, _process=None), ended, pages))
    reader.start()
    time.sleep(SETTLE)  # until it reads
    connection = Connection(server)
    connection.ask("POST", loop_lag.PATH, {})
    before = cpu(server.pid)
    found = asyncio.run(send(server, works, recipe, limit))
    found.lag, _ = connection.ask("GET", loop_lag.PATH)
    connection.close()
    ended.set()
    try:
        found.pages = pages.get(timeout=60)
    except queue.Empty:
        found.failed.append("the reader of run pages ended without an answer; see above")
    reader.join()
    found.cpu = cpu(server.pid).since(before)
    return found


def shared_kernel(server: Server, recipe: str, count: int) -> float:
    """Renderings a second on one shared warm kernel, HTML included."""
    with peer("shared", server) as shared:
        execute = shared.pandas if recipe == "custom pandas cell" else shared.recipe
        for _ in range(3):
            execute(new_work(server.root))
        return count / sum(sum(execute(new_work(server.root))) for _ in range(count))


def burst(server: Server, recipe: str, given: argparse.Namespace) -> list[Target]:
    """Measure one recipe; prints what it sees and returns what is judged of it."""
    per_second_shared = shared_kernel(server, recipe, given.shared)
    connection = Connection(server)
    for work in [new_work(server.root) for _ in range(3)]:
        check(work, connection.render(RECIPES[recipe](work))[0])
    connection.close()
    time.sleep(SETTLE)
    waiting = usage(server.pid)
    found = timed(server, [new_work(server.root) for _ in range(given.requests)], recipe, given.limit)
    time.sleep(SETTLE)
    works = [new_work(server.root) for _ in range(given.requests)]
    with Peak(server.pid) as peak:
        again = asyncio.run(send(server, works, recipe, given.limit))
    time.sleep(SETTLE)

    per_second = len(found.each) / found.took
    print(f"\n### {recipe}, {given.requests} at once\n")
    print(markdown(["", "p50 ms", "p95", "p99"], [
        ["answer", *milliseconds(found.each or [0])],
        ["page of runs meanwhile", *milliseconds(found.pages or [0])],
    ]))  # fmt: skip
    print(
        f"\nDone in {found.took:.1f} s: {per_second:.1f} a second; the shared kernel {per_second_shared:.2f} a second."
    )
    server_ms, parent_ms, kernels_ms = (1000 * seconds / max(1, len(found.each)) for seconds in found.cpu)
    print(f"CPU per rendering: {server_ms + parent_ms + kernels_ms:.0f} ms ", end="")
    print(f"(server {server_ms:.0f}, parent {parent_ms:.0f}, kernels {kernels_ms:.0f}).")
    print(f"Event loop lag: p50 {found.lag['p50']:.1f}, p99 {found.lag['p99']:.1f}, max {found.lag['max']:.1f} ms.")
    print(
        f"Refused and sent again: {dict(found.refused) or 'none'}; in the second burst {dict(again.refused) or 'none'}."
    )
    for why, count in Counter(found.failed + again.failed).most_common(5):
        print(f"Failed, {count} times: {why}")
    print(f"Peak of the second burst: {peak.tree_mb:.0f} MB in {peak.processes} processes.\n")
    print(markdown(["", *names()], [["before", *row(waiting)], ["after", *row(usage(server.pid))]]))
    judged = [
        exactly(f"{recipe}: lost or failed of 2 x {given.requests}", len(found.failed + again.failed), 0),
        at_least(f"{recipe}: throughput beside the shared kernel", per_second / per_second_shared, 4.5),
        at_most(f"{recipe}: event loop lag, p99", found.lag["p99"], 20, "ms"),
        at_most(f"{recipe}: event loop lag, worst", found.lag["max"], 100, "ms"),
        at_most(f"{recipe}: page of runs, p95", 1000 * percentile(found.pages or [1e9], 95), 250, "ms"),
        at_most(f"{recipe}: the whole tree at its peak", peak.tree_mb, 600, "MB"),
    ]
    if waiting.kernels:
        judged.append(at_most(f"{recipe}: a waiting kernel", waiting.largest_kernel_mb, 120, "MB"))
    return judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--runs", type=int, default=300, help="runs in the catalog")
    parser.add_argument("--shared", type=int, default=20, help="renderings on the shared kernel")
    parser.add_argument("--limit", type=float, default=600, help="seconds after which a request is lost")
    parser.add_argument("--recipe", choices=["custom", "roc_curve"], help="only one of the two")
    parser.add_argument("options", nargs="*", help="for JupyterLab, after --")
    given = parser.parse_args()
    found = []
    with running(given.options) as server:
        print(f"recording {given.runs} runs", file=sys.stderr)
        server.run(RECORD, str(given.runs))
        print(machine())
        for recipe in RECIPES:
            if given.recipe is None or given.recipe in recipe:
                found += burst(server, recipe, given)
    print(f"\n{targets(found)}")


if __name__ == "__main__":
    main()
