"""numpy arrays: shown as the picture they are, as a histogram, or by their numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..enums import VisualizationType
from ..io import fileio
from . import pickled
from .base_materializer import BaseMaterializer
from .images import reduced
from .readable import readable

if TYPE_CHECKING:
    import numpy as np

_SHOWN_VALUES = 100
_ALL_VALUES = 50_000_000
_SMALLEST_SIDE, _LONGEST_SIDE, _MOST_OBLONG = 8, 20_000, 20


class ArrayMaterializer(BaseMaterializer):
    """`numpy.ndarray`, as `.npy`. Arrays of objects, and subclasses that hold more (masked arrays), by cloudpickle."""

    def save(self, data: np.ndarray[Any, Any]) -> None:
        import numpy as np

        if type(data) not in (np.ndarray, np.memmap) or data.dtype.hasobject:
            pickled.save(self.path("data.pkl"), data)
            return
        with fileio.open(self.path("data.npy"), "wb") as file:
            np.save(file, data, allow_pickle=False)

    def load(self, data_type: type | None = None) -> Any:
        import numpy as np

        if fileio.exists(self.path("data.pkl")):
            return pickled.load(self.path("data.pkl"))
        with fileio.open(self.path("data.npy"), "rb") as file:
            return np.load(file, allow_pickle=False)

    def save_visualizations(self, data: np.ndarray[Any, Any]) -> dict[str, VisualizationType]:
        import numpy as np

        shown: dict[str, VisualizationType] = {}
        plain = np.asarray(data)
        if pixels := _pixels(plain):
            from PIL import Image

            name, picture = reduced(Image.fromarray(pixels[0]), "image")
            with fileio.open(self.path(name), "wb") as file:
                file.write(picture)
            shown[self.path(name)] = VisualizationType.IMAGE
        elif plain.ndim == 1 and plain.size and plain.dtype.kind in "biufmM":
            with fileio.open(self.path("histogram.png"), "wb") as file:
                file.write(_histogram(plain))
            shown[self.path("histogram.png")] = VisualizationType.IMAGE
        with fileio.open(self.path("summary.json"), "w") as file:
            json.dump(_summary(plain), file, indent=1, ensure_ascii=False)
        return {**shown, self.path("summary.json"): VisualizationType.JSON}


def _pixels(data: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any]] | None:
    """The array as pixels where it is a picture: bytes, booleans, or numbers from 0 to 1, of a picture's shape."""
    import numpy as np

    if not (data.ndim == 2 or (data.ndim == 3 and data.shape[2] in (1, 3, 4))):
        return None
    height, width = data.shape[:2]
    if min(height, width) < _SMALLEST_SIDE or max(height, width) > _LONGEST_SIDE:
        return None
    if max(height, width) > _MOST_OBLONG * min(height, width):
        return None
    if data.ndim == 3 and data.shape[2] == 1:
        data = data[:, :, 0]
    if data.dtype == np.uint8:
        return (np.ascontiguousarray(data),)
    if data.dtype == bool:
        return (data.astype(np.uint8) * 255,)
    # All zeros and ones are labels rather than grey.
    if data.dtype.kind != "f" or not (data.min() >= 0 and 0.1 <= data.max() <= 1):
        return None
    return ((data * 255 + 0.5).astype(np.uint8),)


def _histogram(data: np.ndarray[Any, Any]) -> bytes:
    import pyarrow as pa

    from .table_picture import drawn
    from .table_profile import profiled

    numbers = data.astype("float64") if data.dtype.kind == "f" and data.dtype.itemsize not in (4, 8) else data
    if data.dtype.kind in "mM" and data.dtype.name.endswith(("[D]", "[M]", "[Y]", "[W]", "[h]", "[m]")):
        numbers = data.astype(f"{data.dtype.kind}8[s]")
    if not numbers.dtype.isnative:
        numbers = numbers.astype(numbers.dtype.newbyteorder("="))
    table = pa.table({"values": pa.array(numbers)})
    return drawn(f"{len(data):,} values", profiled(table, ["values"], [str(data.dtype)]))


def _summary(data: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Shape, type, extremes, and the values where they are few."""
    import numpy as np

    about: dict[str, Any] = {"shape": list(data.shape), "dtype": str(data.dtype), "bytes": data.nbytes}
    if data.dtype.kind in "biuf" and data.size:
        looked_at = data
        if data.size > _ALL_VALUES:  # evenly spread, so that a glance at 100 GB takes no minute
            looked_at = data.reshape(-1)[:: data.size // _ALL_VALUES + 1]
            about["looked at"] = f"{looked_at.size:,} of {data.size:,} values"
        finite = looked_at[np.isfinite(looked_at)]
        if finite.size < looked_at.size:
            about["nan"] = int(np.isnan(looked_at).sum())
            about["infinite"] = int(np.isinf(looked_at).sum())
        if finite.size:
            with np.errstate(all="ignore"):
                mean, deviation = finite.mean(dtype="float64"), finite.std(dtype="float64")
            about |= {"min": finite.min(), "max": finite.max(), "mean": float(mean), "std": float(deviation)}
    flat = data.reshape(-1)[:_SHOWN_VALUES] if data.size > _SHOWN_VALUES else data
    about["values" if data.size <= _SHOWN_VALUES else f"the first {_SHOWN_VALUES} values"] = flat.tolist()
    summary: dict[str, Any] = readable(about)
    return summary
