"""Who asks in a notebook, a pipeline or a script, and what they ask by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from ..config import load_configuration
from ..models import Principal

if TYPE_CHECKING:
    from ..service import Service

    AskedBy = Callable[[], Service]
    """A run that a pipeline has just recorded has not needed the service yet, which takes longer to import."""

OWNER = Principal()


def asked_here() -> AskedBy:
    """By the configuration this process has now; the service is made when it is needed."""
    config = load_configuration()

    @cache
    def service() -> Service:
        from ..service import Service

        return Service(config)

    return service


def fields_of(model: Any) -> dict[str, Any]:
    """The values of a frozen model by name. As plain attributes of an object they complete in IPython, which looks
    through neither properties nor `__getattr__`."""
    return {field.name: getattr(model, field.name) for field in fields(model)}
