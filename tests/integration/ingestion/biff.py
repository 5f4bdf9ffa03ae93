"""A true ``.xls`` (BIFF8 in an OLE container), as small as it can be: texts and numbers, one sheet.

No library in the lock writes this format, and departments still send it.
"""

import struct
from typing import Any

_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def xls(sheet: str, rows: list[list[Any]]) -> bytes:
    """Return the bytes of a workbook with one sheet."""
    return _ole("Workbook", _workbook(sheet, rows))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(text: str, length: str) -> bytes:
    return struct.pack(f"<{length}B", len(text), 1) + text.encode("utf-16-le")


def _workbook(sheet: str, rows: list[list[Any]]) -> bytes:
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    code_page = _record(0x0042, struct.pack("<H", 1200))
    name = _text(sheet, "B")
    end = _record(0x000A)
    bound_size = 4 + 6 + len(name)
    offset = len(begin) + len(code_page) + bound_size + len(end)
    bound = _record(0x0085, struct.pack("<IBB", offset, 0, 0) + name)
    cells = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    width = max(map(len, rows))
    cells += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            place = struct.pack("<HHH", r, c, 0)
            if isinstance(value, int | float):
                cells += _record(0x0203, place + struct.pack("<d", value))
            elif value:
                cells += _record(0x0204, place + _text(str(value), "H"))
    return begin + code_page + bound + end + cells + end


def _ole(name: str, stream: bytes) -> bytes:
    # Streams below 4096 bytes would live in a second, smaller allocation table.
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    stream = stream.ljust(sectors * _SECTOR, b"\0")
    fat_sectors = -(-(sectors + 1) // (_SECTOR // 4 - 1))
    directory = fat_sectors
    first = directory + 1
    fat = [_FAT] * fat_sectors + [_END]
    fat += [first + i + 1 for i in range(sectors - 1)] + [_END]
    fat += [_FREE] * (fat_sectors * _SECTOR // 4 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, directory, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *range(fat_sectors), *[_FREE] * (109 - fat_sectors))
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, first, len(stream))
    entries += _entry("", 0, _FREE, 0, 0) * 2
    return header + struct.pack(f"<{len(fat)}I", *fat) + entries + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = f"{name}\0".encode("utf-16-le") if name else b""
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
    links = struct.pack("<III", _FREE, _FREE, child)
    return head + links + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)
