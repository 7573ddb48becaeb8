"""What SQLite and PostgreSQL write differently."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class array_of(GenericFunction[Any]):
    """The values of a group as a JSON array; NULL or an empty one where there are none."""

    type = sa.JSON()
    package = "jupyter_viz"
    inherit_cache = True


class has_text(GenericFunction[bool]):
    """Whether a column contains what `like` made of a text, whatever the case of its ASCII letters."""

    type = sa.Boolean()
    package = "jupyter_viz"
    inherit_cache = True


def like(text: str) -> str:
    """The pattern of any text with this one in it."""
    for each in "/%_":
        text = text.replace(each, f"/{each}")
    return f"%{text}%"


@compiles(array_of, "sqlite")
def _array_of_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **how)})"


@compiles(array_of, "postgresql")
def _array_of_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"json_agg({compiler.process(element.clauses, **how)})"


# SQLAlchemy's `icontains` lowers both sides for SQLite, whose LIKE ignores case by itself: three times as slow.
@compiles(has_text, "sqlite")
def _has_text_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    column, pattern = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} LIKE {pattern} ESCAPE '/'"


@compiles(has_text, "postgresql")
def _has_text_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    column, pattern = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} ILIKE {pattern} ESCAPE '/'"


class begins(GenericFunction[bool]):
    """Whether a column begins with a text: of both, and the text that comes after all that begin so."""

    type = sa.Boolean()
    package = "jupyter_viz"
    inherit_cache = True


LAST = "\U0010ffff"
"""After every other character, where characters are compared by their numbers."""


@compiles(begins, "sqlite")
def _begins_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    column, begin, end = (compiler.process(part, **how) for part in element.clauses)
    return f"({column} >= {begin} AND {column} < {end})"


@compiles(begins, "postgresql")
def _begins_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    # A language's order is not that of the characters' numbers.
    column, begin, _ = (compiler.process(part, **how) for part in element.clauses)
    return f"starts_with({column}, {begin})"
