"""Two pictures: how many pixels differ, and where."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import Any

from ..artifacts.source import Source
from ..errors import UnreadableSource
from ..views import Document
from .base import Pair
from .style import short

_LARGEST = 20_000_000  # bytes
_MOST_PIXELS = 50_000_000
_SHOWN = 800  # pixels of the longer side of what is embedded


def picture_difference(source: Pair) -> Document:
    """Both, and a third where they differ: the darker, the more.

    The difference of a pixel is the largest of its channels red, green, blue and alpha, from 0 to 255.
    """
    import numpy as np
    import PIL.Image

    old, new = (opened(each) for each in (source.before, source.after))
    labels = source.labels
    shown = [(labels[0], old), (labels[1], new)]
    size = f"{old.width:,} by {old.height:,} pixels"
    if old.size != new.size:
        said = f"{labels[0]} has {size}, {labels[1]} {new.width:,} by {new.height:,}"
        metrics: dict[str, float] = {}
    else:
        apart = np.abs(np.asarray(old, dtype="int16") - np.asarray(new, dtype="int16")).max(axis=2)
        differing = int((apart > 0).sum())
        share = differing / apart.size
        metrics = {"differing": share, "largest": int(apart.max()), "mean": float(apart.mean())}
        said = f"{differing:,} of {size} differ ({share:.2%}), by up to {metrics['largest']:.0f} of 255"
        shown.append(("difference", PIL.Image.fromarray((255 - np.minimum(apart * 4, 255)).astype("uint8"))))
    images = "".join(
        f'<figure><figcaption>{escape(label)}</figcaption><img alt="{escape(label)}" src="{embedded(image)}" '
        'style="max-width:100%"></figure>'
        for label, image in shown
    )
    return Document(
        title=f"Changes from {short(labels[0])} to {short(labels[1])}",
        alt=f"Pictures {labels[0]} and {labels[1]}: {said}.",
        bundle={"text/html": f"<p>{escape(said)}.</p>{images}", "text/plain": f"{said}."},
        metrics=metrics,
    )


def opened(source: Source) -> Any:
    """A file as a picture of Pillow's in RGBA. Raises `UnreadableSource` for what is none, or too large."""
    import PIL.Image

    if (bytes_ := source.size()) > _LARGEST:
        raise UnreadableSource(f"{source.text!r} has {bytes_:,} bytes; pictures up to {_LARGEST:,} are compared.")
    try:
        image = PIL.Image.open(io.BytesIO(source.read()))
        if image.width * image.height > _MOST_PIXELS:
            raise UnreadableSource(f"{source.text!r} has more than {_MOST_PIXELS:,} pixels.")
        return image.convert("RGBA")
    except UnreadableSource:
        raise
    except Exception:  # Pillow raises what a broken file makes its codecs raise
        raise UnreadableSource(f"{source.text!r} is no picture that can be read.") from None


def embedded(image: Any, longest: int = _SHOWN) -> str:
    """A picture as a `data:` URI, made smaller where a side is longer than so many pixels."""
    small = image.copy()
    small.thumbnail((longest, longest))
    file = io.BytesIO()
    small.save(file, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
