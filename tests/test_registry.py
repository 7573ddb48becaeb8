"""Plugins: a broken one is listed, and harms nobody."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from jupyter_viz import registry


@pytest.mark.parametrize(
    ("value", "said"),
    [("no_such_module_at_all:x", "ModuleNotFoundError"), ("json:no_such_name", "AttributeError")],
)
def test_a_broken_plugin_gives_its_reason(value: str, said: str) -> None:
    """Somebody whose plugin fails to import reads why, with where it points."""
    found = registry.load(EntryPoint("mine", value, registry.RECIPES))
    assert isinstance(found, registry.Broken)
    assert found.name == "mine"
    assert value in found.message
    assert said in found.message


@pytest.mark.parametrize("group", [registry.RECIPES, registry.MATERIALIZERS])
def test_built_ins_enter_by_the_same_door_and_all_load(group: str) -> None:
    points = registry.found(group)
    assert points
    assert not [point for point in points.values() if isinstance(registry.load(point), registry.Broken)]
