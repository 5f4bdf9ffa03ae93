"""What departments and counties send: every contract with its columns."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from docs.reference.markdown import code, link, table
from orchestration.contracts import Column, Contract, load_contracts
from orchestration.contracts.model import Identity
from orchestration.contracts.templates import ACCUMULATION, KINDS, limits
from orchestration.receiving.senders import load_senders
from orchestration.settings import PROJECT_ROOT

_COUNTIES = "各县（市、区）"
_HEAD = """
Every dataset that the line receives, from its contract in `orchestration/contracts/`: who sends it,
when it is due, and what each column holds. `zengshou template DATASET` writes the blank workbook.

各数据集按报送部门排列。“必填”为 ● 的列不得留空；没有数的留空，不要填 0。标“主键”的各列合起来
不得重复。“规则”列出可填的文字（后为入库代码）和数值范围；不合规则的行隔离，并在回执中说明。
其他可识别的表头写法见合同文件的 `synonyms`。
"""


def lines() -> Iterator[str]:
    """Yield the page."""
    contracts = sorted(load_contracts().values(), key=attrgetter("department", "dataset"))
    names = load_senders(PROJECT_ROOT / "seeds").departments | {"counties": _COUNTIES}
    yield "# Datasets (数据集)"
    yield _HEAD
    yield from table(
        ("报送单位", "dataset", "表名", "时限（季末后天数）"),
        (
            [
                _senders(contract, names),
                link("datasets", contract.dataset),
                contract.title,
                contract.deadline_days,
            ]
            for contract in contracts
        ),
    )
    for department, members in groupby(contracts, key=attrgetter("department")):
        yield f"## {names[department]}\n"
        for contract in members:
            yield from _dataset(contract, names)


def _dataset(contract: Contract, names: dict[str, str]) -> Iterator[str]:
    file = contract.path.relative_to(PROJECT_ROOT)
    measures = "、".join(map(str, contract.measures))
    yield f"### {contract.dataset}\n"
    yield f"**{contract.title}**: {contract.grain}. {contract.purpose}"
    yield ""
    yield f"- 报送单位：{_senders(contract, names)}；季度结束后{contract.deadline_days}天内"
    yield f"- 填报口径：{ACCUMULATION[contract.accumulation]}"
    if measures:
        yield f"- 服务的措施：[{measures}](plan.md)"
    if contract.occurred_on:
        yield f"- 所属季度以{code(*contract.occurred_on)}为准，不在本季度的行不予接收"
    for identity in contract.identities:
        yield f"- 行内勾稽：{_identity(identity)}"
    since = contract.valid_from.label
    yield f"- 合同：[{file.name}](../../{file})，{contract.version}版，自{since}起"
    yield ""
    yield from table(
        ("表头", "column", "类型", "单位", "必填", "规则", "what it is"),
        (
            [
                column.header,
                code(column.name),
                f"{KINDS[column.kind]} {code(column.arrow_type)}",
                column.unit or "",
                "●" if column.is_required else "",
                "；".join(_rules(column)),
                column.description,
            ]
            for column in contract.columns
        ),
    )


def _senders(contract: Contract, names: dict[str, str]) -> str:
    senders = [names[sender] for sender in contract.senders]
    if contract.may_come_from_counties:
        senders.append(f"{_COUNTIES}可报本县部分")
    return "、".join(senders)


def _rules(column: Column) -> Iterator[str]:
    if column.is_key:
        yield "主键"
    labels: dict[str, str] = {}
    for label, value in (column.codes or {}).items():
        labels.setdefault(value, label)
    if labels:
        yield "、".join(f"{label} {code(value)}" for value, label in labels.items())
    yield from limits(column)
    if column.is_control_total:
        yield "与合计行核对"


def _identity(identity: Identity) -> str:
    left = code(identity.total) + (f" × {code(identity.divisor)}" if identity.divisor else "")
    signs = {1: "+", -1: "−"}
    parts = " ".join(f"{signs[sign]} {code(name)}" for name, sign in identity.parts.items())
    return f"{left} = {parts.removeprefix('+ ')}，容差 {identity.tolerance}"
