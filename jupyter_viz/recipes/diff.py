"""What changed between two sources of the same kind: tables, JSON, texts, pictures, runs."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterator
from html import escape
from typing import Any, Literal

from ..enums import ArtifactKind
from ..errors import InvalidArgument, UnreadableSource
from ..models import Run
from ..views import Document, Rows, View
from .base import Column, Pair, recipe
from .changed import changed_rows
from .drift import column_changes
from .pixels import picture_difference
from .style import short

_MOST_LINES = 2_000
_LONGEST_TEXT = 2_000_000  # bytes
_MOST_VALUES = 200_000


@recipe(title="Difference")
def diff(source: Pair, *, key: list[Column] | None = None, show: Literal["columns", "rows"] | None = None) -> View:
    """What changed from one source to another.

    Columns and distributions of tables, or their rows by a key; values of JSON, lines of text, pixels of pictures;
    metrics and parameters of runs.

    Distributions are compared by the Jensen-Shannon divergence with base 2 (Lin 1991, "Divergence measures based on the
    Shannon entropy"): 0 where they are the same, 1 where they have nothing in common. Numbers are counted in 20 bins of
    the same width over both, other values by value.

    Args:
        key: Of tables, the columns that tell which row is which; then rows are compared too.
        show: Of tables, the changes of columns or of rows; by default of rows where there is a key.
    """
    kind = source.before.kind
    if kind is not ArtifactKind.TABLE and (key or show):
        raise InvalidArgument(f"Arguments 'key' and 'show' are for tables; {source.before.text!r} is {kind}.")
    if kind is ArtifactKind.TABLE:
        if show == "rows" and not key:
            raise InvalidArgument("Argument 'show': to compare rows, say with `key` which columns tell them apart.")
        if key and show != "columns":
            return changed_rows(source, key)
        return column_changes(source)
    if kind is ArtifactKind.RUN:
        return _runs(source)
    if kind is ArtifactKind.JSON:
        return _json(source)
    if kind is ArtifactKind.IMAGE:
        return picture_difference(source)
    return _texts(source)


def _runs(source: Pair) -> Rows:
    import pandas as pd

    before, after = source.before.value, source.after.value
    rows = [_of_metric(before, after, name) for name in sorted({*before.metrics, *after.metrics})]
    for name in sorted({*before.parameters, *after.parameters}):
        old, new = (run.parameters.get(name) for run in (before, after))
        if old != new:
            rows.append({"what": "parameter", "name": name, "before": old, "after": new, "change": None, "is": None})
    better, worse = (sum(row["is"] == word for row in rows) for word in ("better", "worse"))
    parameters = [row["name"] for row in rows if row["what"] == "parameter"]
    old_label, new_label = source.labels
    about = f"{better} metrics are better, {worse} worse; {len(parameters)} parameters differ"
    named = f" ({', '.join(map(short, parameters[:5]))})" if parameters else ""
    data = pd.DataFrame(rows, columns=["what", "name", "before", "after", "change", "is"])
    return Rows(
        title=f"{short(new_label)} compared with {short(old_label)}",
        alt=f"From {old_label} to {new_label}: {about}{named}.",
        data=data.rename(columns={"before": old_label, "after": new_label} if old_label != new_label else {}),
        total=len(data),
        metrics={"better": better, "worse": worse, "parameters": len(parameters)},
        note="Whether a change is more than noise, only repeated runs can tell: recipe `repeats`.",
    )


def _of_metric(before: Run, after: Run, name: str) -> dict[str, Any]:
    old, new = before.metrics.get(name), after.metrics.get(name)
    change = new.value - old.value if old and new else math.nan
    goal = (new or old).goal if new or old else None  # type: ignore[union-attr]
    verdict = None
    if change == 0:
        verdict = "same"
    elif goal in ("higher", "lower") and math.isfinite(change):
        verdict = "better" if (change > 0) == (goal == "higher") else "worse"
    values = {"before": old.value if old else None, "after": new.value if new else None}
    return {"what": "metric", "name": name, **values, "change": change, "is": verdict}


def _json(source: Pair) -> Rows:
    import pandas as pd

    before, after = (dict(_leaves(each.json(), each.text)) for each in (source.before, source.after))
    rows: list[tuple[str, str, str | None, str | None]] = []
    for path in dict.fromkeys([*before, *after]):
        if path not in after:
            rows.append((path, "removed", _written(before[path]), None))
        elif path not in before:
            rows.append((path, "added", None, _written(after[path])))
        elif before[path] != after[path] or type(before[path]) is not type(after[path]):
            rows.append((path, "changed", _written(before[path]), _written(after[path])))
    counts = {word: sum(row[1] == word for row in rows) for word in ("added", "removed", "changed")}
    same = len({*before, *after}) - len(rows)
    return Rows(
        title=f"Changes from {short(source.labels[0])} to {short(source.labels[1])}",
        alt=f"JSON from {source.labels[0]} to {source.labels[1]}: {_counted(counts, 'values')}, {same:,} are the same.",
        data=pd.DataFrame(rows, columns=["path", "change", "before", "after"]),
        total=len(rows),
        metrics={**counts, "same": same},
    )


def _leaves(value: Any, text: str) -> Iterator[tuple[str, Any]]:
    """The values of JSON that hold no others, by JSON pointer (RFC 6901)."""
    waiting, seen = [("", value)], 0
    while waiting:
        path, each = waiting.pop()
        seen += 1
        if seen > _MOST_VALUES:
            raise UnreadableSource(f"{text!r} has more than {_MOST_VALUES:,} values; compare a part of it.")
        if isinstance(each, dict) and each:
            inner = [(f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}", item) for name, item in each.items()]
        elif isinstance(each, list) and each:
            inner = [(f"{path}/{at}", item) for at, item in enumerate(each)]
        else:
            yield path or "/", each
            continue
        waiting += reversed(inner)


def _written(value: Any) -> str:
    return short(json.dumps(value, ensure_ascii=False), 200)


def _texts(source: Pair) -> Document:
    for each in (source.before, source.after):
        if (size := each.size()) > _LONGEST_TEXT:
            raise UnreadableSource(f"{each.text!r} has {size:,} bytes; texts up to {_LONGEST_TEXT:,} are compared.")
    old, new = (each.read_text().splitlines() for each in (source.before, source.after))
    lines = list(difflib.unified_diff(old, new, *source.labels, lineterm="", n=2))
    added = sum(line.startswith("+") for line in lines[2:])
    removed = sum(line.startswith("-") for line in lines[2:])
    shown = lines[:_MOST_LINES]
    plain = "\n".join(shown) or "The two are the same."
    return Document(
        title=f"Changes from {short(source.labels[0])} to {short(source.labels[1])}",
        alt=f"Text from {source.labels[0]} to {source.labels[1]}: {added:,} lines added, {removed:,} removed.",
        bundle={"text/html": f"<pre>{''.join(map(_marked, shown)) or plain}</pre>", "text/plain": plain},
        metrics={"added": added, "removed": removed},
        note=f"Shows the first {_MOST_LINES:,} of {len(lines):,} lines." if len(lines) > _MOST_LINES else None,
    )


def _marked(line: str) -> str:
    """A line of a unified diff; elements that are read out, too, tell what was added and removed."""
    text = escape(line)
    if line.startswith("+") and not line.startswith("+++"):
        return f"<ins>{text}</ins>\n"
    if line.startswith("-") and not line.startswith("---"):
        return f"<del>{text}</del>\n"
    return f"{text}\n"


def _counted(counts: dict[str, int], noun: str) -> str:
    return f"{noun} " + ", ".join(f"{word} {number:,}" for word, number in counts.items())
