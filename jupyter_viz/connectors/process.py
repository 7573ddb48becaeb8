"""A connector at work: a process of its own, in the interpreter that has the other system's library."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import ConnectorFailed, NotFound, did_you_mean, one_line
from ..registry import CONNECTORS, found
from .base import Record, Skipped, record_of
from .found import interpreter_for
from .places import Place, plain_location

_SECONDS_TO_END = 10
_SECONDS_TO_CHECK = 60
_SECONDS_TO_FETCH = 900
_CREDENTIALS = re.compile(r"//[^/@\s]*@")
_RUNNER = Path(__file__).with_name("runner.py")


_running: set[subprocess.Popen[bytes]] = set()


def stop_all() -> None:
    """End the connectors of this process, wherever they wait: who reads them goes on with an error."""
    for process in list(_running):
        process.kill()


def connector_file(system: str) -> Path:
    """The file of the connector of that name. Raises `NotFound` with the nearest."""
    points = found(CONNECTORS)
    if system not in points:
        raise NotFound(f"There is no connector {system!r}.{did_you_mean(system, points)}")
    spec = find_spec(points[system].module)
    if spec is None or spec.origin is None:
        raise NotFound(f"The connector {system!r} is broken: there is no file of {points[system].value}.")
    return Path(spec.origin)


class Connector:
    """The connector of a place. Each call is a process, which is gone when the call ends, however it does.

    Raises `ConnectorFailed` with one sentence for whatever goes wrong there, without the place's credentials.
    """

    def __init__(self, place: Place) -> None:
        """Raises `NotFound` where there is no such connector."""
        self._place = place
        self._python = place.python or interpreter_for(place.system)[0] or sys.executable
        self._script = connector_file(place.system)
        self._said = b""

    def read(self, cursor: Any, known: Mapping[str, str]) -> Iterator[tuple[Record, tuple[Skipped, ...]]]:
        """The records of all runs since `cursor`, and what is left out of each.

        Args:
            known: The mark of each run that was taken in, by its id.
        """
        yield from map(record_of, self._answers("read", {"cursor": cursor, "known": dict(known)}))

    def check(self) -> str:
        """What there is, in a line; nothing is taken in."""
        for answer in self._answers("check", {}, _SECONDS_TO_CHECK):
            if answer.get("type") == "checked":
                return one_line(str(answer["about"]))
        raise ConnectorFailed(f"The connector {self._place.system!r} gave no answer.{self.last_words()}")

    def fetch(self, uri: str, to: Path) -> None:
        """Have what the other system keeps at `uri` written to a file."""
        answers = self._answers("fetch", {"uri": uri, "to": str(to)}, _SECONDS_TO_FETCH)
        if not any(answer.get("type") == "fetched" for answer in answers):
            raise ConnectorFailed(f"The connector {self._place.system!r} gave no answer.{self.last_words()}")

    def last_words(self) -> str:
        """The last line that the connector's process wrote to stderr."""
        lines = self._said.decode(errors="replace").strip().splitlines()
        return f" Its last words: {_CREDENTIALS.sub('//', one_line(lines[-1]))}" if lines else ""

    def _answers(
        self, what: str, request: Mapping[str, Any], seconds: float | None = None
    ) -> Iterator[Mapping[str, Any]]:
        asked = json.dumps({**request, "location": self._place.location}).encode() + b"\n"
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(  # noqa: S603 — the interpreter that the user names
                    [self._python, str(_RUNNER), str(self._script), what],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=_environment(self._python),
                )
            except OSError as error:
                raise ConnectorFailed(f"{self._python!r} can't be started: {error.strerror}.") from None
            late = threading.Event()

            def give_up() -> None:
                late.set()
                process.kill()

            timer = threading.Timer(seconds or 0, give_up)
            if seconds is not None:
                timer.start()
            _running.add(process)
            with process:
                assert process.stdin is not None  # noqa: S101 — asked for above
                assert process.stdout is not None  # noqa: S101
                try:
                    process.stdin.write(asked)
                    process.stdin.close()
                    for line in process.stdout:
                        yield self._plain(line)
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(_SECONDS_TO_END)
                except BrokenPipeError:
                    pass  # it ended before it read the request: its last words say why
                finally:
                    timer.cancel()
                    _running.discard(process)
                    process.kill()
            errors.seek(0)
            self._said = errors.read()
        if late.is_set():
            raise ConnectorFailed(
                f"{plain_location(self._place.location)} can't be read: no answer within {seconds:g} seconds."
            )

    def _plain(self, line: bytes) -> Mapping[str, Any]:
        try:
            plain = json.loads(line)
        except ValueError:
            raise ConnectorFailed(f"The connector said what is not JSON: {line[:80]!r}.") from None
        if not isinstance(plain, dict):
            return {}
        if plain.get("type") == "missing":
            raise ConnectorFailed(
                f"{self._python} has no {plain['module']}. Install it there, or name the interpreter that has it "
                "(on the command line by --python)."
            )
        if plain.get("type") == "error":
            told = _CREDENTIALS.sub("//", one_line(plain["message"]))
            raise ConnectorFailed(f"{plain_location(self._place.location)} can't be read: {told}")
        return plain


def _environment(python: str) -> dict[str, str]:
    """This process's; for another interpreter without what would give it our packages."""
    ours = () if python == sys.executable else ("PYTHONHOME", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if name not in ours}
