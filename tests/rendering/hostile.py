"""Cells that mean harm, or do it by mistake, and what must become of them.

Each is bounded: where our limits fail, the cell ends by itself before the machine does.
"""

from __future__ import annotations

from typing import NamedTuple


class Hostile(NamedTuple):
    """A cell.

    Attributes:
        code: What runs. Those that leave processes behind print their ids, one a line.
        errors: Codes of `errors.py` that are a right answer; None is a rendering that completed.
    """

    name: str
    code: str
    errors: tuple[str | None, ...]


# Never comes back by itself
_LOOP = "while True: pass"
_IGNORES_SIGNALS = """\
import signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)
while True: pass"""
_SWALLOWS_INTERRUPT = """\
while True:
    try:
        while True: sum(range(100))
    except BaseException:
        pass"""
# Loops in C, without a look at signals or a moment for another thread.
_HOLDS_GIL = "import itertools; all(itertools.repeat(True))"
# PyDLL, unlike CDLL, keeps the GIL during the call.
_SLEEPS_WITH_GIL = """\
import ctypes
while True: ctypes.PyDLL(None).sleep(3600)"""
_BACKTRACKS = 'import re; re.match("(a+)+$", "a" * 60 + "b")'
_STOPS_ITSELF = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"
_BECOMES_ANOTHER = 'import os; os.execv("/bin/sleep", ["sleep", "3600"])'
_CLOSES_EVERYTHING = """\
import os
os.closerange(0, 4096)
while True: pass"""

# Ends the process
_EXITS = "import os; os._exit(3)"
_KILLS_ITSELF = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
_SEGFAULT = "import ctypes; ctypes.string_at(0)"

# Takes too much. Every page is written to; 4 GB in all.
_HOARDS = """\
held = [b"x" * 2**26 for _ in range(64)]"""
_PRINTS_CHUNKS = """\
for _ in range(1024): print("x" * 2**20)"""
_PRINTS_AT_ONCE = 'print("x" * 2**30)'
_WRITES_TO_STDOUT = """\
import os
for _ in range(1024): os.write(1, b"x" * 2**20)"""
_DISPLAYS = """\
from IPython.display import display
for number in range(100_000): display(number)"""
# 512 processes at most; where nothing ends them, they end before the time limit would.
_FORK_BOMB = """\
import os, time
kernel, until = os.getpid(), time.monotonic() + 25
try:
    for _ in range(9): os.fork()
finally:
    if os.getpid() != kernel:
        while time.monotonic() < until: time.sleep(0.1)
        os._exit(0)
while True: time.sleep(1)"""

# Half a gigabyte in one file.
_FILLS_THE_DISK = """\
with open("large", "wb") as file:
    for _ in range(512): file.write(b"x" * 2**20)"""

# Leaves something behind: out of the group, out of the session, its parent gone, all descriptors its own. Sleeps for
# ten minutes at most.
_DAEMON = """\
import os, time
reader, writer = os.pipe()
if os.fork() == 0:
    try:
        os.setsid()
        if os.fork() == 0:
            os.write(writer, str(os.getpid()).encode())
            os.chdir("/")
            os.closerange(0, 4096)
            time.sleep(600)
    finally:
        os._exit(0)
os.wait()
print(os.read(reader, 20).decode())"""
_DAEMON_SLEEP = """\
import subprocess
asleep = subprocess.Popen(["sleep", "600"], start_new_session=True, stdout=-3, stderr=-3)
print(asleep.pid)"""
# Without an environment nothing that is found by a variable finds it.
_DAEMON_BARE = """\
import subprocess
asleep = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True, env={}, cwd="/", stdout=-3, stderr=-3)
print(asleep.pid)"""
_DAEMON_AND_EXIT = f"""\
{_DAEMON_SLEEP}
import os, sys
sys.stdout.flush()
os._exit(3)"""

# Python's own MemoryError is an answer as good as the kernel's end: both say that memory ran out.
_OUT_OF_MEMORY = ("memory_limit", "rendering_failed")

HOSTILE = [
    Hostile("endless loop", _LOOP, ("time_limit",)),
    Hostile("ignored signals", _IGNORES_SIGNALS, ("time_limit",)),
    Hostile("swallowed interrupt", _SWALLOWS_INTERRUPT, ("time_limit",)),
    Hostile("GIL held by a loop in C", _HOLDS_GIL, ("time_limit",)),
    Hostile("GIL held in a system call", _SLEEPS_WITH_GIL, ("time_limit",)),
    Hostile("pathological regex", _BACKTRACKS, ("time_limit",)),
    Hostile("stops itself", _STOPS_ITSELF, ("time_limit",)),
    Hostile("becomes another program", _BECOMES_ANOTHER, ("time_limit", "rendering_failed")),
    Hostile("closes every descriptor", _CLOSES_EVERYTHING, ("time_limit", "rendering_failed")),
    Hostile("os._exit", _EXITS, ("rendering_failed",)),
    Hostile("kills itself", _KILLS_ITSELF, ("rendering_failed",)),
    Hostile("segmentation fault", _SEGFAULT, ("rendering_failed",)),
    Hostile("memory hog", _HOARDS, _OUT_OF_MEMORY),
    # It may crash at its memory limit, with what waits to be sent, before the limit of outputs is reached.
    Hostile("1 GB printed in chunks", _PRINTS_CHUNKS, ("output_limit", *_OUT_OF_MEMORY)),
    Hostile("1 GB printed at once", _PRINTS_AT_ONCE, ("output_limit", *_OUT_OF_MEMORY)),
    Hostile("1 GB written to descriptor 1", _WRITES_TO_STDOUT, ("output_limit", None)),
    Hostile("100,000 displays", _DISPLAYS, ("output_limit",)),
    Hostile("fills the disk", _FILLS_THE_DISK, ("code_failed",)),
    Hostile("fork bomb", _FORK_BOMB, ("process_limit",)),
    Hostile("daemon left behind", _DAEMON, (None,)),
    Hostile("sleep left behind", _DAEMON_SLEEP, (None,)),
    Hostile("sleep without an environment left behind", _DAEMON_BARE, (None,)),
    Hostile("sleep left behind by a kernel that ends itself", _DAEMON_AND_EXIT, ("rendering_failed",)),
]
