"""Text files: which encoding and which separator; both are decided by content, never by name."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.ingestion.tables import RawTable, UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]")
_SEPARATORS = ("\t", ",", ";")
_ASK_CSV = "请另存为“Excel 工作簿（*.xlsx）”或“CSV UTF-8”后重新报送。"


@dataclass(frozen=True)
class Text:
    """A decoded text file."""

    name: str
    content: str

    def tables(self) -> list[RawTable]:
        """Return the text's single table, split at the separator that occurs most in its lines."""
        lines = self.content.splitlines()[:200]
        separator = max(_SEPARATORS, key=lambda mark: sum(line.count(mark) for line in lines))
        reader = csv.reader(io.StringIO(self.content, newline=""), delimiter=separator)
        try:
            rows: list[list[object]] = [list(row) for row in reader]
        except csv.Error as error:
            raise UnreadableFile(
                "file.damaged", f"文本文件无法按表格解析（{error}）。", _ASK_CSV
            ) from error
        if '"' in self.content:
            _refuse_swallowed_rows(rows, separator)
        return [RawTable(self.name, rows, is_delimited=True)]


def _refuse_swallowed_rows(rows: Sequence[Sequence[object]], separator: str) -> None:
    """Refuse a text in which a lone quotation mark made a cell of the rows behind it.

    Such rows would be missing without a trace: a cell of several lines may hold some separators,
    but not half as many as a row.
    """
    width = max((len(row) for row in rows[:200]), default=0)
    for number, row in enumerate(rows, 1):
        for cell in row:
            text = str(cell)
            if re.search(r"[\r\n]", text) and text.count(separator) >= max(2, (width - 1) // 2):
                raise UnreadableFile(
                    "file.quotes",
                    f"第{number}行有不成对的双引号，其后的行被并进了同一个单元格，无法确定从哪里断开。",
                    f"请删去第{number}行里多余的双引号，或{_ASK_CSV.removeprefix('请')}",
                )


def read_text(file: Path, name: str) -> Text:
    """Decode a text file: by its mark, else UTF-8, else UTF-16 without mark, else GB18030.

    Raises:
        UnreadableFile: the bytes are text in none of these.
    """
    content = file.read_bytes()
    for body, encoding in _candidates(content):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return Text(Path(name).stem, text)
    raise UnreadableFile(
        "file.encoding",
        "不是电子表格，也不是可识别编码的文本（UTF-8、GB18030、UTF-16）。",
        _ASK_CSV,
    )


def _candidates(content: bytes) -> list[tuple[bytes, str]]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return [(content[len(mark) :], encoding)]
    # Neither UTF-8 nor GB18030 text has zero bytes; in UTF-16 the separators and digits have one.
    if low_first := content[:4000:2].count(0):
        return [(content, "utf-16-be" if low_first > content[1:4000:2].count(0) else "utf-16-le")]
    if content[1:4000:2].count(0):
        return [(content, "utf-16-le")]
    # UTF-8 before GB18030: almost any bytes pass as GB18030, few pass as UTF-8.
    return [(content, "utf-8"), (content, "gb18030")]
