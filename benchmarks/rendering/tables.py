"""What a measurement prints: the machine, percentiles, targets, Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np


@dataclass(frozen=True)
class Target:
    """A number of the issue, and what was measured of it."""

    what: str
    wanted: str
    seen: str
    met: bool


def at_most(what: str, seen: float, limit: float, unit: str) -> Target:
    return Target(
        what, f"≤ {limit:g} {unit}", f"{seen:.3g} {unit}" if seen < 100 else f"{seen:.0f} {unit}", seen <= limit
    )


def at_least(what: str, seen: float, limit: float) -> Target:
    return Target(what, f"≥ {limit:g} times", f"{seen:.3g} times", seen >= limit)


def exactly(what: str, seen: int, wanted: int) -> Target:
    return Target(what, str(wanted), str(seen), seen == wanted)


def percentile(values: Sequence[float], percent: float) -> float:
    return float(np.percentile(values, percent))


def milliseconds(seconds: Sequence[float]) -> list[str]:
    """p50, p95, p99 of durations, as cells of a table."""
    found = [1000 * percentile(seconds, percent) for percent in (50, 95, 99)]
    return [f"{value:.1f}" if value < 100 else f"{value:.0f}" for value in found]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def targets(found: Sequence[Target]) -> str:
    rows = [[target.what, target.wanted, target.seen, "met" if target.met else "**unmet**"] for target in found]
    return markdown(["target", "wanted", "seen", ""], rows)


def machine() -> str:
    """One line: cores this process may use, memory, versions."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("jupyter_server", "ipykernel", "pandas", "plotly", "duckdb")
    )
    return f"{cores} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}, {packages}."
