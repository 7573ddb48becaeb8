"""Great Expectations: its results are shown without its page's fifteen addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
import pytest
from contract import outside, saved_and_shown

EXPECT = gx.expectations
FRAME = pd.DataFrame({"a": [1.0, 2.0, None, 400.0], "<b>": ["x", "y", "x", "<script>"]})


@pytest.fixture(scope="module")
def definition() -> Any:
    context = gx.get_context(mode="ephemeral")
    data = context.data_sources.add_pandas("p").add_dataframe_asset("d").add_batch_definition_whole_dataframe("w")
    suite = context.suites.add(gx.ExpectationSuite("quality <i>"))
    for expectation in (
        EXPECT.ExpectColumnValuesToNotBeNull(column="a"),
        EXPECT.ExpectColumnValuesToBeBetween(column="a", min_value=0, max_value=10),
        EXPECT.ExpectColumnMeanToBeBetween(column="a", min_value=0, max_value=1000),
        EXPECT.ExpectColumnValuesToBeInSet(column="<b>", value_set=["x", "y"]),
        EXPECT.ExpectColumnValuesToBeUnique(column="nope"),
    ):
        suite.add_expectation(expectation)
    return context, context.validation_definitions.add(gx.ValidationDefinition(name="v", data=data, suite=suite))


def test_a_validation(definition: Any, tmp_path: Path) -> None:
    result = definition[1].run(batch_parameters={"dataframe": FRAME})
    materializer, shown = saved_and_shown(result, tmp_path)
    loaded = materializer.load()
    assert type(loaded) is type(result)
    assert [one.success for one in loaded.results] == [one.success for one in result.results]
    assert loaded.statistics == result.statistics
    page = shown["validation"].decode()
    assert "1 of 5 expectations met" in page
    assert "1 of 3 (33.3%) unexpected" in page
    assert "such as 400.0" in page
    assert "The column &quot;nope&quot; in BatchData does not exist" in page
    assert "134.3" in page  # the mean, a numpy number
    assert "<script" not in page
    assert "<i>" not in page
    assert "<b>" not in page
    assert outside(shown["validation"]) == []


def test_a_checkpoint(definition: Any, tmp_path: Path) -> None:
    context, validation = definition
    checkpoint = context.checkpoints.add(gx.Checkpoint(name="nightly", validation_definitions=[validation]))
    result = checkpoint.run(batch_parameters={"dataframe": FRAME})
    materializer, shown = saved_and_shown(result, tmp_path)
    assert b"Checkpoint nightly: 0 of 1 validations passed" in shown["checkpoint"]
    assert outside(shown["checkpoint"]) == []
    loaded = materializer.load()
    assert list(loaded) == [str(name) for name in result.run_results]
    assert [one.success for one in loaded.values()] == [False]
