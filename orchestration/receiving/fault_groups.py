"""Faults as a clerk works through them: the same fault once, with how often it occurs."""

from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.ingestion.judgement import Fault, Judgement


@dataclass(frozen=True)
class FaultGroup:
    """All faults of one rule in one column that are mended in the same way."""

    rule: str
    column_header: str
    reason_zh: str
    remedy_zh: str
    count: int


def all_faults(judgement: Judgement) -> list[Fault]:
    """Return the reason of a rejection, if any, and then every fault."""
    rejection = judgement.rejection
    if rejection is None or rejection in judgement.faults:
        return list(judgement.faults)
    return [rejection, *judgement.faults]


def group_faults(faults: Iterable[Fault]) -> list[FaultGroup]:
    """Return faults by rule, column and remedy, the most frequent first."""
    first: dict[tuple[str, str, str], Fault] = {}
    counts: dict[tuple[str, str, str], int] = {}
    for fault in faults:
        key = (fault.rule, fault.column_header, fault.remedy_zh)
        first.setdefault(key, fault)
        counts[key] = counts.get(key, 0) + 1
    groups = [
        FaultGroup(fault.rule, fault.column_header, fault.reason_zh, fault.remedy_zh, counts[key])
        for key, fault in first.items()
    ]
    return sorted(groups, key=lambda group: -group.count)
