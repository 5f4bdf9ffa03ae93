"""The guard's catalogue, signal by signal."""

from collections.abc import Iterator

from docs.reference.markdown import table
from orchestration.forensics.assess import FALSE_ALARM_RATE
from orchestration.publication.words import ENTITIES, FAMILIES, NULLS, items
from orchestration.seeds import seed_rows

_HEAD = f"""
`seeds/signals.csv` (mart `dim_signal`) in words. How a signal becomes a lead:
[the guard's statistics](../explanation/guard-nulls.md); how often it errs in simulated worlds:
[evaluate the guard](../how-to/evaluate-the-guard.md).

每个信号说明统计什么、和什么比、至少要多少样本、何时报警，以及先要排除的正常原因。低于最小样本或
历史不足的，结论是“未评估”，不等于没有问题。报警阈值不是固定数值：以同类单位以往各季的表现为准，按
Benjamini–Hochberg 方法把每季报警中的误报比例控制在 {FALSE_ALARM_RATE:.0%} 以内
（`q_value` ≤ {FALSE_ALARM_RATE}）；当季折合的临界值见 `fct_integrity_signals.threshold`。
线索是需要核查的问题，不是结论。
"""
_TRANSFORMED = ("arcsine", "root")


def lines() -> Iterator[str]:
    """Yield the page."""
    catalogue = seed_rows("signals")
    yield "# Signals of the guard (数字增收信号目录)"
    yield _HEAD
    yield from table(
        ("信号", "名称", "信号族", "适用对象", "作用"),
        (
            [
                f"[{row['signal_id']}](#{row['signal_id'].lower()})",
                row["title_zh"],
                FAMILIES[row["family"]],
                _entities(row),
                "可单独列为线索" if row["role"] == "lead" else "只用于说明",
            ]
            for row in catalogue
        ),
    )
    for row in catalogue:
        yield from _signal(row)


def _signal(row: dict[str, str]) -> Iterator[str]:
    yield from (f"## {row['signal_id']}", "", f"**{row['title_zh']}** {row['title_en']}", "")
    yield f"- 统计量：{row['statistic_zh']}"
    yield f"- 信号族与对象：{FAMILIES[row['family']]}；{_entities(row)}"
    yield f"- 零分布：{NULLS[row['null_model']]}"
    yield f"- 最小样本：{row['minimum_sample']}；至少{row['minimum_history']}个季度的历史"
    if alone := row["items_by_own_history"].split():
        yield f"- 只与本单位历史比较的项目：{'、'.join(items()[item] for item in alone)}"
    yield f"- 报警阈值：{_threshold(row)}"
    yield f"- 误报率：{_false_alarms(row)}"
    yield f"- 作用：{_ROLES[row['role']]}"
    yield f"- 可能的作假手法：{row['mechanism_zh']}"
    yield f"- 先排除的正常原因：{row['honest_causes_zh']}"
    yield f"- 出处：{row['source']}"
    yield ""


_ROLES = {
    "lead": "可单独列为线索",
    "support": "只用于说明其他信号列出的线索，因为正常原因同样可能",
}


def _entities(row: dict[str, str]) -> str:
    return "、".join(ENTITIES[name] for name in row["entity_types"].split())


def _threshold(row: dict[str, str]) -> str:
    if row["null_model"] == "exact":
        return "有一条确凿记录即列为线索"
    found = f"`q_value` ≤ {FALSE_ALARM_RATE}"
    if change := row["material_change"]:
        unit = "（按比例计）" if row["statistic_scale"] in _TRANSFORMED else "（按统计量计）"
        found += f"，且高出本单位历史 {change} 以上{unit}"
    return found


def _false_alarms(row: dict[str, str]) -> str:
    if row["null_model"] == "exact":
        return "确凿记录，不适用"
    return f"报警中误报不超过 {FALSE_ALARM_RATE:.0%}（各季平均，非对单个村的保证）"
