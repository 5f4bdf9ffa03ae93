"""Write the serving copy: the marts in a fresh DuckDB file and in Parquet, and ``about``.

One thread, rows in a fixed order: the same marts give the same bytes.
"""

from pathlib import Path

import duckdb

from orchestration.publication.manifest import DATABASE, Manifest, PublishedMart, file_sha256
from orchestration.publication.provenance import Provenance
from orchestration.publication.reproducible import clear_database_identifier


def write_copy(
    warehouse: Path, folder: Path, provenance: Provenance, checks: tuple[str, ...]
) -> Manifest:
    """Copy every mart of the warehouse into ``folder`` and say what was written."""
    database = folder / DATABASE
    with duckdb.connect(
        str(database), config={"threads": 1, "preserve_insertion_order": True}
    ) as connection:
        connection.execute(f"attach {literal(str(warehouse))} as warehouse (read_only)")
        marts = list_marts(connection)
        for schema, mart in marts:
            connection.execute(
                f'create table "{mart}" as from warehouse."{schema}"."{mart}" order by all'
            )
            _copy_comments(connection, schema, mart)
        connection.execute("detach warehouse")
        _write_about(connection, provenance)
        names = sorted([*(mart for _, mart in marts), "about"])
        rows = {name: _write_parquet(connection, folder, name) for name in names}
        connection.execute("checkpoint")
    clear_database_identifier(database)
    return Manifest(
        provenance=provenance,
        checks_passed=checks,
        database_sha256=file_sha256(database),
        marts={
            name: PublishedMart(
                rows=rows[name],
                parquet=parquet_name(name),
                sha256=file_sha256(folder / parquet_name(name)),
            )
            for name in names
        },
    )


def list_marts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return schema and name of every mart of the database attached as ``warehouse``."""
    return connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_catalog = 'warehouse' and regexp_matches(table_name, '^(dim|fct)_') "
        "order by table_name"
    ).fetchall()


def parquet_name(mart: str) -> str:
    """Return where a mart's Parquet file lies in a publication."""
    return f"parquet/{mart}/{mart}.parquet"


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _copy_comments(connection: duckdb.DuckDBPyConnection, schema: str, mart: str) -> None:
    """Carry over what dbt's ``persist_docs`` wrote about the table and its columns."""
    place = ["warehouse", schema, mart]
    tables = connection.execute(
        "select comment from duckdb_tables() where database_name = ? and schema_name = ? "
        "and table_name = ? and comment is not null",
        place,
    ).fetchall()
    columns = connection.execute(
        "select column_name, comment from duckdb_columns() where database_name = ? "
        "and schema_name = ? and table_name = ? and comment is not null",
        place,
    ).fetchall()
    for (comment,) in tables:
        connection.execute(f'comment on table "{mart}" is {literal(comment)}')
    for column, comment in columns:
        connection.execute(f'comment on column "{mart}"."{column}" is {literal(comment)}')


def _write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> int:
    file = folder / parquet_name(name)
    file.parent.mkdir(parents=True)
    written = connection.execute(
        f'copy "{name}" to {literal(str(file))} (format parquet, compression zstd)'
    ).fetchone()
    return written[0] if written else 0


def _write_about(connection: duckdb.DuckDBPyConnection, provenance: Provenance) -> None:
    """Write ``about``: what an analyst who holds nothing but the file has to know."""
    rows = [
        (
            "is_synthetic",
            str(provenance.is_synthetic).lower(),
            "模拟数据：人员、家庭和金额均为虚构，不得作为真实情况引用"
            if provenance.is_synthetic
            else "真实报送数据",
        ),
        (
            "sample_fraction",
            str(provenance.sample_fraction),
            "本库所含脱贫户占全区脱贫户的比例；总量指标须据此理解",
        ),
        ("data_as_of", provenance.data_as_of, "最近一份报送的收到时间（北京时间）"),
        ("code_version", provenance.code_version, "生成本库的程序版本"),
        ("input_fingerprint", provenance.input_fingerprint, "全部现行报送内容的指纹"),
        (
            "caliber",
            "monitoring_system",
            "人均纯收入按监测系统口径：收入年度为上年10月1日至当年9月30日，只扣除生产经营性支出；"
            "不同于统计部门的人均可支配收入，二者不得混用",
        ),
        (
            "three_values",
            "reported, recomputed, verified",
            "上报数是报送的数；复算数是部门记录能支持的数；核实数是复算数扣除未排除疑点后的数",
        ),
    ]
    connection.execute("create table about (item varchar, value varchar, note_zh varchar)")
    connection.executemany("insert into about values (?, ?, ?)", rows)
    connection.execute("comment on table about is '本库说明：数据性质、口径、版本'")
