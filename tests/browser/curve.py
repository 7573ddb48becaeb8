"""Reading a plot as a person does: from what is drawn."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Locator, Page, expect


def drawn_curve(page: Page, figure: Locator) -> np.ndarray:
    """The (x, y) data coordinates of the longest line on a plot, read from its SVG path and its axes."""
    path = figure.locator(".scatterlayer .trace path.js-line")
    expect(path.nth(1)).to_be_attached()
    lines, axes = figure.evaluate(
        """node => {
            const plot = node.querySelector('.js-plotly-plot') ?? node.closest('.js-plotly-plot');
            const axis = a => ({from: a.range[0], to: a.range[1], length: a._length});
            const paths = [...plot.querySelectorAll('.scatterlayer .trace path.js-line')];
            return [paths.map(p => p.getAttribute('d')),
                    {x: axis(plot._fullLayout.xaxis), y: axis(plot._fullLayout.yaxis)}];
        }"""
    )
    numbers = [np.array(re.findall(r"-?\d+(?:\.\d+)?", line), dtype=float) for line in lines]
    assert all("H" not in line and "V" not in line for line in lines)
    pixels = max(numbers, key=len).reshape(-1, 2)
    x = axes["x"]["from"] + pixels[:, 0] / axes["x"]["length"] * (axes["x"]["to"] - axes["x"]["from"])
    # Pixels count downwards.
    y = axes["y"]["from"] + (1 - pixels[:, 1] / axes["y"]["length"]) * (axes["y"]["to"] - axes["y"]["from"])
    return np.column_stack([x, y])
