"""The one filter grammar of API, Client, command line and sidebar: `accuracy > 0.9 status:failed tag:nightly text`.

    filter    := condition*                      all must hold
    condition := ["-"] (comparison | key ":" value ("," value)* | text)
    comparison:= name op value                   op: > >= < <= = !=

`name` is a metric, `param.NAME` a parameter, or one of `started`, `ended`, `duration` (`started > 2026-01-31`,
`started > 2d` for the last two days, `duration > 90` seconds, `5m`). Keys are `status`, `tag`, `pipeline`, `project`,
`name`, `id` and `param.NAME`. A text is looked for in run names, pipeline names and tags, whatever its case.
Values with blanks go in double quotes. Several values after a colon: one of them. A minus before a condition: it must
not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ..clock import now
from ..enums import RunStatus
from ..errors import InvalidFilter, did_you_mean

KEYS = ("id", "name", "pipeline", "project", "status", "tag")
TIMES = ("started", "ended", "duration")
LONGEST = 2000
PARAMETER = "param."

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<op>>=|<=|!=|>|<|=)
      | (?P<minus>-(?=["\w]))(?=\S*?)
      | (?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<word>(?:[^\s"<>=!:]|!(?!=))+)
      | (?P<colon>:)
      | (?P<stray>\S)
    )""",
    re.VERBOSE,
)
_AGE = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d|w)\Z")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`of` is metric or parameter; `value` a number, or for a parameter's = and != also a text."""

    of: str
    name: str
    op: str
    value: float | str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TimeComparison:
    """`field` is started, ended (value in microseconds since 1970) or duration (microseconds)."""

    field: str
    op: str
    value: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field is one of the values: status, tag, pipeline, project, name, id."""

    key: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    negated: bool = False


Condition = Comparison | TimeComparison | OneOf | Text


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    end: int


def parse_filter(text: str) -> tuple[Condition, ...]:
    """Read a filter. Raises `InvalidFilter` with the position, counted from 1, and the way out."""
    if len(text) > LONGEST:
        raise InvalidFilter(f"The filter has {len(text):,} characters; at most {LONGEST:,} are read.")
    return tuple(_conditions(list(_tokens(text))))


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while match := _TOKEN.match(text, position):
        kind = str(match.lastgroup)
        found = match[kind]
        if kind == "stray":
            raise InvalidFilter(
                f"Filter, character {match.start(kind) + 1}: {found!r} can't stand here.{_quotes(found)}"
            )
        if kind == "quoted":
            found = re.sub(r"\\(.)", r"\1", found[1:-1])
        yield _Token(kind, found, match.start(str(match.lastgroup)), match.end())
        position = match.end()


def _quotes(found: str) -> str:
    return " Close the quotation." if found == '"' else ' Put values with such characters in quotes: "…".'


def _conditions(tokens: list[_Token]) -> Iterator[Condition]:
    position = 0

    def next_is(kind: str, ahead: int = 0) -> bool:
        return position + ahead < len(tokens) and tokens[position + ahead].kind == kind

    while position < len(tokens):
        negated = next_is("minus")
        position += negated
        if not (next_is("word") or next_is("quoted")):
            at = tokens[position].at + 1 if position < len(tokens) else "the end"
            raise InvalidFilter(f"Filter, character {at}: a name, a value or a text is needed here.")
        head = tokens[position]
        position += 1
        if next_is("op"):
            op = tokens[position].text
            position += 1
            minus = "-" if next_is("minus") else ""
            position += bool(minus)
            if not (next_is("word") or next_is("quoted")):
                raise InvalidFilter(f"Filter: {head.text} {op} needs a value.")
            yield _comparison(head.text, op, minus + tokens[position].text, negated)
            position += 1
        elif head.kind == "word" and next_is("colon") and tokens[position].at == head.end:
            position += 1
            if not (next_is("word") or next_is("quoted")) or tokens[position].at != tokens[position - 1].end:
                raise InvalidFilter(f"Filter: {head.text}: needs a value right after the colon.")
            value = tokens[position]
            position += 1
            values = (value.text,) if value.kind == "quoted" else tuple(filter(None, value.text.split(",")))
            yield _one_of(head.text, values, negated)
        else:
            yield Text(head.text, negated)


def _comparison(name: str, op: str, value: str, negated: bool) -> Condition:
    if name in TIMES:
        return TimeComparison(name, op, _moment(name, value), negated)
    if name.startswith(PARAMETER) and len(name) > len(PARAMETER):
        try:
            return Comparison("parameter", name.removeprefix(PARAMETER), op, float(value), negated)
        except ValueError:
            if op in ("=", "!="):
                return Comparison("parameter", name.removeprefix(PARAMETER), op, value, negated)
            raise InvalidFilter(f"Filter: {name} {op} needs a number, not {value!r}.") from None
    try:
        number = float(value)
    except ValueError:
        raise InvalidFilter(
            f"Filter: the metric {name!r} is compared with a number, not {value!r}. For a parameter write "
            f"param.{name} {op} {value}."
        ) from None
    return Comparison("metric", name.removeprefix("metric."), op, number, negated)


def _moment(field: str, value: str) -> int:
    if match := _AGE.match(value):
        microseconds = int(float(match[1]) * _UNITS[match[2]] * 1_000_000)
        return microseconds if field == "duration" else int(now().timestamp() * 1_000_000) - microseconds
    try:
        if field == "duration":
            return int(float(value) * 1_000_000)
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError):
        example = "90 (seconds) or 5m" if field == "duration" else '2026-01-31, "2026-01-31 18:00" or 2d'
        raise InvalidFilter(f"Filter: {field} is compared with {example}, not {value!r}.") from None
    moment = moment.astimezone() if moment.tzinfo is None else moment
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)


def _one_of(key: str, values: tuple[str, ...], negated: bool) -> Condition:
    if key.startswith(PARAMETER) and len(key) > len(PARAMETER) and len(values) == 1:
        return Comparison("parameter", key.removeprefix(PARAMETER), "=", values[0], negated)
    if key not in KEYS:
        raise InvalidFilter(f"Filter: there is no key {key!r}.{did_you_mean(key, [*KEYS, PARAMETER + 'NAME'])}")
    if key == "status":
        words = [status.value for status in RunStatus]
        for value in values:
            if value not in words:
                raise InvalidFilter(f"Filter: there is no status {value!r}.{did_you_mean(value, words)}")
    return OneOf(key, values, negated)
