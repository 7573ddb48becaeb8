"""Components of a KFP v1 component.yaml, run as a local subprocess. The image is recorded, not used."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import tempfile
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ConfigurationError, InvalidOutput, RecordingFailed, did_you_mean

_KEYS = {"name", "description", "metadata", "inputs", "outputs", "implementation"}
_PORT_KEYS = {"name", "type", "description", "default", "optional", "annotations"}
_CONTAINER_KEYS = {"image", "command", "args", "env", "fileOutputs"}
_LONGEST_ERROR = 4000


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output; `parameter` is its name as Python writes it."""

    name: str
    type: Any = None
    default: str | None = None
    optional: bool = False

    @property
    def parameter(self) -> str:
        return "".join(c if c.isalnum() else "_" for c in self.name).strip("_").lower() or "value"


@dataclass(frozen=True, slots=True)
class ContainerComponent:
    name: str
    image: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    command: tuple[Any, ...]
    environment: Mapping[str, str]

    def callable(self) -> Callable[..., Any]:
        """A function with the inputs as parameters that runs the command and returns the outputs."""

        def run(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            with tempfile.TemporaryDirectory(prefix="jupyter-viz-") as folder:
                return self._run(Path(folder), bound.arguments)

        optional = inspect.Parameter.KEYWORD_ONLY
        signature = inspect.Signature(
            [
                inspect.Parameter(
                    port.parameter,
                    optional if port.optional or port.default is not None else inspect.Parameter.POSITIONAL_OR_KEYWORD,
                    default=port.default if port.optional or port.default is not None else inspect.Parameter.empty,
                )
                for port in sorted(self.inputs, key=lambda port: port.optional or port.default is not None)
            ]
        )
        run.__signature__ = signature  # type: ignore[attr-defined]
        run.__name__ = self.name
        names = tuple(typing.Annotated[Any, port.name] for port in self.outputs)
        run.__annotations__ = {"return": None if not names else names[0] if len(names) == 1 else tuple[names]}  # type: ignore[valid-type]
        return run

    def _run(self, folder: Path, values: Mapping[str, Any]) -> Any:
        given = {port.name: values[port.parameter] for port in self.inputs if values[port.parameter] is not None}
        paths = {port.name: folder / "outputs" / port.parameter / "data" for port in self.outputs}
        resolve = _Placeholders(folder, given, paths)
        command = [word for part in self.command for word in resolve(part)]
        done = subprocess.run(  # noqa: S603 — the command of a component that the user loaded
            command, env={**os.environ, **self.environment}, cwd=folder, capture_output=True, text=True, check=False
        )
        print(done.stdout, end="")  # noqa: T201 — into the step's log
        print(done.stderr, end="")  # noqa: T201
        if done.returncode:
            raise RecordingFailed(
                f"Component {self.name!r} ended with status {done.returncode}: {done.stderr.strip()[-_LONGEST_ERROR:]}"
            )
        outputs = [read_output(paths[port.name], port.name) for port in self.outputs]
        return None if not outputs else outputs[0] if len(outputs) == 1 else tuple(outputs)


class _Placeholders:
    """The words of a command with the placeholders of KFP v1 replaced."""

    def __init__(self, folder: Path, given: Mapping[str, Any], outputs: Mapping[str, Path]) -> None:
        self._folder, self._given, self._outputs = folder, given, outputs

    def __call__(self, part: Any) -> list[str]:
        if not isinstance(part, Mapping):
            return [str(part)]
        if len(part) != 1:
            raise ConfigurationError(f"{dict(part)!r} is no placeholder.")
        ((kind, of),) = part.items()
        if kind == "inputValue":
            return [as_text(self._given[of])] if of in self._given else []
        if kind == "inputPath":
            return [self._input_path(of)] if of in self._given else []
        if kind == "outputPath":
            path = self._outputs[of]
            path.parent.mkdir(parents=True, exist_ok=True)
            return [str(path)]
        if kind == "concat":
            return ["".join(word for piece in of for word in self(piece))]
        if kind == "if":
            chosen = of["then"] if self._holds(of["cond"]) else of.get("else", [])
            return [word for piece in (chosen if isinstance(chosen, list) else [chosen]) for word in self(piece)]
        raise ConfigurationError(
            f"There is no placeholder {kind!r}."
            f"{did_you_mean(str(kind), ['inputValue', 'inputPath', 'outputPath', 'concat', 'if'])}"
        )

    def _holds(self, condition: Any) -> bool:
        if isinstance(condition, Mapping) and "isPresent" in condition:
            return condition["isPresent"] in self._given
        words = self(condition)
        return bool(words) and words[0].lower() == "true"

    def _input_path(self, name: str) -> str:
        path = self._folder / "inputs" / Port(name).parameter / "data"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(self._given[name]), "utf-8")
        return str(path)


def read_component(text: str) -> ContainerComponent:
    """A component of the text of a component.yaml. Raises `ConfigurationError` that names the key."""
    import yaml

    try:
        spec = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"The component is not YAML: {error}") from error
    _known(spec, _KEYS, "The component")
    container = (spec.get("implementation") or {}).get("container")
    if not isinstance(container, Mapping):
        raise ConfigurationError("The component has no implementation: container; only those are run.")
    _known(container, _CONTAINER_KEYS, "The component's container")
    outputs = tuple(_port(entry) for entry in spec.get("outputs") or ())
    inputs = tuple(_port(entry) for entry in spec.get("inputs") or ())
    return ContainerComponent(
        name=str(spec.get("name") or "component"),
        image=str(container.get("image", "")),
        inputs=inputs,
        outputs=outputs,
        command=(*(container.get("command") or ()), *(container.get("args") or ())),
        environment={str(name): str(value) for name, value in (container.get("env") or {}).items()},
    )


def as_text(value: Any) -> str:
    """A value on a command line or in a file, as KFP writes it: text as it is, containers as sorted JSON."""
    return json.dumps(value, sort_keys=True) if isinstance(value, (list, dict)) else str(value)


def _port(entry: Any) -> Port:
    _known(entry, _PORT_KEYS, "An input or output")
    default = entry.get("default")
    return Port(
        str(entry["name"]), entry.get("type"), None if default is None else str(default), bool(entry.get("optional"))
    )


def _known(values: Any, keys: set[str], where: str) -> None:
    if not isinstance(values, Mapping):
        raise ConfigurationError(f"{where} must hold names and values, not {values!r}.")
    for name in values:
        if name not in keys:
            raise ConfigurationError(f"{where} has the unknown key {name!r}.{did_you_mean(str(name), keys)}")


def read_output(path: Path, name: str) -> Any:
    """What a component wrote: text, or bytes where it is none. Raises `InvalidOutput` when it wrote nothing."""
    if not path.is_file():
        raise InvalidOutput(f"The component wrote no file for its output {name!r}.")
    data = path.read_bytes()
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
