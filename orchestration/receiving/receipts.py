"""Receipts (回执): the answer to every file, written so that a clerk can act on it alone.

A judged submission gets a workbook and a text file of the same name; a duplicate or a file that is
not recognised gets a text file. The same facts give the same bytes. This module holds the wording
and the text files; ``receipt_workbook`` lays out the workbook.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from orchestration.calendar import Quarter
from orchestration.contracts import Contract
from orchestration.ingestion.judgement import Judgement, Repair
from orchestration.receiving.fault_groups import group_faults
from orchestration.receiving.receipt_workbook import write_workbook
from orchestration.receiving.recognition import NAME_HINT
from orchestration.receiving.senders import load_senders
from orchestration.receiving.submission import (
    Duplicate,
    Received,
    Unrecognised,
    deadline,
    proper_names,
)
from orchestration.settings import Settings

_NAME_BYTES = 160
_RULE = "─" * 40
_EXAMPLES_IN_TEXT = 2
_CHECK = "自查：zengshou doctor 文件名 --out 自查结果（并不报送；逐条问题见“自查结果”中的 xlsx）。"
_SYNTHETIC = "【模拟数据】本回执由模拟数据产生，不反映任何真实的人、户和单位。"


def receipt_path(settings: Settings, submission_id: str, quarter: Quarter) -> Path:
    """Return where the workbook of a submission's receipt lies (the text is beside it, .txt)."""
    return settings.receipts / quarter.label / f"{submission_id}.xlsx"


def write_receipt(
    settings: Settings, received: Received, judgement: Judgement, contract: Contract
) -> Path:
    """Write the receipt of a judged submission; return the workbook's path."""
    facts = [*_facts(settings, received, contract), *_result(judgement)]
    verdict = _verdict(received, judgement)
    steps = _steps(settings, received, contract, must_resend=_must_resend(judgement))
    path = receipt_path(settings, received.submission_id, received.quarter)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.tmp")
    write_workbook(
        unfinished, received.received_at, _heading(settings), facts, verdict, steps, judgement
    )
    unfinished.replace(path)
    text = _text(settings, facts, verdict, steps, _details(judgement))
    _write_text(path.with_suffix(".txt"), text)
    return path


def write_duplicate_receipt(
    settings: Settings, duplicate: Duplicate, newest: Received, contract: Contract
) -> Path:
    """Write the answer to a file that is there already; ``newest`` is the series' last version."""
    original = duplicate.original
    verdict = [
        f"重复报送：内容与第{original.version}版完全相同"
        f"（{_time(original.received_at)}收到的“{original.file_name}”），不另记版本，不改变任何数据。"
    ]
    if newest.version == original.version:
        verdict.append("无需处理。如本想报送改正后的表，请检查是否选错了文件。")
    else:
        verdict.append(
            f"请注意：此后已收到第{newest.version}版（“{newest.file_name}”），本次重报不会恢复旧版。"
            "如确需恢复，请在表下方备注恢复的理由，另存后重报。"
        )
    facts = [
        ("报送单位", load_senders(settings.seeds).name_zh(original.sender)),
        ("表名", f"《{contract.title}》"),
        ("所属季度", original.quarter.label_zh),
        ("文件名", duplicate.file_name),
        ("收到时间", _time(duplicate.received_at)),
        ("文件校验值", duplicate.file_sha256),
    ]
    path = settings.receipts / original.quarter.label / f"{duplicate.submission_id}.txt"
    steps = _steps(settings, original, contract, must_resend=False)
    return _write_text(path, _text(settings, facts, verdict, steps, []))


def write_unrecognised_receipt(settings: Settings, unrecognised: Unrecognised) -> Path:
    """Write the answer to a file that nobody can place."""
    facts = [
        ("文件名", unrecognised.file_name),
        ("收到时间", _time(unrecognised.received_at)),
        ("文件校验值", unrecognised.file_sha256),
    ]
    verdict = [
        "未能识别：文件已原样存档，但不能确定它是哪张表、哪个单位、哪个季度，因此没有采用。",
        f"原因：{_sentence(unrecognised.reason_zh)}",
        f"办法：{_sentence(unrecognised.remedy_zh)}",
    ]
    steps = []
    if unrecognised.remedy_zh != NAME_HINT:
        steps.append(f"文件名：{NAME_HINT}。")
    steps += [
        _CHECK,
        "没有空表的：zengshou template 给出全部空表，每张的“填报说明”写明由谁报、何时报。",
        "未能识别的文件不算已报：请在该表的截止日前改正重报，过了截止日也请尽快重报。",
    ]
    path = settings.receipts / "unrecognised" / _answer_name(unrecognised)
    return _write_text(path, _text(settings, facts, verdict, _numbered(steps), []))


