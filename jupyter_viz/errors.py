"""What can go wrong, as one tree. Every error has a stable `code` and the HTTP status it answers with.

VizError
├── BadRequest 400               the form of what was asked is wrong
│   └── InvalidAddress
├── Unprocessable 422            the form is right, the content can't work
│   ├── UnknownRecipe
│   ├── InvalidArgument
│   │   └── MissingColumn
│   ├── UnreadableSource
│   ├── InvalidFilter
│   ├── InvalidMetric
│   └── InvalidOutput
├── CustomDisabled 403
├── Forbidden 403                what starts a process is for those who may
├── NotFound 404                 absent, or not for this user: the same answer
├── BytesGone 410                the catalog knows it, its bytes are no longer there
├── RecordingFailed 409
├── RenderingFailed 500          a kernel could not do it; stored as a result, never raised over HTTP
│   ├── TimeLimitExceeded
│   ├── OutputLimitExceeded
│   ├── MemoryLimitExceeded
│   └── ProcessLimitExceeded
├── Busy 503                     try again after some seconds
│   ├── QueueFull
│   └── TooManyRenderings 429
├── MissingExtra 501
├── ConnectorFailed 502          another system can't be read
├── ConfigurationError 503
├── StoreUnavailable 503         unreachable, or it refuses the credentials
├── DatabaseUnavailable 503      the same of a database that a source is in
├── StorageFull 507             no space left for bytes or rows; what was there before is whole
└── CatalogUnavailable 503
    └── CatalogNewer
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


class VizError(Exception):
    """Base of all errors of jupyter_viz.

    `str(error)` is one or two sentences for people that name the value and the way out.
    """

    code = "error"
    status = 500


class BadRequest(VizError):
    code = "bad_request"
    status = 400


class InvalidAddress(BadRequest):
    code = "invalid_address"


class Unprocessable(VizError):
    code = "unprocessable"
    status = 422


class UnknownRecipe(Unprocessable):
    code = "unknown_recipe"


class InvalidArgument(Unprocessable):
    code = "invalid_argument"


class MissingColumn(InvalidArgument):
    code = "missing_column"


class UnreadableSource(Unprocessable):
    code = "unreadable_source"


class InvalidFilter(Unprocessable):
    code = "invalid_filter"


class InvalidMetric(Unprocessable):
    code = "invalid_metric"


class InvalidOutput(Unprocessable):
    code = "invalid_output"


class CustomDisabled(VizError):
    code = "custom_disabled"
    status = 403


class Forbidden(VizError):
    code = "forbidden"
    status = 403


class NotFound(VizError):
    code = "not_found"
    status = 404


class BytesGone(VizError):
    code = "bytes_gone"
    status = 410


class RecordingFailed(VizError):
    code = "recording_failed"
    status = 409


class RenderingFailed(VizError):
    code = "rendering_failed"
    status = 500


class TimeLimitExceeded(RenderingFailed):
    code = "time_limit"


class OutputLimitExceeded(RenderingFailed):
    code = "output_limit"


class MemoryLimitExceeded(RenderingFailed):
    code = "memory_limit"


class ProcessLimitExceeded(RenderingFailed):
    code = "process_limit"


class Busy(VizError):
    """Too much at a time; after `retry_after` seconds it may be less."""

    code = "busy"
    status = 503

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QueueFull(Busy):
    code = "queue_full"


class TooManyRenderings(Busy):
    code = "too_many_renderings"
    status = 429


class MissingExtra(VizError):
    code = "missing_extra"
    status = 501


class ConnectorFailed(VizError):
    """The other system is absent, unreachable or refuses; or its connector is broken."""

    code = "connector_failed"
    status = 502


class ConfigurationError(VizError):
    code = "configuration"
    status = 503


class StoreUnavailable(VizError):
    code = "store_unavailable"
    status = 503


class DatabaseUnavailable(VizError):
    code = "database_unavailable"
    status = 503


class StorageFull(VizError):
    code = "storage_full"
    status = 507


class CatalogUnavailable(VizError):
    code = "catalog_unavailable"
    status = 503


class CatalogNewer(CatalogUnavailable):
    code = "catalog_newer"


def one_line(text: str) -> str:
    """A message as one line for people: without terminal colours, control characters, line breaks."""
    return " ".join("".join(c if c.isprintable() else " " for c in _TERMINAL.sub("", text)).split())


def did_you_mean(value: str, options: Iterable[str]) -> str:
    """The end of an error sentence: the nearest of `options`, and all of them where they are few.

    Returns a text that starts with a space, or an empty one where there is nothing to offer.
    """
    known = sorted(set(options))
    near = difflib.get_close_matches(value, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    if known and (len(known) <= 12 or not near):
        shown = ", ".join(known[:20]) + (", …" if len(known) > 20 else "")
        hint += f" There is: {shown}."
    return hint
