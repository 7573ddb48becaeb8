"""`%viz` and `%%viz`. What they do is imported when one is used: loading them costs a notebook nothing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand

from ..errors import VizError
from .completion import Completing

if TYPE_CHECKING:
    from .lines import Lines


@magics_class
class VizMagics(Magics):
    """`%viz RECIPE SOURCE --argument value`, `%%viz custom SOURCE`, `%viz recipes|help|status|runs`."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self.completing = Completing(shell)

    @cached_property
    def _lines(self) -> Lines:
        from .lines import Lines

        return Lines(self.shell)

    @no_var_expand
    @line_cell_magic
    def viz(self, line: str, cell: str | None = None) -> Any:
        """Look at an artifact of a run, a file or a variable: `%viz help` tells how."""
        __tracebackhide__ = True
        try:
            return self._lines.carry_out(line, cell)
        except VizError as error:
            # IPython shows a UsageError as its sentence alone: the stack of our code would hide it.
            raise UsageError(str(error)) from None
        finally:
            self.completing.prepare()
