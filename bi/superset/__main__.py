"""``python -m bi.superset URI FILE``: write the bundle for one database as a zip file."""

from pathlib import Path

import click

from bi.superset.bundle import ASSETS, DASHBOARDS, write_bundle

SCHEMAS = {"duckdb": "main", "postgresql": "zengshou"}


@click.command(help="Write the Superset bundle for the database at URI to FILE (a zip).")
@click.argument("uri")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--schema", help="Schema that holds the marts.  [DuckDB: main; else: zengshou]")
@click.option("--replace", is_flag=True, help="For /api/v1/assets/import/, which overwrites.")
def main(uri: str, file: Path, schema: str | None, replace: bool) -> None:
    """Write the bundle."""
    dialect = uri.split(":")[0].split("+")[0]
    if dialect not in SCHEMAS:
        raise click.BadParameter(f"{dialect} is none of {', '.join(SCHEMAS)}", param_hint="URI")
    write_bundle(file, uri, schema or SCHEMAS[dialect], ASSETS if replace else DASHBOARDS)
    click.echo(f"{file}")


if __name__ == "__main__":
    main()
