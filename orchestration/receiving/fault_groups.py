"""Faults as a clerk works through them: the same fault once, with how often and where it occurs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestration.ingestion.judgement import Fault, Judgement
from orchestration.ingestion.rules import FAULTS, REJECTIONS

_MOST_EXAMPLES = 5


@dataclass
class FaultGroup:
    """All faults of one rule in one column; the first of them stand for all."""

    count: int = 0
    examples: list[Fault] = field(default_factory=list)

    @property
    def first(self) -> Fault:
        """The first fault of the group: its rule, column and remedy are those of all."""
        return self.examples[0]

    @property
    def title_zh(self) -> str:
        """What is wrong, in short; the reason where the catalogue has no title for it."""
        entry = FAULTS.get(self.first.rule) or REJECTIONS.get(self.first.rule)
        return entry.title if entry else self.first.reason_zh.rstrip("。")

    def add(self, fault: Fault) -> None:
        """Count a fault, and keep it if it is one of the first."""
        self.count += 1
        if len(self.examples) < _MOST_EXAMPLES:
            self.examples.append(fault)


def all_faults(judgement: Judgement) -> list[Fault]:
    """Return the reason of a rejection, if any, and then every fault."""
    rejection = judgement.rejection
    if rejection is None or rejection in judgement.faults:
        return list(judgement.faults)
    return [rejection, *judgement.faults]


def group_faults(faults: Iterable[Fault]) -> list[FaultGroup]:
    """Return faults by rule and column, the most frequent first.

    What is quoted in a reason or remedy (a value, a tolerance) may differ from row to row: it does
    not part a group.
    """
    groups: dict[tuple[str, str], FaultGroup] = {}
    for fault in faults:
        groups.setdefault((fault.rule, fault.column_header), FaultGroup()).add(fault)
    return sorted(groups.values(), key=lambda group: -group.count)
