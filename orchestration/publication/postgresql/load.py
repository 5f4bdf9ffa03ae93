"""Load the current publication into PostgreSQL, whole or not at all.

All of it is one transaction: the schema that is there is renamed, a new one is made and filled,
and until the commit every reader goes on with the old one. Killed at any moment, nothing is left.
What was replaced is dropped afterwards, unless somebody still reads it or depends on it.

Views that others keep outside the schema would stay with the tables that were replaced; they are
made anew over the new ones.
"""

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import psycopg
from psycopg import errors, sql

from orchestration.publication.manifest import Manifest
from orchestration.publication.marts import open_marts
from orchestration.publication.postgresql.access import open_to_readers, prepare_access
from orchestration.publication.postgresql.tables import Mart, create, finish, read_marts, refer
from orchestration.settings import Settings
from orchestration.transformation.artifacts import read_manifest

_MARK = "增收 zengshou publication"
"""How the comment of a schema begins that this module has written, and so may replace."""

_OLDEST_VERSION = 150000
"""PostgreSQL 15: the first that can hold a key with a null (``nulls not distinct``)."""

_BLOCK = 1 << 20
_SORTING_MEMORY = "512MB"
"""What an index of a full-size mart takes to sort without temporary files."""

_STATISTICS = 30
"""Values of a column that the planner knows by name: more than there are counties."""

_PATIENCE = "2s"


class LoadRefused(RuntimeError):  # noqa: N818 - a verdict, not a malfunction
    """PostgreSQL stays as it was; the message says why."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded, and what a person should know.

    ``kept`` says which replaced schemas could not be dropped, and why.
    """

    publication_id: str
    schema: str
    rows: dict[str, int]
    views: list[str]
    kept: list[str]


def publish_to(settings: Settings, uri: str, schema: str) -> Loaded:
    """Replace a schema of the database at ``uri`` by the current publication.

    Raises:
        LoadRefused: the server cannot hold it, the login may not write it, the schema is somebody
            else's, or rows were lost on the way.
        NothingPublished: nothing has been published yet.
    """
    try:
        with psycopg.connect(uri, client_encoding="UTF8") as connection:
            _check_server(connection)
            connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [schema])
            manifest, views = _replace(connection, settings, schema)
        with psycopg.connect(uri, autocommit=True) as connection:
            kept = list(_drop_replaced(connection, schema))
    except errors.InsufficientPrivilege as error:
        raise LoadRefused(
            f"账号权限不足，须能建角色和模式 (the login needs createrole, and create on the "
            f"database): {error}"
        ) from error
    except psycopg.Error as error:
        raise LoadRefused(f"未载入 PostgreSQL (not loaded): {error}") from error
    return Loaded(manifest.publication_id, schema, manifest.row_counts, views, kept)


def _check_server(connection: psycopg.Connection) -> None:
    if connection.info.server_version < _OLDEST_VERSION:
        raise LoadRefused("PostgreSQL 版本过低，至少需要 15 (version 15 or later is needed)")
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise LoadRefused(f"数据库编码须为 UTF8，现为 {encoding} (the database must be UTF8)")


def _replace(
    connection: psycopg.Connection, settings: Settings, schema: str
) -> tuple[Manifest, list[str]]:
    views = _views_over(connection, schema)
    _make_room(connection, schema)
    connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    connection.execute(f"set local maintenance_work_mem = '{_SORTING_MEMORY}'")
    connection.execute(f"set local default_statistics_target = {_STATISTICS}")
    prepare_access(connection, schema)
    with open_marts(settings) as published:
        # The server is what takes time: leave it the other cores.
        published.connection.execute("set threads = 1")
        manifest = published.manifest
        is_synthetic = manifest.provenance.is_synthetic
        marts = read_marts(published.connection, read_manifest(settings), is_synthetic)
        key_columns = {column for mart in marts for column in mart.key}
        for mart in marts:
            connection.execute(create(schema, mart, key_columns))
            copied = _copy(connection, published.connection, schema, mart)
            if copied != manifest.row_counts[mart.name]:
                raise LoadRefused(f"{mart.name}：行数不一致 ({copied} rows arrived)")
            for statement in finish(schema, mart):
                connection.execute(statement)
    for mart in marts:
        for statement in refer(schema, mart):
            connection.execute(statement)
    for statement in open_to_readers(schema, marts):
        connection.execute(statement)
    connection.execute(
        sql.SQL("comment on schema {} is {}").format(
            sql.Identifier(schema), sql.Literal(_describe(manifest))
        )
    )
    return manifest, [view.name for view in views if _follow(connection, view)]


def _describe(manifest: Manifest) -> str:
    note = "；模拟数据 synthetic data" if manifest.provenance.is_synthetic else ""
    return f"{_MARK} {manifest.publication_id}；数据截至 {manifest.provenance.data_as_of}{note}"


