"""Metrics of a classifier as Kubeflow Pipelines v2 keeps them: in the metadata of an artifact, without a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from ..errors import InvalidArgument, UnreadableSource, did_you_mean
from ..views import Figure, View
from .base import Json, recipe
from .matrix import given_matrix
from .roc import area, given_curve, points_of
from .style import COLOURS, note_of, short
from .together import overlaid

_CURVE, _MATRIX = "confidenceMetrics", "confusionMatrix"
_SLICES, _OF_SLICE = "evaluationSlices", "sliceClassificationMetrics"
_ABOUT = "classification metrics"
_MOST_CURVES = len(COLOURS)


@recipe(title="Classification metrics")
def classification_metrics(
    source: Json, *, show: Literal["roc", "confusion_matrix"] | None = None, slice: str | None = None
) -> View:
    """The ROC curve or the confusion matrix that a Kubeflow pipeline recorded, as it was given, with its metrics.

    Reads the metadata of a `system.ClassificationMetrics` or a `system.SlicedClassificationMetrics`, alone or inside
    its artifact.

    Args:
        show: roc or confusion_matrix; by default the curve where there is one.
        slice: Of sliced metrics which slice; by default all of them over each other, the worst first.
    """
    slices = _slices(source.value)
    if slice is not None and slice not in slices:
        hint = did_you_mean(slice, slices) if list(slices) != [""] else " These metrics are not sliced."
        raise InvalidArgument(f"Argument 'slice': there is no slice {slice!r}.{hint}")
    chosen = slices if slice is None else {slice: slices[slice]}
    key = {"roc": _CURVE, "confusion_matrix": _MATRIX, None: _first(chosen)}[show]
    found = {name: _plain(metrics[key]) for name, metrics in chosen.items() if metrics.get(key)}
    if not found:
        other = {_CURVE: ("curve", "confusion_matrix"), _MATRIX: ("confusion matrix", "roc")}[key]
        raise InvalidArgument(
            f"Argument 'show': there is no {other[0]}, {key!r} is missing or empty. Try {other[1]!r}."
        )
    if key == _MATRIX:
        return _matrix(found)
    curves = {name: _points(metrics, name) for name, metrics in found.items()}
    if len(curves) == 1:
        [(name, points)] = curves.items()
        return given_curve(_about(name), points)
    worst = sorted(curves, key=lambda name: area(curves[name]))[:_MOST_CURVES]
    view = overlaid(worst, [given_curve(_about(name), curves[name], len(worst)) for name in worst], of="slice")
    fewer = (
        f"Shows the {len(worst)} of {len(curves):,} slices with the least area." if len(worst) < len(curves) else None
    )
    return replace(view, note=note_of(fewer, view.note))


def _slices(value: Any) -> dict[str, Mapping[str, Any]]:
    """The metrics by slice; by the empty name where they are not sliced."""
    value = _object(value, "The source")
    value = _object(value["metadata"], "'metadata'") if "metadata" in value else value
    if _SLICES not in value:
        if _CURVE not in value and _MATRIX not in value:
            raise UnreadableSource(
                f"The source holds no classification metrics: neither {_CURVE!r} nor {_MATRIX!r} nor {_SLICES!r} is in "
                f"it. There is: {', '.join(map(short, value)) or 'nothing'}."
            )
        return {"": value}
    slices: dict[str, Mapping[str, Any]] = {}
    for number, each in enumerate(_list(_plain(value[_SLICES]), repr(_SLICES)), 1):
        where = f"{_SLICES!r}, slice {number}"
        item = _object(_plain(each), where)
        name = str(item.get("slice", ""))
        if name in slices:
            raise UnreadableSource(f"{where}: there is a slice {name!r} before it; each needs a name of its own.")
        slices[name] = _object(_plain(item.get(_OF_SLICE)), f"{where}: {_OF_SLICE!r}")
    if not slices:
        raise UnreadableSource(f"{_SLICES!r} is empty: there are no metrics to draw.")
    return slices


def _first(slices: Mapping[str, Mapping[str, Any]]) -> str:
    """What there is to show of some of them: curves, else matrices."""
    return _CURVE if any(metrics.get(_CURVE) for metrics in slices.values()) else _MATRIX


def _points(metrics: Any, name: str) -> Any:
    where = f"{_CURVE!r}{_of(name)}"
    points = [_object(each, f"{where}, point {number}") for number, each in enumerate(_list(metrics, where), 1)]
    for key in ("recall", "falsePositiveRate"):
        if not any(key in point for point in points):
            raise UnreadableSource(f"{where}: no point has a {key!r}. There is: {', '.join(map(short, points[0]))}.")
    # What protocol buffers write as JSON leaves out what is 0.
    rates = [
        (point.get("falsePositiveRate", 0), point.get("recall", 0), point.get("confidenceThreshold"))
        for point in points
    ]
    return points_of(rates, where)


def _matrix(found: Mapping[str, Any]) -> Figure:
    if len(found) > 1:
        names = ", ".join(map(short, list(found)[:20]))
        raise InvalidArgument(f"Argument 'slice': {len(found)} slices have a confusion matrix; name one of {names}.")
    [(name, value)] = found.items()
    where = f"{_MATRIX!r}{_of(name)}"
    matrix = _object(value, where)
    specs = _list(_plain(matrix.get("annotationSpecs")), f"{where}: 'annotationSpecs'")
    classes = [str(_object(spec, f"{where}: 'annotationSpecs'").get("displayName", "")) for spec in specs]
    rows = [
        _list(_plain(_object(row, f"{where}: 'rows'").get("row")), f"{where}: 'row'")
        for row in _list(_plain(matrix.get("rows")), f"{where}: 'rows'")
    ]
    about = f" of {short(name)}" if name else ""
    return given_matrix(f"true label{about}", "predicted label", classes, rows, where)


def _plain(value: Any) -> Any:
    """What the metadata store keeps in an object of one key, `list` or `struct`."""
    if isinstance(value, Mapping) and len(value) == 1 and value.keys() <= {"list", "struct"}:
        return next(iter(value.values()))
    return value


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UnreadableSource(f"{where} must be a JSON object, not {_kind(value)}.")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise UnreadableSource(f"{where} must be a list, not {_kind(value)}.")
    return value


def _kind(value: Any) -> str:
    return "null" if value is None else short(repr(value))


def _about(name: str) -> str:
    return f"{_ABOUT} ({short(name)})" if name else _ABOUT


def _of(name: str) -> str:
    return f" of slice {short(name)!r}" if name else ""
