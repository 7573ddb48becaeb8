"""Tables on their way to a kernel of its own: variables of the notebook, and sources read once for several renderings.

They are parquet files in a folder of this user.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..artifacts.source import Source, SourceForm, form_of, value_source
from ..config import load_configuration
from ..enums import ArtifactKind
from ..errors import InvalidArgument
from ..models import RenderRequest
from ..recipes.fit import runs_named
from ..recorded import OWNER
from ..service import Service

MOST_BYTES = 50_000_000
"""Of a table in memory: what is larger takes longer to hand over than to look at."""
_SAMPLE = 1000


class TooLarge(InvalidArgument):
    """A variable that is looked at in the kernel it is in."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Variables by name, and sources that were read before; `remove` the files when no rendering needs them."""

    _files: Mapping[str, Source] = field(default_factory=dict)
    _folder: tempfile.TemporaryDirectory[str] | None = None
    _held: Mapping[str, Source] = field(default_factory=dict)

    @staticmethod
    def of(request: RenderRequest, variables: Mapping[str, Any]) -> HandedOver:
        """Those of `variables` that the request's sources name, as they are now.

        Raises:
            TooLarge: One takes more than `MOST_BYTES`.
            InvalidArgument: One is no table.
        """
        texts = [request.source] if isinstance(request.source, str) else request.source or ()
        named = [text for text in texts if form_of(text, variables) is SourceForm.VARIABLE]
        if not named:
            return HandedOver()
        folder = tempfile.TemporaryDirectory(prefix="jupyter-viz-", ignore_cleanup_errors=True)
        try:
            files = {
                name: _written(name, variables[name], Path(folder.name, f"{place}.parquet"))
                for place, name in enumerate(dict.fromkeys(named))
            }
        except BaseException:
            folder.cleanup()
            raise
        return HandedOver(files, folder)

    @staticmethod
    def read_once(request: RenderRequest) -> HandedOver:
        """The tables among the request's sources, as they are now; without those too large to be handed over."""
        service = Service(load_configuration())
        recipe = service.recipe(OWNER, request.recipe)
        if recipe.own_code or not request.source or recipe.adapted_in(request.arguments):  # it reads bytes, not tables
            return HandedOver()
        folder = tempfile.TemporaryDirectory(prefix="jupyter-viz-", ignore_cleanup_errors=True)
        files = {}
        for place, source in enumerate(service.sources(OWNER, runs_named(recipe, request.source))):
            if source.kind is ArtifactKind.TABLE and source.path is not None and source.absent is None:
                with suppress(TooLarge):
                    path = Path(folder.name, f"{place}.parquet")
                    _write(source, path)
                    files[source.text] = replace(source, path=str(path), columns=(), parts=())
        return HandedOver({}, folder, files)

    def and_also(self, held: HandedOver) -> HandedOver:
        """With what is held, whose files stay."""
        return HandedOver(self._files, self._folder, held._held)

    def __bool__(self) -> bool:
        return bool(self._files or self._held)

    def sources(self, service: Service, request: RenderRequest) -> Sequence[Source]:
        """All sources of the request, in its order."""
        named = runs_named(service.recipe(OWNER, request.recipe), request.source or ())
        return [self._instead_of(each) for each in service.sources(OWNER, named, self._files)]

    def _instead_of(self, source: Source) -> Source:
        """What was read of it, unless it has changed since."""
        if source.text in self._files:
            return self._files[source.text]
        held = self._held.get(source.text, source)
        return held if held.digest == source.digest else source

    def remove(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def _written(name: str, value: Any, path: Path) -> Source:
    source = value_source(name, value)
    if source.kind is not ArtifactKind.TABLE:
        raise InvalidArgument(
            f"{name!r} is a {type(value).__name__}: a kernel of its own is handed tables only. Look at it in this "
            "kernel, or have a step record it and name its address."
        )
    _write(source, path)
    return Source(name, ArtifactKind.TABLE, str(path), digest=hashlib.sha256(path.read_bytes()).hexdigest())


def _write(source: Source, path: Path) -> None:
    import pyarrow.parquet as pq

    expression = source.table()
    with source.failures():
        sample = expression.limit(_SAMPLE).to_pyarrow()
        rows = int(expression.count().execute())
        about = sample.nbytes * rows / max(1, len(sample))
        table = expression.to_pyarrow() if about <= 2 * MOST_BYTES else None
    if table is None or table.nbytes > MOST_BYTES:
        raise TooLarge(
            f"{source.text!r} is too large to be handed to a kernel of its own: more than {MOST_BYTES:,} bytes. Look "
            "at it in this kernel, or write it to a file and name that."
        )
    pq.write_table(table, path)
