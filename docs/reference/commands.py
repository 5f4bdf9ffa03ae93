"""The command line: every command with its options, as ``--help`` has them."""

from collections.abc import Iterator

import click

from bi.superset.__main__ import main as superset
from docs.reference.markdown import code, table
from orchestration.cli import main

_HEAD = """
`--help` after a command says the same. Commands work on the home that `ZENGSHOU_HOME` names
(default `var/`); `doctor`, `template` and `evaluate` need none. Where the environment is not
active, type `.venv/bin/zengshou`.
"""


def lines() -> Iterator[str]:
    """Yield the page."""
    yield "# Commands (命令)"
    yield _HEAD
    yield from table(
        ("command", "what it does"),
        (
            [f"[`zengshou {name}`](#zengshou-{name})", command.get_short_help_str(100)]
            for name, command in sorted(main.commands.items())
        ),
    )
    for name, command in sorted(main.commands.items()):
        yield from _command(command, f"zengshou {name}")
    yield from _command(superset, "python -m bi.superset")


def _command(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    yield f"## {name}\n"
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"```\n{name} {usage}\n```\n"
    yield " ".join((command.help or "").split()) + "\n"
    options = [option for option in command.params if isinstance(option, click.Option)]
    if options:
        yield from table(
            ("option", "what it is"),
            (
                [code(names), words]
                for names, words in filter(None, (o.get_help_record(context) for o in options))
            ),
        )
