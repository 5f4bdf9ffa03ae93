"""Evidence packs (证据包): one workbook per county and quarter, for auditors inside the system.

It lists the county's leads with their statistics, the honest causes checked, and every exact record
by file, sheet and row; its form 处置 is the dataset ``audit_dispositions`` itself: filled in and
dropped into the inbox under the name it has, the workbook is a valid submission. Households appear
as keyed hashes; packs hold small cells and are not for handing out with a report.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from orchestration.calendar import Quarter
from orchestration.contracts import Contract, load_contracts
from orchestration.contracts.templates import choices, header
from orchestration.files import empty_folder, replace_folder
from orchestration.publication import words
from orchestration.publication.marts import Marts, Row, open_marts
from orchestration.receiving.receipt_workbook import neutral
from orchestration.settings import Settings

_DATASET = "audit_dispositions"
_FORM, _CHOICES = "处置", "处置选项"
_FORM_ROWS = 300
_HEADER_ROW = 2

_LEADS = """
select risk.risk_rank, risk.lead_no as lead, villages.village_name, villages.township_name,
    risk.wording_zh, risk.mechanism_zh, risk.families_fired, risk.leading_signal,
    risk.combined_p, risk.q_value, risk.households, risk.exact_findings, risk.yuan_at_stake,
    risk.expected_yuan, risk.withheld_income, risk.disposition, risk.disposed_on, risk.amount_struck
from fct_village_risk as risk
left join dim_village as villages using (village_code)
where risk.county_code = $county and risk.quarter = $quarter and risk.is_flagged
order by risk.risk_rank
"""
_SIGNALS = """
select signals.entity_type, coalesce(villages.village_name, signals.entity_id) as entity,
    signals.signal_id, signals.title_zh, signals.item, signals.severity, signals.evidence,
    signals.statistic, signals.own_history, signals.change, signals.null_quantile,
    signals.sample_size, signals.placebo_size, signals.p_value, signals.q_value,
    signals.false_alarm_rate, signals.honest_causes
from fct_integrity_signals as signals
left join dim_village as villages on signals.entity_id = villages.village_code
left join fct_village_risk as risk
    on signals.entity_id = risk.village_code and signals.quarter = risk.quarter
where signals.county_code = $county and signals.quarter = $quarter
    and signals.entity_type <> 'household'
    and (signals.is_flagged or (risk.is_flagged and signals.p_value <= 0.05))
order by signals.entity_type, risk.risk_rank nulls last, signals.p_value
"""
_CHECKS = """
select villages.village_name, checks.title_zh, checks.question_zh, checks.result,
    checks.result_zh, checks.found
from fct_lead_checks as checks
inner join dim_village as villages using (village_code)
where checks.county_code = $county and checks.quarter = $quarter
order by checks.village_code, checks.position
"""
_FINDINGS = """
select coalesce(risk.is_flagged, false) as is_flagged, villages.village_name,
    findings.household_key, findings.title_zh, findings.is_exact, findings.item,
    findings.amount_claimed, findings.amount_supported, findings.amount, findings.evidence,
    findings.rule_zh, findings.honest_causes, findings.claim_file, findings.claim_sheet,
    findings.claim_row, findings.record_file, findings.record_sheet, findings.record_row
from fct_household_findings as findings
inner join dim_village as villages using (village_code)
left join fct_village_risk as risk using (village_code, quarter)
where findings.county_code = $county and findings.quarter = $quarter
order by is_flagged desc, risk.risk_rank nulls last, findings.is_exact desc,
    findings.amount desc, findings.household_key, findings.finding_kind
