"""The Chinese words for codes, columns and terms, as auditors read them."""

from functools import cache
from typing import NamedTuple

from orchestration.seeds import seed_rows

COMPONENTS = {
    "wage": "工资性收入",
    "business": "生产经营性收入",
    "property": "财产性收入",
    "transfer": "转移性收入",
    "production_cost": "生产经营性支出",
    "net_income": "人均纯收入",
}

VALUES = {"reported": "上报", "recomputed": "复算", "verified": "核实"}

GOAL_GROUPS = {
    "above_national_level": "收入水平高于全国",
    "above_regional_growth": "增速高于全区",
    "region": "全区",
}

MEASURE_STATUS = {
    "done": "已完成",
    "on_track": "达到时间进度",
    "behind": "落后于时间进度",
    "no_target": "方案无目标数",
    "not_filed": "记录未报",
    "not_assessed": "不判定",
}

SUBMISSION_STATUS = {
    "filed": "按时",
    "late": "逾期",
    "rejected": "退回",
    "not_filed": "未报",
}

OUTCOMES = {
    "accepted": "全部接收",
    "accepted_with_quarantine": "部分行隔离",
    "rejected": "退回",
}

ASSESSMENTS = {
    "assessed": "已评估",
    "record": "确凿记录",
    "too_few_households": "户数不足",
    "too_little_history": "历史不足",
    "drifting": "零分布漂移",
    "not_computable": "无从计算",
}

SEVERITIES = {"none": "无", "verify": "核查", "serious": "重点核查"}

FAMILIES = {
    "evidence": "凭据",
    "growth": "增幅",
    "copy": "照抄",
    "shape": "分布",
    "panel": "前后期",
    "process": "过程",
    "survey": "抽样调查",
    "threshold": "临界",
}

ENTITIES = {
    "household": "户",
    "village": "村",
    "collector": "采集员",
    "township": "乡镇",
    "county": "县（市、区）",
    "department": "部门",
}

NULLS = {
    "placebo": "时间安慰剂：同类单位在以往各季同样比较的分布，尾部用广义帕累托分布外推",
    "binomial": "二项分布：以本单位历史比例和全区比例为基准",
    "normal": "正态分布：以两者的标准误合成",
    "exact": "确凿记录：不需要统计推断",
}

DISPOSITIONS = {
    "confirmed": "确认问题",
    "explained": "合理解释",
    "data_error": "数据差错",
}

CHECK_RESULTS = {
    "possible": "可能是正常原因",
    "not_found": "未见此原因",
    "not_known": "无从核对",
}

ALERT_STATUS = {
    "raised": "待处置",
    "acted_on": "已采取措施",
    "resolved": "已消除",
}


_ITEMS = {
    "wage": "工资性收入",
    "business": "生产经营性收入",
    "property": "财产性收入",
    "transfer": "转移性收入",
    "level": "收入水平",
    "growth": "收入增速",
    "cost": "经营支出与经营收入之比",
    "land": "每亩种植收入",
    "own_last_year": "与本村上年",
    "low_income_line": "低收入线",
    "late": "截止后修改",
    "raised": "重报改高",
    "round_mean": "整数均值",
}


@cache
def items() -> dict[str, str]:
    """Return the titles of what a signal looked at: sub-items of income, components, the rest."""
    return _ITEMS | _titles_in("income_sub_items", "sub_item")


class Term(NamedTuple):
    """What a mart or a column is called in Chinese, and what it means, with its unit."""

    title: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.title}：{self.meaning}"


@cache
def mart_terms() -> dict[str, Term]:
    """Return what each published table is called and holds, by name."""
    return _terms_in("mart_titles", "mart")


@cache
def column_terms() -> dict[str, Term]:
    """Return what the columns of published tables are called and mean; one name, one meaning."""
    return _terms_in("column_titles", "column_name")


def _terms_in(seed: str, key: str) -> dict[str, Term]:
    return {row[key]: Term(row["title_zh"], row["meaning_zh"]) for row in seed_rows(seed)}


def _titles_in(seed: str, key: str) -> dict[str, str]:
    return {row[key]: row["title_zh"] for row in seed_rows(seed)}


def word(words: dict[str, str], code: str | None) -> str:
    """Return the word for a code; a code without one stands for itself."""
    return words.get(code, code) if code else "—"
