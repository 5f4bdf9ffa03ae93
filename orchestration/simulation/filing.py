"""When and how often a file is sent: in time, late, twice, corrected, wrong, with next quarter's.

``filings_of`` says for one dataset, sender and quarter which files reach the inbox; ``deliver``
writes them there with the time stamps of their arrival (Shanghai wall time).
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import Contract
from orchestration.simulation.mistakes import with_mistakes
from orchestration.simulation.population import County, quarter_at
from orchestration.simulation.randomness import stream
from orchestration.simulation.writers import Submission, file_name, write_submission
from orchestration.simulation.xlsx import Cell, Sheet, write_workbook

_SHANGHAI = timedelta(hours=8)

_LATE, _CORRECTED, _SENT_TWICE = 0.05, 0.03, 0.015


@dataclass(frozen=True)
class Filing:
    """One arrival: a version of the table under a decorated name at a moment."""

    arrived_at: datetime
    decoration: str = ""
    is_incomplete: bool = False
    is_copy: bool = False
    version: pa.Table | None = None


def filings_of(seed: int, contract: Contract, sender: str, t: int) -> list[Filing]:
    """Return the arrivals of one dataset of a sender for quarter ``t``, in order."""
    rng = stream(seed, "filing", contract.dataset, sender, t)
    end = quarter_at(t).end
    days = int(rng.integers(3, contract.deadline_days))
    if rng.random() < _LATE:
        days = contract.deadline_days + int(rng.integers(1, 13))
    if (contract.dataset, t) in forgotten(seed):
        # Found out a quarter later and sent with the next file.
        days += 91
    first = Filing(_moment(end + timedelta(days=days), rng))
    roll = rng.random()
    again = _moment(end + timedelta(days=days + int(rng.integers(1, 7))), rng)
    if roll < _CORRECTED:
        return [replace(first, is_incomplete=True), Filing(again, "（更正）")]
    if roll < _CORRECTED + _SENT_TWICE:
        return [first, Filing(again, "(1)", is_copy=True)]
    return [first]


def forgotten(seed: int) -> frozenset[tuple[str, int]]:
    """Return which department's dataset is filed a quarter late; one in every calendar year."""
    names = ("ecological_compensation", "village_dividends", "pension_payments", "deaths")
    rng = stream(seed, "forgotten")
    return frozenset(
        (str(rng.choice(names)), 4 * year + int(rng.integers(1, 4))) for year in range(5)
    )


def deliver(
    inbox: Path,
    submission: Submission,
    table: pa.Table,
    t: int,
    first_version: pa.Table | None = None,
) -> None:
    """Write all files of one dataset, sender and quarter into the inbox.

    ``first_version`` is what was sent before somebody went over it after the deadline.

    Where events are filed, a file without rows says that nothing happened; an empty register is
    not sent.
    """
    contract, seed = submission.contract, submission.seed
    if not table.num_rows and contract.accumulation != "in_period":
        return
    names = ("mistakes", contract.dataset, submission.sender, t)
    written = with_mistakes(table, contract, stream(seed, *names))
    filings = filings_of(seed, contract, submission.sender, t)
    due = datetime.combine(quarter_at(t).end, time()) + timedelta(days=contract.deadline_days + 1)
    edited = _last_edit(table)
    if edited and edited > due:
        # What was edited late is sent later still.
        again = max(edited, filings[0].arrived_at) + timedelta(days=1, hours=9)
        if first_version is None:
            filings = [replace(filings[-1], arrived_at=again, is_copy=False)]
        else:
            first = with_mistakes(first_version, contract, stream(seed, *names))
            filings = [Filing(filings[0].arrived_at, version=first), Filing(again, "（更正）")]
    before: Path | None = None
    for filing in filings:
        now = replace(submission, written_at=filing.arrived_at)
        file = inbox / file_name(now, filing.decoration)
        if filing.is_copy and before:
            shutil.copyfile(before, file)
        elif filing.is_incomplete:
            write_submission(file, now, _first_try(written, now))
        else:
            write_submission(file, now, written if filing.version is None else filing.version)
        stamp(file, filing.arrived_at)
        before = file


