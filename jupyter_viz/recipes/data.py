"""Recipes for data as it is."""

from __future__ import annotations

from typing import Annotated

from ..errors import InvalidArgument
from ..views import Figure, Rows
from . import kubeflow
from .adapted import Adapter
from .axes import all_of, height_for, is_missing, listed, names_of, only_row
from .base import Bounds, Column, Table, recipe
from .behind import empty
from .conditions import rows_where, rows_with
from .style import COLOURS, layout, rounded, short
from .tabled import tabled

MOST_ROWS = 10_000
_MOST_BARS = 50


@recipe(title="Table", adapter=Adapter(kubeflow.table, "Kubeflow"))
def table(
    source: Table,
    *,
    columns: list[Column] | None = None,
    rows: Annotated[int, Bounds(1, MOST_ROWS)] = 1000,
    where: list[str] | None = None,
    search: str | None = None,
    sort: Column | None = None,
    descending: bool = False,
) -> Rows:
    """The first rows as they are, or those asked for; says how many there are in all.

    Args:
        columns: Which to show, in this order; by default all.
        rows: How many at most, up to 10,000.
        where: Conditions that must all hold, such as `score > 0.9`, `country = NL`, `name : smith` (contains).
        search: A text that any column contains.
        sort: Column to sort by; missing values come last.
        descending: The greatest first.
    """
    import ibis

    found = rows_where(source, where or [])
    found = rows_with(found, search) if search else found
    if sort:
        found = found.order_by(is_missing(found[sort]), ibis.desc(sort) if descending else ibis.asc(sort))
    chosen = found.select(*columns) if columns else found
    every = int(source.count().to_pyarrow().as_py())
    total = int(found.count().to_pyarrow().as_py()) if where or search else every
    shown = chosen.limit(rows).to_pandas()
    cut = f"the first {len(shown):,} of {total:,} rows" if total > len(shown) else f"{total:,} rows"
    cut += f" asked for, of {every:,} in all" if total < every else ""
    names = ", ".join(list(map(str, shown.columns))[:10]) + (", …" if len(shown.columns) > 10 else "")
    return Rows(
        title="Table",
        alt=f"Table with {cut} and {len(shown.columns):,} columns: {names}.",
        data=shown,
        total=total,
        metrics={"rows": total, "columns": len(source.columns)},
        note=f"Shows {cut}." if every > len(shown) else None,
    )


@recipe(title="Missing values")
def missing_values(source: Table) -> Figure:
    """The share of rows that have no value in a column, the emptiest columns first; NaN counts as no value."""
    import pandas as pd

    missing = {name: is_missing(source[name]) for name in source.columns}
    rows, complete, *counts = only_row(
        source.aggregate(
            rows=source.count(),
            complete=source.count(where=all_of([~each for each in missing.values()])),
            **{f"m{at}": each.sum() for at, each in enumerate(missing.values())},
        )
    )
    if not rows:
        raise InvalidArgument("Nothing to draw: the table has no rows.")
    found = pd.DataFrame({"column": list(missing), "missing": counts})
    found = found.sort_values(["missing", "column"], ascending=[False, True], ignore_index=True)
    found["share"] = found.missing / rows
    shown, rest = found.head(_MOST_BARS), found.iloc[_MOST_BARS:]
    cells = int(found.missing.sum())
    added, pointing = tabled(
        ("column", "text", list(shown["column"])),
        ("missing rows", "number", [int(n) for n in shown.missing]),
        ("share", "number", rounded(shown.share)),
    )
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": names_of(list(shown["column"])),
        "x": rounded(shown.share),
        "customdata": [int(n) for n in shown.missing],
        "marker": {"color": COLOURS[0]},
        "hovertemplate": f"%{{y}}<br>%{{x:.2%}}: %{{customdata:,}} of {rows:,} rows<extra></extra>",
    }
    about = layout("Missing values", "share of rows", "column", **added)
    about |= height_for(len(shown))
    # From nothing to all: small shares look small.
    about["xaxis"] |= {"range": [0, 1], "tickformat": ".0%"}
    about["yaxis"] |= {"type": "category", "autorange": "reversed", "dtick": 1, "tickfont": {"size": 9}}
    lacking = found[found.missing > 0]
    worst = [f"{short(name)} {share:.1%}" for name, share in zip(lacking["column"][:5], lacking.share[:5], strict=True)]
    alt = f"Missing values: {complete:,} of {rows:,} rows are complete; "
    alt += f"{len(lacking):,} of {len(found):,} columns have missing values"
    alt += f", most of them {', '.join(worst)}." if worst else "."
    others = int(rest.missing.sum())
    note = f"Shows {_MOST_BARS} columns. In the other {len(rest):,} are {others:,} missing cells: "
    note += f"{listed(list(rest['column']))}."
    return Figure(
        title="Missing values",
        alt=alt,
        spec={"data": [trace], "layout": about},
        columns=pointing,
        data=found,
        metrics={"cells_missing": cells, "rows_complete": complete, "rows": rows},
        note=note if len(rest) else None,
        rows=[empty({name: source[name].type() for name in shown["column"]}, "y", names_of(list(shown["column"])))],
    )
