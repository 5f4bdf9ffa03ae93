"""Which dataset, sender and quarter a file belongs to, by its name and, if need be, its title rows.

Two shapes of name are known: ``<dataset>__<sender>__<quarter>`` and the Chinese title in any usual
decoration. The content is opened only when the name leaves something open. Nothing is guessed: what
is missing, ambiguous or contradictory is refused with its reason and the way to mend it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any, Protocol

from orchestration.calendar import FIRST_QUARTER, Quarter
from orchestration.contracts import Contract
from orchestration.receiving.periods import Period, periods_in, quarter_numbers_in, squeeze
from orchestration.receiving.senders import Senders, longest_matches

TITLE_ROWS = 8
"""How many rows of a sheet may hold its title."""

_TITLE_CELLS = 4
_SHORTEST_STEM = 6
_SUFFIX = re.compile(r"\.[0-9A-Za-z]{1,8}$")
"""A file type; what follows the dot of "2024.3季度" is none."""
NAME_HINT = (
    "请按“表名＋填报单位＋季度”重新命名后再报，例如“海原县2024年第3季度脱贫户家庭收入情况表.xlsx”，"
    "或“household_income_report__640522__2024Q3.xlsx”"
)


class Table(Protocol):
    """What is needed of a table that a reader returns."""

    @property
    def is_hidden(self) -> bool: ...  # noqa: D102
    @property
    def rows(self) -> Sequence[Sequence[Any]]: ...  # noqa: D102


@dataclass(frozen=True)
class Recognised:
    """A file's place among the submissions."""

    contract: Contract
    sender: str
    quarter: Quarter


class NotRecognisedError(Exception):
    """A file's place is not beyond doubt: why, and what the clerk can do."""

    def __init__(self, rule: str, reason_zh: str, remedy_zh: str = NAME_HINT) -> None:
        super().__init__(reason_zh)
        self.rule = rule
        self.reason_zh = reason_zh
        self.remedy_zh = remedy_zh


@dataclass(frozen=True)
class Clues:
    """Everything that a text names, right or wrong."""

    datasets: set[str] = field(default_factory=set)
    counties: set[str] = field(default_factory=set)
    departments: set[str] = field(default_factory=set)
    periods: set[Period] = field(default_factory=set)
    quarter_numbers: set[int] = field(default_factory=set)


