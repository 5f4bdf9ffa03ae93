"""Two users of the warehouse take turns, in whichever processes they run."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from orchestration.automation.runs import clear_dead_runs, open_instance
from orchestration.settings import Settings

USER = Path(__file__).parent / "warehouse_user.py"


def test_two_runs_do_not_open_the_warehouse_at_once(settings: Settings, tmp_path: Path) -> None:
    open_instance(settings).dispose()
    spans = [tmp_path / "first", tmp_path / "second"]
    users = [_start(span, tmp_path / "warehouse.duckdb", seconds=2) for span in spans]
    assert_took_turns(users, spans)


def test_turn_holds_where_the_pool_lets_two_in(settings: Settings, tmp_path: Path) -> None:
    # What SQLite's missing row locks can do once in a while, made certain: a pool of two slots.
    with open_instance(settings) as instance:
        instance.event_log_storage.set_concurrency_slots("warehouse", 2)
    spans = [tmp_path / "first", tmp_path / "second"]
    users = [_start(span, tmp_path / "warehouse.duckdb", seconds=2) for span in spans]
    assert_took_turns(users, spans)


def assert_took_turns(users: "Sequence[subprocess.Popen[bytes]]", spans: Sequence[Path]) -> None:
    assert [user.wait() for user in users] == [0, 0]
    (_, first_end), (second_start, _) = sorted(
        tuple(map(float, span.read_text().split())) for span in spans
    )
    assert first_end <= second_start


def test_slot_of_a_killed_run_is_freed(settings: Settings, tmp_path: Path) -> None:
    instance = open_instance(settings)
    span = tmp_path / "killed"
    user = _start(span, tmp_path / "warehouse.duckdb", seconds=600)
    while not span.exists():
        assert user.poll() is None
    with instance:
        assert clear_dead_runs(instance) == []
        user.kill()
        user.wait()
        (dead,) = clear_dead_runs(instance)
        run = instance.get_run_by_id(dead)
        assert run is not None
        assert run.status is dg.DagsterRunStatus.FAILURE
        slots = instance.event_log_storage.get_concurrency_info("warehouse")
        assert slots.active_slot_count == 0
    assert _start(tmp_path / "next", tmp_path / "other.duckdb", seconds=0).wait() == 0


def _start(span: Path, warehouse: Path, seconds: int) -> "subprocess.Popen[bytes]":
    arguments = [str(span), str(warehouse), str(seconds)]
    return subprocess.Popen([sys.executable, str(USER), *arguments], env=os.environ)
