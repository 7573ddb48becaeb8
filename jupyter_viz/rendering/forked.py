"""What a freshly forked process does before it serves: a kernel, or one call of a function of ours.

Runs between `os.fork` and the end of the process; Linux only.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import random
import resource
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from .calls import answer
from .orders import CHANNELS, Limits

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_TURN_SECONDS = 0.0005


def adopt_orphans() -> None:
    """What descendants leave behind becomes a child of this process, not of init: it can be found and ended."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def settle(order: dict[str, Any], parent: int, limits: Limits) -> None:
    """Make this process one of its own: session, folder, signals, randomness, limits; it ends with its parent."""
    os.setsid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before it could be bound to
        os._exit(1)
    adopt_orphans()
    signal.set_wakeup_fd(-1)
    for each in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)
    work = Path(order["folder"], "work")
    work.mkdir(mode=0o700)
    os.chdir(work)
    os.environ["TMPDIR"] = str(Path(order["folder"], "tmp"))
    os.mkdir(os.environ["TMPDIR"], 0o700)
    os.environ["IPYTHONDIR"] = str(Path(order["folder"], "ipython"))
    tempfile.tempdir = None
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    with contextlib.suppress(OSError):  # the first to go when memory runs out, before the server
        Path("/proc/self/oom_score_adj").write_text("500")
    _limit(limits)


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limits.file:
        _lower(resource.RLIMIT_FSIZE, limits.file)
    if limits.cpu:
        _lower(resource.RLIMIT_CPU, int(limits.cpu) + 1, spare=2)  # SIGXCPU, which tells why; SIGKILL to who ignores it
    if limits.memory:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + limits.memory)


def _lower(which: int, value: int, spare: int = 0) -> None:
    hard = resource.getrlimit(which)[1]
    most = value + spare if hard == resource.RLIM_INFINITY else min(value + spare, hard)
    resource.setrlimit(which, (min(value, most), most))


def serve_kernel(order: dict[str, Any], ready: int, limits: Limits) -> None:
    """Be a kernel until the end; tells `ready` when its sockets are bound."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    from .streams import CappedStream

    CappedStream.most = limits.output

    class App(IPKernelApp):
        def init_iopub(self, context: Any) -> None:
            context.sndhwm = 0  # nothing that is shown is dropped: floods are noticed where they arrive
            super().init_iopub(context)  # type: ignore[no-untyped-call]

    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.connection_file = str(Path(order["folder"], "kernel.json"))
    config.IPKernelApp.transport = "ipc"
    config.IPKernelApp.ip = str(Path(order["folder"], "k"))
    for number, channel in enumerate(CHANNELS, 1):
        config.IPKernelApp[f"{channel}_port"] = number
    config.IPKernelApp.outstream_class = f"{CappedStream.__module__}.{CappedStream.__name__}"
    config.Session.key = order["key"].encode()
    app: Any = App.instance(config=config)
    app.initialize([])
    _hook_up_matplotlib()
    # What is shown goes through a thread that asks for its turn while code runs: by default it gets that after 5 ms.
    sys.setswitchinterval(_TURN_SECONDS)
    os.write(ready, b".")
    os.close(ready)
    app.start()


def _hook_up_matplotlib() -> None:
    """Have figures shown as in any kernel, where the parent has imported what shows them.

    matplotlib takes its backend from the environment when it is imported, and the backend ties itself to the shell when
    that is: there was neither of them in the parent. The backend is imported anew with the first figure, so that a
    kernel without one pays nothing.
    """
    backend = os.environ.get("MPLBACKEND")
    if backend and (matplotlib := sys.modules.get("matplotlib")):
        matplotlib.rcParams["backend"] = backend
    if sys.modules.pop("matplotlib_inline.backend_inline", None) is not None:
        del sys.modules["matplotlib_inline"].backend_inline


def call(order: dict[str, Any]) -> None:
    """Make the one call that `order` names, with the argument that lies in a file; what it gives goes to another."""
    file = Path(order["argument"])
    argument = file.read_bytes()
    file.unlink()
    Path(order["folder"], "answer.json").write_bytes(answer(order["function"], argument))


def run(order: dict[str, Any], parent: int, limits: Limits, ready: int) -> None:  # pragma: no cover - ends the process
    """All that a child does. Never returns."""
    status = 1
    try:
        settle(order, parent, limits)
        gc.enable()
        if order["op"] == "call":
            os.close(ready)
            call(order)
        else:
            serve_kernel(order, ready, limits)
        status = 0
    except BaseException:
        with contextlib.suppress(OSError):
            Path(order["folder"], "error.txt").write_text(traceback.format_exc())
    finally:
        os._exit(status)