class Recogniser:
    """Recognises files by the contracts' titles and the senders' names."""

    def __init__(self, contracts: Mapping[str, Contract], senders: Senders) -> None:
        self._contracts = contracts
        self._senders = senders
        self._titles: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        for contract in contracts.values():
            for title in (*contract.file_titles, contract.title, contract.dataset):
                letters = _letters(title)
                self._titles[letters] = contract.dataset
                stem = letters.removesuffix("表").removesuffix("明细")
                if len(stem) >= _SHORTEST_STEM:
                    self._stems[stem] = contract.dataset

    def recognise(
        self,
        file_name: str,
        received_on: date,
        folders: Sequence[str],
        read_content: Callable[[], Iterable[Table]],
    ) -> Recognised:
        """Return the file's place; ``folders`` are the folders and the archive it came in.

        Raises:
            NotRecognisedError: it is not beyond doubt.
        """
        stem = _SUFFIX.sub("", PurePath(file_name).name)
        found = self._by_canonical_name(stem) or self._by_title(stem, folders, read_content)
        self._check(found, received_on)
        return found

    def _by_canonical_name(self, stem: str) -> Recognised | None:
        parts = [part.strip() for part in stem.split("__")]
        if len(parts) < 3:
            return None
        dataset, sender_name, quarter_text = parts[:3]
        contract = self._contracts.get(dataset.lower())
        if contract is None:
            if not re.fullmatch(r"[a-z_0-9]+", dataset, re.I):
                return None
            raise NotRecognisedError(
                "name.dataset_unknown",
                f"没有名为“{dataset}”的数据集{self._similar(dataset)}",
            )
        sender = self._senders.by_name(squeeze(sender_name))
        if sender is None:
            raise NotRecognisedError("name.sender_unknown", f"不认识填报单位“{sender_name}”")
        try:
            quarter = Quarter.parse(quarter_text)
        except ValueError:  # Decorated, as in "2024Q3（更正）(1)", or no quarter at all.
            quarter = self._quarter(contract, {"名称": self._clues(quarter_text)})
        return Recognised(contract, sender, quarter)

    def _by_title(
        self, stem: str, folders: Sequence[str], read_content: Callable[[], Iterable[Table]]
    ) -> Recognised:
        layers = {"名称": self._clues(stem)}
        if not self._is_settled_by(layers["名称"]):
            layers["文件夹或压缩包名"] = self._clues(*folders)
            layers["表内标题"] = self._clues(*title_texts(read_content()))
        contract = self._contracts[
            _settle(
                "dataset",
                "表名",
                {where: clues.datasets for where, clues in layers.items()},
                lambda dataset: f"《{self._contracts[dataset].title}》",
            )
        ]
        sender = self._sender(contract, layers)
        return Recognised(contract, sender, self._quarter(contract, layers))

    def _clues(self, *texts: str) -> Clues:
        clues = Clues()
        for text in texts:
            text = squeeze(text)
            try:
                clues.periods.update(periods_in(text))
            except ValueError as error:
                raise NotRecognisedError(
                    "name.quarter_unknown", f"“{error}”不是一个季度，也不是到某个季度末的累计"
                ) from None
            clues.quarter_numbers.update(quarter_numbers_in(text))
            letters = _letters(text)
            for names in (self._titles, self._stems):
                if titles := longest_matches(letters, names):
                    clues.datasets.update(names[title] for title in titles)
                    break
            # A title holds words that are also names: 惠农 in "惠农补贴发放明细" is no county.
            for title in titles:
                letters = letters.replace(title, "\n")
            clues.counties.update(self._senders.county_codes_in(text))
            clues.counties.update(self._senders.counties_in(letters))
            clues.departments.update(self._senders.departments_in(letters))
        return clues

    def _is_settled_by(self, name: Clues) -> bool:
        if len(name.datasets) != 1 or len(name.periods) != 1:
            return False
        contract = self._contracts[next(iter(name.datasets))]
        return not contract.is_sent_by_counties or len(name.counties) == 1

    def _sender(self, contract: Contract, layers: dict[str, Clues]) -> str:
        counties = {where: clues.counties for where, clues in layers.items()}
        departments = {where: clues.departments for where, clues in layers.items()}
        if contract.is_sent_by_counties:
            return _settle("sender", "填报县", counties, self._senders.name_zh)
        if named := set().union(*counties.values()):
            if contract.may_come_from_counties:
                return _settle("sender", "填报县", counties, self._senders.name_zh)
            raise self._not_allowed(contract, named)
        if len(contract.senders) > 1:
            return _settle("sender", "填报单位", departments, self._senders.name_zh)
        named = set().union(*departments.values())
        if named and named.isdisjoint(contract.senders):
            raise self._not_allowed(contract, named)
        return contract.senders[0]

    def _quarter(self, contract: Contract, layers: dict[str, Clues]) -> Quarter:
        quarter: Quarter = _settle(
            "quarter",
            "季度",
            {where: {p.quarter for p in clues.periods} for where, clues in layers.items()},
            lambda quarter: quarter.label_zh,
        )
        for where, clues in layers.items():
            if others := clues.quarter_numbers - {quarter.number}:
                raise NotRecognisedError(
                    "name.quarter_ambiguous",
                    f"{where}里写有第{min(others)}季度，别处写的是{quarter.label_zh}，无法确定是哪一个",
                )
        named = next(clues.periods for clues in layers.values() if clues.periods)
        if contract.accumulation == "in_period" and Period(quarter) not in named:
            raise NotRecognisedError(
                "name.period_is_cumulative",
                f"《{contract.title}》只报本季度发生数，文件写的却是到{quarter.label_zh}末的累计",
                f"请只保留{quarter.label_zh}发生的记录，在名称和表头写明“{quarter.label_zh}”后重报",
            )
        return quarter

    def _check(self, found: Recognised, received_on: date) -> None:
        contract, quarter = found.contract, found.quarter
        is_county = found.sender in self._senders.counties
        if found.sender not in contract.senders and not (
            is_county and contract.is_taken_from_counties
        ):
            raise self._not_allowed(contract, {found.sender})
        first = max(Quarter(FIRST_QUARTER), contract.valid_from)
        if quarter < first or (contract.valid_until and quarter > contract.valid_until):
            last = contract.valid_until
            until = f"至{last.label_zh}" if last else "起"
            raise NotRecognisedError(
                "name.quarter_out_of_range",
                f"《{contract.title}》自{first.label_zh}{until}报送，不收{quarter.label_zh}的文件",
                "请核对名称中的年份和季度，改正后重报",
            )
        if quarter.start > received_on:
            raise NotRecognisedError(
                "name.quarter_not_begun",
                f"{quarter.label_zh}尚未开始，收到文件的日期是{received_on.isoformat()}",
                "请核对名称中的年份和季度，改正后重报",
            )

    def _not_allowed(self, contract: Contract, senders: set[str]) -> NotRecognisedError:
        named = "、".join(self._senders.name_zh(sender) for sender in sorted(senders))
        if contract.is_sent_by_counties:
            owner = "各县（市、区）"
        else:
            owner = "、".join(self._senders.name_zh(sender) for sender in contract.senders)
        return NotRecognisedError(
            "name.sender_not_allowed",
            f"《{contract.title}》由{owner}报送，文件写的却是{named}",
            f"如填报单位写错，请改正后重报；{named}的数据请交由{owner}汇总报送",
        )

    def _similar(self, dataset: str) -> str:
        similar = get_close_matches(dataset.lower(), self._contracts, n=3)
        return "，是否为" + "、".join(similar) + "？" if similar else ""


