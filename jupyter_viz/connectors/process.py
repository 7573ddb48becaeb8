"""A connector at work: a process of its own, in the interpreter that has the other system's library."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from ..errors import ConnectorFailed, NotFound, did_you_mean, one_line
from ..registry import CONNECTORS, found
from .base import Record, Skipped, record_of
from .found import interpreter_for
from .places import Place, plain_location, without_secrets

_SECONDS_TO_END = 10
_SECONDS_TO_CHECK = 60
_SECONDS_TO_FETCH = 900
_SECONDS_OF_SILENCE = 900
"""How long a reading may take until its next record: a server that is asked again and again takes minutes."""
_RUNNER = Path(__file__).with_name("runner.py")

_running: set[subprocess.Popen[bytes]] = set()
_starting = threading.Lock()


def stop_all() -> None:
    """End the connectors of this process, wherever they wait: who reads them goes on with an error."""
    with _starting:
        for process in _running:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it started: a connector's library may have processes of its own."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


class _Patience:
    """Ends a process that keeps its reader waiting for longer than some seconds."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._seconds = seconds
        self._until: float | None = None
        self._done = threading.Event()
        self.is_over = False
        threading.Thread(target=self._watch, name="jupyter_viz waits", daemon=True).start()

    def begin(self) -> None:
        """From now on it is waited for."""
        self._until = time.monotonic() + self._seconds

    def pause(self) -> None:
        self._until = None

    def end(self) -> None:
        self._done.set()

    def _watch(self) -> None:
        while not self._done.wait(min(1.0, self._seconds)):
            until = self._until
            if until is not None and time.monotonic() > until:
                self.is_over = True
                _end(self._process)
                return


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

    def read(
        self, begun: Callable[[str], tuple[Any, Mapping[str, str]]]
    ) -> Iterator[tuple[Record, tuple[Skipped, ...]]]:
        """The records of all runs since a cursor, and what is left out of each.

        Args:
            begun: Is told which store is behind the location, empty where the location says it all. Returns the cursor,
                and the mark of each run that was taken in, by its id.
        """

        def answer(store: str) -> Mapping[str, Any]:
            cursor, known = begun(store)
            return {"cursor": cursor, "known": dict(known)}

        yield from map(record_of, self._answers("read", {}, _SECONDS_OF_SILENCE, answer))

    def check(self) -> str:
        """What there is, in a line; nothing is taken in."""
        for answer in self._answers("check", {}, _SECONDS_TO_CHECK):
            if answer.get("type") == "checked":
                return one_line(str(answer["about"]))
        raise ConnectorFailed(f"The connector {self._place.system!r} gave no answer.{self.last_words()}")

    def fetch(self, uri: str, to: Path, store: str = "") -> None:
        """Have what the other system keeps at `uri`, in the store that was read, written to a file."""
        answers = self._answers("fetch", {"uri": uri, "to": str(to), "store": store}, _SECONDS_TO_FETCH)
        if not any(answer.get("type") == "fetched" for answer in answers):
            raise ConnectorFailed(f"The connector {self._place.system!r} gave no answer.{self.last_words()}")

    def last_words(self) -> str:
        """The last line that the connector's process wrote to stderr."""
        lines = self._said.decode(errors="replace").strip().splitlines()
        return f" Its last words: {self._plainly(lines[-1])}" if lines else ""

    def _plainly(self, said: str) -> str:
        return without_secrets(one_line(said), self._place.location)

    def _answers(
        self,
        what: str,
        request: Mapping[str, Any],
        seconds: float,
        begun: Callable[[str], Mapping[str, Any]] | None = None,
    ) -> Iterator[Mapping[str, Any]]:
        """What the process answers; `seconds` are for all of it, or where it is told how to begin, for each answer."""
        with tempfile.TemporaryFile() as errors:
            process = self._started(what, errors)
            patience = _Patience(process, seconds)
            with process:
                assert process.stdin is not None  # noqa: S101 — asked for when it was started
                assert process.stdout is not None  # noqa: S101
                try:
                    patience.begin()
                    _write(process.stdin, {**request, "location": self._place.location})
                    for line in process.stdout:
                        if begun is not None:
                            patience.pause()
                        plain = self._plain(line)
                        if plain.get("type") == "store" and begun is not None:
                            _write(process.stdin, begun(str(plain["id"])))
                        else:
                            yield plain
                        if begun is not None:
                            patience.begin()
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(_SECONDS_TO_END)
                except BrokenPipeError:
                    pass  # it ended before it read the request: its last words say why
                finally:
                    patience.end()
                    with _starting:
                        _running.discard(process)
                    _end(process)
                    with suppress(OSError):
                        process.stdin.close()
            errors.seek(0)
            self._said = errors.read()
        if patience.is_over:
            raise ConnectorFailed(
                f"{plain_location(self._place.location)} can't be read: no answer within {seconds:g} seconds."
            )

    def _started(self, what: str, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        try:
            with _starting:
                process = subprocess.Popen(  # noqa: S603 — the interpreter that the user names
                    [self._python, str(_RUNNER), str(self._script), what],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=_environment(self._python),
                    start_new_session=True,
                )
                _running.add(process)
        except (OSError, ValueError) as error:  # ValueError: NUL in its name
            reason = getattr(error, "strerror", None) or str(error)
            raise ConnectorFailed(f"{self._python!r} can't be started: {reason}.") from None
        return process

    def _plain(self, line: bytes) -> Mapping[str, Any]:
        try:
            plain = json.loads(line)
        except (ValueError, RecursionError):
            raise ConnectorFailed(f"The connector said what is not JSON: {line[:80]!r}.") from None
        if not isinstance(plain, dict):
            return {}
        if plain.get("type") == "missing":
            raise ConnectorFailed(
                f"{self._python} has no {plain['module']}. Install it there, or name the interpreter that has it "
                "(on the command line by --python)."
            )
        if plain.get("type") == "error":
            told = self._plainly(str(plain["message"]))
            raise ConnectorFailed(f"{plain_location(self._place.location)} can't be read: {told}")
        return plain


def _write(stdin: IO[bytes], request: Mapping[str, Any]) -> None:
    stdin.write(json.dumps(request).encode() + b"\n")
    stdin.flush()


def _environment(python: str) -> dict[str, str]:
    """This process's; for another interpreter without what would give it our packages."""
    ours = () if python == sys.executable else ("PYTHONHOME", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if name not in ours}
