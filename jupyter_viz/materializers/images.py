"""Pictures small enough to be looked at."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

LONGEST_SIDE = 1600
_ENLARGED_TO = 256


def reduced(image: Image.Image, name: str) -> tuple[str, bytes]:
    """A PNG of at most 1600 pixels a side, and its file name, which says so where it was made smaller.

    Tiny pictures (a digit of 8 by 8) are enlarged, pixel by pixel.
    """
    from PIL import Image

    size = image.size
    if image.mode not in ("1", "L", "LA", "RGB", "RGBA", "P"):
        image = _eight_bits(image)
    if max(size) > LONGEST_SIDE:
        image = image.convert("RGBA" if image.mode in ("LA", "P", "RGBA") else "RGB" if image.mode != "L" else "L")
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BILINEAR, reducing_gap=2)
        name = f"{name} of {size[0]} by {size[1]} pixels, shown at {image.size[0]} by {image.size[1]}"
    elif max(size) < _ENLARGED_TO // 2:
        times = _ENLARGED_TO // max(size)
        image = image.resize((size[0] * times, size[1] * times), Image.Resampling.NEAREST)
        name = f"{name} of {size[0]} by {size[1]} pixels, enlarged {times} times"
    file = io.BytesIO()
    image.save(file, format="png")
    return f"{name}.png", file.getvalue()


def _eight_bits(image: Image.Image) -> Image.Image:
    """Modes with other colours or more bits: those with numbers of any size are spread from black to white."""
    if image.mode not in ("F", "I", "I;16", "I;16B", "I;16L"):
        return image.convert("RGB")
    numbers = image.convert("F")
    extremes = numbers.getextrema()
    low, high = float(extremes[0]), float(extremes[1])  # type: ignore[arg-type]
    scale = 255 / (high - low) if high > low else 0
    return numbers.point(lambda value: value * scale - low * scale).convert("L")
