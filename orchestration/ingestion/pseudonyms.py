"""Keyed hashes in place of identity and household numbers.

A plain hash of an identity number can be undone by trying all birthdays of a county; a keyed one
(HMAC-SM3, GB/T 32905) cannot without the key. The kind of number goes into the hash, so that a
household number can never meet a person's.
"""

import hmac
from functools import lru_cache
from typing import Literal

Kind = Literal["person", "household"]


@lru_cache(2**17)
def pseudonym(key: bytes, kind: Kind, number: str) -> str:
    """Return the keyed hash of a normalised number as 64 hexadecimal digits."""
    return hmac.digest(key, f"{kind}:{number}".encode(), "sm3").hex()
