"""A small writer of .xlsx workbooks: fast, streaming, and the same bytes for the same cells.

xlsxwriter would take most of the simulation's time; a department's plain table needs no more than
text, numbers, dates and merged cells. Text is stored inline, dates as serial numbers with a date
format, and every time stamp in the container is the one that is passed in.
"""

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | date | datetime | None
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; counted from 0."""

_EPOCH = date(1899, 12, 30)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="3">'
    '<xf numFmtId="0" xfId="0"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


@dataclass
class Sheet:
    """One sheet: rows are consumed once, top to bottom; ``merges`` may grow until then."""

    name: str
    rows: Iterable[Sequence[Cell]]
    merges: list[Merge] = field(default_factory=list)
    is_hidden: bool = False


def write_workbook(file: Path, sheets: Sequence[Sheet], created: datetime) -> None:
    """Write the sheets to ``file``."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _frame(sheets, created).items():
            archive.writestr(_entry(name, created), text)
        for number, sheet in enumerate(sheets, start=1):
            entry = _entry(f"xl/worksheets/sheet{number}.xml", created)
            with archive.open(entry, "w", force_zip64=True) as stream:
                for block in _sheet_xml(sheet):
                    stream.write(block.encode())


def column_letters(index: int) -> str:
    """Return the letters of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _entry(name: str, created: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, created.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _sheet_xml(sheet: Sheet) -> Iterable[str]:
    yield f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'
    letters: list[str] = []
    block: list[str] = []
    for number, row in enumerate(sheet.rows, start=1):
        while len(letters) < len(row):
            letters.append(column_letters(len(letters)))
        block.append(f'<row r="{number}">')
        for letter, cell in zip(letters, row, strict=False):
            if cell is None:
                continue
            if isinstance(cell, str):
                text = escape(cell) if "&" in cell or "<" in cell else cell
                space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
                block.append(
                    f'<c r="{letter}{number}" t="inlineStr"><is><t{space}>{text}</t></is></c>'
                )
            elif isinstance(cell, int | float):
                block.append(f'<c r="{letter}{number}"><v>{cell!r}</v></c>')
            elif isinstance(cell, datetime):
                seconds = cell.hour * 3600 + cell.minute * 60 + cell.second
                serial = (cell.date() - _EPOCH).days + seconds / 86400
                block.append(f'<c r="{letter}{number}" s="2"><v>{serial!r}</v></c>')
            else:
                days = (cell - _EPOCH).days
                block.append(f'<c r="{letter}{number}" s="1"><v>{days}</v></c>')
        block.append("</row>")
        if number % 2000 == 0:
            yield "".join(block)
            block.clear()
    yield "".join(block)
    yield "</sheetData>"
    if sheet.merges:
        yield f'<mergeCells count="{len(sheet.merges)}">'
        for top, left, bottom, right in sheet.merges:
            first = f"{column_letters(left)}{top + 1}"
            yield f'<mergeCell ref="{first}:{column_letters(right)}{bottom + 1}"/>'
        yield "</mergeCells>"
    yield "</worksheet>"


def _frame(sheets: Sequence[Sheet], created: datetime) -> dict[str, str]:
    """Return the parts of the container around the sheets."""
    numbers = range(1, len(sheets) + 1)
    stamp = f"{created:%Y-%m-%dT%H:%M:%SZ}"
    listed = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{n}"'
        f'{" state=" + chr(34) + "hidden" + chr(34) if sheet.is_hidden else ""} r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
            f"{parts}</Types>"
        ),
        "_rels/.rels": (
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>'
            f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'
        ),
        "docProps/core.xml": (
            f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
            "</cp:coreProperties>"
        ),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{related}'
            f'<Relationship Id="rId{len(sheets) + 1}" Type="{_REL}/styles" Target="styles.xml"/>'
            "</Relationships>"
        ),
        "xl/styles.xml": _STYLES,
    }
