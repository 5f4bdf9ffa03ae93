"""Reading a submission's file into raw tables, whatever its name pretends it to be.

The bytes decide, not the suffix: what departments call ``.xls`` is a workbook, a web page or
tab-separated text. Cells come out as stored; what they mean is decided by the contract, later.
Files that hold no readable table (locked, scanned, word processor) are refused with a remedy.
"""

import lzma
import zipfile
import zlib
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

from orchestration.ingestion.identity_numbers import mask_title
from orchestration.ingestion.markup import read_markup
from orchestration.ingestion.plain_text import read_text
from orchestration.ingestion.tables import RawTable, UnreadableFile
from orchestration.ingestion.workbooks import read_workbook

__all__ = ["RawTable", "UnreadableFile", "read_tables"]

_ASK_XLSX = "请在电脑上打开原表，另存为“Excel 工作簿（*.xlsx）”后重新报送。"
_DAMAGES = (
    *(OSError, ValueError, KeyError, RuntimeError, EOFError, MemoryError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, etree.LxmlError, pa.ArrowException),
)
"""What the libraries below raise about bytes that are not what they should be."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def read_tables(file: Path, name: str, max_rows: int | None = None) -> list[RawTable]:
    """Return every table of a file, hidden sheets marked, cells as stored.

    Args:
        file: where the bytes lie; in the landing archive its name says nothing.
        name: the name under which it was sent; names the single table of a text file.
        max_rows: read no more rows per sheet (for recognising a file by its title).

    Raises:
        UnreadableFile: locked, scanned, a text document, an archive, empty or damaged.
    """
    with file.open("rb") as handle:
        head = handle.read(4096)
    if not head.strip(b"\0 \r\n\t"):
        raise UnreadableFile("file.empty", "文件是空的，没有任何内容。", "请核对后重新导出并报送。")
    _refuse_documents(head)
    try:
        if head.startswith(b"PAR1"):
            tables = [_read_parquet(file, Path(name).stem)]
        elif head.startswith(_OLE):
            _refuse_ole_documents(file)
            tables = read_workbook(file, max_rows)
        elif head.startswith(b"PK\x03\x04"):
            _refuse_zip_documents(file)
            tables = read_workbook(file, max_rows)
        else:
            text = read_text(file, name)
            tables = read_markup(text.content, Path(name).stem) or text.tables()
    except UnreadableFile:
        raise
    except _DAMAGES as error:
        raise UnreadableFile(
            "file.damaged", f"文件已损坏，无法打开（{type(error).__name__}）。", _ASK_XLSX
        ) from error
    tables = _without_numbers_in_names(tables)
    if max_rows is not None:
        tables = [replace(table, rows=table.rows[:max_rows]) for table in tables]
    return tables


def _without_numbers_in_names(tables: list[RawTable]) -> list[RawTable]:
    """Hide identity numbers in the names of sheets; the names still tell the sheets apart."""
    names = {table.sheet for table in tables}
    result = []
    for table in tables:
        masked = name = mask_title(table.sheet)
        if name == table.sheet:
            result.append(table)
            continue
        number = 1
        while name in names:
            number += 1
            name = f"{masked}({number})"
        names.add(name)
        result.append(replace(table, sheet=name, stored_name=table.sheet))
    return result


def _refuse_documents(head: bytes) -> None:
    if head.startswith(b"%PDF"):
        raise UnreadableFile("file.pdf", "报送的是 PDF 文件，不是电子表格。", _ASK_XLSX)
    if head.startswith(_PICTURES) or head[4:12] in (b"ftypheic", b"ftypmif1"):
        raise UnreadableFile(
            "file.picture",
            "报送的是图片或扫描件，系统不识别图片中的数字。",
            "请报送原始电子表格（*.xlsx），不要拍照或扫描。",
        )
    if head.startswith(b"{\\rtf"):
        raise UnreadableFile("file.word", "报送的是文字文档，不是电子表格。", _ASK_XLSX)
    if head.startswith(_ARCHIVES):
        raise UnreadableFile(
            "file.archive", "报送的是压缩包（RAR、7z 等）。", "请解压后直接报送其中的电子表格。"
        )


def _refuse_ole_documents(file: Path) -> None:
    content = file.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile(
            "file.password",
            "文件设置了打开密码，系统无法读取。",
            "请在 Excel/WPS 中取消打开密码（文件→信息→保护工作簿），保存后重新报送。",
        )
    if "WordDocument".encode("utf-16-le") in content:
        raise UnreadableFile("file.word", "报送的是 Word 文档，不是电子表格。", _ASK_XLSX)


def _refuse_zip_documents(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        members = archive.namelist()
    if any(member.startswith(("word/", "ppt/")) for member in members):
        raise UnreadableFile("file.word", "报送的是 Word 或演示文档，不是电子表格。", _ASK_XLSX)
    if not any(member.startswith("xl/") or member == "content.xml" for member in members):
        raise UnreadableFile(
            "file.archive", "报送的是压缩包，不是电子表格。", "请解压后直接报送其中的电子表格。"
        )


def _read_parquet(file: Path, sheet: str) -> RawTable:
    table = pq.read_table(file)
    columns = [[_plain(value) for value in column.to_pylist()] for column in table.columns]
    header: list[object] = list(table.column_names)
    return RawTable(sheet, [header, *(list(row) for row in zip(*columns, strict=True))])


def _plain(value: object) -> object:
    known = (str, int, float, bool, Decimal, date, datetime, time)
    return value if value is None or isinstance(value, known) else str(value)