def write_left_in_inbox(settings: Settings, left: Mapping[str, str]) -> Path:
    """Say in one file what still lies in the inbox and why; without anything left, remove it."""
    path = settings.receipts / "unrecognised" / "收件箱未能收取的文件.txt"
    if not left:
        path.unlink(missing_ok=True)
        return path
    verdict = [
        "未能收取：下列文件仍在收件箱里，系统没有收下（或没能移走），不影响其他文件。",
        "办法：请由报送人重新放入文件本身，或由管理员改正权限；改正后系统自动再收。",
    ]
    details = [_RULE, *(f"  {_flat(place)}：{left[place]}。" for place in sorted(left))]
    return _write_text(path, _text(settings, [], verdict, [], details))


def _facts(settings: Settings, received: Received, contract: Contract) -> list[tuple[str, str]]:
    due = deadline(received.quarter, contract)
    if received.is_on_time:
        timing = f"按时（截止{due.isoformat()}）"
    else:
        timing = f"逾期{(received.received_at.date() - due).days}天（截止{due.isoformat()}）"
    return [
        ("报送单位", load_senders(settings.seeds).name_zh(received.sender)),
        ("表名", f"《{contract.title}》"),
        ("所属季度", received.quarter.label_zh),
        ("文件名", received.file_name),
        ("版本", f"第{received.version}版"),
        ("收到时间", f"{_time(received.received_at)}，{timing}"),
        ("报送编号", received.submission_id),
        ("文件校验值", received.file_sha256),
        ("数据标准版本", contract.version),
    ]


def _result(judgement: Judgement) -> list[tuple[str, str]]:
    totals = judgement.control_totals
    matched = sum(total.is_matched for total in totals)
    if not totals:
        control = "表中没有合计行，未核对"
    elif matched == len(totals):
        control = f"{matched}项全部相符"
    else:
        control = f"{len(totals)}项中有{len(totals) - matched}项不符"
    return [
        ("读取行数", str(judgement.rows_read)),
        ("接收行数", str(judgement.rows_accepted)),
        ("未采用行数", str(judgement.rows_quarantined)),
        ("合计核对", control),
        ("自动修复", f"{judgement.cells_repaired}处"),
    ]


def _must_resend(judgement: Judgement) -> bool:
    """Whether something is wrong that the sender alone can mend."""
    return judgement.outcome != "accepted" or judgement.is_control_total_matched is False


def _verdict(received: Received, judgement: Judgement) -> list[str]:
    lines = []
    match judgement.outcome:
        case "accepted":
            lines.append(f"全部接收：{judgement.rows_accepted}行数据已全部采用。")
        case "accepted_with_quarantine":
            lines.append(
                f"部分接收：{judgement.rows_accepted}行已采用；{judgement.rows_quarantined}行有问题，"
                "没有采用，不计入任何统计。"
            )
        case "rejected":
            lines.append("退回：本文件没有采用。此前已接收的版本（如有）继续有效。")
            if fault := judgement.rejection:
                lines.append(f"原因：{_sentence(fault.reason_zh)}")
                lines.append(f"办法：{_sentence(fault.remedy_zh)}")
    if judgement.is_control_total_matched is False:
        lines.append("表中合计与明细之和不符，请核对是漏报、多报还是合计填错，见“合计核对”。")
    if judgement.outcome == "rejected":
        return lines
    if not received.is_on_time:
        lines.append("收到时已过截止日：数据照常采用，报送情况记为“逾期”。")
    if judgement.cells_repaired:
        lines.append("有些单元格已按规则自动修复，请核对“自动修复”，与实际不符的请改正后重报。")
    elif not _must_resend(judgement):
        lines.append("无需处理。")
    return lines


def _steps(
    settings: Settings, received: Received, contract: Contract, *, must_resend: bool
) -> list[str]:
    """Return what to do next, if something must be done; else, how a correction would be sent."""
    senders = load_senders(settings.seeds)
    names = proper_names(contract, received.sender, received.quarter, senders)
    due = deadline(received.quarter, contract)
    steps = _numbered(
        [
            f"在原表中改正，或用空表重填：zengshou template {contract.dataset}。",
            f"确是{senders.name_zh(received.sender)}{received.quarter.label_zh}的表，文件名为 "
            f"{names[0]} 或 {names[1]}。",
            _CHECK,
            "重新报送整张表（不要只报改过的行），系统自动记为新的一版并代替本版。",
            f"期限：{due.isoformat()}。过了期限也请尽快重报，照常接收，但报送情况记为“逾期”。",
        ]
    )
    if must_resend:
        return steps
    return ["没有要更正的，到此为止；发现填错的，按以下步骤更正：", *steps]


