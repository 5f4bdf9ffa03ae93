"""What each published mart becomes in PostgreSQL: types, key, references, words, whose rows.

Types and comments come from the publication; keys, references and ``county_rows`` from the tests
and the ``meta`` that stand beside the models.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
from psycopg import sql

from orchestration.publication.words import Term, column_terms, mart_terms
from orchestration.transformation.artifacts import Node, key_rules, tests_of

ABOUT = "about"

EVERY_ROW = "all"
NO_ROW = "none"

_TYPES = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double precision",
    "HUGEINT": "numeric(38, 0)",
    "INTEGER": "integer",
    "TIMESTAMP": "timestamp",
    "VARCHAR": "text",
}


@dataclass(frozen=True)
class Column:
    """A column: its type in PostgreSQL and what it says about itself."""

    name: str
    data_type: str
    comment: str


@dataclass(frozen=True)
class Mart:
    """A published table as it is to stand in PostgreSQL.

    ``county_rows`` names the column that says whose a row is; ``all`` and ``none`` open every row
    to a county's login, and no row. A mart that does not say is closed.
    """

    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    has_null_in_key: bool
    references: Mapping[str, str]
    county_rows: str

    @property
    def owner_column(self) -> str | None:
        """The column that says which county a row belongs to; None if there is no such column."""
        return None if self.county_rows in (EVERY_ROW, NO_ROW) else self.county_rows


def read_marts(
    connection: duckdb.DuckDBPyConnection, dbt_manifest: Node, is_synthetic: bool
) -> list[Mart]:
    """Return every published table, ``about`` included.

    Raises:
        ValueError: a column has a type that has no counterpart.
    """
    models = {
        node["alias"]: node
        for node in dbt_manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    comments = connection.execute(
        "select table_name, comment from duckdb_tables() where not internal order by table_name"
    ).fetchall()
    note = "【模拟数据 synthetic data】" if is_synthetic else ""
    keys = {
        name: key_rules(dbt_manifest, models[name]) if name in models else {}
        for name, _ in comments
    }
    return [
        Mart(
            name=name,
            comment=note + _in_words(mart_terms().get(name), comment),
            columns=tuple(_columns(connection, name)),
            key=tuple(keys[name].get("unique_key", ())),
            has_null_in_key=not set(keys[name].get("unique_key", ())).issubset(
                keys[name].get("not_null", ())
            ),
            references=dict(_references(dbt_manifest, models.get(name), keys)),
            county_rows=_county_rows(name, models.get(name)),
        )
        for name, comment in comments
    ]


def create(schema: str, mart: Mart, key_columns: set[str]) -> sql.Composed:
    """Return the statement that creates an empty table.

    Columns that are in any key compare byte by byte, which is what codes need and what makes
    their indexes fast.
    """
    columns = [
        sql.SQL("{} {}{}").format(
            sql.Identifier(column.name),
            sql.SQL(column.data_type),
            sql.SQL(
                ' collate "C"' if column.data_type == "text" and column.name in key_columns else ""
            ),
        )
        for column in mart.columns
    ]
    return sql.SQL("create table {} ({})").format(
        sql.Identifier(schema, mart.name), sql.SQL(", ").join(columns)
    )


def finish(schema: str, mart: Mart) -> Iterator[sql.Composed]:
    """Yield what follows once rows are in: key, index of the owning county, words, statistics."""
    table = sql.Identifier(schema, mart.name)
    if mart.key:
        kind = "unique nulls not distinct" if mart.has_null_in_key else "primary key"
        yield sql.SQL("alter table {} add {} ({})").format(
            table, sql.SQL(kind), sql.SQL(", ").join(map(sql.Identifier, mart.key))
        )
    if mart.owner_column and mart.owner_column not in mart.key[:1]:
        yield sql.SQL("create index on {} ({})").format(table, sql.Identifier(mart.owner_column))
    yield sql.SQL("comment on table {} is {}").format(table, sql.Literal(mart.comment))
    for column in mart.columns:
        yield sql.SQL("comment on column {} is {}").format(
            sql.Identifier(schema, mart.name, column.name), sql.Literal(column.comment)
        )
    yield sql.SQL("analyze {}").format(table)


def refer(schema: str, mart: Mart) -> Iterator[sql.Composed]:
    """Yield the references to other marts, which tell Power BI how tables join.

    Not validated here: dbt has tested each, over these very rows, before they were published.
    """
    for column, target in mart.references.items():
        yield sql.SQL("alter table {} add foreign key ({}) references {} not valid").format(
            sql.Identifier(schema, mart.name),
            sql.Identifier(column),
            sql.Identifier(schema, target),
        )


def _columns(connection: duckdb.DuckDBPyConnection, mart: str) -> Iterator[Column]:
    found = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where table_name = ? order by column_index",
        [mart],
    ).fetchall()
    for name, data_type, comment in found:
        yield Column(
            name, _data_type(mart, name, data_type), _in_words(column_terms().get(name), comment)
        )


def _in_words(term: Term | None, comment: str | None) -> str:
    """Return what a table or a column says about itself, in Chinese, then in English."""
    chinese = f"{term}。" if term else ""
    return f"{chinese}{comment or ''}"


def _data_type(mart: str, column: str, data_type: str) -> str:
    if match := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", data_type):
        return f"numeric({match[1]}, {match[2]})"
    if data_type not in _TYPES:
        raise ValueError(
            f"{mart}.{column}：{data_type} 在 PostgreSQL 中没有对应类型 (no such type)"
        )
    return _TYPES[data_type]


def _references(
    dbt_manifest: Node, model: Node | None, keys: Mapping[str, Mapping[str, list[str]]]
) -> Iterator[tuple[str, str]]:
    for test in tests_of(dbt_manifest, model) if model else []:
        if test.get("test_metadata", {}).get("name") != "relationships" or test["config"]["where"]:
            continue
        arguments = test["test_metadata"]["kwargs"]
        [target] = re.findall(r"ref\('(\w+)'\)", arguments["to"])
        if keys.get(target, {}).get("unique_key") == [arguments["field"]]:
            yield arguments["column_name"], target


def _county_rows(name: str, model: Node | None) -> str:
    if name == ABOUT:
        return EVERY_ROW
    return model["config"]["meta"].get("county_rows", NO_ROW) if model else NO_ROW
