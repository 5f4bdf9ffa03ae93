"""Write, audit, publish on a real warehouse: what readers see, and what they never see."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from publication_home import tree, write_ledger, write_warehouse

from orchestration.publication import PublicationRefused, current_manifest, publish
from orchestration.publication.manifest import damaged_files
from orchestration.publication.reproducible import clear_database_identifier
from orchestration.settings import Settings

CHECKS = {"structure": True, "figures": True}


def test_marts_and_nothing_else_are_published(settings: Settings) -> None:
    manifest = publish(settings, CHECKS)

    with duckdb.connect(str(settings.published / "zengshou.duckdb"), read_only=True) as reader:
        tables = {name for (name,) in reader.execute("show tables").fetchall()}
        about = dict(reader.execute("select item, value from about").fetchall())
        comments = dict(
            reader.execute(
                "select column_name, comment from duckdb_columns() where table_name = 'dim_county'"
            ).fetchall()
        )
    assert tables == {"about", "dim_county", "fct_household_income"}
    assert about["is_synthetic"] == "true"
    assert about["data_as_of"] == "2024-10-08 09:30:00"
    assert comments["county_name"] == "县名，不含上级"
    income = pq.read_table(settings.published / "parquet" / "fct_household_income")
    assert income.num_rows == 500
    assert income["household_key"].to_pylist() == sorted(income["household_key"].to_pylist())
    assert current_manifest(settings) == manifest
    assert manifest.row_counts == {"about": 7, "dim_county": 1, "fct_household_income": 500}
    assert manifest.checks_passed == ("figures", "structure")
    assert damaged_files(settings.published) == []


def test_same_marts_in_another_order_and_home_give_the_same_bytes(
    settings: Settings, tmp_path: Path
) -> None:
    publish(settings, CHECKS)
    other = Settings(home=tmp_path / "another home's", is_synthetic=True, sample_fraction=0.04)
    write_ledger(other)
    write_warehouse(
        other,
        500,
        "create table shuffled as from marts.fct_household_income order by net_income_reported",
        "drop table marts.fct_household_income",
        "create table marts.fct_household_income as from shuffled",
    )

    publish(other, CHECKS)

    assert tree(other.published) == tree(settings.published)


def test_publishing_again_changes_nothing(settings: Settings) -> None:
    first = publish(settings, CHECKS)
    before = tree(settings.published)

    assert publish(settings, CHECKS).publication_id == first.publication_id
    assert tree(settings.published) == before
    assert len([p for p in settings.publications.iterdir() if p.is_dir()]) == 1


def test_rejected_submission_changes_no_published_byte(settings: Settings) -> None:
    publish(settings, CHECKS)
    before = tree(settings.published)
    wrong = {"outcome": "rejected", "is_current": False, "file_sha256": "c" * 64}
    write_ledger(settings, "a" * 64, wrong | {"received_at": datetime(2024, 11, 1)})

    publish(settings, CHECKS)

    assert tree(settings.published) == before


def test_open_reader_keeps_the_old_copy_through_a_swap_and_pruning(settings: Settings) -> None:
    settings = settings.model_copy(update={"kept_publications": 1})
    publish(settings, CHECKS)
    link = str(settings.published / "zengshou.duckdb")
    program = (
        "import duckdb, sys\n"
        "reader = duckdb.connect(sys.argv[1], read_only=True)\n"
        "for _ in sys.stdin:\n"
        "    print(reader.execute('select count(*), sum(net_income_reported) "
        "from fct_household_income').fetchone(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, link],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin
        assert reader.stdout
        reader.stdin.write("\n")
        reader.stdin.flush()
        before = reader.stdout.readline()
        write_warehouse(settings, 900)
        write_ledger(settings, "b" * 64)

        publish(settings, CHECKS)

        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == before
        reader.stdin.close()
    with duckdb.connect(link, read_only=True) as fresh:
        assert len(fresh.table("fct_household_income")) == 900
    assert len([p for p in settings.publications.iterdir() if p.is_dir()]) == 1


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("alter table marts.dim_county add column birth_month date", "dim_county.birth_month"),
        ("delete from marts.fct_household_income", "fct_household_income"),
    ],
)
def test_failing_audit_leaves_the_published_copy_as_it_was(
    settings: Settings, statement: str, reason: str
) -> None:
    publish(settings, CHECKS)
    target = settings.published.readlink()
    before = tree(settings.published)
    write_warehouse(settings, 600, statement)

    with pytest.raises(PublicationRefused, match=reason):
        publish(settings, CHECKS)

    assert settings.published.readlink() == target
    assert tree(settings.published) == before
    assert not (settings.publications / ".building").exists()


def test_failed_check_is_named_and_nothing_is_published(settings: Settings) -> None:
    with pytest.raises(PublicationRefused, match="household_income_values"):
        publish(settings, {"structure": True, "household_income_values": False})
    assert not settings.published.exists()


def test_what_nobody_checked_is_not_published(settings: Settings) -> None:
    with pytest.raises(PublicationRefused, match="没有任何检查"):
        publish(settings, {})
    assert not settings.published.exists()


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4])
def test_killed_at_any_moment_the_next_publication_is_the_undisturbed_one(
    settings: Settings, tmp_path: Path, moment: float
) -> None:
    undisturbed = Settings(home=tmp_path / "calm", is_synthetic=True, sample_fraction=0.04)
    write_ledger(undisturbed, "b" * 64)
    write_warehouse(undisturbed, 40_000)
    publish(undisturbed, CHECKS)
    publish(settings, CHECKS)
    old = tree(settings.published)
    write_warehouse(settings, 40_000)
    write_ledger(settings, "b" * 64)
    program = (
        "import sys; from pathlib import Path\n"
        "from orchestration.settings import Settings\n"
        "from orchestration.publication import publish\n"
        "print('ready', flush=True)\n"
        "publish(Settings(home=Path(sys.argv[1]), is_synthetic=True, sample_fraction=0.04), "
        "{'structure': True, 'figures': True})\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(settings.home)], stdout=subprocess.PIPE
    ) as victim:
        assert victim.stdout
        victim.stdout.readline()
        time.sleep(moment)
        os.kill(victim.pid, signal.SIGKILL)

    assert tree(settings.published) in (old, tree(undisturbed.published))

    publish(settings, CHECKS)

    assert tree(settings.published) == tree(undisturbed.published)
    leftovers = [p.name for p in settings.publications.iterdir() if p.name.startswith(".")]
    assert leftovers == [".lock"]


def test_damaged_publication_of_the_same_content_is_replaced(settings: Settings) -> None:
    publish(settings, CHECKS)
    before = tree(settings.published)
    victim = settings.published / "parquet" / "dim_county" / "dim_county.parquet"
    victim.chmod(0o644)
    victim.write_bytes(b"tampered")
    assert damaged_files(settings.published) == ["parquet/dim_county/dim_county.parquet"]

    publish(settings, CHECKS)

    assert tree(settings.published) == before


def test_old_publications_are_pruned_to_the_number_kept(settings: Settings) -> None:
    settings = settings.model_copy(update={"kept_publications": 2})
    ids = []
    for households in (500, 510, 520, 530):
        write_warehouse(settings, households)
        ids.append(publish(settings, CHECKS).publication_id)
    kept = {path.name for path in settings.publications.iterdir() if path.is_dir()}
    assert kept == set(ids[-2:])


def test_unknown_database_layout_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "zengshou.duckdb"
    file.write_bytes(b"\0" * 8 + b"DUCK" + b"\1" * 4084)
    before = file.read_bytes()
    assert clear_database_identifier(file) is False
    assert file.read_bytes() == before
