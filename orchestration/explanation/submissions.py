"""Submissions and restatements: the ledger's entries, the file as it came, the receipt."""

from typing import Any

from orchestration.calendar import Quarter
from orchestration.explanation.address import figure_address
from orchestration.explanation.answer import KEPT_AT, LEDGER_LINE, Explanation, Row, Table
from orchestration.explanation.income import agree
from orchestration.explanation.sources import Home, Subject
from orchestration.receiving.ledger import Entry, Ledger
from orchestration.receiving.receipts import receipt_path

_EVENTS_ZH = {"received": "收到", "duplicate": "重复报送", "judged": "审核"}
_JUDGED = {
    "outcome": "结论",
    "rows_read": "读入行数",
    "rows_accepted": "接受行数",
    "rows_quarantined": "隔离行数",
    "cells_repaired": "修复单元格",
    "is_control_total_matched": "合计相符",
    "contract_version": "契约版本",
    "rejection_reason_zh": "退回原因",
}


def explain_submission(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_submissions``."""
    row = subject.row
    if row["submission_id"] is None:
        sender = home.senders.name_zh(row["sender"])
        answer.reasons.append(
            f"没有报送：{sender}未报《{row['dataset_title_zh']}》"
            f"{Quarter(row['quarter']).label}，应于{row['deadline']}前报送"
        )
        return
    answer.tables += [
        ledger_table(home, [row["submission_id"]]),
        _quarantined(home, row["submission_id"]),
    ]
    judged = Ledger(home.settings.ledger_file).judged().get(row["submission_id"], {})
    if subject.column in judged:
        agree(answer, subject.column, subject.value, judged[subject.column])
    if subject.value is None:
        answer.reasons.append("该文件没有读到可计数的行（见审核结论）")


def explain_restatement(home: Home, subject: Subject, answer: Explanation) -> None:
    """Explain a figure of ``fct_restatements``."""
    row = subject.row
    causes = [name for name in (row["causing_submissions"] or "").split("|") if name]
    answer.computation.append(
        f"发布 {row['from_publication']} 到 {row['to_publication']}："
        f"{row['old_value']} → {row['new_value']} {row['unit_zh']}"
    )
    answer.computation.append(f"现在的数：{_current(row)}")
    answer.tables.append(ledger_table(home, causes))
    if not causes:
        answer.reasons.append("没有新的报送能引起这一变化：来自规则、程序或线索答复的改变")
    elif subject.value is None:
        answer.reasons.append("此前没有发布过，或现在不再有这个数")


def ledger_table(home: Home, submissions: list[str]) -> Table:
    """List the ledger's entries about some submissions, with file, hash and receipt."""
    wanted = set(submissions)
    rows = [
        _entry(home, entry)
        for entry in Ledger(home.settings.ledger_file).entries()
        if entry.payload.get("submission_id") in wanted
        or entry.payload.get("duplicate_of") in wanted
    ]
    note = "台账每一行与上一行哈希相连，zengshou verify 可核验。"
    return Table("台账记录", rows[: home.limit], len(rows), note)


def _entry(home: Home, entry: Entry) -> Row:
    payload: dict[str, Any] = entry.payload
    row: Row = {
        LEDGER_LINE: entry.seq,
        "事项": _EVENTS_ZH.get(entry.event, entry.event),
        "报送编号": payload["submission_id"],
        "记录时间": entry.recorded_at,
        "台账哈希": entry.hash,
    }
    if "file_sha256" in payload:
        row |= {
            "文件名": payload["file_name"],
            "收到时间": payload["received_at"],
            "文件哈希": payload["file_sha256"],
            KEPT_AT: home.kept_at(payload["file_sha256"], payload["file_name"]),
        }
    if entry.event == "judged":
        row |= {label: payload[name] for name, label in _JUDGED.items() if payload.get(name)}
        submission = home.submissions.get(payload["submission_id"])
        if submission:
            receipt = receipt_path(
                home.settings, payload["submission_id"], Quarter(submission["quarter"])
            )
            row["回执"] = receipt.relative_to(home.settings.home).as_posix()
    return row


def _quarantined(home: Home, submission_id: str) -> Table:
    return home.table(
        "隔离的行",
        """
        select rule as "规则", reason_zh as "原因", column_header as "列",
            submission_id, source_sheet, source_row
        from stg_quarantined_rows where submission_id = $submission
        """,
        {"submission": submission_id},
        "source_sheet, source_row",
    )


def _current(row: Row) -> str:
    figure, kind = row["figure"], row["value_kind"]
    key = {"county_code": row["county_code"], "quarter": row["quarter"]}
    if figure == "measure_completion":
        key["indicator_id"] = row["subject"]
        return figure_address("fct_measure_completion", kind, **key)
    if figure == "goal_attainment":
        key["goal_id"] = row["subject"]
        return figure_address("fct_goal_attainment", f"value_{kind}", **key)
    key["component"] = row["subject"]
    column = {"income_total": "total", "income_per_capita": "per_capita"}[figure]
    return figure_address("fct_income_components", f"{column}_{kind}", **key)
