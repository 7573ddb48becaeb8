"""How values are spread: histograms of one and two axes, boxes, violins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .bars import Bars, write_places
from .heatmaps import draw_scale
from .read import is_flat, name_of, numbers_of, one_of, values_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _check_counts(trace: Mapping[str, Any]) -> None:
    """Raises `ValueError` where the bars are no counts: what they are, plotly alone computes. No picture is better than
    a wrong one."""
    cumulative = trace.get("cumulative", {}).get("enabled")
    if trace.get("histfunc", "count") != "count" or trace.get("histnorm") or cumulative:
        raise ValueError("no counts")


def draw_histogram(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    _check_counts(trace)
    flat = "x" not in trace
    values = [value for value in values_of(trace, "y" if flat else "x") if value is not None]
    axes.hist(
        values,
        bins=trace.get("nbinsx") or "auto" if values and not isinstance(values[0], str) else None,
        orientation="horizontal" if flat else "vertical",
        alpha=0.7,
        color=one_of(trace.get("marker", {}).get("color"), str),
        label=name_of(trace),
    )


def draw_density(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    """A histogram over two axes."""
    import numpy as np

    _check_counts(trace)
    pairs = [pair for pair in zip(values_of(trace, "x"), values_of(trace, "y"), strict=True) if None not in pair]
    sides: Any = [trace.get(f"nbins{axis}") or 20 for axis in "xy"]
    x, y = np.array(pairs, float).reshape(-1, 2).T
    counts, of_x, of_y = np.histogram2d(x, y, bins=sides)
    mesh = axes.pcolormesh(of_x, of_y, counts.T, cmap="viridis", clip_on=False)
    draw_scale(axes, mesh, trace.get("colorbar", {}))


def draw_boxes(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    """From quartile to quartile, whiskers to the last value within 1.5 of their distance (Tukey 1977)."""
    groups, centres, how = _groups(axes, trace, bars)
    if "q1" in trace:  # counted already
        names = {"q1": "q1", "med": "median", "q3": "q3", "whislo": "lowerfence", "whishi": "upperfence"}
        told = {name: values_of(trace, theirs) for name, theirs in names.items()}
        told["whislo"], told["whishi"] = told["whislo"] or told["q1"], told["whishi"] or told["q3"]
        boxes = [{**dict(zip(told, each, strict=True)), "fliers": []} for each in zip(*told.values(), strict=True)]
        drawn = axes.bxp(
            boxes, patch_artist=True, manage_ticks=False, widths=0.8 * bars.width, positions=centres, **how
        )
    else:
        drawn = axes.boxplot(
            groups,
            positions=centres,
            widths=0.8 * bars.width,
            patch_artist=True,
            manage_ticks=False,
            flierprops={"markersize": 3},
            medianprops={"color": "black"},
            **how,
        )
        if trace.get("boxpoints") == "all":
            for group, centre in zip(groups, centres, strict=True):
                at = [centre] * len(group)
                axes.plot(*((group, at) if is_flat(trace) else (at, group)), ".", color=_colour(trace), alpha=0.4)
    for number, box in enumerate(drawn["boxes"]):
        box.set(facecolor=_colour(trace), alpha=0.7, label=name_of(trace) if not number else None)


def draw_violins(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> None:
    groups, centres, how = _groups(axes, trace, bars)
    there = [(group, centre) for group, centre in zip(groups, centres, strict=True) if len(set(group)) > 1]
    if not there:
        return
    groups, centres = map(list, zip(*there, strict=True))
    drawn = axes.violinplot(groups, positions=centres, widths=0.9 * bars.width, showmedians=True, **how)
    for number, body in enumerate(drawn["bodies"]):  # type: ignore[arg-type,var-annotated]
        body.set(facecolor=_colour(trace), alpha=0.7, label=name_of(trace) if not number else None)


def _groups(axes: Axes, trace: Mapping[str, Any], bars: Bars) -> tuple[list[list[float]], list[float], dict[str, Any]]:
    """(values of each box, where it stands, which way)."""
    flat = is_flat(trace)
    places = bars.places_of(trace)
    values = numbers_of(values_of(trace, "x" if flat else "y"))
    found: dict[Any, list[float]] = {place: [] for place in places}
    for place, value in zip(places if len(places) == len(values) else places * len(values), values, strict=False):
        if value == value:  # a number
            found[place].append(value)
    centres, _ = bars.next(list(found), [0.0] * len(found))
    write_places(axes, bars, flat)
    return list(found.values()), centres, {"orientation": "horizontal" if flat else "vertical"}


def _colour(trace: Mapping[str, Any]) -> Any:
    marker, line = trace.get("marker", {}), trace.get("line", {})
    return one_of(marker.get("color"), str) or one_of(line.get("color"), str) or "C0"
