"""Make the bytes of a DuckDB file a function of its content.

Written by one thread, in a fixed order, into a fresh file of a fixed name, a DuckDB file differs
from run to run in 24 bytes only: a random database identifier in the file header (16 bytes at
offset 124) and that header's checksum (8 bytes at offset 0). The identifier tells a write-ahead
log's owner; a closed, read-only serving copy has none. It is set to zero here.
"""

import struct
from pathlib import Path

_HEADER_SIZE = 4096
_CHECKSUM = slice(0, 8)
_MAGIC = slice(8, 12)
_IDENTIFIER = slice(124, 140)


def clear_database_identifier(file: Path) -> bool:
    """Zero the random identifier of a closed DuckDB file.

    Returns False, and leaves the file alone, if its header is not laid out as this module knows it
    (another DuckDB version): the file is sound all the same, only its bytes vary.
    """
    with file.open("r+b") as handle:
        header = bytearray(handle.read(_HEADER_SIZE))
        is_known = header[_MAGIC] == b"DUCK" and header[_CHECKSUM] == _checksum(header)
        if is_known:
            header[_IDENTIFIER] = bytes(16)
            header[_CHECKSUM] = _checksum(header)
            handle.seek(0)
            handle.write(header)
    return is_known


def _checksum(header: bytes | bytearray) -> bytes:
    """DuckDB's block checksum of everything behind the checksum itself."""
    result = 5381
    for (word,) in struct.iter_unpack("<Q", header[8:]):
        result ^= word * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return struct.pack("<Q", result)
