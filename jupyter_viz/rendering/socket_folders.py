"""Folders for a kernel's sockets and what it writes."""

from __future__ import annotations

import os
import tempfile

_LONGEST = 70
"""Bytes of the temporary folder's path: that of a socket has at most 103 (macOS) or 107 (Linux), see unix(7)."""


def place_for_sockets() -> str | None:
    """Where to make such a folder: the temporary folder, as None says; `/tmp` where the path of that is too long."""
    too_long = len(os.fsencode(tempfile.gettempdir())) > _LONGEST
    return "/tmp" if too_long and os.access("/tmp", os.W_OK) else None  # noqa: S108 — only this user may enter it
