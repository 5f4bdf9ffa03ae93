"""Workbooks (xlsx, xls, xlsb, ods) through calamine, and formulas whose result was never stored."""

import re
import zipfile
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

from orchestration.ingestion.tables import MergedRange, RawTable, UnreadableFile

_MOST_CELLS = 60_000_000
"""Calamine keeps a sheet as one dense block: a stray cell in the last corner would fill memory."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
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
        raise UnreadableFile(
            "file.damaged",
            "文件不是可读取的电子表格，或已损坏。",
            "请在 Excel/WPS 中打开原表，另存为“Excel 工作簿（*.xlsx）”后重新报送。",
        ) from error


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
    with zipfile.ZipFile(file) as archive:
        for sheet, part in _sheet_parts(archive).items():
            with archive.open(part) as handle:
                corner = _DIMENSION.search(handle.read(4096))
            if corner and int(corner[2]) * (_column_index(corner[1]) + 1) > _MOST_CELLS:
                raise UnreadableFile(
                    "file.huge_sheet",
                    f"工作表“{sheet}”的使用范围异常大，末尾可能有误填的单元格或格式。",
                    "请删除表格下方和右侧的全部空白行、空白列，保存后重新报送。",
                )


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
