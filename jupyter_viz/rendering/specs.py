"""Which kernelspec a rendering asks for."""

from __future__ import annotations

import sys
from pathlib import Path

from ..errors import InvalidArgument, did_you_mean


def chosen_kernel(name: str | None) -> str | None:
    """The kernelspec of that name; None for the environment of this process, by whatever name it was asked for.

    Raises `InvalidArgument` where there is none of that name, or where it is for another language.
    """
    if name is None:
        return None
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    try:
        spec = manager.get_kernel_spec(name)
    except (NoSuchKernel, ValueError):
        known = manager.find_kernel_specs()
        raise InvalidArgument(f"There is no kernel {name!r}.{did_you_mean(name, known)}") from None
    if spec.language.lower() != "python":
        raise InvalidArgument(f"The kernel {name!r} is for {spec.language}; recipes need Python.")
    return None if is_ours(spec.argv) else name


def kernel_of(interpreter: str) -> str | None:
    """The kernelspec of an environment, by its interpreter; None where it is this one's, or has no kernelspec."""
    from jupyter_client.kernelspec import KernelSpecManager

    if is_ours([interpreter]):
        return None
    for name, about in KernelSpecManager().get_all_specs().items():
        argv = about["spec"].get("argv") or [""]
        if Path(argv[0]) == Path(interpreter):
            return str(name)
    return None


def is_ours(argv: list[str]) -> bool:
    """Whether a kernelspec's command starts the interpreter of this process."""
    command = argv[0] if argv else ""
    if command in ("python", "python3"):  # how a spec of the environment itself is written
        return True
    # The same name in the same folder: environments of one Python share what their links lead to.
    here, there = Path(sys.executable), Path(command)
    return there.parent == here.parent and there.resolve() == here.resolve()
