"""Workbooks (xlsx, xls, xlsb, ods) through calamine, and formulas whose result was never stored."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from lxml import etree
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from orchestration.ingestion.identity_numbers import mask_title
from orchestration.ingestion.tables import MergedRange, RawTable, UnreadableFile

_MOST_CELLS = 60_000_000
"""Calamine keeps a sheet as one dense block: a stray cell in the last corner would fill memory."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(rb'<row [^>]*?\br="(\d{5,})"')
_FAR_RIGHT = re.compile(rb' r="([A-Z]{3,})(\d+)"')
_FAR_DOWN = re.compile(rb' r="([A-Z]+)(\d{7,})"')
_TWO_LETTERS = re.compile(rb' r="([A-Z]{2})\d')
_CHUNK, _LONGEST_TAG = 4 * 1024**2, 512
_PROBE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
from python_calamine import CalamineWorkbook
workbook = CalamineWorkbook.from_path(sys.argv[1])
for name in workbook.sheet_names:
    workbook.get_sheet_by_name(name)
"""
_PROBE_BYTES = 3 * 1024**3
_CELL_IN_DOUBT = re.compile(
    # A formula that yielded an empty text is t="str": calculated, and rightly empty.
    rb'<c (?=[^>]*?r="([A-Z]+)(\d+)")(?![^>]*t="str")[^>]*>\s*'
    rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
    rb'|<c (?=[^>]*?r="([A-Z]+)(\d+)")[^>]*t="e"[^>]*>'
)

Defect = Literal["uncalculated", "error"]
"""Why a cell that reads as empty is not: its formula was never calculated, or it failed."""


def read_workbook(file: Path, max_rows: int | None = None) -> list[RawTable]:
    """Return the worksheets of a workbook in their order, hidden ones marked.

    Raises:
        UnreadableFile: a password stands before it, it is damaged, or a sheet is absurdly large.
    """
    if zipfile.is_zipfile(file):
        _refuse_huge_sheets(file)
    else:
        _refuse_what_kills(file)
    try:
        with CalamineWorkbook.from_path(str(file)) as workbook:
            tables = []
            for meta in workbook.sheets_metadata:
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(meta.name)
                tables.append(
                    RawTable(
                        sheet=meta.name,
                        rows=sheet.to_python(skip_empty_area=False, nrows=max_rows),
                        is_hidden=meta.visible != SheetVisibleEnum.Visible,
                        merged=tuple(
                            MergedRange(*first, *last)
                            for first, last in sheet.merged_cell_ranges or ()
                        ),
                    )
                )
            return tables
    except PasswordError as error:
        raise UnreadableFile(
            "file.password",
            "文件设置了打开密码，系统无法读取。",
            "请在 Excel/WPS 中取消打开密码（文件→信息→保护工作簿），保存后重新报送。",
        ) from error
    except CalamineError as error:
        raise _damaged() from error
    except BaseException as error:
        # What the reader's own language calls a panic is no ordinary exception in Python.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged() from error


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        "file.damaged",
        "文件不是可读取的电子表格，或已损坏。",
        "请在 Excel/WPS 中打开原表，另存为“Excel 工作簿（*.xlsx）”后重新报送。",
    )


def defective_cells(file: Path, sheet: str) -> dict[tuple[int, int], Defect]:
    """Return the cells (row, column from 0) of an xlsx sheet that read as empty but are not.

    Calamine gives an empty text both for a formula whose result was never stored and for an error
    value such as #REF!. Formulas are never evaluated here.
    """
    if not zipfile.is_zipfile(file):
        return {}
    with zipfile.ZipFile(file) as archive:
        part = _sheet_parts(archive).get(sheet)
        if part is None:
            return {}
        content = archive.read(part)
    if b"<f" not in content and b't="e"' not in content:
        return {}
    defects: dict[tuple[int, int], Defect] = {}
    for column, row, error_column, error_row in _CELL_IN_DOUBT.findall(content):
        if row:
            defects[int(row) - 1, _column_index(column)] = "uncalculated"
        else:
            defects[int(error_row) - 1, _column_index(error_column)] = "error"
    return defects


def _refuse_huge_sheets(file: Path) -> None:
    """Refuse what would not fit into memory; the size that a sheet states may be missing or old."""
    with zipfile.ZipFile(file) as archive:
        for sheet, part in _sheet_parts(archive).items():
            cells = _most_cells(archive, part)
            if cells > _MOST_CELLS:
                raise UnreadableFile(
                    "file.huge_sheet",
                    f"工作表“{mask_title(sheet)}”的使用范围异常大，末尾可能有误填的单元格或格式。",
                    "请删除表格下方和右侧的全部空白行、空白列，保存后重新报送。",
                )


def _most_cells(archive: zipfile.ZipFile, part: str) -> int:
    """Return how many cells a dense block around a sheet's cells has at most.

    Only rows and cells far out are looked at: a scan of every cell would cost as much as reading.
    """
    rows, columns = 9_999, 0
    for text in _pieces(archive, part):
        rows = max(rows, *map(int, _ROW.findall(text)), 0)
        for letters, row in (*_FAR_RIGHT.findall(text), *_FAR_DOWN.findall(text)):
            rows, columns = max(rows, int(row)), max(columns, _column_index(letters) + 1)
    if not columns and rows * _column_index(b"ZZ") > _MOST_CELLS:
        found = {item for text in _pieces(archive, part) for item in _TWO_LETTERS.findall(text)}
        columns = max(map(_column_index, found), default=25) + 1
    return rows * columns


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    tail = b""
    with archive.open(part) as handle:
        while chunk := handle.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_LONGEST_TAG:]


def _refuse_what_kills(file: Path) -> None:
    """Refuse an old workbook whose damage ends the process that reads it.

    A flipped bit in a cell's place asks for a block of many gigabytes, and the reader aborts
    instead of raising. Old workbooks are few: each is read once by a process that may end.
    """
    probe = [sys.executable, "-I", "-c", _PROBE, str(file), str(_PROBE_BYTES)]
    # The file is an argument of our own program; nothing in it is run.
    if subprocess.run(probe, capture_output=True, check=False).returncode < 0:  # noqa: S603
        raise _damaged()


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    targets = {
        item.get("Id"): item.get("Target", "")
        for item in _parse(archive, "xl/_rels/workbook.xml.rels")
    }
    parts = {}
    for item in _parse(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = targets.get(item.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            parts[item.get("name", "")] = part
    return parts


def _parse(archive: zipfile.ZipFile, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(archive.read(part), parser)


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
