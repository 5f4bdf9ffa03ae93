"""Web pages that systems export under the name ``.xls``: every <table> is a sheet."""

import re

from lxml import etree, html

from orchestration.ingestion.tables import MergedRange, RawTable

_IS_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype|html|table|head|meta|body|style|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_WIDEST_SPAN = 1000


def read_markup(text: str, sheet: str) -> list[RawTable]:
    """Return the tables of a web page that have rows; nothing if the text is no web page."""
    if not _IS_MARKUP.match(text[:4096]):
        return []
    # The declared encoding is often wrong; the text is already decoded, so it must not be read.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True)
    body = re.sub(r"^\s*<\?xml[^>]*>", "", text).encode("utf-8", "surrogatepass")
    try:
        root = html.document_fromstring(body, parser=parser)
    except etree.ParserError:
        return []
    tables = [table for table in root.iter("table") if next(table.iter("tr"), None) is not None]
    outer = [table for table in tables if not any(True for _ in table.iterancestors("table"))]
    names = [sheet] if len(outer) == 1 else [f"{sheet}-{i + 1}" for i in range(len(outer))]
    return [_table(table, name) for table, name in zip(outer, names, strict=True)]


def _table(element: html.HtmlElement, sheet: str) -> RawTable:
    rows: list[list[object]] = []
    merged: list[MergedRange] = []
    covered: set[tuple[int, int]] = set()
    for index, line in enumerate(element.iter("tr")):
        row: list[object] = []
        for cell in line.iterchildren("td", "th"):
            while (index, len(row)) in covered:
                row.append("")
            column = len(row)
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            row.append(re.sub(r"\s+", " ", cell.text_content()).strip())
            row.extend("" for _ in range(width - 1))
            if height > 1 or width > 1:
                merged.append(MergedRange(index, column, index + height - 1, column + width - 1))
                covered.update(
                    (index + down, column + right)
                    for down in range(1, height)
                    for right in range(width)
                )
        rows.append(row)
    return RawTable(sheet, rows, merged=tuple(merged))


def _span(cell: html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(int(value), _WIDEST_SPAN) if value.isdecimal() and int(value) else 1
