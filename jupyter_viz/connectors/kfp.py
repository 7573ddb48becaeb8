"""Kubeflow without a cluster: what `kfp.local` leaves in `local_outputs`, and what Kubeflow's v1 kept of a run's steps.

The location is a folder, and each folder in it a run. `kfp.local` writes its tasks' results there; v1's artifact store
has a folder for each workflow, and in it one for each pod, with `mlpipeline-metrics`, `mlpipeline-ui-metadata` and the
outputs, each in a tgz of its own or not. No library is needed. Run by `runner`; see `base` for the records.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import time
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

RESULT = "executor_output.json"
LARGEST = 1 << 20
"""Bytes of a file that is looked into."""
LARGEST_MEMBER = 2 << 30
"""Bytes that are taken out of a tgz: one that holds more is no result."""
MOST_FILES = 1000
STILL = 60
"""Seconds without a change after which a task without a result is taken for failed: nothing else tells."""
NAMED = re.compile(r"(.+)-(\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-\d{6})\Z")
METRICS = re.compile(r"mlpipeline[-_ ]metrics", re.IGNORECASE)
MARKDOWN = re.compile(r"^(#{1,6} |[-*] |\|.*\|)|\*\*|^```", re.MULTILINE)


def check(request: dict[str, Any]) -> str:
    runs = len(_runs(Path(request["location"])))
    return f"{runs:,} run{'s' * (runs != 1)} in {request['location']}"


def read(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    folders = _runs(Path(request["location"]))
    yield {"type": "total", "runs": len(folders)}
    for folder in folders:
        try:
            yield from list(_told(folder, request["known"]))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            if folder.is_dir():  # something of it is just being written or removed, or is not as Kubeflow writes it
                reason = f"it can't be read: {error}"
                yield {"type": "skipped", "what": folder.name, "reason": reason, "id": str(folder)}
    yield {"type": "end", "cursor": None}


def _told(folder: Path, known: dict[str, str]) -> Iterator[dict[str, Any]]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    stats = [(str(path), os.stat(path)) for path in files]
    newest = max([os.stat(folder).st_mtime, *(each.st_mtime for _, each in stats)])
    is_still = newest < time.time() - STILL
    mark = hashlib.sha256(repr([(path, each.st_size, each.st_mtime_ns) for path, each in stats]).encode())
    named = NAMED.match(folder.name)
    is_local = bool(named) or any(path.name == RESULT for path in files)
    if is_local and is_still and any(_result(task) is None for task in _task_folders(folder)):
        mark.update(b"still")  # what seemed to run is taken for failed now, though nothing of it changed
    if known.get(str(folder)) == mark.hexdigest():
        yield {"type": "unchanged", "id": str(folder)}
        return
    if len(files) > MOST_FILES:
        reason = f"a run has at most {MOST_FILES:,} files here"
        yield {"type": "skipped", "what": folder.name, "reason": reason}
    steps, metrics = (_tasks if is_local else _pods)(folder, files[:MOST_FILES], is_still)
    ended = [step["status"] for step in steps]
    yield {
        "type": "run",
        "id": str(folder),
        "mark": mark.hexdigest(),
        "pipeline": named[1] if named else re.sub(r"-[a-z0-9]{5}\Z", "", folder.name),
        "name": named[2] if named else folder.name,
        "status": next((status for status in ("failed", "running") if status in ended), "completed"),
        "started_at": _began(named) or min([step["started_at"] for step in steps], default=_micros(newest)),
        "ended_at": None if "running" in ended else _micros(newest),
        "metrics": metrics,
        "steps": steps,
    }


def fetch(request: dict[str, Any]) -> None:
    what, _, rest = request["uri"].partition("/")
    root = Path(request["location"]).resolve()
    path, _, name = rest.rpartition("#") if what == "metadata" else (rest, "", "")
    file = (root / path).resolve()
    if not file.is_relative_to(root):
        raise FileNotFoundError(f"{path} is not in {root}")
    if what == "metadata":
        found = _json(file)["artifacts"][name]["artifacts"][0]["metadata"]
        Path(request["to"]).write_text(json.dumps(found))
    else:
        with tarfile.open(file, "r:*") as archive, open(request["to"], "wb") as target:
            shutil.copyfileobj(_member(archive, LARGEST_MEMBER), target)


def _runs(root: Path) -> list[Path]:
    folders = [path for path in root.absolute().iterdir() if path.is_dir() and not path.is_symlink()]
    return sorted((path for path in folders if not path.name.startswith(".")), key=lambda path: (_began_at(path), path))


def _began_at(path: Path) -> int:
    return _began(NAMED.match(path.name)) or _micros(os.stat(path).st_mtime)


def _began(named: re.Match[str] | None) -> int | None:
    """`kfp.local` writes the time of this machine into the name."""
    return _micros(datetime.strptime(named[2], "%Y-%m-%d-%H-%M-%S-%f").timestamp()) if named else None


def _tasks(folder: Path, _files: list[Path], is_still: bool) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """The steps and metrics of a run of `kfp.local`. A loop's tasks have the iteration before their names."""
    steps, named = [], []
    for task in sorted(_task_folders(folder), key=lambda task: (_ended(task), task)):
        name = task.relative_to(folder).as_posix()
        result = _result(task)
        status = "completed" if result is not None else "failed" if is_still else "running"
        step = {"name": name, "status": status, "started_at": _started(task), "artifacts": []}
        step["ended_at"] = None if status == "running" else _ended(task)
        if result is not None:
            of_task, numbers = _outputs(task, result, folder.parent)
            step["artifacts"] = of_task
            named += [(name, each, value) for each, value in numbers.items()]
        steps.append(step)
    return steps, _told_apart(named)


