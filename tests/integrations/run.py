"""Our wheel beside foreign libraries, each in an environment of its own below .venv-integrations.

The library is there first, with the versions of others that it can live with; then ours moves in. Nothing that was
there may change its version, `pip check` may find nothing new, and the checks of the library have to pass. One has
nothing but our wheel. A failure in one environment hides none of the others; what its commands printed is shown. At the
end runs of MLflow, ZenML and Kubeflow, each made in its environment, are looked at in one Lab. The last line says how
many passed.

    python tests/integrations/run.py [NAME …]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOMES = ROOT / ".venv-integrations"
JOBS = min(2, os.cpu_count() or 1)
MINUTES = 40
"""A command that takes longer than this hangs."""

CHECK = ("-c", "tests/integrations/pytest.ini", "--tb=short")
# Our own tests, in an environment that brings older versions of what they use, whatever those warn of; without the
# services that their fixtures start.
UNIT_TESTS = ("-W", "default", "--tb=short", "-k", "not postgresql")


@dataclass(frozen=True)
class Environment:
    """`first` is there before our wheel, which comes with `extras`. Then `check_<name>.py` has to pass, the same of
    each name in `also`, `tests`, which are of our own, and `shown`, which looks at it in a browser: that is in the
    environment that this runs in, and gets the other's interpreter as SHOWN_IN."""

    name: str
    first: tuple[str, ...]
    extras: str = ""
    also: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    shown: str | None = None


ENVIRONMENTS = (
    Environment("great_expectations", ("great-expectations",), extras="great_expectations"),
    Environment("huggingface", ("datasets",), extras="huggingface"),
    Environment("evidently", ("evidently", "pandas<3"), extras="evidently"),
    # pandas 2 and NumPy 1, which pyarrow 26 does not say to pip that it can't live with.
    Environment(
        "whylogs",
        ("whylogs", "pandas<3", "numpy<2", "pyarrow<26", "pydantic"),
        extras="whylogs,demo,polars",
        tests=("tests/recipes", "tests/materializers", "tests/artifacts/test_tables.py"),
    ),
    # SQLAlchemy 2.0 and alembic 1.15. The server and the bucket are for what is read of another machine's ZenML.
    Environment(
        "zenml",
        ("zenml[local,server]", "s3fs", "boto3"),
        extras="postgres",
        tests=("tests/catalog", "tests/pipelines", "tests/recorded"),
    ),
    Environment("mlflow", ("mlflow",)),
    # Needs Java. Its libraries are those that Ibis's backend asks for. Every recipe over a table of Spark, beside the
    # same of DuckDB; the other tests of recipes take `--engine=pyspark` too, and most of an hour.
    Environment(
        "spark",
        ("ibis-framework[pyspark]",),
        extras="demo,polars",
        tests=("--engine=pyspark", "--timeout=600", "tests/recipes/test_engines.py"),
    ),
    Environment("kfp", ("kfp",), also=("kubeflow",)),
    Environment("papermill", ("papermill", "ipykernel")),
    Environment("notebook7", ("notebook>=7",), extras="demo", shown="tests/browser/check_notebook7.py"),
    Environment("tfdv", ("tensorflow-metadata",), extras="tfdv,demo"),
)


TOGETHER = ("mlflow", "zenml", "kfp")
"""Whose runs meet in one sidebar, in the environment that this runs in."""
DISTRIBUTION = "distribution"
"""The name of what checks the wheel alone: nothing else is in its environment."""


class Failed(Exception):
    """What did not hold, with the output that shows it."""


def main(names: Sequence[str]) -> int:
    chosen = [environment for environment in ENVIRONMENTS if not names or environment.name in names]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        wheel = _wheel(Path(folder))
        with ThreadPoolExecutor(JOBS) as pool:
            tries = {each.name: partial(_seen, each, wheel) for each in chosen}
            if not names or DISTRIBUTION in names:
                tries[DISTRIBUTION] = _distributed
            tried = pool.map(_try, tries.values())
            for name, (lines, error) in zip(tries, tried, strict=True):
                print(f"== {name}: {'FAILED' if error else 'passed'}", *lines, sep="\n   ", flush=True)
                if error:
                    failed += 1
                    print(error, flush=True)
    tried_together = 0
    if set(TOGETHER) <= {environment.name for environment in chosen} and not failed:
        tried_together = 1
        try:
            print(f"== together: {_together()}", flush=True)
        except Failed as error:
            failed += 1
            print(f"== together: FAILED\n{error}", flush=True)
    print(f"{len(tries) + tried_together - failed} passed, {failed} failed")
    return bool(failed)


