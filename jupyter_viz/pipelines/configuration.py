"""What a pipeline is run with: options of the decorators, of `with_options`, and of a YAML file."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ..errors import ConfigurationError, did_you_mean

_FLAG = "enable_artifact_visualization"


@dataclass(frozen=True, slots=True)
class StepOptions:
    """None means: not said here."""

    enable_artifact_visualization: bool | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """Options of a pipeline. `steps` holds those that a YAML file gives to single steps, by name."""

    run_name: str | None = None
    tags: tuple[str, ...] = ()
    experiment: str | None = None
    model: str | None = None
    enable_artifact_visualization: bool | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    steps: Mapping[str, StepOptions] = field(default_factory=dict)

    def merged(self, other: PipelineOptions) -> PipelineOptions:
        """These options, and where `other` says something, that."""
        said = {
            item.name: value for item in fields(other) if (value := getattr(other, item.name)) not in (None, (), {})
        }
        for name in ("parameters", "steps"):
            if name in said:
                said[name] = {**getattr(self, name), **said[name]}
        return replace(self, **said)


def shows(step: StepOptions, decorated: bool | None, file: PipelineOptions, pipeline: bool | None) -> bool:
    """Whether outputs are visualized. The nearest word wins: step in YAML, @step, YAML, @pipeline; else yes."""
    words = (step.enable_artifact_visualization, decorated, file.enable_artifact_visualization, pipeline)
    return next((word for word in words if word is not None), True)


def check_parameters(function: Callable[..., Any], parameters: Mapping[str, Any], of: str) -> None:
    """Raise `ConfigurationError` for a parameter that the function of a pipeline or step does not take."""
    known = inspect.signature(function).parameters
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in known.values()):
        return
    for name in parameters:
        if name not in known:
            raise ConfigurationError(
                f"The configuration gives parameter {name!r}, which {of} does not take.{did_you_mean(name, known)}"
            )


def read_options(path: str | Path) -> PipelineOptions:
    """Options of a YAML file. Raises `ConfigurationError` that names file and key."""
    import yaml

    try:
        values = yaml.safe_load(Path(path).read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} can't be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not YAML: {error}") from error
    return _options(PipelineOptions, values or {}, str(path))  # type: ignore[no-any-return]


def _options(kind: Any, values: Any, where: str) -> Any:
    if not isinstance(values, Mapping):
        raise ConfigurationError(f"{where} must hold names and values, not a {type(values).__name__}.")
    known = [item.name for item in fields(kind)]
    for name in values:
        if name not in known:
            raise ConfigurationError(f"{where}: there is no key {name!r}.{did_you_mean(str(name), known)}")
    checked = dict(values)
    if checked.get(_FLAG) not in (None, True, False):
        raise ConfigurationError(f"{where}: {_FLAG} is true or false, not {checked[_FLAG]!r}.")
    if "tags" in checked:
        tags = checked["tags"] or []
        if not isinstance(tags, list):
            raise ConfigurationError(f"{where}: tags is a list, not {tags!r}.")
        checked["tags"] = tuple(map(str, tags))
    if "parameters" in checked and not isinstance(checked["parameters"], Mapping):
        raise ConfigurationError(f"{where}: parameters holds names and values, not {checked['parameters']!r}.")
    if "steps" in checked:
        steps = checked["steps"] or {}
        if not isinstance(steps, Mapping):
            raise ConfigurationError(f"{where}: steps holds the options of steps by name, not {steps!r}.")
        checked["steps"] = {
            str(name): _options(StepOptions, options or {}, f"{where}: steps: {name}")
            for name, options in steps.items()
        }
    return kind(**checked)
