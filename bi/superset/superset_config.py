"""Superset as this deployment runs it: Chinese, without telemetry, without the network.

Superset reads this file by ``SUPERSET_CONFIG_PATH``. No secret stands here: the key that signs
sessions comes from the environment.
"""

import os
from pathlib import Path

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]

HOME = Path(os.environ.get("SUPERSET_HOME", Path.home() / ".superset"))
SQLALCHEMY_DATABASE_URI = os.environ.get("SUPERSET_METASTORE_URI", f"sqlite:///{HOME}/superset.db")

BABEL_DEFAULT_LOCALE = "zh"
LANGUAGES = {
    "zh": {"flag": "cn", "name": "中文"},
    "en": {"flag": "us", "name": "English"},
}
D3_FORMAT = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["¥", ""]}
