"""One run of a pipeline, with its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..enums import RunStatus
from ..errors import NotFound
from ..models import Artifact, Metric, Run, Snapshot, Step, StepInput
from .artifact import RecordedArtifact
from .by_name import ByName
from .listing import Listing, facts, shown, when
from .owner import OWNER, fields_of

if TYPE_CHECKING:
    from .owner import AskedBy


class Outputs(ByName[RecordedArtifact]):
    """The artifacts of a run by output name."""


class StepOutputs(ByName[list[RecordedArtifact]]):
    """The artifacts of a step by output name; lists, as one output can hold several."""


class RecordedStep:
    """One step of a run."""

    id: str
    name: str
    status: RunStatus
    started_at: datetime
    ended_at: datetime | None
    error: str | None
    traceback: str | None
    artifacts: tuple[Artifact, ...]
    inputs: tuple[StepInput, ...]
    parameters: Mapping[str, Any]

    def __init__(self, asked_by: AskedBy, model: Step, run_id: str) -> None:
        self._asked_by, self._run_id = asked_by, run_id
        vars(self).update(fields_of(model))
        found: dict[str, list[RecordedArtifact]] = {}
        for artifact in model.artifacts:
            found.setdefault(artifact.name, []).append(RecordedArtifact(asked_by, artifact))
        self.outputs = StepOutputs(f"Step {model.name!r}", found)

    @property
    def output(self) -> RecordedArtifact:
        """The only output of a step that has one."""
        if len(self.artifacts) != 1:
            names = ", ".join(artifact.name for artifact in self.artifacts) or "none"
            raise NotFound(f"Step {self.name!r} has not one output but: {names}. Use .outputs[NAME].")
        return RecordedArtifact(self._asked_by, self.artifacts[0])

    @property
    def logs(self) -> str:
        """What it printed until now."""
        return self._asked_by().logs(OWNER, self._run_id).get(self.name, "")

    def __repr__(self) -> str:
        return f"<step {self.name}: {self.status}, outputs {list(self.outputs)}>"

    def _repr_html_(self) -> str:
        return facts(
            f"step {self.name}: {self.status}",
            {
                "error": self.error,
                **{f"input {given.name}": given.address for given in self.inputs},
                **{f"parameter {name}": repr(value) for name, value in self.parameters.items()},
                **{f"output {name}": repr(items[0])[1:-1] for name, items in self.outputs.items()},
                "started": self.started_at,
                "ended": self.ended_at,
            },
        )


class Steps(ByName[RecordedStep]):
    """The steps of a run by name, in the order they began."""


class RecordedSnapshot:
    """A pipeline's configuration as run. Calling it gives itself: `run.snapshot` and `run.snapshot()` are the same."""

    id: str
    pipeline_id: str
    number: int
    configuration: Mapping[str, Any]
    code_digest: str | None
    packages: Mapping[str, str]
    git_commit: str | None
    created_at: datetime

    def __init__(self, model: Snapshot) -> None:
        vars(self).update(fields_of(model))

    def __call__(self) -> RecordedSnapshot:
        return self

    def __repr__(self) -> str:
        commit = f", commit {self.git_commit[:12]}" if self.git_commit else ""
        return f"<snapshot {self.number}: {len(self.packages)} packages{commit}>"

    def _repr_html_(self) -> str:
        options = {name: value for name, value in self.configuration.items() if value not in (None, (), [], {})}
        known = {"number": self.number, **options, "code": self.code_digest, "git commit": self.git_commit}
        return facts("snapshot", {**known, "packages": len(self.packages), "first run": self.created_at})


class RecordedRun:
    """One run of a pipeline, as it was when it was asked for."""

    id: str
    name: str
    project: str
    pipeline: str
    status: RunStatus
    started_at: datetime
    ended_at: datetime | None
    error: str | None
    metrics: Mapping[str, Metric]
    parameters: Mapping[str, Any]
    experiment: str | None
    model: str | None
    tags: tuple[str, ...]
    warnings: tuple[str, ...]
    snapshot_id: str | None
    address: str

    def __init__(self, asked_by: AskedBy, model: Run, *, whole: bool = True) -> None:
        """`whole`: whether the model has the run's steps; those of a list are looked up when they are asked for."""
        self._asked_by = asked_by
        values = fields_of(model)
        steps = values.pop("steps")
        self._steps = steps if whole else None
        vars(self).update(values, address=model.address)

    # Cached properties rather than properties: IPython completes their names.

    @cached_property
    def steps(self) -> Steps:
        """The steps by name, in the order they began."""
        made = self._asked_by().run(OWNER, self.id).steps if self._steps is None else self._steps
        found = {step.name: RecordedStep(self._asked_by, step, self.id) for step in made}
        return Steps(f"Run {self.name!r}", found)

    @cached_property
    def outputs(self) -> Outputs:
        """The artifacts by output name, over all steps; of several with one name the last."""
        found = {name: items[-1] for step in self.steps.values() for name, items in step.outputs.items()}
        return Outputs(f"Run {self.name!r}", found)

    @cached_property
    def output(self) -> Outputs:
        """The same as `outputs`."""
        return self.outputs

    @cached_property
    def snapshot(self) -> RecordedSnapshot:
        if self.snapshot_id is None:
            raise NotFound(f"Run {self.name!r} has no snapshot: it was no run of a @pipeline.")
        return RecordedSnapshot(self._asked_by().catalog.runs.snapshot(self.snapshot_id))

    def __repr__(self) -> str:
        numbers = ", ".join(f"{metric.name} {shown(metric)}" for metric in self.metrics.values())
        return f"<run {self.address}: {self.status}{'; ' if numbers else ''}{numbers}>"

    def _repr_html_(self) -> str:
        steps = [[step.name, step.status.value, ", ".join(step.outputs)] for step in self.steps.values()]
        return (
            facts(
                f"run {self.address}: {self.status}",
                {
                    "error": self.error,
                    "warnings": self.warnings,
                    **{name: shown(metric) for name, metric in self.metrics.items()},
                    **{f"parameter {name}": repr(value) for name, value in self.parameters.items()},
                    "tags": self.tags,
                    "experiment": self.experiment,
                    "model": self.model,
                    "started": self.started_at,
                    "ended": self.ended_at,
                },
            )
            + Listing(["step", "status", "outputs"], steps, "It has no steps.")._repr_html_()
        )


def listed_runs(runs: Sequence[RecordedRun]) -> Listing:
    """Runs with their metrics as a table."""
    names = sorted({name for run in runs for name in run.metrics})
    rows = [
        [run.address, run.status.value, when(run.started_at), *(shown(run.metrics.get(name)) for name in names)]
        for run in runs
    ]
    empty = "No runs are recorded yet. Write `from jupyter_viz import pipeline, step`, or see `jupyter viz demo`."
    return Listing(["run", "status", "started", *names], rows, empty)
