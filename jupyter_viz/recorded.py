"""What is recorded, as the objects that users hold: runs, steps, artifacts, visualizations.

Each wraps a frozen model, shows its fields as attributes, and prints well in a notebook and in a terminal.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from .enums import VisualizationType
from .errors import BytesGone, NotFound, did_you_mean
from .materializers import load_stored
from .models import Artifact, Principal, Run, Snapshot, Step, Visualization
from .service import Service

OWNER = Principal()
T = TypeVar("T")

_SHOWN_TEXT = 4000
_FRAME = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)


class ByName(Mapping[str, T], Generic[T]):
    """A mapping whose missing name raises a sentence with the nearest; IPython completes its names."""

    def __init__(self, what: str, items: Mapping[str, T]) -> None:
        self._what, self._items = what, items

    def __getitem__(self, name: str) -> T:
        try:
            return self._items[name]
        except KeyError:
            raise NotFound(f"{self._what} has no {name!r}.{did_you_mean(str(name), self._items)}") from None

    def get(self, name: str, default: Any = None) -> Any:
        return self._items.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._items)

    def __repr__(self) -> str:
        return repr(dict(self._items))


class RecordedVisualization:
    """One thing to look at, stored with an artifact."""

    def __init__(self, service: Service, model: Visualization) -> None:
        self._service, self._model = service, model

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_model"), name)

    def read(self) -> bytes:
        """Its bytes. Raises `BytesGone` when they were removed."""
        return self._service.content(OWNER, self._model.id)[1]

    def text(self) -> str:
        """A form for where there is no notebook."""
        model = self._model
        if model.error:
            return f"{model.name}: {model.error.message}"
        if model.format is VisualizationType.IMAGE:
            return f"{model.name}: an image of {model.size or 0:,} bytes at {model.uri}"
        _, outputs = self._service.visualization(OWNER, model.id)
        texts = [str(output["data"].get("text/plain", "")) for output in outputs.outputs if "data" in output]
        text = "\n".join(texts) if texts else self.read().decode(errors="replace")
        cut = f"\n… the first {_SHOWN_TEXT:,} of {len(text):,} characters" if len(text) > _SHOWN_TEXT else ""
        return f"{model.name} ({model.format}):\n{text[:_SHOWN_TEXT]}{cut}"

    def bundle(self) -> dict[str, Any]:
        """The MIME bundle that shows it in a notebook; HTML only inside a frame that reaches nothing."""
        model = self._model
        if model.error is None and model.format is VisualizationType.IMAGE:
            import base64

            data = self.read()
            kind = "image/svg+xml" if data.lstrip()[:4] in (b"<svg", b"<?xm") else "image/png"
            picture = base64.b64encode(data).decode()
            title = html.escape(model.name)
            image = f'<img alt="{title}" src="data:{kind};base64,{picture}" style="max-width:100%">'
            return {"text/html": image, "text/plain": self.text()}
        if model.error is None and model.format is VisualizationType.HTML:
            return {"text/html": _framed(model.name, self.read().decode(errors="replace")), "text/plain": self.text()}
        if model.error is None:
            _, outputs = self._service.visualization(OWNER, model.id)
            for output in outputs.outputs:
                if "data" in output:
                    return {**output["data"], "text/plain": self.text()}
        return {"text/plain": self.text()}

    def __repr__(self) -> str:
        return f"<visualization {self._model.name} ({self._model.format})>"


class RecordedArtifact:
    """One output of one step."""

    def __init__(self, service: Service, model: Artifact) -> None:
        self._service, self._model = service, model

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_model"), name)

    @property
    def visualizations(self) -> list[RecordedVisualization]:
        found = self._service.visualizations_of(OWNER, self._model.id)
        return [RecordedVisualization(self._service, item) for item in found]

    def load(self) -> Any:
        """The object it was stored from. Raises `BytesGone` when its bytes were removed."""
        try:
            return load_stored(self._model.uri, self._model.materializer, self._model.python_type)
        except FileNotFoundError:
            gone = f"The bytes of {self._model.address} are gone: somebody removed them from the store."
            raise BytesGone(gone) from None

    def visualize(self, title: str | None = None) -> None:
        """Show its visualizations: displayed in a notebook, printed as text elsewhere."""
        shown = self.visualizations
        if title is not None:
            print(title)  # noqa: T201 — asked for
        if not shown:
            print(self._why_nothing())  # noqa: T201
        in_notebook = _in_notebook()
        for item in shown:
            try:
                if in_notebook:
                    from IPython.display import display

                    display(item.bundle(), raw=True)
                else:
                    print(item.text())  # noqa: T201
            except BytesGone as error:
                print(f"{item.name}: {error}")  # noqa: T201

    def _why_nothing(self) -> str:
        return (
            f"There is nothing to show of {self._model.address}: it was recorded with "
            f"enable_artifact_visualization=False, or {self._model.materializer.rpartition('.')[2]} saves no "
            "visualizations. `%viz` shows it by a recipe."
        )

    def __repr__(self) -> str:
        model = self._model
        rows = f", {model.rows:,} rows" if model.rows is not None else ""
        return f"<artifact {model.address}: {model.python_type}{rows}, {model.size:,} bytes, version {model.version}>"


class RecordedStep:
    def __init__(self, service: Service, model: Step, logs: Mapping[str, str]) -> None:
        self._service, self._model, self._logs = service, model, logs

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_model"), name)

    @property
    def outputs(self) -> ByName[list[RecordedArtifact]]:
        """The artifacts by output name; a list, as one output can hold several."""
        found: dict[str, list[RecordedArtifact]] = {}
        for artifact in self._model.artifacts:
            found.setdefault(artifact.name, []).append(RecordedArtifact(self._service, artifact))
        return ByName(f"Step {self._model.name!r}", found)

    @property
    def output(self) -> RecordedArtifact:
        """The only output of a step that has one."""
        if len(self._model.artifacts) != 1:
            names = ", ".join(artifact.name for artifact in self._model.artifacts) or "none"
            raise NotFound(f"Step {self._model.name!r} has not one output but: {names}. Use .outputs[NAME].")
        return RecordedArtifact(self._service, self._model.artifacts[0])

    @property
    def logs(self) -> str:
        """What it printed until now."""
        return self._logs.get(self._model.name, "")

    def __repr__(self) -> str:
        return f"<step {self._model.name}: {self._model.status}, outputs {list(self.outputs)}>"


class RecordedSnapshot:
    """A pipeline's configuration as run. Calling it gives itself: `run.snapshot` and `run.snapshot()` are the same."""

    def __init__(self, model: Snapshot) -> None:
        self._model = model

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_model"), name)

    def __call__(self) -> RecordedSnapshot:
        return self

    def __repr__(self) -> str:
        return f"<snapshot {self._model.number}>"


