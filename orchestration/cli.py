"""``zengshou …``: thin doors to the rooms.

Options, words for people and exit codes only. Rooms are imported inside the commands: ``--help``
must not wait for Dagster.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from orchestration.calendar import Quarter
    from orchestration.settings import Settings


class QuarterType(click.ParamType):
    """A quarter such as 2024Q3."""

    name = "quarter"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a quarter or fail with a plain message."""
        from orchestration.calendar import Quarter

        try:
            return value if isinstance(value, Quarter) else Quarter.parse(value)
        except ValueError:
            self.fail(f"{value!r} 不是季度 is not a quarter (for example 2024Q3)", param, ctx)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="zengshou")
def main() -> None:
    """增收: department submissions in, judged and published income figures out.

    Everything lives under $ZENGSHOU_HOME (default: var/ beside the code).
    """


_SIMULATION = (
    click.option(
        "--scale",
        type=click.FloatRange(0, 1, min_open=True),
        default=0.04,
        show_default=True,
        help="Share of the region's households; 1 is the true size.",
    ),
    click.option("--seed", type=int, default=20240930, show_default=True),
    click.option(
        "--fabrication-share",
        type=click.FloatRange(0, 0.2),
        default=0.03,
        show_default=True,
        help="Share of villages with made-up figures.",
    ),
    click.option("--honest", is_flag=True, help="Nobody makes anything up."),
    click.option("--from", "first", type=QuarterType(), default="2022Q4", show_default=True),
    click.option("--to", "last", type=QuarterType(), default="2025Q4", show_default=True),
)


def _simulation_options(command: Any) -> Any:
    for option in reversed(_SIMULATION):
        command = option(command)
    return command


@main.command()
@_simulation_options
def simulate(**options: Any) -> None:
    """Fill the inbox with synthetic submissions of counties and departments."""
    from orchestration.settings import Settings

    _simulate(Settings(), **options)


@main.command()
def receive() -> None:
    """Take in what lies in the inbox: recognise, archive, write the ledger."""
    from orchestration.automation.line import receive
    from orchestration.settings import Settings

    sys.exit(receive(Settings()))


@main.command()
@click.option("--quarter", type=QuarterType(), help="Judge this quarter only, for example 2024Q3.")
def run(quarter: Quarter | None) -> None:
    """Do all that is due: receive, judge, compute, check, publish."""
    from orchestration.automation.line import run_line
    from orchestration.settings import Settings

    sys.exit(run_line(Settings(), quarter))


@main.command()
@click.option("--quarter", type=QuarterType(), help="This quarter; the newest if not given.")
def report(quarter: Quarter | None) -> None:
    """Write what people open (报告): the quarter's site, evidence packs, the landing page."""
    from orchestration.publication.marts import NothingPublished
    from orchestration.publication.reports import write_reports
    from orchestration.settings import Settings

    try:
        written = write_reports(Settings(), quarter)
    except (NothingPublished, ValueError) as error:
        raise click.ClickException(str(error)) from None
    for page in (written.landing_page, *written.sites.values()):
        click.echo(str(page))
    packs = sum(len(found) for found in written.packs.values())
    click.echo(f"证据包 evidence packs: {packs}")


@main.command()
@click.option(
    "--to", "uri", metavar="postgresql://…", help="The database; the deployment's if not given."
)
@click.option("--schema", help="Schema to replace.  [default: zengshou]")
def publish(uri: str | None, schema: str | None) -> None:
    """Load the current publication into PostgreSQL (发布到 PostgreSQL), swapped in at once.

    Leave the password out of the address: libpq takes it from ~/.pgpass or PGPASSWORD.
    """
    from orchestration.publication.marts import NothingPublished
    from orchestration.publication.postgresql import LoadRefused, publish_to
    from orchestration.settings import Settings

    settings = Settings()
    if (uri := uri or settings.postgresql) is None:
        raise click.UsageError("须用 --to 指明数据库 (which database? --to postgresql://…)")
    try:
        loaded = publish_to(settings, uri, schema or settings.postgresql_schema)
    except (NothingPublished, LoadRefused) as error:
        raise click.ClickException(str(error)) from None
    rows = sum(loaded.rows.values())
    click.echo(f"{loaded.schema}：{loaded.publication_id}，{len(loaded.rows)} 张表 {rows} 行")
    for view in loaded.views:
        click.echo(f"视图已跟上 view follows: {view}")
    for reason in loaded.kept:
        click.echo(reason, err=True)


@main.command()
def verify() -> None:
    """Recompute the ledger's chain and the hashes of landing and lake."""
    from orchestration.receiving.verify import verify
    from orchestration.settings import Settings

    settings = Settings()
    problems = verify(settings)
    for problem in problems:
        click.echo(problem)
    if problems:
        click.echo(f"\n发现{len(problems)}处问题 ({len(problems)} problems found)", err=True)
        sys.exit(1)
    click.echo("台账、存档与数据湖完好 (ledger, landing and lake are intact)")


