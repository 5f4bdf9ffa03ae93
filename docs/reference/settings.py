"""The settings of a deployment, with their names in the environment and their defaults."""

from collections.abc import Iterator

from pydantic_core import PydanticUndefined

from docs.reference.markdown import code, table
from orchestration.settings import PROJECT_ROOT, Settings

_HEAD = """
Set as a variable of the environment, or by the name in small letters in `deployment.toml` of the
home folder (all but `ZENGSHOU_HOME`); the environment wins. Nothing else is read from either.
"""


def lines() -> Iterator[str]:
    """Yield the page."""
    yield "# Settings (部署配置)"
    yield _HEAD
    yield from table(
        ("variable", "in `deployment.toml`", "default", "what it is"),
        (
            [
                code(f"ZENGSHOU_{name.upper()}"),
                code(name) if name != "home" else "",
                code(_default(field.default)) if field.default is not PydanticUndefined else "",
                field.description,
            ]
            for name, field in Settings.model_fields.items()
        ),
    )


def _default(value: object) -> str:
    text = "none" if value is None else str(value)
    return text.replace(f"{PROJECT_ROOT}/", "")
