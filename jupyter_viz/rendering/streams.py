"""Standard output of a forked kernel: what could never be shown is refused where it is printed."""

from __future__ import annotations

from ipykernel.iostream import OutStream

from ..errors import OutputLimitExceeded


class CappedStream(OutStream):
    """Raises `OutputLimitExceeded` for a text longer than `most` characters: its copies would fill the memory."""

    most = 0

    def write(self, string: str) -> int | None:  # type: ignore[override]
        if self.most and isinstance(string, str) and len(string) > self.most:
            raise OutputLimitExceeded(
                f"{len(string):,} characters were printed at once. Aggregate first, or show less."
            )
        return super().write(string)
