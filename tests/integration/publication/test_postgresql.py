"""The current publication in a real PostgreSQL: whole, swapped at once, a county's rows its own."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import duckdb
import psycopg
import pytest
from click.testing import CliRunner
from postgresql_server import Server, needs_postgresql, running_server

from orchestration.cli import main
from orchestration.publication.manifest import DATABASE, MANIFEST, current_manifest
from orchestration.publication.postgresql import Loaded, LoadRefused, publish_to
from orchestration.publication.postgresql.assets import build_postgresql_assets
from orchestration.settings import Settings

pytestmark = needs_postgresql

HAIYUAN = "640522"
Change = Callable[..., Settings]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as started:
        yield started


@pytest.fixture(scope="module")
def loaded(server: Server, small_home: Settings) -> Loaded:
    """The small world in schema zengshou, and a login for everybody who may come."""
    result = publish_to(small_home, server.uri(), "zengshou")
    with server.connect("postgres") as connection:
        for statement in (
            "create role analyst login in role zengshou_reader",
            "create role haiyuan login in role zengshou_county",
            "create role not_listed login in role zengshou_county",
            "create role stranger login",
            f"insert into zengshou_access.county_access values ('haiyuan', '{HAIYUAN}')",
        ):
            connection.execute(statement)
    return result


@pytest.fixture
def change(small_home: Settings, tmp_path: Path) -> Change:
    """Return the small world's publication with statements run over it, as its own home."""

    def run(*statements: str) -> Settings:
        settings = Settings(home=tmp_path / f"home_{len(list(tmp_path.iterdir()))}")
        shutil.copytree(small_home.published.resolve(), settings.published)
        shutil.copytree(small_home.home / "dbt", settings.home / "dbt")
        database, file = settings.published / DATABASE, settings.published / MANIFEST
        manifest = json.loads(file.read_text("utf-8"))
        with duckdb.connect(str(database)) as connection:
            for statement in statements:
                connection.execute(statement)
            for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
                mart = manifest["marts"].setdefault(table, {"parquet": "", "sha256": ""})
                mart["rows"] = len(connection.table(table))
        file.chmod(0o644)
        file.write_text(json.dumps(manifest), "utf-8")
        return settings

    return run


