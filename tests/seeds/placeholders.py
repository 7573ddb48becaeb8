"""The pages' own placeholders, and what stands in for them."""

from __future__ import annotations

IMPORTS = {"kfp.components": "jupyter_viz.components", "zenml": "jupyter_viz"}

# By the text of the page; `{run_id}` is that of a run recorded before the page's code runs.
PLACEHOLDERS = {
    '"<PIPELINE_RUN_ID>"': '"{run_id}"',
    '"<STEP_NAME>"': '"evaluate"',
    "outputs[<OUTPUT_NAME>]": 'outputs["report"]',
}

# Curated visualizations are a later chapter.
LEFT_OUT = "curated"