class RecordedRun:
    """One run of a pipeline, as it was when it was asked for."""

    def __init__(self, service: Service, model: Run) -> None:
        self._service, self._model = service, model

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_model"), name)

    @property
    def steps(self) -> ByName[RecordedStep]:
        logs = self._service.logs(OWNER, self._model.id)
        found = {step.name: RecordedStep(self._service, step, logs) for step in self._model.steps}
        return ByName(f"Run {self._model.name!r}", found)

    @property
    def outputs(self) -> ByName[RecordedArtifact]:
        """The artifacts by output name, over all steps; of several with one name the last."""
        found = {a.name: RecordedArtifact(self._service, a) for step in self._model.steps for a in step.artifacts}
        return ByName(f"Run {self._model.name!r}", found)

    output = outputs

    @property
    def snapshot(self) -> RecordedSnapshot:
        if self._model.snapshot_id is None:
            raise NotFound(f"Run {self._model.name!r} has no snapshot: it was no run of a @pipeline.")
        return RecordedSnapshot(self._service.catalog.runs.snapshot(self._model.snapshot_id))

    def __repr__(self) -> str:
        numbers = ", ".join(f"{metric.name} {metric.value:.4g}" for metric in self._model.metrics.values())
        return f"<run {self._model.address}: {self._model.status}{'; ' if numbers else ''}{numbers}>"


def _framed(title: str, page: str) -> str:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_FRAME}">'
    source = html.escape(policy + page)
    return (
        f'<iframe sandbox="allow-scripts" referrerpolicy="no-referrer" title="{html.escape(title)}" '
        f'style="width:100%;height:480px;border:0;background:#fff" srcdoc="{source}"></iframe>'
    )


def _in_notebook() -> bool:
    import sys

    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")
