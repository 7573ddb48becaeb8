"""What a Kubeflow pipeline wrote for the output viewers of its page: the file `mlpipeline-ui-metadata`."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Annotated, Any

from ..artifacts import tables
from ..errors import InvalidArgument, UnreadableSource, did_you_mean
from ..views import Document, View
from .base import LONGEST_TEXT, Bounds, Json, Page, Text, recipe
from .data import MOST_ROWS, table
from .matrix import MOST_GIVEN, given_matrix
from .roc import given_curve, points_of
from .style import note_of, short
from .viewers import html, markdown

if TYPE_CHECKING:
    import pandas as pd

_LISTED = 20


@recipe(title="Kubeflow output")
def kubeflow_output(source: Json, *, output: Annotated[int, Bounds(1, 10_000)] = 1) -> View:
    """One of the outputs that a Kubeflow pipeline wrote to be looked at, from its `mlpipeline-ui-metadata`.

    Draws outputs of type confusion_matrix, roc, table, markdown and web-app that are in the file (`"storage":
    "inline"`). Of one that is elsewhere, or of a TensorBoard, it says where, and how to look there.

    Args:
        output: Which of them, counted from 1.
    """
    outputs = _outputs(source.value)
    if output > len(outputs):
        raise InvalidArgument(f"Argument 'output': there is no output {output}. There is: {_listed(outputs)}.")
    chosen = outputs[output - 1]
    kind = str(chosen.get("type"))
    if kind not in _DRAWN:
        raise UnreadableSource(f"Output {output} is of the type {kind!r}.{did_you_mean(kind, _DRAWN)}")
    where = f"Output {output} ({kind})"
    if not isinstance(chosen.get("source"), str):
        raise UnreadableSource(f"{where} has no 'source': its text, or where that is.")
    if kind != "tensorboard" and chosen.get("storage") != "inline":
        raise InvalidArgument(
            f"{where} is not in this file but in {chosen['source']!r}. Look at that: `{_way(kind, chosen)}`."
        )
    view = _DRAWN[kind](chosen, where)
    others = f"Output {output} of {len(outputs):,}: {_listed(outputs)}." if len(outputs) > 1 else None
    return replace(view, note=note_of(others, view.note))


def _outputs(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, Mapping):
        raise UnreadableSource('The source must be a JSON object `{"outputs": […]}`; it is none.')
    outputs = value.get("outputs")
    if not isinstance(outputs, list):
        there = ", ".join(map(short, value)) or "nothing"
        raise UnreadableSource(
            f"The source has no list 'outputs', as an `mlpipeline-ui-metadata` has. There is: {there}."
        )
    if not outputs:
        raise UnreadableSource("The list 'outputs' is empty: the step had nothing to show.")
    for number, each in enumerate(outputs, 1):
        if not isinstance(each, Mapping):
            raise UnreadableSource(f"Output {number} must be a JSON object, not {short(repr(each))}.")
    return outputs


def _listed(outputs: Sequence[Mapping[str, Any]]) -> str:
    names = [f"{number} {short(each.get('type'))}" for number, each in enumerate(outputs[:_LISTED], 1)]
    return ", ".join(names) + (f" and {len(outputs) - _LISTED:,} more" if len(outputs) > _LISTED else "")


def _way(kind: str, output: Mapping[str, Any]) -> str:
    """How to look at an output that is in a file of its own."""
    header = output.get("header")
    names = header if kind == "table" and isinstance(header, list) else ["target", "predicted", "count"]
    as_table = ["table", "--headers", ",".join(map(str, names))]
    name, *options = {
        "confusion_matrix": as_table,
        "roc": ["roc_curve", "--is_generated", "true"],
        "table": as_table,
        "markdown": ["markdown"],
        "web-app": ["html"],
    }[kind]
    return f"%viz {shlex.join([name, output['source'], *options])}"


def _confusion_matrix(output: Mapping[str, Any], where: str) -> View:
    """From rows of true class, predicted class and count, one for each pair; a pair that is missing is 0."""
    labels = output.get("labels")
    if not isinstance(labels, list) or not labels:
        raise UnreadableSource(f"{where} has no 'labels': a list of the classes, in their order.")
    names = [str(label).strip() for label in labels]
    axes = [str(name) for name in _names(output.get("schema"), where, "schema")]
    if len(axes) < 2:
        raise UnreadableSource(
            f"{where}: 'schema' must name three columns: the true class, the predicted one, the count."
        )
    places = {name: place for place, name in enumerate(names)}
    counts: list[list[Any]] = [[0] * len(names) for _ in names] if len(names) <= MOST_GIVEN else []
    seen: set[tuple[str, str]] = set()
    for line, (true, predicted, count) in _csv(output, 3, where):
        for name in (true, predicted):
            if name not in places:
                raise UnreadableSource(
                    f"{where}, line {line}: {name!r} is not in 'labels': {', '.join(names[:_LISTED])}."
                )
        if (true, predicted) in seen:
            raise UnreadableSource(f"{where}, line {line}: {true!r} taken for {predicted!r} is counted twice.")
        seen.add((true, predicted))
        if counts:
            counts[places[true]][places[predicted]] = count
    return given_matrix(axes[0], axes[1], names, counts, where)


def _roc(output: Mapping[str, Any], where: str) -> View:
    return given_curve(
        "Kubeflow output",
        points_of([(fpr, tpr, threshold) for _, (fpr, tpr, threshold) in _csv(output, 3, where)], where),
    )


def _table(output: Mapping[str, Any], where: str) -> View:
    import pandas as pd

    if output.get("format", "csv") != "csv":
        raise UnreadableSource(f"{where} has the format {output['format']!r}; tables are read as csv.")
    header = [str(name) for name in _names(output.get("header"), where, "header")]
    if twice := [name for place, name in enumerate(header) if name in header[:place]]:
        raise UnreadableSource(f"{where}: 'header' names the column {twice[0]!r} twice.")
    rows = [row for _, row in _csv(output, len(header), where)]
    frame = pd.DataFrame(rows, columns=header).apply(_typed)
    view: View = table(tables.of_value(frame, where), rows=MOST_ROWS)
    return view


def _typed(column: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers where all of them are."""
    import pandas as pd

    try:
        return pd.to_numeric(column.where(column != "", None))
    except ValueError:
        return column