def _make_room(connection: psycopg.Connection, schema: str) -> None:
    """Rename the schema that is there. Nobody else sees that before the commit."""
    found = connection.execute(
        "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace "
        "where nspname = %s",
        [schema],
    ).fetchone()
    if found is None:
        return
    if found[0].startswith(_MARK):
        number = connection.execute("select pg_current_xact_id()::text").fetchone()
        replaced = f"{schema}_replaced_{number[0] if number else ''}"
        connection.execute(
            sql.SQL("alter schema {} rename to {}").format(
                sql.Identifier(schema), sql.Identifier(replaced)
            )
        )
        return
    try:
        connection.execute(sql.SQL("drop schema {} restrict").format(sql.Identifier(schema)))
    except errors.DependentObjectsStillExist as error:
        raise LoadRefused(
            f"模式 {schema} 里有别人的表，请换一个模式或先移走 "
            "(the schema holds tables that zengshou did not write)"
        ) from error


def _copy(
    connection: psycopg.Connection,
    published: duckdb.DuckDBPyConnection,
    schema: str,
    mart: Mart,
) -> int:
    """Stream a mart from DuckDB into its table as CSV, and return how many rows arrived.

    The rows are frozen: nobody can see the table before the commit, and it is never changed after.
    """
    statement = sql.SQL("copy {} from stdin (format csv, null '\\N', freeze)").format(
        sql.Identifier(schema, mart.name)
    )
    reader, writer = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux alone; elsewhere it is a little slower
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _BLOCK)
    with (
        ThreadPoolExecutor(1) as pool,
        os.fdopen(reader, "rb", buffering=0) as rows,
        connection.cursor() as cursor,
    ):
        export = pool.submit(_export, published, mart.name, writer)
        with cursor.copy(statement) as copy:
            while block := rows.read(_BLOCK):
                copy.write(block)
            export.result()
        return cursor.rowcount


def _export(published: duckdb.DuckDBPyConnection, mart: str, writer: int) -> None:
    try:
        published.execute(
            f"copy \"{mart}\" to '/dev/fd/{writer}' "
            "(format csv, header false, nullstr '\\N', use_tmp_file false)"
        )
    finally:
        os.close(writer)


@dataclass(frozen=True)
class _View:
    schema: str
    name: str
    options: str
    definition: str


def _views_over(connection: psycopg.Connection, schema: str) -> list[_View]:
    """Return the views outside a schema that read its tables, as they are defined now."""
    found = connection.execute(
        """
        select distinct
            namespaces.nspname,
            views.relname,
            coalesce(array_to_string(views.reloptions, ', '), ''),
            pg_get_viewdef(views.oid)
        from pg_depend as dependencies
        inner join pg_rewrite as rules
            on dependencies.classid = 'pg_rewrite'::regclass and dependencies.objid = rules.oid
        inner join pg_class as views on rules.ev_class = views.oid and views.relkind = 'v'
        inner join pg_namespace as namespaces on views.relnamespace = namespaces.oid
        inner join pg_class as tables
            on dependencies.refclassid = 'pg_class'::regclass
            and dependencies.refobjid = tables.oid
        where tables.relnamespace = to_regnamespace(quote_ident(%(schema)s))
            and namespaces.nspname <> %(schema)s
        order by 1, 2
        """,
        {"schema": schema},
    ).fetchall()
    return [_View(*row) for row in found]


def _follow(connection: psycopg.Connection, view: _View) -> bool:
    """Make a view anew over the new tables; where that fails it stays with the replaced ones."""
    options = sql.SQL("with ({}) ").format(sql.SQL(view.options)) if view.options else sql.SQL("")
    try:
        with connection.transaction():
            connection.execute(
                sql.SQL("create or replace view {} {}as {}").format(
                    sql.Identifier(view.schema, view.name), options, sql.SQL(view.definition)
                )
            )
    except psycopg.Error:
        return False
    return True


def _drop_replaced(connection: psycopg.Connection, schema: str) -> Iterator[str]:
    """Drop what was replaced, now or earlier; yield what has to stay, and why."""
    found = connection.execute(
        "select nspname from pg_namespace where starts_with(nspname, %s) "
        "and starts_with(obj_description(oid, 'pg_namespace'), %s) order by oid",
        [f"{schema}_replaced_", _MARK],
    ).fetchall()
    connection.execute(sql.SQL("set lock_timeout = {}").format(sql.Literal(_PATIENCE)))
    for (replaced,) in found:
        try:
            with connection.transaction():
                _drop(connection, replaced)
        except errors.LockNotAvailable:
            yield f"{replaced}：还有人在读，下次发布时再清除 (still being read)"
        except errors.DependentObjectsStillExist as error:
            yield f"{replaced}：仍被引用，未清除 (still in use): {error.diag.message_detail}"


def _drop(connection: psycopg.Connection, schema: str) -> None:
    """Drop a schema and its tables, and nothing that depends on them from outside."""
    tables = connection.execute(
        "select relname from pg_class where relnamespace = to_regnamespace(quote_ident(%s)) "
        "and relkind = 'r'",
        [schema],
    ).fetchall()
    names = [sql.Identifier(schema, table) for (table,) in tables]
    if names:
        connection.execute(sql.SQL("drop table {} restrict").format(sql.SQL(", ").join(names)))
    connection.execute(sql.SQL("drop schema {} restrict").format(sql.Identifier(schema)))
