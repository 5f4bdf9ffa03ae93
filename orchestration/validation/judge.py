"""Great Expectations judges the frames: the only module that imports it (ten seconds).

It is imported inside the check, never while definitions load. Frames are judged as pandas frames
with the library's stock expectations.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.validation.suites import Suite, threshold

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
from great_expectations.checkpoint import Checkpoint
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

_SITE = "data_docs"


@dataclass(frozen=True)
class Outcome:
    """How one expectation fared: the rows that fail it, each as its keys and its value."""

    kwargs: Mapping[str, Any]
    meta: Mapping[str, Any]
    severity: str
    is_met: bool
    rows_judged: int
    rows_failing: int
    failing: tuple[Mapping[str, Any], ...]
    observed: object
    error: str | None

    @property
    def title_zh(self) -> str:
        """What is expected, in words."""
        return str(self.meta["title_zh"])

    @property
    def threshold(self) -> str:
        """What the values should be."""
        return threshold(self.kwargs)


def judge(frames: Mapping[str, tuple[Suite, pd.DataFrame]], site: Path) -> dict[str, list[Outcome]]:
    """Judge every suite's frame and return the outcomes by suite; Data Docs go to ``site``."""
    context: Any = gx.get_context(
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            data_docs_sites={_SITE: _site_config(site)},
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        )
    )
    source = context.data_sources.add_pandas("warehouse")
    outcomes = {name: _run(context, source, *frames[name]) for name in frames}
    context.build_data_docs(site_names=[_SITE])
    return outcomes


def _site_config(folder: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder),
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }


def _run(context: Any, source: Any, suite: Suite, frame: pd.DataFrame) -> list[Outcome]:
    batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("frame")
    judged = context.suites.add(ExpectationSuite(**suite.document))
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=judged)
    )
    checkpoint = context.checkpoints.add(
        Checkpoint(
            name=suite.name,
            validation_definitions=[definition],
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": list(suite.keys),
                "return_unexpected_index_query": False,
            },
        )
    )
    run = checkpoint.run(batch_parameters={"dataframe": frame})
    (result,) = run.run_results.values()
    return [_outcome(item.to_json_dict()) for item in result.results]


def _outcome(result: dict[str, Any]) -> Outcome:
    details = result["result"]
    expectation = result["expectation_config"]
    error = _error(result["exception_info"])
    return Outcome(
        kwargs=expectation["kwargs"],
        meta=expectation["meta"],
        # What could not be judged has not passed, however mild the expectation.
        severity="critical" if error else expectation["severity"],
        is_met=result["success"],
        rows_judged=details.get("element_count", 0),
        rows_failing=details.get("unexpected_count", 0 if result["success"] else 1),
        failing=tuple(details.get("unexpected_index_list") or ()),
        observed=details.get("observed_value"),
        error=error,
    )


def _error(info: dict[str, Any]) -> str | None:
    """Return the message of the first exception raised while judging, if any."""
    for item in [info, *(value for value in info.values() if isinstance(value, dict))]:
        if item.get("raised_exception"):
            return str(item.get("exception_message"))
    return None