def _markdown(output: Mapping[str, Any], where: str) -> View:
    return markdown(Text(output["source"][:LONGEST_TEXT], len(output["source"].encode())))


def _web_app(output: Mapping[str, Any], where: str) -> View:
    return html(Page(output["source"][:LONGEST_TEXT], len(output["source"].encode())))


def _tensorboard(output: Mapping[str, Any], where: str) -> View:
    said = f"TensorBoard logs in {output['source']}. They are not drawn here: tensorboard --logdir {output['source']}"
    return Document(
        title="TensorBoard",
        alt=f"TensorBoard logs in {output['source']}, which are not drawn here.",
        bundle={"text/html": f"<p>{escape(said)}</p>", "text/plain": said},
    )


def _names(value: Any, where: str, key: str) -> list[Any]:
    """The names of columns: texts, or objects with a name."""
    if not isinstance(value, list) or not value:
        raise UnreadableSource(f"{where} has no {key!r}: a list of the names of its columns.")
    names = [each.get("name") if isinstance(each, Mapping) else each for each in value]
    if any(name is None for name in names):
        raise UnreadableSource(f"{where}: an item of {key!r} has no 'name'.")
    return names


def _csv(output: Mapping[str, Any], width: int, where: str) -> list[tuple[int, list[str]]]:
    """(line, its fields) of a csv that has no header. Raises `UnreadableSource` for a line of another width."""
    found = []
    reader = csv.reader(io.StringIO(output["source"].strip()), strict=True)
    try:
        for row in reader:
            if not row:
                continue
            if len(row) != width:
                raise UnreadableSource(f"{where}, line {reader.line_num}: {len(row)} fields, {width} are needed.")
            found.append((reader.line_num, [field.strip() for field in row]))
    except csv.Error as error:
        raise UnreadableSource(f"{where}, line {reader.line_num}: {error}.") from None
    if not found:
        raise UnreadableSource(f"{where} is empty.")
    return found


_DRAWN = {
    "confusion_matrix": _confusion_matrix,
    "markdown": _markdown,
    "roc": _roc,
    "table": _table,
    "tensorboard": _tensorboard,
    "web-app": _web_app,
}