def title_texts(tables: Iterable[Table]) -> list[str]:
    """Return what stands above each visible table: the rows with few cells.

    Sheet names are left out: they are copied from last quarter's workbook more often than not.
    """
    texts = []
    for table in tables:
        if table.is_hidden:
            continue
        for row in table.rows[:TITLE_ROWS]:
            cells = list(dict.fromkeys(str(cell).strip() for cell in row if cell is not None))
            cells = [cell for cell in cells if cell]
            if len(cells) > _TITLE_CELLS:
                break
            texts.append(" ".join(cells))
    return texts


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", squeeze(text)).lower()


def _settle(
    rule: str, what_zh: str, layers: dict[str, set[Any]], label: Callable[[Any], str]
) -> Any:
    """Return the one value that the first layer with an answer names and no other contradicts."""

    def listed(values: set[Any]) -> str:
        return "、".join(sorted(label(value) for value in values))

    answers = {where: values for where, values in layers.items() if values}
    if not answers:
        looked_at = "、".join(layers) + ("都" if len(layers) > 1 else "")
        raise NotRecognisedError(f"name.{rule}_unknown", f"{looked_at}看不出{what_zh}")
    (where, found), *others = answers.items()
    if len(found) > 1:
        raise NotRecognisedError(
            f"name.{rule}_ambiguous",
            f"{where}里不止一个{what_zh}：{listed(found)}，无法确定是哪一个",
        )
    value = next(iter(found))
    for other, values in others:
        if value not in values:
            raise NotRecognisedError(
                "name.contradicts_content",
                f"名称与内容不一致：{where}写的{what_zh}是{label(value)}，"
                f"{other}写的是{listed(values)}",
                "请核对是否放错文件，把名称和表内标题改为一致后重报",
            )
    return value
