"""Dagster's diary (runs and events, in SQLite) is written without waiting for the disk.

A run over many quarters notes thousands of events, each in a transaction of its own; waiting for
the disk after each took a third of the run. A killed process loses nothing. A machine that loses
its power may spoil the diary: remove ``dagster/`` from the home, the next run starts a new one.
What must survive (ledger, landing, publications) waits for the disk by itself.
"""

import sqlite3

from sqlalchemy import event
from sqlalchemy.engine import Engine


def write_without_waiting() -> None:
    """Let SQLite connections that this process opens from now on leave the disk to the system."""
    if not event.contains(Engine, "connect", _leave_to_system):
        event.listen(Engine, "connect", _leave_to_system)


def _leave_to_system(connection: object, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")
