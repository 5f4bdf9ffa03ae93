"""What processes started by zengshou find in their environment: one place, one function.

``settings.py`` reads the environment; this module prepares it for Dagster, dbt and Great
Expectations, which read theirs on their own: where things lie, and that nobody phones home.
"""

import os
import shutil
import sys
from pathlib import Path

from orchestration.settings import PROJECT_ROOT, Settings


def prepare_environment(settings: Settings) -> None:
    """Set the variables that Dagster, dbt and Great Expectations read, for here and for children.

    ``dbt``, ``dagster`` and their like lie beside this interpreter; they must be found whether or
    not somebody has activated the virtual environment.
    """
    scripts = str(Path(sys.prefix) / "bin")
    path = os.environ.get("PATH", os.defpath)
    if scripts not in path.split(os.pathsep):
        path = os.pathsep.join([scripts, path])
    os.environ.update(
        {
            "PATH": path,
            "ZENGSHOU_HOME": str(settings.home.resolve()),
            "DAGSTER_HOME": str(settings.dagster_home.resolve()),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "DO_NOT_TRACK": "1",
            # Read by dbt alone: `Settings` must go on reading its share from the home's own file.
            "ZENGSHOU_TARGET_SCALE": str(settings.sample_fraction),
            "ZENGSHOU_WAREHOUSE_MEMORY": settings.memory_limit,
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            # Unit tests of models belong to the development of the models, not to every run.
            "DBT_EXCLUDE_RESOURCE_TYPES": "unit_test",
            "GX_ANALYTICS_ENABLED": "false",
        }
    )


def prepare_dagster_home(settings: Settings) -> None:
    """Put the shipped instance configuration into Dagster's home folder.

    The pool that keeps two writers out of the warehouse is configured there and nowhere else, so
    the shipped file always wins over an edited copy.
    """
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PROJECT_ROOT / "dagster.yaml", settings.dagster_home / "dagster.yaml")