"""

# Headings differ from those of the form's columns: only the form is a submission.
_LEAD_COLUMNS = {
    "risk_rank": ("次序", 6),
    "lead": ("线索号", 24),
    "village_name": ("村名", 16),
    "township_name": ("乡镇", 14),
    "wording_zh": ("类别", 10),
    "mechanism_zh": ("情形", 20),
    "families_fired": ("信号族", 16),
    "leading_signal": ("主要信号", 9),
    "combined_p": ("合并p", 11),
    "q_value": ("q", 11),
    "households": ("户数", 8),
    "exact_findings": ("确凿记录数", 10),
    "yuan_at_stake": ("存疑金额（元）", 15),
    "expected_yuan": ("预期金额（元）", 15),
    "withheld_income": ("暂扣（元）", 14),
    "disposition": ("已有答复", 12),
    "disposed_on": ("答复日", 12),
    "amount_struck": ("已核减（元）", 14),
}
_SIGNAL_COLUMNS = {
    "entity_type": ("对象种类", 10),
    "entity": ("对象", 22),
    "signal_id": ("信号", 7),
    "title_zh": ("信号名称", 20),
    "item": ("项目", 16),
    "severity": ("类别", 10),
    "evidence": ("所见", 60),
    "statistic": ("统计量", 11),
    "own_history": ("自身历史均值", 12),
    "change": ("变动", 11),
    "null_quantile": ("正常变动95%分位", 14),
    "sample_size": ("样本量", 8),
    "placebo_size": ("安慰剂数", 9),
    "p_value": ("p", 11),
    "q_value": ("q", 11),
    "false_alarm_rate": ("误报率上限", 10),
    "honest_causes": ("可能的正常原因", 36),
}
_CHECK_COLUMNS = {
    "village_name": ("村名", 16),
    "title_zh": ("正常原因", 16),
    "question_zh": ("核对什么", 46),
    "result": ("核对所得", 14),
    "result_zh": ("说法", 50),
    "found": ("数", 8),
}
_FINDING_COLUMNS = {
    "is_flagged": ("所在村是否线索", 9),
    "village_name": ("村名", 16),
    "household_key": ("户加密号", 20),
    "title_zh": ("比对种类", 22),
    "is_exact": ("确凿", 6),
    "item": ("收入项目", 18),
    "amount_claimed": ("申报（元）", 14),
    "amount_supported": ("有凭据（元）", 14),
    "amount": ("差额（元）", 14),
    "evidence": ("所见", 56),
    "rule_zh": ("比对规则", 40),
    "honest_causes": ("可能的正常原因", 30),
    "claim_file": ("申报所在文件", 40),
    "claim_sheet": ("申报所在工作表", 14),
    "claim_row": ("申报所在行", 10),
    "record_file": ("记录所在文件", 40),
    "record_sheet": ("记录所在工作表", 14),
    "record_row": ("记录所在行", 10),
}


def packs_folder(settings: Settings, quarter: Quarter) -> Path:
    """Return where the evidence packs of a quarter lie."""
    return settings.reports / "evidence_packs" / quarter.label


def write_packs(settings: Settings, quarter: Quarter) -> list[Path]:
    """Write the evidence pack of every county that has something to verify, and return them.

    The same publication gives the same bytes. A county without leads and findings gets none.

    Raises:
        NothingPublished: there is no publication.
    """
    folder = packs_folder(settings, quarter)
    unfinished = empty_folder(folder.with_name(f".{folder.name}.tmp"))
    with open_marts(settings) as marts:
        written = [
            pack
            for county in marts.rows(
                "select county_code, county_name from dim_county where not is_region order by all"
            )
            if (pack := _write_pack(marts, county, quarter, unfinished)) is not None
        ]
    replace_folder(unfinished, folder)
    return [folder / pack.name for pack in written]


def pack_name(county: Row, quarter: Quarter) -> str:
    """Return the name of a county's pack, by which the inbox knows whose answers it brings."""
    return (
        f"{_DATASET}__{county['county_code']}__{_answered_in(quarter).label}"
        f"__{county['county_name']}{quarter.label}证据包.xlsx"
    )


def _answered_in(quarter: Quarter) -> Quarter:
    """Return the quarter whose submission answers a quarter's leads: the next."""
    return quarter.shift(1)


def _write_pack(marts: Marts, county: Row, quarter: Quarter, folder: Path) -> Path | None:
    asked = {"county": county["county_code"], "quarter": quarter.start}
    leads = [_in_words(row) for row in marts.rows(_LEADS, **asked)]
    findings = marts.rows(_FINDINGS, **asked)
    if not leads and not findings:
        return None
    name = pack_name(county, quarter)
    as_of = marts.manifest.provenance.data_as_of
    with xlsxwriter.Workbook(folder / name, {"strings_to_formulas": False}) as workbook:
        workbook.set_properties(
            {
                "title": f"{county['county_name']}{quarter.label_zh}证据包",
                "created": datetime.fromisoformat(as_of) if as_of else datetime(2000, 1, 1),
            }
        )
        pack = _Pack(workbook)
        pack.front(_introduction(marts, county, quarter, len(leads)))
        pack.form(load_contracts()[_DATASET], county["county_name"], leads)
        pack.table("线索", _LEAD_COLUMNS, leads)
        pack.table("信号", _SIGNAL_COLUMNS, map(_in_words, marts.rows(_SIGNALS, **asked)))
        pack.table("正常原因核对", _CHECK_COLUMNS, map(_in_words, marts.rows(_CHECKS, **asked)))
        pack.table("逐户记录", _FINDING_COLUMNS, map(_in_words, findings))
        pack.choices([lead["lead"] for lead in leads])
    return folder / name


