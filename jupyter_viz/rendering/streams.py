"""Standard output of a forked kernel: what could never be shown is refused where it is printed."""

from __future__ import annotations

from typing import Any

from ipykernel.iostream import OutStream

from ..errors import OutputLimitExceeded


class CappedStream(OutStream):
    """Raises `OutputLimitExceeded` for a text longer than `most` characters, and for what comes after so many.

    What is printed is sent off five times a second: without a limit here, a loop fills the memory before anybody who
    counts has read a word of it. More than `most` get through, so that whoever counts comes to the same end.
    """

    most = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._printed = 0

    def write(self, string: str) -> int | None:  # type: ignore[override]
        if self.most and isinstance(string, str):
            if len(string) > self.most:
                self._refuse(f"{len(string):,} characters were printed at once.")
            if self._printed > self.most:
                self._refuse(f"More than {self.most:,} characters were printed.")
            self._printed += len(string)
        return super().write(string)

    def _refuse(self, why: str) -> None:
        raise OutputLimitExceeded(f"{why} Aggregate first, or show less.")
