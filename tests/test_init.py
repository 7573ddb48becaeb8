"""`import jupyter_viz` costs nothing, and gives everything by name."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable

import pytest

import jupyter_viz


def test_importing_the_package_loads_nothing_heavy(python: Callable[..., str]) -> None:
    """A pipeline that only imports the package does not wait for libraries it never uses."""
    heavy = {
        "IPython",
        "alembic",
        "cloudpickle",
        "duckdb",
        "fsspec",
        "ibis",
        "ipywidgets",
        "jupyter_server",
        "matplotlib",
        "nbclient",
        "numpy",
        "pandas",
        "plotly",
        "pyarrow",
        "sqlalchemy",
        "tornado",
        "yaml",
        "zmq",
    }
    loaded = json.loads(python("import json, sys, jupyter_viz; print(json.dumps(sorted(sys.modules)))"))
    assert not heavy & {name.partition(".")[0] for name in loaded}


@pytest.mark.parametrize("name", jupyter_viz.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(jupyter_viz, name) is not None


def test_public_names_are_offered_by_completion() -> None:
    assert set(jupyter_viz.__all__) <= set(dir(jupyter_viz))


def test_an_unknown_name_is_an_attribute_error() -> None:
    """`hasattr` and editors work on the package as on any other."""
    assert not hasattr(jupyter_viz, "nothing_of_that_name")


def test_the_version_is_the_installed_one() -> None:
    assert jupyter_viz.__version__ == importlib.metadata.version("jupyter_viz")
