"""The ledger: every file that came and what became of it, append-only and hash-chained.

One JSON object per line: ``seq``, ``event``, ``recorded_at``, the event's own fields,
``prev_hash`` and ``hash``. Each hash covers the whole entry and, through ``prev_hash``, everything
before it, so a line cannot be changed, dropped or inserted without breaking the chain.

Events: ``received``, ``duplicate``, ``unrecognised`` (written by receiving) and ``judged`` (written
by ingestion; a submission may be judged again, the last one counts).
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from orchestration.ingestion.judgement import Judgement
from orchestration.receiving.submission import Received

Event = Literal["received", "duplicate", "unrecognised", "judged"]

SHANGHAI = ZoneInfo("Asia/Shanghai")

GENESIS = "0" * 64
"""What the first entry names as the hash before it."""

_FRAME = ("seq", "event", "recorded_at", "prev_hash", "hash")
_NOT_AN_ENTRY = (ValueError, KeyError, TypeError, AttributeError)


class LedgerError(RuntimeError):
    """The ledger holds a line that is not an entry."""


@dataclass(frozen=True)
class Entry:
    """One line of the ledger; ``payload`` holds the event's own fields."""

    seq: int
    event: Event
    recorded_at: str
    payload: dict[str, Any]
    prev_hash: str
    hash: str


class Ledger:
    """An open ledger, for one thread; any number of processes may append to the same file.

    Entries are kept in memory and only what other processes appended since is read again.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._forget()

    def _forget(self) -> None:
        self._entries: list[Entry] = []
        self._offset = 0
        self._indexed = 0
        self._received: dict[str, Received] = {}
        self._judged: dict[str, dict[str, Any]] = {}

    def append(self, event: Event, payload: dict[str, Any]) -> Entry:
        """Write one entry; when this returns, it is on disk."""
        return self.append_all([(event, payload)])[0]

    def append_all(self, events: Iterable[tuple[Event, dict[str, Any]]]) -> list[Entry]:
        """Write several entries with a single wait for the disk."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        recorded_at = now().isoformat(timespec="seconds")
        with self.file.open("ab") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._read_on()
            # Bytes after the last line end were left by a process that died while writing: nobody
            # else writes while we hold the lock, and no caller was told that they are recorded.
            handle.truncate(self._offset)
            entries: list[Entry] = []
            head = self._entries[-1].hash if self._entries else GENESIS
            for event, payload in events:
                seq = len(self._entries) + len(entries) + 1
                entries.append(_entry(seq, event, recorded_at, payload, head))
                head = entries[-1].hash
            lines = "".join(_line(entry) for entry in entries).encode()
            handle.write(lines)
            handle.flush()
            os.fsync(handle.fileno())
            self._entries += entries
            self._offset += len(lines)
        return entries

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first.

        Raises:
            LedgerError: a line is not an entry.
        """
        self._read_on()
        return list(self._entries)

    @property
    def head(self) -> str:
        """The hash of the newest entry: it vouches for everything before it."""
        entries = self.entries()
        return entries[-1].hash if entries else GENESIS

    def received(self) -> dict[str, Received]:
        """Return every submission by its id, oldest first."""
        self._index()
        return dict(self._received)

    def judged(self) -> dict[str, dict[str, Any]]:
        """Return the newest judgement's fields (``judged_payload``) by submission id."""
        self._index()
        return dict(self._judged)

    def _index(self) -> None:
        self._read_on()
        for entry in self._entries[self._indexed :]:
            name = entry.payload["submission_id"]
            if entry.event == "received":
                self._received[name] = Received.from_payload(entry.payload)
            elif entry.event == "judged":
                self._judged[name] = entry.payload
        self._indexed = len(self._entries)

    def verify(self) -> list[str]:
        """Recompute the whole chain from the file; return what is wrong, in Chinese."""
        if not self.file.exists():
            return []
        problems = []
        head, expected_seq = GENESIS, 1
        lines = self.file.read_bytes().split(b"\n")
        if lines[-1]:
            problems.append(f"台账第{len(lines)}行不完整：写入时中断，下次收件时自动清除")
        for number, line in enumerate(lines[:-1], 1):
            try:
                entry = _parse(line)
            except _NOT_AN_ENTRY:
                problems.append(f"台账第{number}行无法读取：不是有效的记录，疑被改动")
                head = ""
                continue
            if entry.hash != _hash(entry):
                problems.append(f"台账第{number}行内容与其校验值不符：该行被改动过")
            if entry.seq != expected_seq:
                problems.append(
                    f"台账第{number}行序号为{entry.seq}，应为{expected_seq}：有记录被删除或插入"
                )
            if head and entry.prev_hash != head:
                problems.append(
                    f"台账第{number}行与上一行不衔接：上一行被改动，或其间有记录被删除、插入"
                )
            head, expected_seq = entry.hash, entry.seq + 1
        return problems

    def _read_on(self) -> None:
        if not self.file.exists():
            self._forget()
            return
        if self.file.stat().st_size < self._offset:
            self._forget()
        with self.file.open("rb") as handle:
            handle.seek(self._offset)
            data = handle.read()
        complete = data[: data.rfind(b"\n") + 1]
        for line in complete.split(b"\n")[:-1]:
            try:
                self._entries.append(_parse(line))
            except _NOT_AN_ENTRY as error:
                number = len(self._entries) + 1
                raise LedgerError(f"{self.file}：第{number}行不是有效的台账记录") from error
        self._offset += len(complete)


def judged_payload(
    judgement: Judgement, fingerprint: str, quarantine_sha256: str | None = None
) -> dict[str, Any]:
    """Return the fields of a ``judged`` entry.

    ``fingerprint`` stands for all that decided the outcome besides the file: contract, code, key.
    """
    rejection = judgement.rejection
    return {
        "submission_id": judgement.submission_id,
        "outcome": judgement.outcome,
        "contract_version": judgement.contract_version,
        "rows_read": judgement.rows_read,
        "rows_accepted": judgement.rows_accepted,
        "rows_quarantined": judgement.rows_quarantined,
        "cells_repaired": judgement.cells_repaired,
        "is_control_total_matched": judgement.is_control_total_matched,
        "rejection_rule": rejection.rule if rejection else None,
        "rejection_reason_zh": rejection.reason_zh if rejection else None,
        "fingerprint": fingerprint,
        "accepted_sha256": judgement.accepted_sha256,
        "quarantine_sha256": quarantine_sha256,
    }


def now() -> datetime:
    """Return the wall time in Shanghai, naive, as ledger and lake keep it."""
    return datetime.now(SHANGHAI).replace(tzinfo=None)


def _entry(seq: int, event: Event, recorded_at: str, payload: dict[str, Any], head: str) -> Entry:
    if clash := payload.keys() & set(_FRAME):
        raise ValueError(f"reserved fields in a payload: {sorted(clash)}")
    unsealed = Entry(seq, event, recorded_at, payload, head, "")
    return Entry(seq, event, recorded_at, payload, head, _hash(unsealed))


def _fields(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "event": entry.event,
        "recorded_at": entry.recorded_at,
        **entry.payload,
        "prev_hash": entry.prev_hash,
    }


def _hash(entry: Entry) -> str:
    canonical = json.dumps(
        _fields(entry), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _line(entry: Entry) -> str:
    # ASCII only: a file name may hold bytes that are no valid text, and U+2028 is no line end here.
    return json.dumps({**_fields(entry), "hash": entry.hash}) + "\n"


def _parse(line: bytes) -> Entry:
    fields = json.loads(line)
    frame = {name: fields.pop(name) for name in _FRAME}
    return Entry(payload=fields, **frame)
