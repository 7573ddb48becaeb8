"""Thousands of renderings: what grows, and what is left over.

    python -m benchmarks.rendering.soak [--renderings 5000] [--looks 25] [-- LAB OPTIONS]

Two clients ask one after the other, half custom pandas cells, half `roc_curve`. From time to time, when nothing is
running, the server's processes are looked at. Growth is the slope of a line through the second half of the looks, so
that caches that fill once don't count.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from .server import Connection, Server, running
from .tables import Target, at_most, machine, markdown, targets
from .usage import Usage, names, row, usage
from .work import check, new_work

CLIENTS = 2
WARMING_CLIENTS = 20
"""More than the server has threads, so that all of those are there before the first look."""
SETTLE = 3.0
"""Seconds after which the pool is full again."""
TOLERATED = 1.0
"""MB in 1,000 renderings that can't be told from noise."""


@dataclass(frozen=True)
class Look:
    """At the server, when `renderings` were done.

    Attributes:
        left_over: Files and folders in its temporary and its runtime folder.
    """

    renderings: int
    usage: Usage
    left_over: int


def look(server: Server, renderings: int) -> Look:
    time.sleep(SETTLE)
    folders = (server.temporary, server.folder / "runtime")
    left_over = sum(1 for folder in folders if folder.exists() for _ in folder.rglob("*"))
    return Look(renderings, usage(server.pid), left_over)


def render(server: Server, count: int) -> None:
    """`count` renderings over one connection; each is checked."""
    connection = Connection(server)
    for number in range(count):
        work = new_work(server.root)
        answer, _ = connection.render(work.recipe_request() if number % 2 else work.custom_request())
        check(work, answer)
        work.path.unlink()
    connection.close()


def render_some(server: Server, count: int, clients: int = CLIENTS) -> None:
    """`count` renderings by all clients together."""
    shares = [count // clients + (number < count % clients) for number in range(clients)]
    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(render, [server] * clients, shares))


def growth(looks: list[Look], values: list[float]) -> float:
    """How much more in 1,000 renderings, by the second half of the looks."""
    half = len(looks) // 2
    return 1000 * float(np.polyfit([look.renderings for look in looks[half:]], values[half:], 1)[0])


def judged(looks: list[Look]) -> list[Target]:
    server = growth(looks, [look.usage.server_mb for look in looks])
    parent = growth(looks, [look.usage.parent_mb for look in looks])
    # Against the look half-way: by then executors have all their threads.
    before, last = looks[len(looks) // 2], looks[-1]
    return [
        at_most("server, growth in 1,000 renderings", server, TOLERATED, "MB"),
        at_most("parent, growth in 1,000 renderings", parent, TOLERATED, "MB"),
        at_most("processes more than half-way", last.usage.processes - before.usage.processes, 0),
        at_most("sockets more than half-way", last.usage.sockets - before.usage.sockets, 0),
        at_most("descriptors more than half-way", last.usage.descriptors - before.usage.descriptors, 0),
        at_most("threads more than half-way", last.usage.threads - before.usage.threads, 0),
        at_most("temporary files and folders more than half-way", last.left_over - before.left_over, 0),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renderings", type=int, default=5000)
    parser.add_argument("--looks", type=int, default=25)
    parser.add_argument("options", nargs="*", help="for JupyterLab, after --")
    given = parser.parse_args()
    if given.looks < 4:
        parser.error("A slope needs at least 4 --looks.")
    with running(given.options) as server:
        render_some(server, min(5 * WARMING_CLIENTS, given.renderings), WARMING_CLIENTS)
        looks, done = [look(server, 0)], 0
        began = time.monotonic()
        for number in range(1, given.looks + 1):
            coming = given.renderings * number // given.looks - done
            render_some(server, coming)
            done += coming
            looks.append(look(server, done))
            print(f"{done} of {given.renderings}", file=sys.stderr)
        took = time.monotonic() - began - SETTLE * given.looks
    print(f"{given.renderings} renderings, {CLIENTS} at a time, {given.renderings / took:.1f} a second. {machine()}\n")
    rows = [[str(each.renderings), *row(each.usage), str(each.left_over)] for each in looks]
    print(markdown(["renderings", *names(), "temporary files"], rows), end="\n\n")
    print(targets(judged(looks)))
    if given.renderings < 1000:
        print("\nToo few renderings to tell growth from noise.")


if __name__ == "__main__":
    main()
