"""How a figure's column comes about, model by model, in the words of dbt's lineage."""

from orchestration.explanation.answer import Table
from orchestration.explanation.catalogue import Trace
from orchestration.explanation.sources import Home

_COLUMNS_SHOWN = 12


def lineage_table(home: Home, trace: Trace) -> Table:
    """List the models and columns that a figure is computed from, the mart first."""
    columns: dict[str, set[str]] = {}
    levels: dict[str, int] = {}
    for number, level in enumerate(trace.levels):
        for model in sorted(level):
            levels.setdefault(model, number)
            columns.setdefault(model, set()).update(level[model])
    rows = [
        {
            "层": number,
            "模型": model,
            "列": _list(sorted(columns[model])),
            "文件位置": home.catalogue.file(model) if model in home.catalogue else "",
        }
        for model, number in levels.items()
    ]
    return Table(
        "计算来历（自上而下）", rows[: home.limit], len(rows), "各层模型与列，取自 dbt 的列级血缘。"
    )


def _list(columns: list[str]) -> str:
    more = f" 等{len(columns)}列" if len(columns) > _COLUMNS_SHOWN else ""
    return "、".join(columns[:_COLUMNS_SHOWN]) + more