def _result(task: Path) -> dict[str, Any] | None:
    """What a task has told at its end; None before, and of one that was cut off while it wrote that."""
    try:
        return _json(task / RESULT) if (task / RESULT).is_file() else None
    except ValueError:
        return None


def _task_folders(folder: Path) -> list[Path]:
    """The innermost folders: a loop's own has only its iterations."""
    places = [path for path in folder.rglob("*") if path.is_dir()]
    return [place for place in places if not any(each.parent == place for each in places)]


def _outputs(task: Path, result: dict[str, Any], root: Path) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """(artifacts, numbers) of a task. What Kubeflow's types say is told by the metadata or by how a file begins."""
    artifacts: list[dict[str, Any]] = []
    numbers = {
        task.name if name == "Output" else name: value
        for name, value in result.get("parameterValues", {}).items()
        if type(value) in (int, float)
    }
    for name, listed in sorted(result.get("artifacts", {}).items()):
        for place, each in enumerate(listed["artifacts"]):
            called = name if place == 0 else f"{name}_{place + 1}"
            metadata, path = each.get("metadata", {}), each.get("uri", "").removeprefix("file://")
            if {"confidenceMetrics", "confusionMatrix", "evaluationSlices"} & metadata.keys():
                where = (task / RESULT).relative_to(root).as_posix()
                artifacts.append({"name": called, "uri": f"metadata/{where}#{name}", "kind": "json", "fetch": True})
            elif os.path.isfile(path):
                artifacts.append({"name": called, "uri": path, "size": os.path.getsize(path), "kind": _kind(path)})
            elif metadata:
                numbers |= {key: value for key, value in metadata.items() if type(value) in (int, float)}
    return artifacts, numbers


def _pods(folder: Path, files: list[Path], is_still: bool) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """The steps and metrics of a run of v1, from the folders of its pods."""
    steps: dict[str, dict[str, Any]] = {}
    named = []
    for file in files:
        pod = file.parent.relative_to(folder).as_posix().replace(".", "") or folder.name
        name, is_archive = re.subn(r"\.(tgz|tar\.gz)\Z", "", file.name)
        at = _micros(os.stat(file).st_mtime)
        step = steps.setdefault(pod, {"name": pod, "status": "completed", "started_at": at, "artifacts": []})
        step |= {"started_at": min(step["started_at"], at), "ended_at": max(step.get("ended_at", at), at)}
        if METRICS.search(name):
            named += [(pod, *each) for each in _v1_metrics(file, bool(is_archive))]
        where = {"uri": f"tgz/{file.relative_to(folder.parent).as_posix()}", "fetch": True}
        artifact = {"name": name, **(where if is_archive else {"uri": str(file), "size": os.path.getsize(file)})}
        if name.startswith("mlpipeline-"):
            artifact["kind"] = "json"
        elif not is_archive:
            artifact["kind"] = _kind(str(file))
        step["artifacts"].append(artifact)
    return list(steps.values()), _told_apart(named)


def _v1_metrics(file: Path, is_archive: bool) -> Iterator[tuple[str, Any]]:
    try:
        if is_archive:
            with tarfile.open(file, "r:*") as archive:
                values = json.loads(_member(archive, LARGEST).read())
        else:
            values = _json(file)
        for each in values["metrics"] or ():
            value = each.get("numberValue", each.get("number_value"))
            yield each["name"], {"value": float(value), "format": each.get("format") or "RAW"}
    except (ValueError, KeyError, TypeError, tarfile.TarError, OSError, EOFError, zlib.error):
        return  # the file itself is an artifact and can be looked at


def _member(archive: tarfile.TarFile, largest: int) -> Any:
    """The one file that Kubeflow puts into an archive."""
    for member in archive:
        if member.isfile():
            if member.size > largest:
                raise ValueError(f"{member.name} has {member.size:,} bytes, more than {largest:,}")
            return archive.extractfile(member)
    raise FileNotFoundError("the archive holds no file")


def _told_apart(named: list[tuple[str, str, Any]]) -> dict[str, Any]:
    """Metrics by name; where two steps have the same, with the step's before it."""
    names = [name for _, name, _ in named]
    return {f"{step}/{name}" if names.count(name) > 1 else name: value for step, name, value in named}


def _kind(path: str) -> str:
    """What a file without an ending holds, by how it begins."""
    with open(path, "rb") as file:
        head = file.read(1 << 16)
    if head.startswith(b"PAR1"):
        return "table"
    try:
        text = head.decode("utf-8-sig", errors="strict" if len(head) < 1 << 16 else "ignore")
    except UnicodeDecodeError:
        return "image" if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")) else "binary"
    begin = text.lstrip()[:1]
    if begin == "<":
        return "html"
    if begin in "{[" and begin:
        return "json"
    if MARKDOWN.search(text):
        return "markdown"
    counts = {line.count(",") for line in text.splitlines()[:20] if line}
    return "table" if len(counts) == 1 and counts != {0} else "text"


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _started(task: Path) -> int:
    return min(_micros(os.stat(path).st_mtime) for path in (task, *task.iterdir()))


def _ended(task: Path) -> int:
    return max(_micros(os.stat(path).st_mtime) for path in (task, *task.iterdir()))


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
