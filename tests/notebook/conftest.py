"""A real IPython with our extension."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output


class Shell:
    """An IPython shell without a terminal, our extension loaded; cells are run as a user runs them."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell

    @property
    def names(self) -> dict[str, Any]:
        found: dict[str, Any] = self.shell.user_ns
        return found

    def run(self, cell: str) -> Any:
        """The value of a cell; what it raises is raised."""
        with capture_output() as self.captured:
            done = self.shell.run_cell(cell)
        done.raise_error()
        return done.result

    def refused(self, cell: str) -> str:
        """The sentence a cell is refused with; IPython shows it alone, without our stack."""
        with pytest.raises(UsageError) as caught:
            self.run(cell)
        assert "Traceback" not in self.captured.stdout + self.captured.stderr
        return str(caught.value)

    def refused_by_code(self, cell: str) -> str:
        """The same where the cell's own code raised elsewhere, and its traceback is shown."""
        with pytest.raises(UsageError) as caught:
            self.run(cell)
        return str(caught.value)


@pytest.fixture
def shell(recorded_home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.history_manager.enabled = False
    made.run_line_magic("load_ext", "jupyter_viz")
    yield Shell(made)
    made.run_line_magic("unload_ext", "jupyter_viz")
    made.history_manager.end_session()
    made.restore_sys_module_state()
    InteractiveShell.clear_instance()
