"""Keyed hashes: the algorithm is SM3, the key and the kind of number matter."""

import hashlib

from orchestration.ingestion.pseudonyms import pseudonym


def test_sm3_gives_the_standards_known_answer() -> None:
    # GB/T 32905-2016, appendix A.1.
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert hashlib.new("sm3", b"abc").hexdigest() == expected


def test_the_hash_is_the_hmac_construction_over_sm3() -> None:
    key, message = b"key", b"person:990000198504121232"
    block = key.ljust(64, b"\0")
    inner = hashlib.new("sm3", bytes(b ^ 0x36 for b in block) + message).digest()
    outer = hashlib.new("sm3", bytes(b ^ 0x5C for b in block) + inner).hexdigest()
    assert pseudonym(key, "person", "990000198504121232") == outer


def test_key_and_kind_change_the_hash() -> None:
    number = "990000198504121232"
    hashes = {
        pseudonym(b"one", "person", number),
        pseudonym(b"two", "person", number),
        pseudonym(b"one", "household", number),
    }
    assert len(hashes) == 3
