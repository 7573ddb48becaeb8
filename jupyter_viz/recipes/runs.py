"""Recipes over runs: is it better than the last one, and which parameter made it so?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..errors import InvalidArgument
from ..views import Figure, FigureColumn, Rows
from .axes import MOST_GROUPS, height_for, in_order, legend_of, names_of
from .base import Runs, recipe
from .measured import (
    Measure,
    about_runs,
    categories_of,
    measure_of,
    metric_names,
    names_of_runs,
    parameter_names,
    started,
    top_metric,
    without,
)
from .style import COLOURS, GREY, labels, layout, left_out, legend_above, note_of, plain, rounded, short
from .tabled import tabled

if TYPE_CHECKING:
    pass

_MOST_METRICS = 8
_SEEDS = ("seed", "random_state", "random_seed")


@recipe(title="Metrics of runs")
def metrics_table(source: Runs, *, metrics: list[str] | None = None, differing: bool = True) -> Rows:
    """Runs with their metrics and parameters in one table, the newest first.

    Args:
        metrics: Which metrics, in this order; by default all, those first that most runs have.
        differing: Of the parameters only those that are not the same in all runs.
    """
    import pandas as pd

    measures = [measure_of(source, name, "metrics") for name in (metrics or metric_names(source))]
    parameters = parameter_names(source, differing=differing and len(source.runs) > 1)
    data = pd.DataFrame({"run": names_of_runs(source), "started": [run.started_at for run in source.runs]})
    data["status"] = [run.status.value for run in source.runs]
    data["seconds"] = [
        round((run.ended_at - run.started_at).total_seconds(), 3) if run.ended_at else math.nan for run in source.runs
    ]
    for measure in measures:
        data[measure.name] = measure.values
    for name in parameters:
        data[f"param.{name}" if name in data else name] = [run.parameters.get(name) for run in source.runs]
    best = [
        f"{measure.name} is best in {data.run[at]} with {measure.said(measure.values[at])}"
        for measure in measures[:3]
        if (at := measure.best()) is not None
    ]
    same = len(parameter_names(source)) - len(parameters)
    return Rows(
        title=f"Metrics of {about_runs(source)}",
        alt=f"Table of {about_runs(source)} with {len(measures)} metrics{''.join(f'; {each}' for each in best)}.",
        data=data.iloc[::-1].reset_index(drop=True),
        total=len(data),
        metrics={"runs": len(data), "metrics": len(measures)},
        note=f"Left out is what is the same in all runs: {same} parameter{'s' * (same > 1)}." if same else None,
    )


@recipe(title="Metrics over runs")
def metric_trend(source: Runs, *, metrics: list[str] | None = None) -> Figure:
    """Metrics along the runs of a pipeline, oldest first: does it get better? The best run is marked, where it is known
    which way is better.

    Args:
        metrics: Up to 8; by default the one that most runs have, and the next where it is of the same order.
    """
    import pandas as pd

    names = metrics or _of_one_order(source)
    if len(names) > _MOST_METRICS:
        raise InvalidArgument(f"Argument 'metrics': at most {_MOST_METRICS} are drawn; there are {len(names)}.")
    measures = [measure_of(source, name, "metrics") for name in dict.fromkeys(names)]
    runs, when = names_of_runs(source), [started(run) for run in source.runs]
    ticks = labels(runs)
    traces = []
    for measure, colour, name in zip(measures, COLOURS, names_of([each.name for each in measures]), strict=False):
        best = measure.best()
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": name,
                "x": ticks,
                "y": rounded(measure.values),
                "customdata": when,
                "line": {"color": colour, "width": 2},
                "marker": {"color": colour, "size": [12 if at == best else 6 for at in range(len(runs))]},
                "hovertemplate": f"%{{x}}, %{{customdata}}<br>{name} %{{y}}<extra></extra>",
            }
        )
    title = f"{', '.join(short(each.name) for each in measures)} over {about_runs(source)}"
    whole = layout(title, "Run, oldest first", measures[0].name if len(measures) == 1 else "Metric")
    whole["yaxis"] |= measures[0].tickformat if all(each.percentage for each in measures) else {}
    whole["xaxis"] |= {"type": "category", "nticks": 12}
    if len(measures) > 1:
        whole |= legend_of([each.name for each in measures])
    data = pd.DataFrame({"run": runs, "started": [run.started_at for run in source.runs]})
    for measure in measures:
        data[measure.name] = measure.values
    return Figure(
        title=title,
        alt=f"{about_runs(source)[:1].upper()}{about_runs(source)[1:]}, oldest first. "
        + " ".join(_trend(measure, runs) for measure in measures),
        spec={"data": traces, "layout": whole},
        columns=(
            FigureColumn("run", "text", "/data/0/x"),
            FigureColumn("started", "text", "/data/0/customdata"),
            *(FigureColumn(each.name, "number", f"/data/{at}/y") for at, each in enumerate(measures)),
        ),
        data=data,
        metrics={"runs": len(runs), **{each.name: value for each in measures if (value := _last(each)) is not None}},
        note=without(measures, len(runs)),
    )


def _of_one_order(source: Runs) -> list[str]:
    """The metric that most runs have, and the next where one axis serves both."""
    first = measure_of(source, top_metric(source), "metrics")
    for name in metric_names(source)[1:2]:
        second = measure_of(source, name, "metrics")
        ends = [[value for value in each.values if not math.isnan(value)] for each in (first, second)]
        overlap = max(map(min, ends)) <= min(map(max, ends))
        if first.goal == second.goal and first.percentage == second.percentage and (overlap or first.percentage):
            return [first.name, second.name]
    return [first.name]


def _last(measure: Measure) -> float | None:
    return next((value for value in reversed(measure.values) if not math.isnan(value)), None)


def _trend(measure: Measure, runs: list[str]) -> str:
    known = [value for value in measure.values if not math.isnan(value)]
    text = f"{measure.name} goes from {measure.said(known[0])} to {measure.said(known[-1])}"
    best = measure.best()
    return f"{text}, best {measure.said(measure.values[best])} in {runs[best]}." if best is not None else f"{text}."


@recipe(title="Scatter of two metrics")
def metric_scatter(source: Runs, *, x: str | None = None, y: str | None = None, by: str | None = None) -> Figure:
    """Runs as points: one metric or parameter against another.

    Args:
        x: A metric, or a parameter as `param.NAME`; by default the metric that second most runs have.
        y: Likewise; by default the metric that most runs have.
        by: A parameter whose values are told apart by colour; up to 8.
    """
    import pandas as pd

    known = metric_names(source)
    if (x is None or y is None) and len(known) < 2:
        raise InvalidArgument(f"Name x and y: the {len(source.runs):,} runs have {len(known)} metrics, two are needed.")
    across, up = measure_of(source, x or known[1], "x"), measure_of(source, y or known[0], "y")
    runs = names_of_runs(source)
    data = pd.DataFrame({"run": runs, across.name: across.values, up.name: up.values})
    groups = categories_of(source, by, "by") if by else [""] * len(runs)
    values = in_order(set(groups))
    if len(values) > MOST_GROUPS:
        raise InvalidArgument(f"Argument 'by': {by!r} has {len(values)} values; up to {MOST_GROUPS} can be told apart.")
    there = [at for at in range(len(runs)) if not math.isnan(across.values[at]) and not math.isnan(up.values[at])]
    if not there:
        raise InvalidArgument(f"No run has both {across.name!r} and {up.name!r}.")
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": rounded(across.values[at] for at in there if groups[at] == value),
            "y": rounded(up.values[at] for at in there if groups[at] == value),
            "text": [plain(runs[at]) for at in there if groups[at] == value],
            "marker": {"color": colour, "size": 9, "opacity": 0.8},
            "hovertemplate": f"%{{text}}<br>{plain(across.name)} %{{x}}, {plain(up.name)} %{{y}}<extra></extra>",
        }
        for value, name, colour in zip(values, names_of(values), COLOURS, strict=False)
    ]
    title = f"{short(up.name)} against {short(across.name)} of {about_runs(source)}"
    whole = layout(title, across.name, up.name, **(legend_of(values) if by else {}))
    whole["xaxis"] |= across.tickformat
    whole["yaxis"] |= up.tickformat
    columns: list[tuple[str, str, list[Any]]] = [("run", "text", [runs[at] for at in there])]
    columns += [(by.removeprefix("param."), "text", [groups[at] for at in there])] if by else []
    table, pointing = tabled(
        *columns,
        (across.name, "number", rounded(across.values[at] for at in there)),
        (up.name, "number", rounded(up.values[at] for at in there)),
    )
    pairs = data.iloc[there]
    together = float(pairs[across.name].corr(pairs[up.name])) if len(there) > 2 else math.nan
    said = f"; correlation {together:.2f}" if math.isfinite(together) else ""
    return Figure(
        title=title,
        alt=f"{len(there):,} runs: {up.name} from {_range(up)} against {across.name} from {_range(across)}{said}.",
        spec={"data": traces, "layout": whole | table},
        columns=pointing,
        data=data.iloc[there].reset_index(drop=True),
        metrics={"runs": len(there), **({"correlation": together} if math.isfinite(together) else {})},
        note=left_out(len(runs) - len(there), len(runs), f"{across.name} or {up.name}", "runs"),
    )


def _range(measure: Measure) -> str:
    known = [value for value in measure.values if not math.isnan(value)]
    return f"{measure.said(min(known))} to {measure.said(max(known))}"


@recipe(title="Repeated runs")
def repeats(source: Runs, *, metric: str | None = None, by: list[str] | None = None) -> Figure:
    """A metric over repeated runs: mean ± standard deviation of each group of runs with the same parameters.

    The deviation is that of a sample, divided by n - 1; a group of one run has none. What differs less than the runs of
    one group among themselves is noise.

    Args:
        metric: Which; by default the one that most runs have.
        by: Parameters that make a group; by default all that differ, but for seeds.
    """
    import pandas as pd

    measure = measure_of(source, top_metric(source, metric), "metric")
    names = by if by is not None else [n for n in parameter_names(source, differing=True) if n not in _SEEDS]
    parts = [categories_of(source, name, "by") for name in names]
    keys = list(zip(*parts, strict=True)) if parts else [()] * len(source.runs)
    frame = pd.DataFrame({"group": [_group(names, key) for key in keys], "value": measure.values}).dropna()
    grouped = frame.groupby("group", sort=False).value
    data = grouped.agg(["count", "mean", "std", "min", "max"]).reset_index()
    data.columns = pd.Index(["group", "runs", "mean", "std", "least", "most"])
    best = measure.goal == "lower"
    data = data.sort_values("mean", ascending=best, kind="stable").reset_index(drop=True)
    shown, places = labels(data.group.tolist(), 40), data.group.tolist()
    title = f"{short(measure.name)} over {about_runs(source)}"
    spread = data["std"].fillna(0)
    means = {
        "type": "scatter",
        "mode": "markers",
        "name": "mean ± standard deviation",
        "x": rounded(data["mean"]),
        "y": shown,
        "error_x": {"type": "data", "array": rounded(spread), "color": COLOURS[0]},
        "customdata": data.runs.tolist(),
        "marker": {"color": COLOURS[0], "size": 9},
        "hovertemplate": "%{y}<br>mean %{x} of %{customdata} runs<extra></extra>",
    }
    each = {
        "type": "scatter",
        "mode": "markers",
        "name": "runs",
        "x": rounded(frame.value),
        "y": [shown[places.index(group)] for group in frame.group],
        "marker": {"color": GREY, "size": 5, "opacity": 0.5},
        "hovertemplate": "%{x}<extra></extra>",
    }
    whole = layout(title, measure.name, ", ".join(names) or "all runs", **legend_above(2), **height_for(len(data)))
    whole["xaxis"] |= measure.tickformat
    whole["yaxis"] |= {"type": "category", "autorange": "reversed"}
    table, pointing = tabled(
        ("group", "text", data.group.tolist()),
        ("runs", "number", data.runs.tolist()),
        ("mean", "number", rounded(data["mean"])),
        ("standard deviation", "number", rounded(data["std"])),
        ("least", "number", rounded(data.least)),
        ("most", "number", rounded(data.most)),
    )
    mean, std, most = float(data["mean"].iloc[0]), float(data["std"].iloc[0]), int(data.runs.iloc[0])
    deviation = f" ± {measure.said(std)}" if math.isfinite(std) else ""
    single = int((data.runs == 1).sum())
    return Figure(
        title=title,
        alt=f"{measure.name} of {len(frame):,} runs in {len(data):,} groups by {', '.join(names) or 'nothing'}. "
        f"{'Lowest' if best else 'Highest'} mean {measure.said(mean)}{deviation} over {most:,} runs: "
        f"{data.group.iloc[0]}.",
        spec={"data": [means, each], "layout": whole | table},
        columns=pointing,
        data=data,
        metrics={"groups": len(data), "runs": len(frame), "mean": mean} | ({"std": std} if math.isfinite(std) else {}),
        note=note_of(
            without([measure], len(source.runs)),
            f"{single:,} of {len(data):,} groups have one run and no deviation." if single else None,
        ),
    )


def _group(names: list[str], key: tuple[str, ...]) -> str:
    return ", ".join(f"{name.removeprefix('param.')}={value}" for name, value in zip(names, key, strict=True)) or "all"
