"""A process that Dagster does not know of may hold the warehouse: the line waits for it."""

import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.transformation.warehouse import wait_until_free

HOLDER = """
import duckdb, sys, time
with duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "reader"):
    print("open", flush=True)
    time.sleep(float(sys.argv[3]))
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table t as select 1 as x")
    return file


@pytest.mark.parametrize("role", ["reader", "writer"])
def test_waits_for_a_foreign_process(warehouse: Path, role: str) -> None:
    said: list[str] = []
    with _hold(warehouse, role, seconds=1.5):
        wait_until_free(warehouse, said.append)
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("create table u as select 2 as x")
    assert len(said) == 1


def test_gives_up_with_a_plain_message(warehouse: Path) -> None:
    with _hold(warehouse, "reader", seconds=30) as holder:
        with pytest.raises(TimeoutError, match="数仓文件被其他程序占用"):
            wait_until_free(warehouse, print, patience=0.2)
        holder.kill()


def test_does_not_wait_for_nobody(tmp_path: Path, warehouse: Path) -> None:
    start = time.monotonic()
    wait_until_free(warehouse, print)
    wait_until_free(tmp_path / "absent.duckdb", print)
    assert time.monotonic() - start < 0.5


def _hold(warehouse: Path, role: str, seconds: float) -> "subprocess.Popen[str]":
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(warehouse), role, str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    return holder
