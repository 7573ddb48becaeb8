"""From a project to an artifact by lists to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import ipywidgets as widgets

from ...address import Address
from . import looking
from .fields import UNSET
from .looks import LABEL, WIDE, alert, hidden
from .threads import Latest, Main

T = TypeVar("T")


class Browse(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Lists of projects, pipelines, runs, steps and artifacts; each shows what is in what the one before has chosen.

    Args:
        chosen: Called with the address of what was chosen.
        whole: Whether it is a run that is to be chosen, not an artifact.
    """

    def __init__(self, main: Main, chosen: Callable[[str], None], whole: Callable[[], bool]) -> None:
        self._main, self._chosen, self._whole = main, chosen, whole
        self._filling = False
        self._paths: Sequence[str] = ()
        self.reading = Latest("browses", self._failed)
        self.project, self.pipeline, self.run, self.step, self.artifact = (
            widgets.Dropdown(description=name, style=LABEL, layout=WIDE)
            for name in ("Project", "Pipeline", "Run", "Step", "Artifact")
        )
        self.problem = widgets.HTML()
        self._lists = (self.project, self.pipeline, self.run, self.step, self.artifact)
        super().__init__([*self._lists, self.problem], layout=WIDE)
        for each, then in zip(
            self._lists,
            (self._read_pipelines, self._read_runs, self._read_artifacts, self._list_artifacts, self._choose),
            strict=True,
        ):
            each.observe(lambda _, then=then: None if self._filling else then(), "value")

    def read(self) -> None:
        """Read the lists anew."""
        self._in_thread(looking.projects, self._show_projects)

    def arrange(self) -> None:
        """Steps and artifacts are no choice where a run is to be chosen."""
        hidden(self.step, self._whole())
        hidden(self.artifact, self._whole())

    def _in_thread(self, read: Callable[[], Sequence[T]], show: Callable[[Sequence[T]], None]) -> None:
        self.problem.value = ""

        def work() -> None:
            found = read()
            self._main.call(lambda: show(found))

        self.reading.ask(work)

    def _failed(self, error: Exception) -> None:
        self.problem.value = alert(str(error))

    def _list(self, into: Any, options: Sequence[Any], chosen: Any = UNSET) -> None:
        self._filling = True
        try:
            # All of them pairs: of a list with a plain text in it ipywidgets takes each entry for a value.
            pairs = [each if isinstance(each, tuple) else (each, each) for each in options]
            into.options = [("Choose…", UNSET), *pairs]
            into.value = chosen
        finally:
            self._filling = False

    def _show_projects(self, found: Sequence[str]) -> None:
        self.problem.value = "" if found else "Nothing is recorded here yet."
        self._list(self.project, found, found[0] if found else UNSET)
        hidden(self.project, len(found) < 2)
        self._read_pipelines()

    def _read_pipelines(self) -> None:
        project = self.project.value
        for each in self._lists[1:]:
            self._list(each, ())
        if project is not UNSET:
            self._in_thread(lambda: looking.pipelines(project), lambda found: self._list(self.pipeline, found))

    def _read_runs(self) -> None:
        for each in self._lists[2:]:
            self._list(each, ())
        if self.pipeline.value is not UNSET:
            pipeline = self._pipeline
            self._in_thread(lambda: looking.runs(pipeline), self._show_runs)

    def _show_runs(self, found: Sequence[tuple[str, str]]) -> None:
        if not found:
            self.problem.value = "This pipeline has no runs."
        self._list(self.run, found, found[0][1] if found else UNSET)
        self._read_artifacts()

    def _read_artifacts(self) -> None:
        for each in self._lists[3:]:
            self._list(each, ())
        if self.run.value is UNSET:
            return
        run = f"{self._pipeline}@{self.run.value}"
        if self._whole():
            self._chosen(run)
        else:
            self._chosen("")  # what another run has is not meant any more
            self._in_thread(lambda: looking.artifacts(run), self._show_steps)

    def _show_steps(self, found: Sequence[str]) -> None:
        self._paths = found
        if not found:
            self.problem.value = "This run has no artifacts. Choose another."
        steps = list(dict.fromkeys(path.rpartition("/")[0] for path in found))
        self._list(self.step, [(step or "no step", step) for step in steps], steps[0] if len(steps) == 1 else UNSET)
        hidden(self.step, self._whole() or steps == [""])
        self._list_artifacts()

    def _list_artifacts(self) -> None:
        names = [name for step, _, name in (path.rpartition("/") for path in self._paths) if step == self.step.value]
        self._list(self.artifact, names, names[0] if len(names) == 1 else UNSET)
        self._choose()

    def _choose(self) -> None:
        if self.artifact.value is not UNSET:
            step = f"{self.step.value}/" if self.step.value else ""
            self._chosen(f"{self._pipeline}@{self.run.value}/{step}{self.artifact.value}")

    @property
    def _pipeline(self) -> Address:
        project = self.project.value
        return Address(self.pipeline.value, project=None if project == "default" else project)