def _rows(connection: psycopg.Connection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()  # type: ignore[arg-type]


def _tables(settings: Settings) -> list[str]:
    manifest = current_manifest(settings)
    assert manifest is not None
    return sorted(manifest.marts)


def _schemas(server: Server) -> set[object]:
    with server.connect() as connection:
        return {name for (name,) in _rows(connection, "select nspname from pg_namespace")}


def test_every_value_arrives(server: Server, loaded: Loaded, small_home: Settings) -> None:
    with (
        duckdb.connect(str(small_home.published / DATABASE), read_only=True) as published,
        server.connect() as connection,
    ):
        for table in _tables(small_home):
            there = _rows(connection, f"select * from zengshou.{table}")
            here = published.execute(f"from {table}").fetchall()
            assert sorted(map(repr, there)) == sorted(map(repr, here)), table
            assert loaded.rows[table] == len(there)


def test_text_that_looks_like_a_null_stays_text(server: Server, change: Change) -> None:
    texts = ["\\N", "", '"', ",", "两\n行", "\\.", "'; drop table x; --", "NULL", " "]
    values = ", ".join(f"({n}, $${text}$$)" for n, text in enumerate(texts))
    home = change(f"create table odd as from (values {values}, (99, null)) as odd (number, text)")
    publish_to(home, server.uri(), "odd_texts")
    with server.connect() as connection:
        found = _rows(connection, "select text from odd_texts.odd order by number")
    assert [text for (text,) in found] == [*texts, None]


def test_tables_say_what_they_are_and_how_they_join(server: Server, loaded: Loaded) -> None:
    with server.connect() as connection:
        undescribed = _rows(
            connection,
            "select relname, attname from pg_class inner join pg_attribute on oid = attrelid "
            "where relnamespace = 'zengshou'::regnamespace and relkind = 'r' and attnum > 0 "
            "and (col_description(oid, attnum) is null or obj_description(oid) is null) "
            "and relname <> 'about'",
        )
        [(column, table)] = _rows(
            connection,
            "select col_description('zengshou.fct_income_components'::regclass, attnum), "
            "obj_description('zengshou.fct_income_components'::regclass) from pg_attribute "
            "where attrelid = 'zengshou.fct_income_components'::regclass and attname = 'quarter'",
        )
        keyed = _rows(
            connection,
            "select count(distinct conrelid) from pg_constraint "
            "where connamespace = 'zengshou'::regnamespace and contype in ('p', 'u')",
        )
        [(reference,)] = _rows(
            connection,
            "select pg_get_constraintdef(oid) from pg_constraint where contype = 'f' "
            "and conrelid = 'zengshou.fct_household_income'::regclass "
            "and confrelid = 'zengshou.dim_village'::regclass",
        )
    assert undescribed == []
    assert str(column) == "季度：季度，以该季第一天表示。Quarter as its first day."
    assert str(table).startswith("【模拟数据 synthetic data】各项收入：每县")
    assert keyed == [(len(set(loaded.rows) - {"about", "fct_household_findings"}),)]
    assert str(reference).startswith("FOREIGN KEY (village_code) REFERENCES")


def test_a_county_reads_its_own_rows_and_nothing_else(
    server: Server, loaded: Loaded, small_home: Settings
) -> None:
    manifest = json.loads((small_home.home / "dbt" / "manifest.json").read_text("utf-8"))
    said = {
        node["alias"]: node["config"]["meta"]["county_rows"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["alias"] in loaded.rows
    }
    assert set(said) == set(loaded.rows) - {"about"}
    with server.connect("haiyuan") as county, server.connect() as everything:
        for table, rows in said.items():
            query = f"select count(*) from zengshou.{table}"
            if rows == "none":
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    _rows(county, query)
                continue
            own = "" if rows == "all" else f" where {rows} = '{HAIYUAN}'"
            assert _rows(county, query) == _rows(everything, query + own), table
        assert _rows(county, "select distinct county_code from zengshou.fct_household_income") == [
            (HAIYUAN,)
        ]
        assert _rows(county, "table zengshou_access.county_access") == [("haiyuan", HAIYUAN)]
        for statement in (
            "insert into zengshou_access.county_access values ('haiyuan', '640100')",
            "delete from zengshou.fct_household_income",
            "alter table zengshou.fct_household_income disable row level security",
            "set role zengshou_reader",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                county.execute(statement)  # type: ignore[arg-type]


def test_who_is_not_listed_reads_nothing(server: Server, loaded: Loaded) -> None:
    query = "select count(*) from zengshou.fct_household_income"
    with server.connect("analyst") as analyst, server.connect("not_listed") as not_listed:
        assert _rows(analyst, query) == [(loaded.rows["fct_household_income"],)]
        assert _rows(not_listed, query) == [(0,)]
    with server.connect("stranger") as stranger:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _rows(stranger, query)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _rows(stranger, "table zengshou_access.county_access")


def test_a_new_mart_is_closed_to_counties(server: Server, loaded: Loaded, change: Change) -> None:
    home = change(f"create table fct_new as select '{HAIYUAN}' as county_code, 1 as figure")
    publish_to(home, server.uri(), "zengshou")
    with server.connect("analyst") as analyst, server.connect("haiyuan") as county:
        assert _rows(analyst, "select figure from zengshou.fct_new") == [(1,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _rows(county, "select figure from zengshou.fct_new")
        own = "select distinct county_code from zengshou.fct_county_risk"
        assert _rows(county, own) == [(HAIYUAN,)]
    assert loaded.schema == "zengshou"


def test_readers_see_one_publication_or_the_other(server: Server, change: Change) -> None:
    def publication(number: int) -> Settings:
        return change(
            f"update about set value = '{number}' where item = 'data_as_of'",
            f"delete from fct_household_income where hash(household_key) % 10 < {number}",
        )

    homes = [publication(1), publication(5)]
    whole = {
        (str(number), publish_to(home, server.uri(), "swapped").rows["fct_household_income"])
        for number, home in zip((1, 5), homes, strict=True)
    }
    seen: set[tuple[object, ...]] = set()
    problems: list[psycopg.Error] = []
    done = threading.Event()

    def read() -> None:
        query = (
            "select (select value from swapped.about where item = 'data_as_of'), "
            "(select count(*) from swapped.fct_household_income)"
        )
        with server.connect() as connection:
            while not done.is_set():
                try:
                    seen.update(_rows(connection, query))
                except psycopg.Error as error:
                    problems.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for home in homes * 3:
        publish_to(home, server.uri(), "swapped")
    done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert seen == whole
    assert not {name for name in _schemas(server) if str(name).startswith("swapped_replaced")}


def test_a_reader_who_is_not_done_stops_nobody(server: Server, small_home: Settings) -> None:
    publish_to(small_home, server.uri(), "held")
    with server.connect() as reader, reader.transaction():
        [(before,)] = _rows(reader, "select count(*) from held.fct_village_risk")
        [kept] = publish_to(small_home, server.uri(), "held").kept
        assert "还有人在读" in kept
        assert _rows(reader, "select count(*) from held.fct_village_risk") == [(before,)]
    assert publish_to(small_home, server.uri(), "held").kept == []
    assert not {name for name in _schemas(server) if str(name).startswith("held_replaced")}


def test_what_fails_on_the_way_leaves_no_trace(
    server: Server, small_home: Settings, change: Change
) -> None:
    publish_to(small_home, server.uri(), "stays")
    before = _schemas(server)
    broken = change("insert into fct_village_risk from fct_village_risk limit 1")
    with pytest.raises(LoadRefused, match="fct_village_risk_pkey"):
        publish_to(broken, server.uri(), "stays")
    short = change()
    file = short.published / MANIFEST
    file.write_text(file.read_text("utf-8").replace('"rows": 23,', '"rows": 24,'), "utf-8")
    with pytest.raises(LoadRefused, match="dim_county"):
        publish_to(short, server.uri(), "stays")
    assert _schemas(server) == before
    with server.connect() as connection:
        [(comment,)] = _rows(connection, "select obj_description('stays'::regnamespace)")
    manifest = current_manifest(small_home)
    assert manifest is not None
    assert manifest.publication_id in str(comment)


def test_views_elsewhere_follow_and_what_cannot_is_named(
    server: Server, small_home: Settings
) -> None:
    publish_to(small_home, server.uri(), "viewed")
    with server.connect() as connection:
        for statement in (
            "create schema analysts",
            "create view analysts.counties with (security_invoker = true) as "
            "select county_name from viewed.dim_county",
            "create materialized view analysts.frozen as select * from viewed.dim_county",
        ):
            connection.execute(statement)  # type: ignore[arg-type]
        loaded = publish_to(small_home, server.uri(), "viewed")
        assert loaded.views == ["counties"]
        [kept] = loaded.kept
        assert "analysts.frozen" in kept
        [(definition, options)] = _rows(
            connection,
            "select pg_get_viewdef(oid), reloptions from pg_class where relname = 'counties'",
        )
        assert "viewed.dim_county" in str(definition)
        assert options == ["security_invoker=true"]
        connection.execute("drop materialized view analysts.frozen")
    assert publish_to(small_home, server.uri(), "viewed").kept == []


def test_somebody_elses_schema_is_left_alone(server: Server, small_home: Settings) -> None:
    with server.connect() as connection:
        connection.execute("create schema theirs")
        connection.execute("create table theirs.work as select 1 as one")
        with pytest.raises(LoadRefused, match="别人的表"):
            publish_to(small_home, server.uri(), "theirs")
        assert _rows(connection, "table theirs.work") == [(1,)]
        connection.execute("drop table theirs.work")
    assert publish_to(small_home, server.uri(), "theirs").schema == "theirs"


def test_the_command_says_what_is_wrong(
    server: Server, small_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZENGSHOU_HOME", str(small_home.home))
    ask = CliRunner().invoke
    right = ask(main, ["publish", "--to", server.uri(), "--schema", "by_command"])
    assert right.exit_code == 0, right.output
    assert "by_command" in right.output
    nobody = ask(main, ["publish", "--to", server.uri("nobody_of_this_name")])
    assert nobody.exit_code == 1
    assert nobody.output.startswith("Error: 未载入 PostgreSQL")
    with server.connect("postgres") as connection:
        connection.execute("create role weak login")
    weak = ask(main, ["publish", "--to", server.uri("weak")])
    assert weak.exit_code == 1
    assert weak.output.startswith("Error: 账号权限不足")


def test_every_publication_is_loaded_where_a_database_is_set(
    server: Server, small_home: Settings
) -> None:
    place = {"postgresql": server.uri(), "postgresql_schema": "by_dagster"}
    assets = build_postgresql_assets(Settings(home=small_home.home, **place))
    result = dg.materialize(assets, instance=dg.DagsterInstance.ephemeral())
    [materialization] = result.asset_materializations_for_node("postgresql")
    assert materialization.metadata["schema"].value == "by_dagster"
    assert "by_dagster" in _schemas(server)
    assert build_postgresql_assets(small_home) == []


def test_psql_reads_as_a_county(server: Server, loaded: Loaded) -> None:
    query = "select county_code, component from zengshou.fct_income_components group by 1, 2"
    asked = subprocess.run(
        ["psql", server.uri("haiyuan"), "-At", "-F", " ", "-c", query],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = sorted(asked.stdout.split("\n"))[1:]
    assert len(lines) == 6
    assert {line.split()[0] for line in lines} == {HAIYUAN}
    assert loaded.rows


@pytest.mark.skipif(shutil.which("isql") is None, reason="needs unixodbc and odbc-postgresql")
def test_odbc_reads_chinese_and_money(server: Server, loaded: Loaded) -> None:
    """Excel and Power BI reach PostgreSQL through this driver."""
    address = (
        "Driver={PostgreSQL Unicode};Server=127.0.0.1;Database=zengshou;Uid=haiyuan;"
        f"Port={server.port}"
    )
    query = (
        "select county_name, sum(net_income_reported) as total "
        "from zengshou.fct_household_income inner join zengshou.dim_county using (county_code) "
        "group by 1"
    )
    asked = subprocess.run(
        ["isql", "-b", "-k", address],
        input=query + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    with server.connect() as connection:
        [(total,)] = _rows(
            connection,
            "select sum(net_income_reported) from zengshou.fct_household_income "
            f"where county_code = '{HAIYUAN}'",
        )
    cells = [[cell.strip() for cell in line.split("|")] for line in asked.stdout.splitlines()]
    assert ["", "海原县", str(total), ""] in cells
    assert loaded.rows
