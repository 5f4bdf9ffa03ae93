"""Who reads what: two roles, the list of counties' logins, a policy on every table.

``zengshou_reader`` reads every row. ``zengshou_county`` reads the rows of the counties that the
list names for the login, and reference tables. Roles and list outlive a publication; grants and
policies are made anew with each. A table is closed to everybody whom this module does not name.
"""

from collections.abc import Iterable, Iterator

import psycopg
from psycopg import sql

from orchestration.publication.postgresql.tables import EVERY_ROW, NO_ROW, Mart

READER = "zengshou_reader"
COUNTY = "zengshou_county"
_LIST = "county_access"


def prepare_access(connection: psycopg.Connection, schema: str) -> None:
    """Create the roles and the list of logins unless they are there."""
    for role in (READER, COUNTY):
        found = connection.execute("select from pg_roles where rolname = %s", [role]).fetchone()
        if found is None:
            connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
    names = {
        "schema": sql.Identifier(f"{schema}_access"),
        "list": sql.Identifier(f"{schema}_access", _LIST),
        "county": sql.Identifier(COUNTY),
    }
    for statement in (
        "create schema if not exists {schema}",
        "create table if not exists {list} (login name not null, county_code text not null, "
        "primary key (login, county_code))",
        "comment on table {list} is "
        "'县级账号可读的县（市、区）：登录名、区划代码，由数据库管理员维护，发布不改动'",
        "alter table {list} enable row level security",
        "drop policy if exists own_entries on {list}",
        "create policy own_entries on {list} for select to {county} using (login = current_user)",
        "grant usage on schema {schema} to {county}",
        "grant select on {list} to {county}",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def open_to_readers(schema: str, marts: Iterable[Mart]) -> Iterator[sql.Composed]:
    """Yield the grants and policies of a schema's tables."""
    yield sql.SQL("grant usage on schema {} to {}, {}").format(
        sql.Identifier(schema), sql.Identifier(READER), sql.Identifier(COUNTY)
    )
    for mart in marts:
        table = sql.Identifier(schema, mart.name)
        yield sql.SQL("alter table {} enable row level security").format(table)
        yield from _allow(table, READER, sql.SQL("true"))
        if mart.county_rows == NO_ROW:
            continue
        yield from _allow(table, COUNTY, _own_rows(schema, mart))


def _own_rows(schema: str, mart: Mart) -> sql.Composable:
    if mart.county_rows == EVERY_ROW:
        return sql.SQL("true")
    return sql.SQL("{} in (select county_code from {} where login = current_user)").format(
        sql.Identifier(mart.county_rows), sql.Identifier(f"{schema}_access", _LIST)
    )


def _allow(table: sql.Identifier, role: str, condition: sql.Composable) -> Iterator[sql.Composed]:
    yield sql.SQL("grant select on {} to {}").format(table, sql.Identifier(role))
    yield sql.SQL("create policy {} on {} for select to {} using ({})").format(
        sql.Identifier(role), table, sql.Identifier(role), condition
    )
