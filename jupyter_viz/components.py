"""The KFP-style face: components from functions and from component.yaml, as steps of our pipelines.

    from jupyter_viz.components import InputPath, OutputPath, create_component_from_func

A component runs in this process (from a function) or as a local subprocess (from a component.yaml); its image is
recorded with its parameters and not used.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .errors import ConfigurationError
from .pipelines.container import as_text, read_component, read_output
from .pipelines.step import Step

_SUFFIX = re.compile(r"_(path|file)\Z")
_YAML_TYPES = {str: "String", int: "Integer", float: "Float", bool: "Boolean", list: "JsonArray", dict: "JsonObject"}


class _PathOf:
    """Annotation of a parameter that is given a path instead of a value."""

    def __init__(self, type: str | type | None = None) -> None:
        self.type = type

    def __repr__(self) -> str:
        return f"{self.__class__.__name__}({self.type!r})"

    def __call__(self) -> None:
        """typing takes an annotation for a type when it can be called."""


class InputPath(_PathOf):
    """The path of a file that holds an input: text as it is, other values as JSON."""


class OutputPath(_PathOf):
    """The path of a file that the function writes: the output is what it wrote."""


def create_component_from_func(
    func: Callable[..., Any],
    output_component_file: str | Path | None = None,
    base_image: str | None = None,
    packages_to_install: Sequence[str] | None = None,
    **_annotations: Any,
) -> Step[..., Any]:
    """A step of a function in KFP's style.

    A parameter annotated `OutputPath` becomes an output, `InputPath` an input by file; `_path` and `_file` drop off
    their names. What the function returns are its other outputs, named by a NamedTuple.

    Args:
        output_component_file: Where to write the component.yaml.
        base_image, packages_to_install: Recorded there; the function runs in this process.
    """
    component = _FunctionComponent(func)
    if output_component_file is not None:
        import yaml

        text = yaml.safe_dump(component.specification(base_image, packages_to_install or ()), sort_keys=False)
        Path(output_component_file).write_text(text, "utf-8")
    return Step(component.run, name=func.__name__)


def load_component_from_file(filename: str | Path) -> Step[..., Any]:
    """A step of a component.yaml. Raises `ConfigurationError` that names file and key."""
    try:
        text = Path(filename).read_text("utf-8")
    except OSError as error:
        raise ConfigurationError(f"{filename} can't be read: {error.strerror}.") from error
    return load_component_from_text(text)


def load_component_from_text(text: str) -> Step[..., Any]:
    """A step of the text of a component.yaml."""
    component = read_component(text)
    return Step(component.callable(), name=component.name)


def load_component_from_url(url: str) -> Step[..., Any]:
    """A step of a component.yaml at a `file:` URL; others are not fetched."""
    if not url.startswith("file://"):
        raise ConfigurationError(f"{url!r} is not fetched: only file:// URLs are read. Download it first.")
    from urllib.request import url2pathname

    return load_component_from_file(url2pathname(url.removeprefix("file://")))


class _FunctionComponent:
    """A function whose annotations say which parameters are files."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._signature = inspect.signature(function)
        try:
            hints = typing.get_type_hints(function)
        except (NameError, TypeError):
            hints = dict(function.__annotations__)
        self._hints = hints
        # `OutputPath` without parentheses is KFP's shorthand.
        self._files = {
            name: hint() if isinstance(hint, type) and issubclass(hint, _PathOf) else hint
            for name, hint in hints.items()
        }
        self._files = {name: hint for name, hint in self._files.items() if isinstance(hint, _PathOf)}
        returned = hints.get("return")
        self._returned = list(getattr(returned, "_fields", ())) or (
            [] if returned in (None, type(None)) else ["output"]
        )
        self.outputs = [self._port(n) for n, hint in self._files.items() if isinstance(hint, OutputPath)]
        self.run = self._callable()

    def specification(self, image: str | None, packages: Sequence[str]) -> dict[str, Any]:
        """The component.yaml as KFP v1 writes it."""
        inputs = []
        for name, parameter in self._signature.parameters.items():
            if isinstance(self._files.get(name), OutputPath):
                continue
            entry: dict[str, Any] = {"name": self._port(name), **_type(self._hints.get(name))}
            if parameter.default is not inspect.Parameter.empty:
                entry |= {"default": str(parameter.default), "optional": True}
            inputs.append(entry)
        outputs = [
            {"name": self._port(name), **_type(hint)}
            for name, hint in self._files.items()
            if isinstance(hint, OutputPath)
        ]
        fields = getattr(self._hints.get("return"), "__annotations__", {})
        outputs += [{"name": name, **_type(fields.get(name))} for name in self._returned]
        named = {"name": self._function.__name__.replace("_", " ").capitalize()}
        about = inspect.getdoc(self._function)
        described = {"description": about} if about else {}
        container = {"image": image or "python:3", "command": ["python3", "-c", inspect.getsource(self._function)]}
        install = {"annotations": {"packages_to_install": ", ".join(packages)}} if packages else {}
        ports = ({"inputs": inputs} if inputs else {}) | ({"outputs": outputs} if outputs else {})
        metadata = {"metadata": install} if install else {}
        return named | described | metadata | ports | {"implementation": {"container": container}}

    def _callable(self) -> Callable[..., Any]:
        """The function as a step takes it: inputs by value, every output returned."""

        def run(*args: Any, **kwargs: Any) -> Any:
            import tempfile

            with tempfile.TemporaryDirectory(prefix="jupyter-viz-") as folder:
                return self._run(Path(folder), signature.bind(*args, **kwargs))

        parameters = [
            parameter.replace(name=self._port(name), annotation=inspect.Parameter.empty)
            for name, parameter in self._signature.parameters.items()
            if not isinstance(self._files.get(name), OutputPath)
        ]
        signature = inspect.Signature(parameters)
        run.__signature__ = signature  # type: ignore[attr-defined]
        run.__name__, run.__doc__ = self._function.__name__, self._function.__doc__
        names = [*self.outputs, *self._returned]
        run.__annotations__ = {"return": _tuple_of(names) if names else None}
        return run

    def _run(self, folder: Path, bound: inspect.BoundArguments) -> Any:
        bound.apply_defaults()
        values: dict[str, Any] = {}
        for name in self._signature.parameters:
            hint, port = self._files.get(name), self._port(name)
            if isinstance(hint, OutputPath):
                values[name] = str(folder / f"output-{port}")
            elif isinstance(hint, InputPath):
                path = folder / f"input-{port}"
                path.write_text(as_text(bound.arguments[port]), "utf-8")
                values[name] = str(path)
            else:
                values[name] = bound.arguments[port]
        returned = self._function(**values)
        if not self._returned:
            others: list[Any] = []
        elif len(self._returned) == 1 and not isinstance(returned, (tuple, list)):
            others = [returned]
        else:
            others = list(returned)
        written = [read_output(folder / f"output-{port}", port) for port in self.outputs]
        outputs = [*written, *others]
        return None if not outputs else outputs[0] if len(outputs) == 1 else tuple(outputs)

    @staticmethod
    def _port(name: str) -> str:
        return _SUFFIX.sub("", name)


def _tuple_of(names: Sequence[str]) -> Any:
    """A return annotation with these output names."""
    if len(names) == 1:
        return typing.Annotated[Any, names[0]]
    return tuple[tuple(typing.Annotated[Any, name] for name in names)]  # type: ignore[misc]


def _type(hint: Any) -> dict[str, str]:
    of = hint.type if isinstance(hint, _PathOf) else hint
    if isinstance(of, typing.ForwardRef):
        of = of.__forward_arg__
    if isinstance(of, str):
        # Under `from __future__ import annotations` a NamedTuple's types are texts.
        return {"type": {kind.__name__: name for kind, name in _YAML_TYPES.items()}.get(of, of)}
    return {"type": _YAML_TYPES[of]} if of in _YAML_TYPES else {}