def _numbered(steps: Sequence[str]) -> list[str]:
    return [f"{number}. {step}" for number, step in enumerate(steps, 1)]


def _details(judgement: Judgement) -> list[str]:
    lines = []
    if faults := judgement.faults:
        lines += [_RULE, f"问题（共{len(faults)}处，逐条见 xlsx 回执的“问题清单”）"]
        for number, group in enumerate(group_faults(faults), 1):
            column = f"“{group.first.column_header}”列" if group.first.column_header else ""
            lines.append(
                f"  {number}. {group.title_zh}：{column}{group.count}处（规则 {group.first.rule}）"
            )
            lines.append(f"    改法：{_sentence(group.first.remedy_zh)}")
            for fault in group.examples:
                value = f"“{_flat(fault.value)}”" if fault.value else ""
                where = _where(fault.sheet, fault.row, fault.column_header)
                lines.append(f"    {where}{value}：{_sentence(fault.reason_zh)}")
            if more := group.count - len(group.examples):
                lines.append(f"    另有{more}处同样的问题未列出。")
    unmatched = [total for total in judgement.control_totals if not total.is_matched]
    if unmatched:
        lines += [_RULE, "合计核对（只列不符的）"]
        for total in unmatched:
            lines.append(
                f"  {_where(total.sheet, total.row, total.column_header)}（{total.scope_zh}）："
                f"填报{_amount(total.stated)}，明细之和{_amount(total.summed)}，"
                f"相差{_amount(total.stated - total.summed)}。"
            )
    if judgement.outcome == "rejected":
        return lines
    mended = [repair for repair in judgement.repairs if repair.count]
    if mended:
        lines += [_RULE, "自动修复（逐列的次数和例子见 xlsx 回执的“自动修复”）"]
        for title, repairs in _by_title(mended).items():
            columns = "、".join(repair.column_header for repair in repairs if repair.column_header)
            where = f"（{columns}）" if columns else ""
            lines.append(f"  {title}：{sum(repair.count for repair in repairs)}处{where}")
            examples = [example for repair in repairs for example in repair.examples]
            for sheet, row, before, after in examples[:_EXAMPLES_IN_TEXT]:
                change = f" “{_flat(before)}”→“{_flat(after)}”" if before or after else ""
                lines.append(f"    例：{_where(sheet, row)}{change}")
    # What was left out is no repair: nothing in the data was changed.
    notices = [repair for repair in judgement.repairs if not repair.count]
    if notices:
        lines += [_RULE, "提示"]
        for notice in notices:
            places = "、".join(f"[{sheet}]{_flat(text)}" for sheet, _, text, _ in notice.examples)
            lines.append(f"  {notice.title_zh}：{places}")
    return lines


def _by_title(repairs: Sequence[Repair]) -> dict[str, list[Repair]]:
    found: dict[str, list[Repair]] = {}
    for repair in repairs:
        found.setdefault(repair.title_zh, []).append(repair)
    return found


def _heading(settings: Settings) -> list[str]:
    return [_SYNTHETIC] if settings.is_synthetic else []


def _text(
    settings: Settings,
    facts: Sequence[tuple[str, str]],
    verdict: Sequence[str],
    steps: Sequence[str],
    details: Sequence[str],
) -> str:
    lines = [
        "回执",
        *_heading(settings),
        _RULE,
        *(f"{label}：{_flat(value)}" for label, value in facts),
        _RULE,
        *(_flat(line) for line in verdict),
        *([_RULE, "下一步"] if steps else []),
        *(f"  {_flat(line)}" for line in steps),
        *details,
    ]
    return "\n".join(lines) + "\n"


def _write_text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.tmp")
    # A byte order mark and CRLF: the editors on clerks' desks show it right at a double click.
    unfinished.write_text(text, encoding="utf-8-sig", newline="\r\n")
    unfinished.replace(path)
    return path


def _answer_name(unrecognised: Unrecognised) -> str:
    name = unrecognised.file_name.replace("/", "_").encode()[:_NAME_BYTES]
    return f"{unrecognised.file_sha256[:12]}-{name.decode(errors='ignore')}.txt"


def _where(sheet: str, row: int, column_header: str = "") -> str:
    row_zh = f"第{row}行" if row else "整表"
    column = f"“{column_header}”列" if column_header else ""
    return f"[{sheet}]{row_zh}{column}"


def _amount(amount: Decimal) -> str:
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return f"{_flat(text).rstrip('。')}。"
