"""The rows of `data_statistics`, whoever counted what stands in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..views import Rows
from .style import note_of, short

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_COLUMNS = 500
EXACT = 2**53
"""Up to it a float is every whole number."""
_BARS = "▁▂▃▄▅▆▇█"


def described_column(
    name: str,
    kind: str,
    rows: int,
    missing: int,
    *,
    distinct: int | None = None,
    mean: float | None = None,
    std: float | None = None,
    zeros: int | None = None,
    low: Any = None,
    quantiles: Sequence[float | None] | None = None,
    high: Any = None,
    histogram: Sequence[int] | None = None,
    top: Sequence[tuple[str, int]] | None = None,
) -> dict[str, Any]:
    """The row of a column; what nobody knows of it is None.

    Args:
        quantiles: At `QUANTILES`.
        histogram: Counts of bins of one width, from the lowest value to the highest.
        top: The most frequent values with how often they are there.
    """
    of_text = ", ".join(f"{short(value, 20)} ({_share(n, rows)})" for value, n in top or ())
    return {
        "column": name,
        "type": kind,
        "missing": missing,
        "missing %": round(100 * missing / rows, 2) if rows else None,
        "distinct": distinct,
        "mean": _number(mean),
        "std": _number(std),
        "zeros": zeros,
        "min": _shown(low),
        **{
            f"{share:.0%}": _number(value)
            for share, value in zip(QUANTILES, quantiles or [None] * len(QUANTILES), strict=True)
        },
        "max": _shown(high),
        "histogram": sparkline(histogram) if histogram else None,
        "most frequent": of_text or None,
    }


def described_table(found: Sequence[dict[str, Any]], rows: int, columns: int, *notes: str | None) -> Rows:
    """All of them.

    Args:
        found: By `described_column`.
        columns: How many the table has.
    """
    import pandas as pd

    data = pd.DataFrame(found, columns=list(found[0]) if found else ["column"])
    data = data.astype({name: "Int64" for name in ("distinct", "zeros") if name in data})  # whole, and some are missing
    missing = int(sum(row["missing"] for row in found))
    worst = max(found, key=lambda row: row["missing"], default=None)
    most = f", most of them in {short(worst['column'])}" if worst and missing else ""
    share = _share(missing, rows * len(found))
    return Rows(
        title="Data statistics",
        alt=f"Statistics of {len(found):,} columns over {rows:,} rows; {share} of all values are missing{most}.",
        data=data,
        total=len(found),
        metrics={"rows": rows, "columns": columns, "missing": missing},
        note=note_of(*notes),
    )


def left_out_columns(number: int) -> str | None:
    """The sentence about columns beyond `MOST_COLUMNS`; None where there are none."""
    return f"{number:,} further columns are left out; name those you want." if number else None


def sparkline(counts: Sequence[int]) -> str:
    """Counts as a row of bars, readable wherever text is: nothing is a space, the most a full block."""
    most = max(counts)
    return "".join(_BARS[math.ceil(count / most * len(_BARS)) - 1] if count else " " for count in counts)


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "0%"


def _number(value: Any) -> float | None:
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def _shown(value: Any) -> Any:
    if isinstance(value, int):  # with all its digits: an id
        return float(value) if abs(value) <= EXACT else str(value)
    return _number(value) if isinstance(value, (int, float)) else None if value is None else str(value)
