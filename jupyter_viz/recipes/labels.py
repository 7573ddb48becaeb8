"""What several sources are called where they are shown together: the shortest names that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

from ..address import Address
from ..artifacts.source import Source, SourceForm, form_of
from ..errors import InvalidAddress


def labels_of(sources: Sequence[Source]) -> list[str]:
    """One for each source, no two of them the same."""
    names = [_names(source) for source in sources]
    for level in range(max(map(len, names), default=0)):
        found = [each[min(level, len(each) - 1)] for each in names]
        if len(set(found)) == len(found):
            return found
    texts = [source.text for source in sources]
    return [text if texts.count(text) == 1 else f"{text} ({at})" for at, text in enumerate(texts, 1)]


def headings_of(sources: Sequence[Source]) -> list[tuple[str, str | None]]:
    """Of each source its label, and why it is absent, None where it is there."""
    return [(label, source.absent) for label, source in zip(labels_of(sources), sources, strict=True)]


def _names(source: Source) -> list[str]:
    """From short to long."""
    text = source.text
    if form_of(text) is SourceForm.ADDRESS:
        try:
            address = Address.parse(text)
        except InvalidAddress:
            return [text]
        run = address.run.name or str(address.run) if address.run else text
        artifact = address.artifact or run
        return [run, artifact, f"{run}/{artifact}", f"{address.pipeline}@{run}", text]
    last = text.rstrip("/").rpartition("/")[2]
    return [last or text, text]
