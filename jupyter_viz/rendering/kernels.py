"""Kernels that execute the notebook of a rendering: the interface.

Whatever implements `Kernels` gives each notebook a kernel that nothing ran in before, and leaves no process behind.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..config import Configuration
from .orders import Limits

if TYPE_CHECKING:
    from nbformat import NotebookNode

# What a kernel gets of the server's environment. Anything else, JUPYTER_TOKEN above all, stays out. Cloud, proxy and
# certificate variables are the owner's: what opens in their notebook opens in a rendering too. Not the password of a
# database in PGPASSWORD: it stands in `connections`, or in a file.
_ALLOWED = frozenset(
    ["CURL_CA_BUNDLE", "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "PYTHONPATH"]
    + ["REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE", "TEMP", "TMP", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV"]
    + ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "all_proxy", "http_proxy", "https_proxy", "no_proxy"]
    + ["CLOUDSDK_CONFIG", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT"]
    + ["JAVA_HOME", "JUPYTER_VIZ_CONNECTIONS", "KRB5CCNAME", "PGPASSFILE"]
    + ["APPDATA", "COMSPEC", "LOCALAPPDATA", "PATHEXT", "PROGRAMDATA", "SYSTEMROOT", "USERPROFILE"]
)
_ALLOWED_PREFIXES = ("AWS_", "AZURE_", "CONDA_", "FSSPEC_", "GOOGLE_", "HADOOP_", "LC_", "PYSPARK_", "SPARK_")


def allowed_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a rendering's kernel is given."""
    return {name: value for name, value in environ.items() if name in _ALLOWED or name.startswith(_ALLOWED_PREFIXES)}


class Kernels(ABC):
    """Where renderings are executed. Cancelling the task that awaits `execute` stops the kernel."""

    def __init__(self, config: Configuration, environ: Mapping[str, str]) -> None:
        """
        Args:
            environ: The server's; the kernels get what is allowed of it, and the configuration.
        """
        self.config = config
        self.limits = Limits.of(config)
        self.environment = allowed_environment(environ) | config.environment() | {"PLOTLY_RENDERER": "plotly_mimetype"}

    async def warm(self) -> None:
        """Have at hand what the next rendering needs, where anything can be; returns when it is."""
        return

    @abstractmethod
    async def execute(
        self, notebook: NotebookNode, before: Sequence[str] = (), kernel_name: str | None = None
    ) -> dict[str, Any]:
        """Execute a notebook in place, in a fresh kernel and a fresh empty folder.

        An exception in a cell is an output of that cell; the cells after it are not executed.

        Args:
            before: Code to be run first, which leaves nothing in the notebook.
            kernel_name: A kernelspec; by default the environment of this process.

        Returns:
            What is to be known of the kernel, for the provenance: its `id` and `name`.

        Raises:
            TimeLimitExceeded, OutputLimitExceeded, MemoryLimitExceeded, ProcessLimitExceeded: It took more than it may.
            RenderingFailed: The kernel did not start, or died.
        """

    @abstractmethod
    async def call(self, function: str, argument: Any) -> Any:
        """Call a function of ours in a process of its own, under the same limits.

        Args:
            function: `module:name`; it takes and gives what JSON can hold.

        Raises:
            RenderingFailed: It raised, or the process died.
        """

    @abstractmethod
    def renew(self) -> None:
        """Forget what was imported: the code has changed."""

    @abstractmethod
    async def close(self) -> None:
        """Stop every kernel."""


def suited_kernels(config: Configuration, environ: Mapping[str, str]) -> Kernels:
    """The fastest kernels that this system can have: forked ones on Linux, plain ones elsewhere."""
    if sys.platform == "linux":
        from .pool import ForkedKernels

        return ForkedKernels(config, environ)
    from .plain import PlainKernels

    return PlainKernels(config, environ)
