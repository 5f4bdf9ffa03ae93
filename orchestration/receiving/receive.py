"""The inbox: take every file in, keep it byte for byte, write it into the ledger, answer.

The order of steps makes a kill at any point harmless: archive, then ledger, then answer, and only
then remove the file from the inbox. What is still in the inbox is simply taken in again, and a file
whose name, time and content are in the ledger already is not recorded twice. Files go through these
steps a few at a time, because the longest of them is to wait for the disk.
"""

import fcntl
import logging
import os
import stat
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.calendar import Quarter
from orchestration.contracts import Contract
from orchestration.ingestion.identity_numbers import mask_long_numbers, mask_title
from orchestration.ingestion.readers import UnreadableFile, read_tables
from orchestration.receiving.landing import (
    Copy,
    flush,
    is_leftover,
    readable_name,
    sweep,
    zip_members,
)
from orchestration.receiving.ledger import SHANGHAI, Event, Ledger, now
from orchestration.receiving.receipts import (
    write_duplicate_receipt,
    write_left_in_inbox,
    write_unrecognised_receipt,
)
from orchestration.receiving.recognition import TITLE_ROWS, NotRecognisedError, Recogniser, Table
from orchestration.receiving.senders import load_senders
from orchestration.receiving.submission import (
    Duplicate,
    Received,
    Unrecognised,
    deadline,
    submission_id,
)
from orchestration.settings import Settings

Taken = Received | Duplicate | Unrecognised
"""What became of one file."""

_TAKEN_TOGETHER = 16

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Arrival:
    """A file that lies in the archive but may not be in the ledger yet.

    It is recognised by the names under which it came; what is recorded of them hides the identity
    numbers that some names hold.
    """

    kept: Path
    sent_name: str
    sent_folders: tuple[str, ...]
    sha256: str
    size: int
    modified: int
    archive_name: str | None = None
    archive_sha256: str | None = None
    refusal: NotRecognisedError | None = None

    @property
    def file_name(self) -> str:
        return mask_title(self.sent_name)

    @property
    def identity(self) -> tuple[Any, ...]:
        return self.file_name, self.modified, self.sha256, self.archive_sha256

    @property
    def received_at(self) -> datetime:
        """When the drop was complete: the file's own time, but never in the future."""
        dropped = datetime.fromtimestamp(self.modified, SHANGHAI).replace(tzinfo=None)
        return min(dropped, now().replace(microsecond=0))

    def payload(self) -> dict[str, Any]:
        return {
            "file_name": self.file_name,
            "folders": list(map(mask_title, self.sent_folders)),
            "file_sha256": self.sha256,
            "size": self.size,
            "modified": self.modified,
            "archive_name": self.archive_name,
            "archive_sha256": self.archive_sha256,
            "received_at": self.received_at.isoformat(),
        }


def receive_inbox(
    settings: Settings,
    contracts: Mapping[str, Contract],
    on_done: Callable[[Path], None] | None = None,
) -> list[Taken]:
    """Take in everything that lies in the inbox, oldest first; return what became of each file.

    Only one process receives at a time; a second one waits. ``on_done`` hears of every inbox file.
    """
    taken: list[Taken] = []
    with _alone(settings):
        sweep(settings)
        desk = _Desk(settings, contracts)
        files = inbox_files(settings)
        for first in range(0, len(files), _TAKEN_TOGETHER):
            batch = files[first : first + _TAKEN_TOGETHER]
            taken += desk.take_in(batch)
            if on_done:
                for file in batch:
                    on_done(file)
        write_left_in_inbox(settings, {**_not_files(settings), **desk.left})
    return taken


def inbox_files(settings: Settings) -> list[Path]:
    """Return the files that wait in the inbox, oldest first; unfinished transfers are left out."""
    waiting = []
    for folder, folders, names in os.walk(settings.inbox):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(folder, name)
            try:
                state = file.lstat()
            except OSError:  # Taken back by its sender in this very moment, or out of reach.
                continue
            if stat.S_ISREG(state.st_mode) and not is_leftover(name):
                waiting.append((state.st_mtime_ns, name, file))
    return [file for _, _, file in sorted(waiting)]


