"""What an engine raises while it is asked, as an error of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ..errors import UnreadableSource, VizError, one_line

_ENGINES = {"_duckdb", "duckdb", "ibis", "py4j", "pyarrow", "pyspark", "sqlglot"}
_DRIVERS = {"DatabaseError", "Error"}  # the bases of what a driver raises by PEP 249
_LONGEST = 300
_FIELD = re.compile(
    r"CSV Error on Line: (\d+).*?converting column \"(.*?)\"\. Could not convert string \"(.*?)\" to '(.*?)'", re.DOTALL
)
_PREFIX = re.compile(r"(?:[A-Z][\w ]*(?:Error|Exception): )+")


@contextmanager
def translated(text: str, secrets: Iterable[str] = ()) -> Iterator[None]:
    """Turn what an engine or driver raises into `UnreadableSource`. What else is raised goes on as it is.

    Args:
        text: How the user named what is read, for the message.
        secrets: What may not be in it.
    """
    try:
        yield
    except VizError:
        raise
    except Exception as error:
        if not _of_engine(error):
            raise
        raise UnreadableSource(f"{text!r} can't be looked at in this way: {reason_of(error, secrets)}") from None


def reason_of(error: BaseException, secrets: Iterable[str] = ()) -> str:
    """The first sentence of what an engine said, without secrets; ends with a full stop."""
    if field := _FIELD.search(str(error)):
        line, column, value, kind = field.groups()
        return one_line(f"line {line}: column {column!r} has {value!r}, which is no {kind}.")
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = _PREFIX.sub("", lines[0]) if lines else type(error).__name__
    for secret in sorted(secrets, key=len, reverse=True):
        said = said.replace(secret, "…")
    return one_line(said)[:_LONGEST].rstrip(" .:") + "."


def _of_engine(error: BaseException) -> bool:
    kinds = type(error).__mro__
    return any(kind.__module__.partition(".")[0] in _ENGINES or kind.__name__ in _DRIVERS for kind in kinds)
