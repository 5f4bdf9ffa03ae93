"""The archive: every file as it came, named by its content, read-only, never edited.

Also the way into zip archives, whose member names are often GBK without saying so.
"""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from orchestration.receiving.recognition import NotRecognisedError
from orchestration.receiving.submission import landing_file
from orchestration.settings import Settings

_CHUNK = 1024**2
_WAITING_TOGETHER = 16
_MOST_MEMBERS = 500
_MOST_BYTES = 4 * 1024**3
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_UNFINISHED = (".tmp", ".part", ".crdownload")
_LEFTOVERS = ("thumbs.db", "desktop.ini")


class Copy:
    """A copy of some bytes inside the archive, not yet under its final name."""

    def __init__(self, settings: Settings, source: IO[bytes]) -> None:
        settings.landing.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        self.size = 0
        with tempfile.NamedTemporaryFile(dir=settings.landing, prefix=".", delete=False) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                self.size += target.write(chunk)
        self.sha256 = digest.hexdigest()
        self._settings = settings
        self._file = Path(target.name)

    def keep(self, suffix: str) -> Path:
        """Give the copy its final name; content that is there already stays untouched.

        It is on disk for good once ``flush`` has returned.
        """
        kept = landing_file(self._settings, self.sha256, suffix)
        # A machine that lost its power may have left the name without all of the content.
        if kept.exists() and kept.stat().st_size == self.size:
            self.discard()
            return kept
        kept.parent.mkdir(parents=True, exist_ok=True)
        self._file.chmod(0o444)
        self._file.replace(kept)
        return kept

    def discard(self) -> None:
        """Remove the copy."""
        self._file.unlink()


def flush(files: Iterable[Path]) -> None:
    """Wait until archived files and their names are on disk; many wait hardly longer than one."""
    paths = {path for file in files for path in (file, file.parent)}
    with ThreadPoolExecutor(_WAITING_TOGETHER) as waiting:
        list(waiting.map(_flush, paths))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(settings: Settings) -> None:
    """Remove unfinished copies that a killed process left; only the one receiver may call it."""
    for file in settings.landing.glob(".*"):
        file.unlink()


def zip_members(file: Path) -> Iterator[tuple[list[str], str, IO[bytes]]]:
    """Yield folders, name and content of every file in a zip, after checking that all can be read.

    Raises:
        NotRecognisedError: damaged, locked, empty, or far too large when unpacked.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = [
                member
                for member in archive.infolist()
                if not member.is_dir()
                and not member.filename.startswith("__MACOSX/")
                and not is_leftover(PurePosixPath(member.filename).name)
            ]
            _check(archive, members)
            for member in members:
                *folders, name = PureWindowsPath(_member_name(member)).parts or ("无名文件",)
                with archive.open(member) as content:
                    yield folders, name, content
    except NotRecognisedError:
        raise
    except Exception as error:
        # zipfile lets through whatever its decompressors raise about damaged bytes.
        raise NotRecognisedError(
            "archive.damaged", "压缩包已损坏，无法打开", "请重新压缩为 zip，或直接报送电子表格"
        ) from error


def is_leftover(name: str) -> bool:
    """Whether a file of that name is no submission: a transfer under way, what a system leaves."""
    lower = name.lower()
    return lower.startswith((".", "~$")) or lower.endswith(_UNFINISHED) or lower in _LEFTOVERS


def readable_name(name: str) -> str:
    """Return a file name as people read it: what is not UTF-8 came from a GBK system."""
    raw = name.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _check(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    if not members:
        raise NotRecognisedError("archive.empty", "压缩包里没有文件", "请核对后重新压缩并报送")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise NotRecognisedError(
            "archive.locked", "压缩包设有密码，无法打开", "请去掉密码后重报，密码不要写在文件名里"
        )
    if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > _MOST_BYTES:
        raise NotRecognisedError(
            "archive.too_large",
            f"压缩包过大：文件超过{_MOST_MEMBERS}个，或解压后超过{_MOST_BYTES // 1024**3}GB",
            "请拆成几个压缩包分别报送",
        )
    if (damaged := archive.testzip()) is not None:
        raise zipfile.BadZipFile(damaged)


def _member_name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:  # The name came from an extra field that says it in Unicode.
        return member.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
