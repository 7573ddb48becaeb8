"""The views of several sources as one: figures beside each other or in one plot, rows in one table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from ..artifacts.source import Source
from ..views import Document, Figure, FigureColumn, Rows, View
from .axes import legend_of, names_of
from .beside import beside
from .style import COLOURS, GREY, note_of, unplain
from .tabled import tabled

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_MARKS = re.compile(r"[!-/:-@\[-`{-~]")
_DASHES = ("solid", "dash", "dot", "dashdot")


def put_together(labels: Sequence[str], views: Sequence[View], sources: Sequence[Source] = ()) -> View:
    """As usual for their kind: figures side by side with shared axes, rows in one table, documents in a row."""
    figures = [view for view in views if isinstance(view, Figure)]
    if len(figures) == len(views):
        return _figure(labels, figures, beside(labels, [figure.spec for figure in figures]), "side by side")
    rows = [view for view in views if isinstance(view, Rows)]
    if len(rows) == len(views):
        return merged(labels, rows)
    return _documents(labels, views)


def overlaid(
    labels: Sequence[str], views: Sequence[View], sources: Sequence[Source] = (), *, of: str | None = None
) -> View:
    """Curves in one plot, for figures that have one each; others side by side.

    Args:
        of: What the labels name, where that is no source.
    """
    figures = [view for view in views if isinstance(view, Figure)]
    curves = [[trace for trace in figure.spec["data"] if not _is_reference(trace)] for figure in figures]
    if len(figures) < len(views) or any(len(found) != 1 or found[0].get("type") != "scatter" for found in curves):
        return put_together(labels, views)
    references: list[Mapping[str, Any]] = []
    for figure in figures:
        references += [each for each in figure.spec["data"] if _is_reference(each) and each not in references]
    if len(references) > 1:  # each source's own; which is whose can't be seen
        references = []
    names, traces = names_of(labels), []
    for at, ([curve], name, figure) in enumerate(zip(curves, names, figures, strict=True)):
        colour, dash = COLOURS[at % len(COLOURS)], _DASHES[at // len(COLOURS) % len(_DASHES)]
        headline = curve.get("name", "") if figure.metrics and curve.get("name") else ""
        traces.append(
            {
                **curve,
                "name": f"{name}: {headline}" if headline else name,
                "line": {**curve.get("line", {}), "color": colour, "dash": dash},
                "hovertemplate": f"{name}<br>{curve.get('hovertemplate', '%{x}, %{y}<extra></extra>')}",
            }
        )
    about = figures[0].spec["layout"]
    whole = {
        **{name: value for name, value in about.items() if name not in ("annotations", "meta")},
        **legend_of([unplain(trace["name"]) for trace in traces]),
        "title": {**about["title"], "text": _common(figure.title for figure in figures)},
    }
    return _figure(labels, figures, {"data": [*references, *traces], "layout": whole}, "in one plot", of)


def merged(labels: Sequence[str], views: Sequence[Rows]) -> Rows:
    """One table, with a first column that says of which source a row is."""
    import pandas as pd

    frames = [view.data for view in views]
    column = label_column(frames)
    data = pd.concat(
        [_labelled(frame, column, label) for label, frame in zip(labels, frames, strict=True)], ignore_index=True
    )
    return Rows(
        title=_common(view.title for view in views),
        alt=_alt(labels, views, "one below the other"),
        data=data,
        total=sum(view.total for view in views),
        metrics=_metrics(labels, views),
        note=_notes(labels, views),
    )


def label_column(frames: Sequence[Any]) -> str:
    """A name for the column of labels that no frame has already."""
    taken = {str(name) for frame in frames for name in frame.columns}
    numbered = (f"source {number}" for number in range(2, len(taken) + 3))
    return next(name for name in ("run", "source", *numbered) if name not in taken)


def _labelled(frame: Any, column: str, label: str) -> Any:
    copy = frame.copy()
    copy.insert(0, column, label)
    return copy


def _figure(
    labels: Sequence[str], figures: Sequence[Figure], spec: dict[str, Any], how: str, of: str | None = None
) -> Figure:
    import pandas as pd

    frames = [figure.data for figure in figures]
    column = of or label_column(frames)
    table, columns = _table(labels, figures, column)
    spec["layout"] |= table
    return Figure(
        title=_common(figure.title for figure in figures),
        alt=_alt(labels, figures, how),
        spec=spec,
        columns=columns,
        data=pd.concat(
            [_labelled(frame, column, label) for label, frame in zip(labels, frames, strict=True)], ignore_index=True
        ),
        metrics=_metrics(labels, figures),
        note=_notes(labels, figures),
    )


def _table(
    labels: Sequence[str], figures: Sequence[Figure], column: str
) -> tuple[dict[str, Any], tuple[FigureColumn, ...]]:
    """The tables of all figures, one below the other."""
    kinds = {each.name: each.type for figure in figures for each in figure.columns}
    texts: list[Any] = []
    values: dict[str, list[Any]] = {name: [] for name in kinds}
    for label, figure in zip(labels, figures, strict=True):
        own = {each.name: each.found_in(figure.spec) for each in figure.columns}
        rows = max(map(len, own.values()), default=0)
        texts += [label] * rows
        for name, kept in values.items():
            found = own.get(name, [])
            kept += [*found, *[None] * (rows - len(found))]
    return tabled((column, "text", texts), *((name, kinds[name], kept) for name, kept in values.items()))


def _documents(labels: Sequence[str], views: Sequence[View]) -> Document:
    bundles = [view.bundle if isinstance(view, Document) else {"text/plain": view.alt} for view in views]
    texts = [str(bundle.get("text/plain", "")) for bundle in bundles]
    pairs = list(zip(labels, bundles, texts, strict=True))
    if all("text/markdown" in bundle for bundle in bundles):
        # Formatted where each of them is, which also decides what is safe to show: there is no other way to do either.
        written = "\n\n".join(
            f"#### {_literal(label)}\n\n{_closed(bundle['text/markdown'])}" for label, bundle, _ in pairs
        )
        shown = {"text/markdown": written}
    else:
        parts = ((label, bundle.get("text/html") or f"<pre>{escape(text)}</pre>") for label, bundle, text in pairs)
        shown = {"text/html": "\n".join(f"<h4>{escape(label)}</h4>{part}" for label, part in parts)}
    return Document(
        title=_common(view.title for view in views),
        alt=_alt(labels, views, "one below the other"),
        bundle={
            **shown,
            "text/plain": "\n\n".join(f"{label}\n{text}" for label, text in zip(labels, texts, strict=True)),
        },
        metrics=_metrics(labels, views),
        note=_notes(labels, views),
    )


def _literal(text: str) -> str:
    """A text as Markdown that shows it as it is."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def _closed(text: str) -> str:
    """Markdown whose last block of code is closed: what comes after it would be code as well."""
    fence = None
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark and fence is None:
            fence = mark[1]
        elif mark and fence and mark[1][0] == fence[0] and len(mark[1]) >= len(fence) and not mark[2].strip():
            fence = None
    return f"{text}\n{fence}" if fence else text


