"""`@recipe`: a typed function becomes a recipe; its signature is its form, its schema and its check."""

from __future__ import annotations

import codecs
import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ..enums import ArtifactKind
from ..errors import ConfigurationError, InvalidArgument, UnreadableSource
from ..models import Run
from ..views import View
from .adapted import Adapter, Call
from .schema import RecipeInfo
from .signature import Bounds as Bounds
from .signature import Code as Code
from .signature import Column as Column
from .signature import properties_of

if TYPE_CHECKING:
    from ibis import Table as Table

    from ..artifacts.source import Source

else:

    class Table:
        """Annotation of a source read as a table: the recipe is given an Ibis expression."""


class Text(NamedTuple):
    """Annotation of a source read as text: what stands in a file, at most its first `LONGEST_TEXT` bytes.

    Attributes:
        size: Bytes of the whole file.
    """

    text: str
    size: int

    @property
    def is_cut(self) -> bool:
        return self.size > LONGEST_TEXT


class Page(Text):
    """As `Text`; of a page of HTML."""


class Json(NamedTuple):
    """Annotation of a source read as JSON: the value."""

    value: Any


class Picture(NamedTuple):
    """Annotation of a source read as a picture: the file's bytes."""

    data: bytes


class Runs(NamedTuple):
    """Annotation of sources that are runs: all that are named, each with its metrics and parameters."""

    runs: tuple[Run, ...]


class Images(NamedTuple):
    """Annotation of sources that are pictures: all that are named, and what they are called."""

    sources: tuple[Source, ...]
    labels: tuple[str, ...]


class Pair(NamedTuple):
    """Annotation of two sources of the same kind: what was, and what is. Each has `kind`, `table()`, `json()`, ….

    Attributes:
        labels: What the two are called.
    """

    before: Source
    after: Source
    labels: tuple[str, str]


LONGEST_TEXT = 1_000_000
MOST_VIEWS = 20
"""More plots than this beside each other, or curves in one plot, nobody can tell apart."""
_LARGEST_FILE = 20_000_000


def _text(source: Source) -> Text:
    data = source.read(LONGEST_TEXT)
    cut = len(data) == LONGEST_TEXT
    try:
        # A character may be cut at the end.
        return Text(codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=not cut), source.size())
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{source.text!r} is not text in UTF-8: {error.reason} at byte {error.start}.") from None


def _whole(source: Source) -> Source:
    if (size := source.size()) > _LARGEST_FILE:
        raise UnreadableSource(f"{source.text!r} has {size:,} bytes; up to {_LARGEST_FILE:,} can be shown in a page.")
    return source


def _pair(sources: Sequence[Source], labels: Sequence[str]) -> Pair:
    before, after = sources
    if before.kind is not after.kind:
        raise InvalidArgument(
            f"Sources of the same kind are compared; {before.text!r} is {before.kind}, {after.text!r} {after.kind}."
        )
    return Pair(before, after, (labels[0], labels[1]))


_TEXTS = [kind.value for kind in (ArtifactKind.TEXT, ArtifactKind.MARKDOWN, ArtifactKind.HTML, ArtifactKind.JSON)]
_COMPARED = [ArtifactKind.TABLE.value, *_TEXTS, ArtifactKind.IMAGE.value, ArtifactKind.RUN.value]
# What a recipe can read: the kinds of source, and how it is made of one.
_SOURCES: dict[Any, tuple[list[str], Callable[[Source], Any]]] = {
    Table: ([ArtifactKind.TABLE.value], lambda source: source.table()),
    Text: (_TEXTS, _text),
    Page: ([ArtifactKind.HTML.value], _text),
    Json: ([ArtifactKind.JSON.value], lambda source: Json(_whole(source).json())),
    Picture: ([ArtifactKind.IMAGE.value], lambda source: Picture(_whole(source).read())),
}
# And what is made of all of them, for a recipe that looks at several sources at once.
_SEVERAL: dict[Any, tuple[list[str], Callable[[Sequence[Source], Sequence[str]], Any]]] = {
    Runs: ([ArtifactKind.RUN.value], lambda sources, _: Runs(tuple(source.value for source in sources))),
    Images: ([ArtifactKind.IMAGE.value], lambda sources, labels: Images(tuple(sources), tuple(labels))),
    Pair: (_COMPARED, _pair),
}
Together = Callable[[Sequence[str], Sequence[View], "Sequence[Source]"], View]
"""Makes one view of several: given the labels of their sources, the views, and the sources."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way to look at a source. `function` is None for `custom`, whose code comes with the request.

    Attributes:
        read: Makes of a source what `function` takes; of all sources and their labels where `takes_all`.
        takes_all: It looks at several sources at once. Any other is called for each, and the views are put together.
        together: How views of several sources become one; None: as usual for their kind.
        adapter: Other words that it understands.
    """

    info: RecipeInfo
    function: Callable[..., View] | None
    read: Callable[..., Any] = lambda source: source
    takes_all: bool = False
    together: Together | None = None
    adapter: Adapter | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> View:
        if self.function is None:
            raise TypeError("custom has no function of its own: its code comes with the request")
        return self.function(*args, **kwargs)

    def look(self, source: Source, arguments: Mapping[str, Any]) -> View:
        """What it shows of a source. Raises `MissingColumn` for a column that is named and not there.

        Args:
            arguments: As `info.checked` gives them.
        """
        with source.failures():
            return self._look(source, arguments)

    def _look(self, source: Source, arguments: Mapping[str, Any]) -> View:
        own = {name: value for name, value in arguments.items() if name not in self.info.adapted}
        others = {name: arguments[name] for name in self.info.adapted_in(arguments)}
        if self.adapter and (others or source.kind in self.adapter.kinds):
            call = self.adapter.function(source, own, **others)
        else:
            call = Call(self.read(source), own)
        if call.draw is not None:
            return call.draw(call.read, **call.arguments)
        if source.kind is ArtifactKind.TABLE:
            self.info.check_columns(call.arguments, list(call.read.columns))
        return self(call.read, **call.arguments)