def _together() -> str:
    interpreters = {f"TOGETHER_{name.upper()}": HOMES / name / "bin" / "python" for name in TOGETHER}
    return _looked_at("tests/browser/check_together.py", **interpreters)


def _looked_at(tests: str, **interpreters: Path) -> str:
    """pytest's last line."""
    words = (sys.executable, "-m", "pytest", "-q", "--timeout=900", tests)
    named = {name: str(python) for name, python in interpreters.items()}
    return _run(*words, environment=named).strip().splitlines()[-1]


def _wheel(folder: Path) -> Path:
    _run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, ROOT)
    [wheel] = folder.glob("*.whl")
    return wheel


def _distributed() -> Iterator[str]:
    yield _run(sys.executable, "-m", "pytest", "-q", "tests/packaging/check_distribution.py").strip().splitlines()[-1]


def _try(seen: Callable[[], Iterator[str]]) -> tuple[list[str], str | None]:
    """What was seen of an environment, and what failed in it."""
    lines: list[str] = []
    begun = time.monotonic()
    try:
        lines.extend(seen())
    except Failed as error:
        return lines, str(error)
    except Exception as error:  # the others are to be tried all the same
        return lines, repr(error)
    lines.append(f"{time.monotonic() - begun:.0f} s")
    return lines, None


def _seen(environment: Environment, wheel: Path) -> Iterator[str]:
    home = HOMES / environment.name
    shutil.rmtree(home, ignore_errors=True)
    _run(os.environ.get("PYTHON", "python3"), "-m", "venv", home)
    python = home / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    _run(*pip, "install", "--quiet", "--upgrade", "pip")
    _run(
        *pip,
        "install",
        "--quiet",
        "--no-compile",
        *environment.first,
        "pytest",
        "pytest-timeout",
        "pytest-jupyter[server]",
    )
    before, complaints = _versions(python), _complaints(python)
    extras = f"[{environment.extras}]" if environment.extras else ""
    _run(*pip, "install", "--quiet", "--no-compile", f"{wheel}{extras}")
    after = _versions(python)
    changed = [f"{name} {old} -> {after.get(name, 'gone')}" for name, old in before.items() if after.get(name) != old]
    if changed:
        raise Failed(f"Installing jupyter_viz changed what was there: {', '.join(changed)}")
    if new := _complaints(python) - complaints:
        raise Failed("pip check finds, since jupyter_viz is there:\n" + "\n".join(sorted(new)))
    added = len(after) - len(before)
    yield f"{len(before)} packages, {added} more with jupyter_viz; none changed its version"
    yield f"pip check finds what it found before: {len(complaints)}" if complaints else "pip check passes"
    names = (environment.name, *environment.also)
    yield _tested(home, *CHECK, *(f"tests/integrations/check_{name}.py" for name in names))
    if environment.tests:
        yield f"our own tests: {_tested(home, *UNIT_TESTS, *environment.tests)}"
    if environment.shown:
        yield f"in a browser: {_looked_at(environment.shown, SHOWN_IN=python)}"


def _tested(home: Path, *words: str) -> str:
    """pytest's last line. The command rather than `python -m pytest`, which would import ours from this folder."""
    return _run(home / "bin" / "pytest", "-q", *words).strip().splitlines()[-1]


def _versions(python: Path) -> dict[str, str]:
    listed = _run(python, "-m", "pip", "--disable-pip-version-check", "list", "--format", "freeze")
    return dict(line.split("==", 1) for line in listed.splitlines())


def _complaints(python: Path) -> set[str]:
    done = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True, check=False, cwd=ROOT)
    return set(done.stdout.splitlines()) if done.returncode else set()


def _run(*command: str | Path, environment: Mapping[str, str] | None = None) -> str:
    words = [str(word) for word in command]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTHONPATH"))}
    done = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
        env={**kept, **(environment or {})}, timeout=MINUTES * 60, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed(f"$ {' '.join(words)}\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="environments; all of them without one")
    arguments = parser.parse_args()
    known = [*(environment.name for environment in ENVIRONMENTS), DISTRIBUTION]
    if unknown := set(arguments.names) - set(known):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there is {', '.join(known)}")
    sys.exit(main(arguments.names))