def _last_edit(table: pa.Table) -> datetime | None:
    """Return when the last row was edited, None where forms do not say so."""
    if "last_edited_at" not in table.column_names:
        return None
    edited: datetime | None = pc.max(table["last_edited_at"]).as_py()
    return edited


def deliver_wrong(
    inbox: Path, submission: Submission, table: pa.Table, t: int, counties: Sequence[County]
) -> None:
    """Write the wrong files that follow this one: at most a few in the region and year.

    Another county's table under a county's name (said so in its title, or only visible in its
    rows), and a file that is no table of any dataset. None of them may change a figure.
    """
    if submission.contract.dataset != "household_income_report":
        return
    kind = {1: "titled", 2: "nothing", 3: "untitled"}.get(t % 4)
    draw = stream(submission.seed, "wrong", t)
    mistaken = counties[int(draw.integers(0, len(counties)))]
    other = counties[(mistaken.index + 1) % len(counties)]
    if kind is None or submission.sender != other.code:
        return
    arrived = _moment(
        quarter_at(t).end + timedelta(days=submission.contract.deadline_days + 14), draw
    )
    if kind == "nothing":
        file = inbox / f"新建 Microsoft Excel 工作表（{mistaken.name}{quarter_at(t).label}）.xlsx"
        rows: list[list[Cell]] = [
            ["会议签到表"],
            ["姓名", "单位", "签字"],
            ["某某", mistaken.name, None],
        ]
        write_workbook(file, [Sheet("Sheet1", rows)], arrived)
    else:
        # The content is the other county's, the name is the mistaken one's.
        habit = replace(
            submission.habit, container="xlsx", name_style=2, has_title=kind == "titled"
        )
        content = replace(submission, habit=habit, written_at=arrived)
        name = file_name(replace(content, sender=mistaken.code, sender_zh=mistaken.name), "（补）")
        file = inbox / name
        write_submission(file, content, table)
    stamp(file, arrived)


def _first_try(table: pa.Table, submission: Submission) -> pa.Table:
    """Return what was sent before it was corrected: a few rows missing, a few figures off."""
    rng = submission.draw("first try")
    kept = table.filter(pa.array(rng.random(table.num_rows) >= 0.04))
    contract = submission.contract
    parts = {part for identity in contract.identities for part in identity.parts}
    totals = {identity.total for identity in contract.identities}
    changeable = [
        column.name
        for column in contract.columns
        if column.name in parts - totals and column.name in kept.column_names
    ]
    if not changeable or not kept.num_rows:
        return kept
    name = changeable[int(rng.integers(0, len(changeable)))]
    values = kept[name].to_numpy()
    lower = np.where(rng.random(len(values)) < 0.02, values // 200 * 100, values)
    return _with_change(kept, contract, {name: lower - values})


def _with_change(table: pa.Table, contract: Contract, deltas: dict[str, np.ndarray]) -> pa.Table:
    """Change columns and every total that the contract derives from them."""
    for identity in contract.identities:
        if identity.total not in table.column_names or identity.divisor:
            continue
        changed = [deltas[part] * sign for part, sign in identity.parts.items() if part in deltas]
        if changed:
            deltas = deltas | {identity.total: np.sum(changed, axis=0)}
    for name, delta in deltas.items():
        table = _replaced(table, name, table[name].to_numpy() + delta)
    for identity in contract.identities:
        if identity.divisor and identity.total in table.column_names:
            whole = sum(table[part].to_numpy() * sign for part, sign in identity.parts.items())
            share = np.round(whole / np.maximum(table[identity.divisor].to_numpy(), 1))
            table = _replaced(table, identity.total, share.astype(np.int64))
    return table


def _replaced(table: pa.Table, name: str, values: np.ndarray) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, pa.array(values))


def stamp(file: Path, moment: datetime) -> None:
    """Set the file's time: when the drop was complete, Shanghai wall time."""
    seconds = (moment - _SHANGHAI).replace(tzinfo=UTC).timestamp()
    os.utime(file, (seconds, seconds))


def _moment(day: date, rng: np.random.Generator) -> datetime:
    """Return an office hour of a day."""
    return datetime.combine(day, time(8)) + timedelta(seconds=int(rng.integers(0, 10 * 3600)))
