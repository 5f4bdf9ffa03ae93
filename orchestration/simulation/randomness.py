"""Named random streams.

Every draw comes from a stream named after its purpose (and county, quarter …), so a new feature
that draws more does not change what the others draw, and counties can be simulated in any order.
"""

import zlib

import numpy as np


def stream(seed: int, *names: object) -> np.random.Generator:
    """Return the generator that belongs to these names under this seed."""
    return np.random.default_rng([seed, *(zlib.crc32(str(name).encode()) for name in names)])