def _is_reference(trace: Mapping[str, Any]) -> bool:
    """What a plot is compared with (`style.reference_line`) rather than what it shows."""
    return trace.get("hoverinfo") == "skip" and trace.get("line", {}).get("color") == GREY


def _common(titles: Iterable[str]) -> str:
    """The title they have in common: the same, or as far as their words are."""
    found = [title.split() for title in titles]
    shared = []
    for words in zip(*found, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return " ".join(shared) or " ".join(found[0])


def _alt(labels: Sequence[str], views: Sequence[View], how: str) -> str:
    each = " ".join(f"{label}: {view.alt}" for label, view in zip(labels, views, strict=True))
    return f"{len(views)} {how}. {each}"


def _metrics(labels: Sequence[str], views: Sequence[View]) -> dict[str, float]:
    return {
        f"{label}/{name}": value
        for label, view in zip(labels, views, strict=True)
        for name, value in view.metrics.items()
    }


def _notes(labels: Sequence[str], views: Sequence[View]) -> str | None:
    """Each once; with its labels where it does not hold for all."""
    of: dict[str, list[str]] = {}
    for label, view in zip(labels, views, strict=True):
        if view.note:
            of.setdefault(view.note, []).append(label)
    return note_of(*(note if len(its) == len(views) else f"{', '.join(its)}: {note}" for note, its in of.items()))