def _not_files(settings: Settings) -> dict[str, str]:
    """Return what lies in the inbox and can never be taken in as it is, with the reason."""
    found: dict[str, str] = {}

    def out_of_reach(error: OSError) -> None:
        found[_place(settings, Path(error.filename))] = "系统没有打开该文件夹的权限"

    for folder, folders, names in os.walk(settings.inbox, onerror=out_of_reach):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*folders, *names):
            file = Path(folder, name)
            if is_leftover(name):
                continue
            if file.is_symlink():
                found[_place(settings, file)] = "是指向别处的链接（快捷方式），不是文件本身"
            elif file.exists() and not file.is_file() and not file.is_dir():
                found[_place(settings, file)] = "不是普通文件"
    return found


def _place(settings: Settings, file: Path) -> str:
    return mask_title("/".join(map(readable_name, file.relative_to(settings.inbox).parts)))


class _Desk:
    """Takes files in one after the other, with the ledger's contents at hand."""

    def __init__(self, settings: Settings, contracts: Mapping[str, Contract]) -> None:
        self._settings = settings
        self._contracts = contracts
        self.left: dict[str, str] = {}
        self._kept: list[Path] = []
        self._ledger = Ledger(settings.ledger_file)
        self._recogniser = Recogniser(contracts, load_senders(settings.seeds))
        self._recorded: dict[tuple[Any, ...], Taken] = {}
        self._received: dict[str, Received] = {}
        self._versions: defaultdict[tuple[str, str, Quarter], list[Received]] = defaultdict(list)
        self._repeats: Counter[str] = Counter()
        for entry in self._ledger.entries():
            if entry.event != "judged":
                self._remember(entry.event, entry.payload)

    def take_in(self, files: Sequence[Path]) -> list[Taken]:
        """Record some inbox files and remove them; a zip yields one result per member.

        A file that cannot be opened or removed stays, is noted in ``left``, and stops no other.
        """
        archived = {file: arrivals for file in files if (arrivals := self._archive(file))}
        flush(self._kept)
        self._kept.clear()
        taken = self._record([arrival for arrivals in archived.values() for arrival in arrivals])
        for file in archived:
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                self._leave(file, "文件已收下并答复，但系统没有权限把它从收件箱移走", error)
        return taken

    def _archive(self, file: Path) -> list[_Arrival]:
        """Copy one inbox file into the archive and unpack it; nothing if it must wait."""
        try:
            source = file.open("rb")
        except FileNotFoundError:  # Its sender took it back.
            return []
        except OSError as error:
            self._leave(file, "系统没有读取该文件的权限，或文件所在的磁盘有故障", error)
            return []
        with source:
            before = os.fstat(source.fileno())
            copy = Copy(self._settings, source)
            after = os.fstat(source.fileno())
        if (after.st_mtime_ns, after.st_size) != (before.st_mtime_ns, before.st_size):
            copy.discard()  # Somebody is still writing it: the next round takes it in.
            return []
        arrival = _Arrival(
            kept=self._keep(copy, file.suffix),
            sent_name=readable_name(file.name),
            sent_folders=tuple(
                map(readable_name, file.relative_to(self._settings.inbox).parts[:-1])
            ),
            sha256=copy.sha256,
            size=copy.size,
            modified=int(before.st_mtime),
        )
        return self._unpack(arrival) if file.suffix.lower() == ".zip" else [arrival]

    def _keep(self, copy: Copy, suffix: str) -> Path:
        kept = copy.keep(suffix)
        self._kept.append(kept)
        return kept

    def _leave(self, file: Path, reason_zh: str, error: OSError) -> None:
        place = _place(self._settings, file)
        self.left[place] = reason_zh
        logger.warning("left in the inbox: %s (%s)", place, error.strerror)

    def _unpack(self, arrival: _Arrival) -> list[_Arrival]:
        members = []
        try:
            for folders, name, content in zip_members(arrival.kept):
                copy = Copy(self._settings, content)
                members.append(
                    _Arrival(
                        kept=self._keep(copy, Path(name).suffix),
                        sent_name=name,
                        sent_folders=(
                            *arrival.sent_folders,
                            Path(arrival.sent_name).stem,
                            *folders,
                        ),
                        sha256=copy.sha256,
                        size=copy.size,
                        modified=arrival.modified,
                        archive_name=arrival.file_name,
                        archive_sha256=arrival.sha256,
                    )
                )
        except NotRecognisedError as error:
            return [replace(arrival, refusal=error)]
        return members

    def _record(self, arrivals: Iterable[_Arrival]) -> list[Taken]:
        """Write files into the ledger and answer them; return what was not in the ledger yet."""
        taken: list[Taken] = []
        known: list[Taken] = []
        events: list[tuple[Event, dict[str, Any]]] = []
        for arrival in arrivals:
            if arrival.identity in self._recorded:
                known.append(self._recorded[arrival.identity])
                continue
            event, fields = self._decide(arrival)
            events.append((event, {**fields, **arrival.payload()}))
            taken.append(self._remember(*events[-1]))
        if events:
            self._ledger.append_all(events)
        # Also for what is known: a kill may have come between the ledger and the answer.
        for item in (*known, *taken):
            self._answer(item)
        return taken

    def _answer(self, taken: Taken) -> None:
        """Write the receipt of a file that goes no further; others are answered once judged."""
        match taken:
            case Duplicate():
                newest = self._versions[taken.original.series][-1]
                contract = self._contracts[taken.original.dataset]
                write_duplicate_receipt(self._settings, taken, newest, contract)
            case Unrecognised():
                write_unrecognised_receipt(self._settings, taken)

    def _decide(self, arrival: _Arrival) -> tuple[Event, dict[str, Any]]:
        try:
            if arrival.refusal:
                raise arrival.refusal
            found = self._recogniser.recognise(
                arrival.sent_name,
                arrival.received_at.date(),
                arrival.sent_folders,
                lambda: _read_titles(arrival),
            )
        except NotRecognisedError as error:
            number = self._repeats[arrival.sha256] + 1
            return "unrecognised", {
                "submission_id": f"unrecognised__{arrival.sha256[:12]}__{number}",
                "rule": error.rule,
                "reason_zh": mask_long_numbers(error.reason_zh),
                "remedy_zh": error.remedy_zh,
            }
        dataset, sender, quarter = found.contract.dataset, found.sender, found.quarter
        versions = self._versions[dataset, sender, quarter]
        for earlier in versions:
            if earlier.file_sha256 == arrival.sha256:
                number = self._repeats[earlier.submission_id] + 1
                return "duplicate", {
                    "submission_id": f"{earlier.submission_id}__duplicate{number}",
                    "duplicate_of": earlier.submission_id,
                }
        version = len(versions) + 1
        return "received", {
            "submission_id": submission_id(dataset, sender, quarter, version),
            "dataset": dataset,
            "sender": sender,
            "quarter": quarter.key,
            "version": version,
            "is_on_time": arrival.received_at.date() <= deadline(quarter, found.contract),
        }

    def _remember(self, event: Event, payload: dict[str, Any]) -> Taken:
        taken: Taken
        match event:
            case "received":
                taken = Received.from_payload(payload)
                self._received[taken.submission_id] = taken
                self._versions[taken.series].append(taken)
            case "duplicate":
                taken = Duplicate.from_payload(payload, self._received[payload["duplicate_of"]])
                self._repeats[payload["duplicate_of"]] += 1
            case _:
                taken = Unrecognised.from_payload(payload)
                self._repeats[taken.file_sha256] += 1
        identity = (
            taken.file_name,
            payload["modified"],
            taken.file_sha256,
            payload["archive_sha256"],
        )
        self._recorded[identity] = taken
        return taken


def _read_titles(arrival: _Arrival) -> Sequence[Table]:
    try:
        return read_tables(arrival.kept, arrival.file_name, max_rows=TITLE_ROWS)
    except UnreadableFile as error:
        raise NotRecognisedError(error.rule, error.reason_zh, error.remedy_zh) from error
    except Exception as error:
        # One file must not stop the others. The error's own words may quote the file: left out.
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("reading %s failed: %s\n%s", arrival.sha256, type(error).__name__, frames)
        raise NotRecognisedError(
            "file.failed",
            f"打开该文件时发生意外（{type(error).__name__}），看不到表内标题",
        ) from error


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    settings.ledger_file.parent.mkdir(parents=True, exist_ok=True)
    with (settings.ledger_file.parent / ".receiving.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
