"""From an address to the row of the mart: what is accepted, and what to say if nothing fits."""

import difflib
from typing import Any

from orchestration.calendar import Quarter
from orchestration.explanation.address import ExplanationError, Figure
from orchestration.explanation.sources import Home, Subject
from orchestration.publication.marts import REGION

_SHOWN = 6


def find(home: Home, figure: Figure) -> Subject:
    """Return the row that a figure's address names.

    Raises:
        ExplanationError: there is no such mart, column, key or row, or there are several rows.
    """
    marts = home.catalogue.marts
    if figure.mart not in marts:
        raise ExplanationError(
            f"没有发布名为“{figure.mart}”的表{_nearest(figure.mart, marts)}\n"
            f"可用的表：{_list(marts)}"
        )
    columns = marts[figure.mart]
    if figure.column not in columns:
        raise ExplanationError(
            f"{figure.mart} 没有“{figure.column}”这一列{_nearest(figure.column, columns)}\n"
            f"可用的列：{_list(columns)}"
        )
    key = home.catalogue.key(figure.mart)
    if unknown := [name for name in figure.key if name not in columns]:
        raise ExplanationError(
            f"{figure.mart} 没有“{unknown[0]}”这个键；该表的键：{_list(key)}（其他列也可用来限定）"
        )
    wanted = {name: _read(home, name, value, columns[name]) for name, value in figure.key.items()}
    return Subject(figure.mart, figure.column, *_row(home, figure, key, wanted))


def _row(
    home: Home, figure: Figure, key: list[str], wanted: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    condition = " and ".join(f'"{name}" = ${name}' for name in wanted) or "true"
    found = home.rows(
        f"select *, count(*) over () as rows_found from published.{figure.mart} "
        f"where {condition} order by all limit {_SHOWN}",
        wanted,
    )
    if not found:
        raise ExplanationError(
            f"{figure.mart} 没有符合条件的行：{_said(figure.key)}{_hint(home, figure, wanted)}"
        )
    count = found[0]["rows_found"]
    if count > 1:
        missing = [name for name in key if name not in wanted]
        shown = "\n".join(
            "  " + "&".join(f"{name}={_plain(row[name])}" for name in missing) for row in found
        )
        raise ExplanationError(
            f"条件不足以确定一行：{figure.mart} 有 {count} 行符合 {_said(figure.key)}\n"
            f"还须给出：{_list(missing) or '能区分各行的列'}，例如\n{shown}"
        )
    row = {name: value for name, value in found[0].items() if name != "rows_found"}
    return {name: row[name] for name in key}, row


def _read(home: Home, name: str, value: str, data_type: str) -> Any:
    """Read a key as it was typed: a quarter, a county by name, a number."""
    if name == "county_code" and not value.isdigit():
        return _county(home, value)
    if data_type == "DATE":
        try:
            return Quarter.parse(value).start if name.endswith("quarter") else value
        except ValueError as error:
            raise ExplanationError(
                f"“{value}”不是季度：请写成 2024Q3，或该季度第一天 2024-07-01"
            ) from error
    if data_type in ("INTEGER", "BIGINT"):
        try:
            return int(value)
        except ValueError as error:
            raise ExplanationError(f"“{name}”要写整数，不是“{value}”") from error
    return value


def _county(home: Home, name: str) -> str:
    if name in ("全区", "宁夏", "宁夏回族自治区"):
        return REGION
    codes = home.senders.counties_in(name)
    if len(codes) != 1:
        raise ExplanationError(
            f"不认识县“{name}”；可用：{_list(home.senders.counties.values())}，或全区"
        )
    return codes.pop()


def _hint(home: Home, figure: Figure, wanted: dict[str, Any]) -> str:
    """Say which values the first key that fits nothing could have."""
    for name in wanted:
        others = home.rows(
            f'select distinct "{name}" as value from published.{figure.mart} '
            f'where "{name}" is not null order by 1'
        )
        values = [_plain(row["value"]) for row in others]
        if _plain(wanted[name]) not in values:
            near = difflib.get_close_matches(_plain(wanted[name]), values, _SHOWN, 0.5)
            shown = near or (values[:3] + values[-3:] if len(values) > _SHOWN else values)
            return (
                f"\n“{name}”没有这个值；有的值如：{_list(dict.fromkeys(shown)) or '（表是空的）'}"
            )
    return "\n每个键单独都有，但没有一行同时符合"


def _nearest(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f"，是否指 {near[0]}？" if near else ""


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _said(key: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in key.items()) or "（没有给出键）"


def _list(names: Any) -> str:
    return "、".join(map(str, names))