@main.command()
@click.argument("figure")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "xlsx")),
    default="text",
    show_default=True,
)
@click.option(
    "--out",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; a workbook needs one, the others are printed.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--all", "is_whole", is_flag=True, help="List every row (json and xlsx).")
def explain(figure: str, form: str, file: Path | None, limit: int, is_whole: bool) -> None:
    """Trace a published FIGURE (追溯) down to households, records, file, sheet and row.

    FIGURE is mart.column?key=value&key=value, in quotes, for example
    'fct_income_components.per_capita_verified?county_code=640522&quarter=2024Q3&component=net_income'
    """
    from orchestration.explanation import ExplanationError, explain
    from orchestration.explanation.documents import show
    from orchestration.settings import Settings

    if form == "xlsx" and file is None:
        raise click.UsageError("xlsx 须用 --out 指明文件 (a workbook needs --out)")
    if form == "text" and is_whole:
        raise click.UsageError("--all 只用于 json 和 xlsx (--all is for json and xlsx)")
    try:
        answer = explain(Settings(), figure, None if is_whole else limit)
    except ExplanationError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if (text := show(answer, form, file)) is not None:
        click.echo(text, nl=False)
    else:
        click.echo(str(file))


@main.command()
@click.option("--seeds", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--first-seed", type=int, default=70001, show_default=True)
@click.option(
    "--scale",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.15,
    show_default=True,
    help="Share of the region's households; 1 is the true size.",
)
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder of the report; worlds that are there already are not run again.",
)
def evaluate(out: Path, **options: Any) -> None:
    """Try the guard on simulated worlds whose truth it does not see (盲测), and report."""
    from functools import partial

    from orchestration.evaluation.run import evaluate

    click.echo(evaluate(out, **options, progress=partial(click.echo, err=True)))


@main.command()
@click.argument("dataset", required=False)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder for the workbooks; the current one if not given.",
)
def template(dataset: str | None, folder: Path) -> None:
    """Write the blank workbook (空表) of a DATASET, or of all of them."""
    from orchestration.contracts import load_contracts
    from orchestration.contracts.templates import write_template
    from orchestration.settings import Settings

    contracts = load_contracts()
    if dataset is not None and dataset not in contracts:
        raise click.UsageError(f"没有数据集 no dataset {dataset}: {', '.join(contracts)}")
    seeds = Settings().seeds
    folder.mkdir(parents=True, exist_ok=True)
    for name in [dataset] if dataset else contracts:
        path = folder / f"{contracts[name].title}.xlsx"
        write_template(contracts[name], seeds, path)
        click.echo(str(path))


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the receipts' workbooks, with every fault in a list.",
)
def doctor(files: tuple[Path, ...], out: Path | None) -> None:
    """Check FILES before they are sent (报送前自查): say what the line would answer."""
    from orchestration.receiving.doctor import NOT_LOOKED_AT, examine

    is_healthy = True
    for file in files:
        for diagnosis in examine(file, out):
            is_healthy = is_healthy and diagnosis.is_healthy
            click.echo(diagnosis.receipt)
    click.echo(NOT_LOOKED_AT)
    click.echo("自查通过，可以报送" if is_healthy else "自查未通过，请按上面的办法改正后再报")
    sys.exit(0 if is_healthy else 1)


@main.command()
@click.option("--port", default=3000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def dev(port: int, host: str) -> None:
    """Open the Dagster UI of this home: the graph, every run, every check."""
    from orchestration.environment import prepare_dagster_home, prepare_environment
    from orchestration.settings import PROJECT_ROOT, Settings

    settings = Settings()
    prepare_environment(settings)
    prepare_dagster_home(settings)
    click.echo(f"Dagster UI: http://{host}:{port}   (home: {settings.home})")
    workspace = str(PROJECT_ROOT / "workspace.yaml")
    arguments = ["dagster", "dev", "-w", workspace, "-p", str(port), "-h", host]
    os.chdir(settings.home)
    os.execvp("dagster", arguments)  # noqa: S606, S607


@main.command()
@_simulation_options
def demo(**options: Any) -> None:
    """Simulate the departments (unless done), run every quarter, say where the result lies."""
    from orchestration.automation.line import run_line
    from orchestration.automation.results import show_results
    from orchestration.settings import Settings

    settings = Settings()
    if settings.truth.exists():
        click.echo(f"Simulated submissions are there already: {settings.home}")
    else:
        _simulate(settings, **options)
    # The simulation wrote deployment.toml: read it.
    settings = Settings()
    code = run_line(settings)
    if code == 0:
        show_results(settings)
    sys.exit(code)


def _simulate(
    settings: Settings, *, honest: bool, fabrication_share: float, **options: Any
) -> None:
    from orchestration.automation.console import open_display
    from orchestration.simulation import simulate

    with open_display(settings.home / "logs" / "simulate.log") as display:
        display.start("模拟报送 simulating the departments")
        inbox = simulate(
            settings,
            fabrication_share=0.0 if honest else fabrication_share,
            progress=display.show,
            **options,
        )
        display.finish()
        display.say(f"收件箱 inbox: {inbox}")


if __name__ == "__main__":
    main()
