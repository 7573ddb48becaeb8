"""What a step costs beyond the user's code, with default settings, beside ZenML in the same run.

    python benchmarks/step_overhead.py [--zenml-python PATH] [--rounds N]

PATH is the interpreter of an environment with `zenml[local]`; without it only jupyter_viz is measured. Each tool runs
pipelines of 3 and of 23 trivial steps, by turns, in a process of its own with a fresh home. The difference of the two
times by 20 is one further step: what opening a run costs once is left out. Median (and least) of the rounds; files are
what lies in the artifact store afterwards, by the same quotient.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

SHORT, LONG = 3, 23
STEPS = {
    "number": "an int",
    "table": "a DataFrame of 100 rows",
    "table_not_shown": "the same, visualizations off",
}


class Tool:
    """A tool in a process of its own."""

    def __init__(self, name: str, python: str, home: Path) -> None:
        self.name = name
        home.mkdir()
        own = {"HOME": str(home), "JUPYTER_VIZ_HOME": str(home), "ZENML_CONFIG_PATH": str(home / "zenml")}
        quiet = {"ZENML_ANALYTICS_OPT_IN": "false", "ZENML_LOGGING_VERBOSITY": "ERROR"}
        self._process = subprocess.Popen(
            [python, str(Path(__file__).with_name("trivial_pipelines.py")), str(home)],
            env={**os.environ, **own, **quiet, "BENCHMARK_TOOL": name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, step: str, count: int) -> tuple[float, int]:
        """Seconds, and bytes of files."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{step} {count}\n")
        self._process.stdin.flush()
        seconds, written = self._process.stdout.readline().split()
        return float(seconds), int(written)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zenml-python", help="interpreter of an environment with zenml[local]")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    written: dict[tuple[str, str], list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        tools = [Tool("jupyter_viz", sys.executable, Path(folder) / "jupyter_viz")]
        if options.zenml_python:
            tools.append(Tool("zenml", options.zenml_python, Path(folder) / "zenml"))
        for tool in tools:
            for step in STEPS:
                tool.run(step, SHORT)  # imports, and the first use of everything
        for _ in range(options.rounds):
            for step in STEPS:
                for tool in tools:
                    short, few = tool.run(step, SHORT)
                    long, many = tool.run(step, LONG)
                    seconds[tool.name, step].append((long - short) / (LONG - SHORT))
                    written[tool.name, step].append((many - few) / (LONG - SHORT))
        for tool in tools:
            tool.close()
    heads = "".join(f"{tool.name + ', ms':>20s}" for tool in tools)
    print(f"{'a further step, returning':32s}{heads}{'ratio':>8s}")
    for step, title in STEPS.items():
        found = [[taken * 1000 for taken in seconds[tool.name, step]] for tool in tools]
        medians = [statistics.median(each) for each in found]
        ratio = f"{medians[1] / medians[0]:8.0f}" if len(medians) > 1 else ""
        print(
            f"{title:32s}"
            + "".join(f"{statistics.median(each):.1f} ({min(each):.1f})".rjust(20) for each in found)
            + ratio
        )
        sizes = [statistics.median(written[tool.name, step]) / 1000 for tool in tools]
        print(f"{'  files, kB':32s}" + "".join(f"{each:20.1f}" for each in sizes))


if __name__ == "__main__":
    main()
