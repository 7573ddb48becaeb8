"""scikit-learn's estimators: pickled, and shown as their diagram and parameters."""

from __future__ import annotations

import json
from typing import Any

from ..enums import VisualizationType
from ..io import fileio
from .base_materializer import BaseMaterializer, qualified_name
from .readable import readable


class EstimatorMaterializer(BaseMaterializer):
    """Anything that is a `sklearn.base.BaseEstimator`: models, transformers, pipelines of them."""

    def save_visualizations(self, data: Any) -> dict[str, VisualizationType]:
        from sklearn.utils import estimator_html_repr

        diagram, parameters = self.path("diagram.html"), self.path("parameters.json")
        with fileio.open(diagram, "w") as file:
            file.write(
                f'<!doctype html><meta charset="utf-8"><body style="color-scheme:light;background:#fff">'
                f"{estimator_html_repr(data)}</body>"
            )
        named = {"class": qualified_name(type(data)), **data.get_params(deep=True)}
        with fileio.open(parameters, "w") as file:
            json.dump(readable(named), file, indent=1, ensure_ascii=False)
        return {diagram: VisualizationType.HTML, parameters: VisualizationType.JSON}
