"""Great Expectations' results. Its own page loads a dozen files from elsewhere, so they are shown on a page of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..enums import ArtifactKind, VisualizationType
from ..io import fileio
from .base_materializer import BaseMaterializer
from .pages import page, table, text

_MOST = 1000
_UNINTERESTING = ("batch_id", "column", "column_list", "column_A", "column_B", "meta")


class ValidationMaterializer(BaseMaterializer):
    """`ExpectationSuiteValidationResult`: what a validation gives."""

    KIND = ArtifactKind.JSON

    def save(self, data: Any) -> None:
        _write(self.path("data.json"), data.to_json_dict())

    def load(self, data_type: type | None = None) -> Any:
        return _validation(_read(self.path("data.json")))

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        result = _plain(data.to_json_dict())
        path = self.path("validation.html")
        with fileio.open(path, "w") as file:
            file.write(page("Validation", f"<h1>{_verdict(result)}</h1>", _expectations(result)))
        return {path: VisualizationType.HTML}


class CheckpointMaterializer(BaseMaterializer):
    """`CheckpointResult`. It holds what can't be stored, so it loads as the dict of its validations by their names."""

    KIND = ArtifactKind.JSON

    def save(self, data: Any) -> None:
        results = {str(name): result.to_json_dict() for name, result in data.run_results.items()}
        _write(self.path("data.json"), {"name": data.name, "success": bool(data.success), "run_results": results})

    def load(self, data_type: type | None = None) -> Any:
        stored = _read(self.path("data.json"))
        return {name: _validation(result) for name, result in stored["run_results"].items()}

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        results = {str(name): _plain(result.to_json_dict()) for name, result in data.run_results.items()}
        good = sum(bool(result["success"]) for result in results.values())
        parts = [f"<h1>Checkpoint {text(data.name)}: {good} of {len(results)} validations passed</h1>"]
        for name, result in results.items():
            parts += [f"<h2>{_verdict(result)}</h2>", f'<div class="small">{text(name)}</div>', _expectations(result)]
        path = self.path("checkpoint.html")
        with fileio.open(path, "w") as file:
            file.write(page(f"Checkpoint {data.name}", *parts))
        return {path: VisualizationType.HTML}


def _validation(stored: Any) -> Any:
    from great_expectations.core.expectation_validation_result import expectationSuiteValidationResultSchema

    return expectationSuiteValidationResultSchema.load(stored)


def _verdict(result: Mapping[str, Any]) -> str:
    about = result.get("statistics") or {}
    good, total = about.get("successful_expectations", 0), about.get("evaluated_expectations", 0)
    name = text(result.get("suite_name") or "suite")
    return f"{name}: {_mark(result['success'])}, {good} of {total} expectations met"


def _expectations(result: Mapping[str, Any]) -> str:
    """A table, the unmet first."""
    found = sorted(result.get("results") or (), key=lambda one: bool(one["success"]))
    shown = table(
        ("", "expectation", "column", "expected", "found"),
        (_row(one, one.get("expectation_config") or {}) for one in found[:_MOST]),
    )
    cut = f'<div class="small">The first {_MOST:,} of {len(found):,}.</div>' if len(found) > _MOST else ""
    return shown + cut


def _row(one: Mapping[str, Any], config: Mapping[str, Any]) -> Sequence[str]:
    arguments = config.get("kwargs") or {}
    columns = [arguments.get(key) for key in ("column", "column_A", "column_B", "column_list")]
    expected = [f"{key}: {value}" for key, value in arguments.items() if key not in _UNINTERESTING]
    return (
        _mark(one["success"]),
        text(str(config.get("type", "")).removeprefix("expect_").replace("_", " ")),
        text(", ".join(str(name) for name in columns if name is not None)),
        "<br>".join(text(item) for item in expected),
        _found(one),
    )


def _found(one: Mapping[str, Any]) -> str:
    """What was observed, how much of it is unexpected, or why nothing could be."""
    result, parts = one.get("result") or {}, []
    if result.get("observed_value") is not None:
        parts.append(text(result["observed_value"]))
    if result.get("unexpected_count"):
        # Missing values are neither expected nor unexpected, unless they are what was asked about.
        present = (result.get("element_count") or 0) - (result.get("missing_count") or 0)
        of = f" of {present:,} ({result['unexpected_count'] / present:.1%})" if present else ""
        parts.append(f"{result['unexpected_count']:,}{of} unexpected")
    if result.get("partial_unexpected_list"):
        parts.append("such as " + text(", ".join(map(str, result["partial_unexpected_list"][:10]))))
    parts += [f'<span class="bad">{text(message)}</span>' for message in dict.fromkeys(_messages(one))]
    return "<br>".join(parts)


def _messages(one: Mapping[str, Any]) -> list[str]:
    about = one.get("exception_info") or {}
    each = [about] if "raised_exception" in about else [item for item in about.values() if isinstance(item, dict)]
    return [str(item["exception_message"]) for item in each if item.get("exception_message")]


def _mark(success: Any) -> str:
    return '<span class="good">passed</span>' if success else '<span class="bad">failed</span>'


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=_number))


def _number(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def _write(path: str, value: Any) -> None:
    with fileio.open(path, "w") as file:
        json.dump(value, file, default=_number)


def _read(path: str) -> Any:
    with fileio.open(path) as file:
        return json.load(file)