@typing.overload
def recipe(function: Callable[..., View], /) -> Recipe: ...
@typing.overload
def recipe(
    *, title: str | None = None, together: Together | None = None, adapter: Adapter | None = None
) -> Callable[[Callable[..., View]], Recipe]: ...
def recipe(
    function: Callable[..., View] | None = None,
    /,
    *,
    title: str | None = None,
    together: Together | None = None,
    adapter: Adapter | None = None,
) -> Any:
    """Make a function a recipe.

    The first parameter is the source, annotated with how it is read (`Table`, `Text`, `Page`, `Json`,
    `Picture`, `Images`, `Runs`, `Pair`); the others are keyword-only arguments,
    annotated with str, int, float, bool, `Column`, `Code`, a `Literal`, a list of those, or several joined by `|`. The
    first paragraph of the docstring describes the recipe; lines `name: text` under `Args:` its arguments.

    Args:
        title: What people choose it by; by default the function's name in words.
        together: Makes one view of those of several sources: given their labels, the views and the sources. By
            default figures stand side by side, rows are one table, documents follow each other.
        adapter: Other words that it understands.
    """
    if function is not None:
        return _made(function, title, together, adapter)
    return lambda function: _made(function, title, together, adapter)


def _made(
    function: Callable[..., View], title: str | None, together: Together | None, adapter: Adapter | None
) -> Recipe:
    name = function.__name__
    hints = typing.get_type_hints(function, include_extras=True)
    source, *arguments = inspect.signature(function).parameters.values()
    hint = hints.get(source.name)
    if hint not in _SOURCES and hint not in _SEVERAL:
        known = ", ".join(kind.__name__ for kind in (*_SOURCES, *_SEVERAL))
        raise ConfigurationError(f"Recipe {name!r}: annotate {source.name!r} with how it is read: {known}.")
    kinds, read = _SEVERAL[hint] if hint in _SEVERAL else _SOURCES[hint]
    for parameter in arguments:
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise ConfigurationError(f"Recipe {name!r}: put a * before {parameter.name!r}; arguments go by name.")
    properties = properties_of(function, name)
    required = [name for name, schema in properties.items() if "default" not in schema]
    if adapter is not None:
        others = properties_of(adapter.function, name)
        properties |= {other: {**schema, "system": adapter.system} for other, schema in others.items()}
        kinds = [*kinds, *adapter.kinds]
    text = inspect.getdoc(function) or ""
    return Recipe(
        RecipeInfo(
            name=name,
            title=title or name.replace("_", " ").capitalize(),
            description=" ".join(text.partition("\n\n")[0].split()),
            source_kinds=tuple(kinds),
            source_required=True,
            arguments={
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": False,
            },
            least_sources=2 if hint is Pair else 1,
            most_sources=2 if hint is Pair else None if hint in _SEVERAL else MOST_VIEWS,
            beside=adapter.beside if adapter else (),
        ),
        function,
        read,
        hint in _SEVERAL,
        together,
        adapter,
    )