def _introduction(marts: Marts, county: Row, quarter: Quarter, leads: int) -> Iterator[str]:
    yield f"{county['county_name']}{quarter.label_zh}核查证据包"
    provenance = marts.manifest.provenance
    if provenance.is_synthetic:
        yield "模拟数据：人员、家庭和金额均为虚构，不得作为真实情况引用。"
    yield f"发布编号 {marts.manifest.publication_id}；数据截至 {provenance.data_as_of or '—'}。"
    yield "内部使用：含逐户记录（户以加密编号表示）和不足5户的数，不随报告外传。"
    yield f"本季{leads}条线索。线索是需要核实的问题，不是结论；先看“正常原因核对”，再查“逐户记录”。"
    yield (
        "“逐户记录”写明申报和记录所在的文件、工作表和行；原文件存于本系统 landing 目录，"
        "可用 zengshou explain 命令调出。"
    )
    yield (
        f"答复：在“{_FORM}”表中从下拉列表选线索编号和处置结论，填日期和说明，存盘后把本文件"
        f"放入收件箱即为报送。文件名中的 {_answered_in(quarter).label} 是答复所在的季度，"
        "处置日期须在该季度内；"
        "在别的季度答复的，把文件名中的季度改过来。没有答复的线索不用填。"
    )
    yield "同一县同一季度再报的，新文件取代旧文件，因此请把该季度已有的答复一并保留。"


def _in_words(row: Row) -> Row:
    """Return a row whose codes are written in Chinese."""
    tables = {
        "families_fired": words.FAMILIES,
        "disposition": words.DISPOSITIONS,
        "entity_type": words.ENTITIES,
        "severity": words.SEVERITIES,
        "result": words.CHECK_RESULTS,
        "item": words.items(),
    }
    found = dict(row)
    for name, table in tables.items():
        if found.get(name):
            found[name] = "、".join(words.word(table, code) for code in found[name].split())
    return found


class _Pack:
    """Sheets of one workbook in one style."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._title = workbook.add_format({"bold": True, "font_size": 16})
        self._header = workbook.add_format(
            {"bold": True, "bg_color": "#E7EEF7", "border": 1, "text_wrap": True}
        )
        self._required = workbook.add_format(
            {"bold": True, "bg_color": "#FCE9D9", "border": 1, "text_wrap": True}
        )
        self._text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._plain = workbook.add_format({"num_format": "@"})
        self._money = workbook.add_format({"num_format": "#,##0.00", "valign": "top"})
        self._number = workbook.add_format({"num_format": "0.######", "valign": "top"})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})

    def front(self, lines: Iterator[str]) -> None:
        """Write what the pack is and how to answer."""
        sheet = self._workbook.add_worksheet("说明")
        sheet.set_column(0, 0, 110, self._text)
        for number, line in enumerate(lines):
            sheet.write_string(number, 0, line, self._text if number else self._title)

    def form(self, contract: Contract, county: str, leads: Sequence[Row]) -> None:
        """Write the empty form of the contract with drop-downs; one empty row per answer."""
        sheet = self._workbook.add_worksheet(_FORM)
        sheet.merge_range(0, 0, 0, len(contract.columns) - 1, contract.title, self._title)
        for number, column in enumerate(contract.columns):
            style = self._required if column.is_required else self._header
            sheet.write_string(_HEADER_ROW, number, header(column), style)
            cell_style = {"text": self._plain, "date": self._day}.get(column.kind)
            sheet.set_column(number, number, 24, cell_style)
            source: str | list[str] = choices(column, [county])
            if column.name == "lead_no" and leads:
                source = f"={_CHOICES}!$A$1:$A${len(leads)}"
            rule: dict[str, Any] | None = None
            if source:
                rule = {"validate": "list", "source": source}
            elif column.kind == "date":
                rule = {"validate": "date", "criteria": ">=", "value": date(2022, 10, 1)}
            elif column.kind == "decimal":
                rule = {"validate": "decimal", "criteria": ">=", "value": 0}
            if rule:
                rule["error_message"] = f"“{column.header}”请按要求填写或从下拉列表中选择。"
                first, last = _HEADER_ROW + 1, _HEADER_ROW + _FORM_ROWS
                sheet.data_validation(first, number, last, number, rule)
        sheet.freeze_panes(_HEADER_ROW + 1, 0)

    def table(self, name: str, columns: dict[str, tuple[str, int]], rows: Any) -> None:
        """Write a list under a header that stays in sight; money in yuan."""
        sheet = self._workbook.add_worksheet(name)
        for place, (heading, width) in enumerate(columns.values()):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading, self._header)
        last = 0
        for last, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                self._write(sheet, last, place, row[column])
        if last:
            sheet.autofilter(0, 0, last, len(columns) - 1)
        else:
            sheet.write_string(1, 0, "无", self._text)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def choices(self, numbers: Sequence[str]) -> None:
        """Write the lead numbers that the form's drop-down offers."""
        sheet = self._workbook.add_worksheet(_CHOICES)
        for row, number in enumerate(numbers):
            sheet.write_string(row, 0, number)
        sheet.hide()

    def _write(self, sheet: Any, row: int, column: int, value: object) -> None:
        match value:
            case None:
                return
            case bool():
                sheet.write_string(row, column, "是" if value else "否", self._text)
            case Decimal():
                sheet.write_number(row, column, float(value), self._money)
            case int() | float():
                sheet.write_number(row, column, value, self._number)
            case date():
                sheet.write_datetime(row, column, value, self._day)
            case _:
                sheet.write_string(row, column, neutral(str(value)), self._text)
