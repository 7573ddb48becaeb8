"""Which kernel this process is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .processes import MARK


def this_kernel() -> dict[str, str] | None:
    """What provenance says of the kernel that runs this: `id` and `name`.

    None in a rendering's own kernel, whose id those who started it know; without a kernel the id is the process's.
    """
    if MARK in os.environ:
        return None
    application = sys.modules.get("ipykernel.kernelapp")
    if application is not None and application.IPKernelApp.initialized():
        file = Path(application.IPKernelApp.instance().abs_connection_file)
        return {"id": file.stem.removeprefix("kernel-"), "name": "python3"}
    return {"id": str(os.getpid()), "name": "process"}
