"""Taking turns at the warehouse: one DuckDB file, one process that has it open for writing.

Runs of one Dagster instance take turns through the pool, which the UI shows. SQLite has no row
locks, so once in a while two processes are given the pool's one slot in the same instant: the turn
itself is therefore a lock of the operating system, and a process that is killed lets go of it. What
neither sees is a person's SQL client or a dbt called by hand: for those DuckDB's own lock on the
file is asked.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POOL = "warehouse"
"""Every step that opens the warehouse belongs to this pool; ``dagster.yaml`` gives it one slot."""

_PATIENCE_SECONDS = 300
_POLL_SECONDS = 0.5


@contextmanager
def taking_turn(warehouse: Path, say: Callable[[str], object]) -> Iterator[None]:
    """Keep every other run away from the warehouse for as long as the block lasts.

    Raises:
        TimeoutError: a program that is no run keeps the file open (:func:`wait_until_free`).
    """
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with warehouse.with_name(f"{warehouse.name}.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        wait_until_free(warehouse, say)
        yield


def wait_until_free(
    warehouse: Path, say: Callable[[str], object], patience: float = _PATIENCE_SECONDS
) -> None:
    """Wait until no other process holds the warehouse open.

    Raises:
        TimeoutError: it stayed in use for as long as ``patience`` seconds.
    """
    deadline = time.monotonic() + patience
    is_announced = False
    while warehouse.exists() and _is_locked(warehouse):
        if time.monotonic() > deadline:
            raise TimeoutError(
                f"数仓文件被其他程序占用 (still open in another program; close it): {warehouse}"
            )
        if not is_announced:
            say(f"waiting: another process has {warehouse.name} open")
            is_announced = True
        time.sleep(_POLL_SECONDS)


def _is_locked(file: Path) -> bool:
    """Whether another process holds DuckDB's (POSIX record) lock on the file.

    Closing the file drops all such locks of this process: not to be asked with DuckDB open here.
    """
    with file.open("rb+") as handle:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
