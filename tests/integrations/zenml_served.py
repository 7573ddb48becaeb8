"""What somebody does who works with a ZenML server: prints a key for it, with which others may read.

    python zenml_served.py ENDPOINT BUCKET

The credentials of the bucket are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment, as everywhere.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import pandas as pd
from zenml import Model, pipeline, step
from zenml.client import Client
from zenml.enums import StackComponentType, VisualizationResourceTypes


@step(enable_cache=False)
def scored() -> Annotated[pd.DataFrame, "scores"]:
    return pd.DataFrame({"label": [0, 1, 0, 1], "score": [0.1, 0.9, 0.4, 0.3]})


@step(enable_cache=False)
def judge(scores: pd.DataFrame) -> Annotated[float, "auc"]:
    return 0.75


@pipeline(model=Model(name="credit"))
def training() -> None:
    judge(scored())


def main(endpoint: str, bucket: str) -> None:
    client = Client()
    credentials = {"key": os.environ["AWS_ACCESS_KEY_ID"], "secret": os.environ["AWS_SECRET_ACCESS_KEY"]}
    where = {"path": f"s3://{bucket}", "client_kwargs": {"endpoint_url": endpoint, "region_name": "us-east-1"}}
    store = client.create_stack_component("kept", "s3", StackComponentType.ARTIFACT_STORE, {**where, **credentials})
    components = {StackComponentType.ORCHESTRATOR: "default", StackComponentType.ARTIFACT_STORE: store.id}
    client.create_stack("remote", components)
    client.activate_stack("remote")
    training()
    [run] = client.list_pipeline_runs().items
    run = client.get_pipeline_run(run.id)
    [version] = run.steps["scored"].outputs["scores"]
    for order, (kind, resource) in enumerate(
        (
            (VisualizationResourceTypes.PIPELINE, run.pipeline.id),
            (VisualizationResourceTypes.PIPELINE_RUN, run.id),
            (VisualizationResourceTypes.PIPELINE_SNAPSHOT, run.snapshot.id),
            (VisualizationResourceTypes.MODEL, run.model_version.model.id),
        )
    ):
        client.create_curated_visualization(
            version.visualizations[0].id,
            resource_id=resource,
            resource_type=kind,
            display_name=f"of the {kind.value}",
            display_order=order,
        )
    account = client.create_service_account("reader")
    print("KEY", client.create_api_key(account.id, "key").key)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
