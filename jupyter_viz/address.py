"""Addresses: `[project::]pipeline@run/step/artifact[#n]`, and the one parser of them.

The run is a name, an id prefix, or one of the words

    latest        the newest run that completed         latest~2     two before it
    latest~4:     the five newest that completed        newest       started last, whatever became of it
    highest(auc)  the run with the highest auc          lowest(rmse)
    baseline      the run that others are compared to

The step may be left out where the artifact's name is unique in the run. `/ @ : # %`, white space and control
characters inside names are percent-encoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes

from .errors import InvalidAddress

_ESCAPED = re.compile(r"[/@:#%\s\x00-\x1f\x7f]")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LATEST = re.compile(r"latest(?:~(\d{1,9})(:)?)?\Z")
_EXTREME = re.compile(r"(highest|lowest)\((.+)\)\Z", re.DOTALL)
_HOW = "Write pipeline@run/step/artifact, e.g. churn@latest/evaluate/scores."


@dataclass(frozen=True, slots=True)
class RunSelector:
    """Which run is meant.

    `word` is one of name, latest, newest, highest, lowest, baseline. `name` is the run's name or id prefix for
    `name`, the metric for `highest` and `lowest`. `back` counts runs before the latest; with `several` all of
    them, oldest first.
    """

    word: str
    name: str = ""
    back: int = 0
    several: bool = False

    @staticmethod
    def parse(encoded: str) -> RunSelector:
        if match := _LATEST.match(encoded):
            return RunSelector("latest", back=int(match[1] or 0), several=match[2] is not None)
        if encoded in ("newest", "baseline"):
            return RunSelector(encoded)
        if match := _EXTREME.match(encoded):
            return RunSelector(match[1], name=_decode(match[2]))
        return RunSelector("name", name=_decode(encoded))

    def __str__(self) -> str:
        if self.word == "latest":
            back = f"~{self.back}" if self.back or self.several else ""
            return f"latest{back}{':' if self.several else ''}"
        if self.word in ("highest", "lowest"):
            return f"{self.word}({_encode(self.name)})"
        if self.word != "name":
            return self.word
        text = _encode(self.name)
        if text and RunSelector.parse(text).word != "name":
            # A run that is really called "latest": its first letter is escaped to tell it from the word.
            return f"%{ord(text[0]):02X}{text[1:]}"
        return text


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address, decoded. `run` is None for a pipeline, `artifact` None for a run."""

    pipeline: str
    run: RunSelector | None = None
    step: str | None = None
    artifact: str | None = None
    index: int | None = None
    project: str | None = None

    @staticmethod
    def parse(text: str) -> Address:
        """Read an address. Raises `InvalidAddress` that names what is wrong."""
        if any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) < 0xE000 for c in text):
            raise InvalidAddress(f"Address {text!r} has a control character or half a surrogate pair in it.")
        project, sep, rest = text.rpartition("::")
        if sep and not project:
            raise InvalidAddress(f"Address {text!r} names no project before '::'. {_HOW}")
        pipeline, at, path = rest.partition("@")
        if not pipeline:
            raise InvalidAddress(f"Address {text!r} names no pipeline. {_HOW}")
        if ":" in pipeline or "/" in pipeline or "#" in pipeline:
            raise InvalidAddress(f"Pipeline {pipeline!r} in address {text!r}: write / as %2F, : as %3A. {_HOW}")
        decoded_project = _decode(project) if sep else None
        if not at:
            return Address(_decode(pipeline), project=decoded_project)
        path, hash_sign, number = path.partition("#")
        if "@" in path or number.count("#"):
            raise InvalidAddress(f"Address {text!r} has more than one @ or #; write them as %40, %23. {_HOW}")
        parts = path.split("/")
        if len(parts) > 3 or not all(parts):
            raise InvalidAddress(f"Address {text!r} has an empty or too many parts; write / as %2F. {_HOW}")
        index = None
        if hash_sign:
            if not number.isdecimal() or len(number) > 9 or len(parts) == 1:
                raise InvalidAddress(f"'#{number}' in address {text!r}: a number of an artifact is needed.")
            index = int(number)
        run = RunSelector.parse(parts[0])
        step = _decode(parts[1]) if len(parts) == 3 else None
        artifact = _decode(parts[-1]) if len(parts) > 1 else None
        return Address(_decode(pipeline), run, step, artifact, index, decoded_project)

    def of_run(self, name: str) -> Address:
        """The same of the run of that name."""
        return replace(self, run=RunSelector("name", name))

    def __str__(self) -> str:
        text = f"{_encode(self.project)}::" if self.project is not None else ""
        text += _encode(self.pipeline)
        if self.run is not None:
            text += f"@{self.run}"
            text += "".join(f"/{_encode(part)}" for part in (self.step, self.artifact) if part is not None)
            if self.index is not None:
                text += f"#{self.index}"
        return text


def path_of(*names: str) -> str:
    """Names as they stand in an address, between slashes: `evaluate/scores`; an empty one is left out."""
    return "/".join(_encode(name) for name in names if name)


def _encode(name: str) -> str:
    return _ESCAPED.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), name)


def _decode(part: str) -> str:
    if _BAD_PERCENT.search(part):
        raise InvalidAddress(f"{part!r} has a % without two hexadecimal digits after it; write % as %25.")
    try:
        return unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        raise InvalidAddress(f"{part!r} does not decode to UTF-8.") from None
