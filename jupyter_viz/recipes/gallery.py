"""Pictures in rows, and one after the other by a slider."""

from __future__ import annotations

import math
from html import escape
from typing import Annotated

from ..errors import InvalidArgument, VizError
from ..framed import framed
from ..views import Document
from .base import Bounds, Images, recipe
from .pixels import embedded, opened
from .style import note_of, short

_PIXELS = {12: 240, 24: 160, 100: 96}  # of the longer side, by how many there are: a notebook must stay small


@recipe(title="Image gallery")
def image_gallery(
    source: Images,
    *,
    page: Annotated[int, Bounds(1, 1_000)] = 1,
    per_page: Annotated[int, Bounds(1, 100)] = 12,
    slider: bool = True,
) -> Document:
    """Pictures side by side, page by page, with a slider to go through them one by one, such as samples by step.

    Args:
        page: Which page, from 1.
        per_page: How many pictures a page has.
        slider: Below them one large picture and a slider.
    """
    pages = math.ceil(len(source.sources) / per_page)
    if page > pages:
        raise InvalidArgument(f"Argument 'page': {page} is beyond the last of {pages} pages, {per_page} pictures each.")
    first = (page - 1) * per_page
    chosen = list(zip(source.labels, source.sources, strict=True))[first : first + per_page]
    size = next(pixels for most, pixels in _PIXELS.items() if len(chosen) <= most)
    shown, left = [], []
    for label, each in chosen:
        try:
            image = opened(each)
        except VizError as error:
            left.append(f"{label} is left out: {error}")
            continue
        shown.append((label, f"{image.width} by {image.height}", embedded(image, size)))
    if not shown:
        raise InvalidArgument(left[0])
    cells = "".join(
        f'<figure style="display:inline-block;margin:4px;max-width:{size}px;vertical-align:top">'
        f'<img alt="{escape(label)}, {pixels} pixels" src="{data}" style="max-width:100%">'
        f"<figcaption>{escape(short(label))}<br><small>{pixels}</small></figcaption></figure>"
        for label, pixels, data in shown
    )
    total = len(source.sources)
    where = f", page {page} of {pages}" if pages > 1 else ""
    names = ", ".join(short(label) for label, _, _ in shown[:8]) + (" and others" if len(shown) > 8 else "")
    step = framed("One picture after the other", _slider(shown)) if slider and len(shown) > 1 else ""
    return Document(
        title=f"{len(shown)} of {total:,} pictures" if total > len(shown) else f"{total:,} pictures",
        alt=f"Gallery of {len(shown)} pictures{where}: {names}.",
        bundle={
            "text/html": f"<div>{cells}</div>{step}",
            "text/plain": "\n".join(f"{label}: {pixels}" for label, pixels, _ in shown),
        },
        metrics={"pictures": total, "pages": pages},
        note=note_of(f"Page {page} of {pages}; `page` shows another." if pages > 1 else None, *left),
    )


def _slider(shown: list[tuple[str, str, str]]) -> str:
    """A page whose slider shows one picture after the other; the arrow keys move it."""
    images = "".join(
        f'<img alt="{escape(label)}" src="{data}"{"" if at == 0 else " hidden"}>'
        for at, (label, _, data) in enumerate(shown)
    )
    return (
        "<style>body{font:14px system-ui;text-align:center;margin:8px}input{width:80%}img{width:100%;max-width:420px;"
        "height:calc(100vh - 80px);object-fit:contain;object-position:top;image-rendering:pixelated}"
        "img[hidden]{display:none}</style>"
        f'<label><span id="name" aria-live="polite">{escape(shown[0][0])}</span><br>'
        f'<input type="range" min="0" max="{len(shown) - 1}" value="0" aria-label="Step" id="step"></label>'
        f'<div id="all">{images}</div>'
        "<script>const all=document.getElementById('all').children;"
        "document.getElementById('step').addEventListener('input',event=>{"
        "for(let at=0;at<all.length;at++)all[at].hidden=at!=event.target.value;"
        "document.getElementById('name').textContent=all[event.target.value].alt})</script>"
    )
