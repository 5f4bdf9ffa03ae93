"""The plan and the rules as data: the line of a seed that a figure rests on."""

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.explanation.answer import ROW, SEED, Row, Table
from orchestration.explanation.sources import Home, Subject

_SHOWN = ("title_zh", "value", "target", "threshold", "formula", "rule_version", "plan_quote")


def seed_rows(
    home: Home, seed: str, key: Mapping[str, Any], column: str | None = None
) -> list[Row]:
    """Return the lines of a seed that hold all of ``key``, with what they say.

    ``column`` is shown besides what every line shows.
    """
    shown = [name for name in (column, *_SHOWN) if name is not None and name not in key]
    return [
        {
            SEED: f"seeds/{seed}.csv",
            ROW: line,
            **{name: values[name] for name in key},
            **{name: values[name] for name in shown if values.get(name)},
        }
        for line, values in _lines(home, seed)
        if all(values.get(name) == _text(value) for name, value in key.items())
    ]


def rules_table(home: Home, *wanted: tuple[str, Mapping[str, Any]]) -> Table:
    """List the lines of several seeds."""
    rows = [row for seed, key in wanted for row in seed_rows(home, seed, key)]
    return Table("方案与规则依据", rows, len(rows))


def explain_dimension(home: Home, subject: Subject) -> list[Table]:
    """Return the seed's line that a row of a dimension stands for."""
    rows = []
    for seed in home.catalogue.seeds_of(subject.mart):
        columns = home.catalogue.tables.get(seed, {})
        key = {name: value for name, value in subject.key.items() if name in columns}
        if key:
            rows += seed_rows(home, seed, key, subject.column)
    return [Table("方案与规则依据", rows, len(rows))]


def _lines(home: Home, seed: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines of a seed, the header being line 1."""
    with (home.settings.seeds / f"{seed}.csv").open(encoding="utf-8", newline="") as handle:
        reader = csv.reader(handle)
        header = next(reader)
        last = reader.line_num
        for values in reader:
            yield last + 1, dict(zip(header, values, strict=True))
            last = reader.line_num


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
