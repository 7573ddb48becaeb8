"""A wide table with the columns that are looked at: what Ibis does for each query grows with those it knows of."""

from __future__ import annotations

from collections.abc import Sequence

from ..io.delimited import PARSED
from .base import Table


def narrowed(table: Table, names: Sequence[str]) -> Table:
    """The table as if it had few other columns than these, where it is one of an engine; any other as it is."""
    import ibis
    from ibis.expr.operations import DatabaseTable

    relation = table.op()
    others = [name for name in table.columns if name not in names]
    if type(relation) is not DatabaseTable or not others:
        return table
    # One more than is looked at: a selection of all columns is written as `*`, which would be those of the engine.
    schema = {name: relation.schema[name] for name in (*names, others[0])}
    return relation.copy(schema=ibis.schema(schema)).to_expr()


def is_parsed(table: Table) -> bool:
    """Whether the table is a text file that each query reads whole: several queries of a column each take longer then
    than one of all columns."""
    from ibis.expr.operations import DatabaseTable

    relation = table.op()
    return isinstance(relation, DatabaseTable) and relation.name == PARSED
