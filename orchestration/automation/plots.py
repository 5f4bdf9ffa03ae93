"""Small plots and previews for Dagster's pages: metadata that is looked at, not read.

A plot is an SVG inside Markdown, so that nothing has to be served or kept; a figure that is not
known leaves a gap.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape

import dagster as dg

_COLOURS = ("#E69F00", "#56B4E9", "#0072B2")
_HEIGHT, _TOP, _LEFT, _FOOT = 180, 34, 8, 22
_GROUP, _NAME, _NARROWEST = 46, 130, 440

Figures = Mapping[str, Sequence[int | float | Decimal | None]]
"""Figures by the name of their series, one per label."""


def bars(title: str, labels: Sequence[str], figures: Figures) -> dg.MetadataValue:
    """Return grouped bars as an image in Markdown."""
    image = b64encode(bar_chart(title, labels, figures).encode()).decode()
    return dg.MetadataValue.md(f"![{title}](data:image/svg+xml;base64,{image})")


def bar_chart(title: str, labels: Sequence[str], figures: Figures) -> str:
    """Return grouped bars as SVG, from zero, each with its figure in a tooltip."""
    known = [float(value) for series in figures.values() for value in series if value is not None]
    highest = max([*known, 0]) or 1
    width = max(2 * _LEFT + _GROUP * len(labels), _NARROWEST)
    floor = _HEIGHT - _FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" '
        'font-family="sans-serif" font-size="10">',
        f'<rect width="{width}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="12" font-size="11">{escape(title)}（最高 {highest:,.0f}）</text>',
    ]
    for number, name in enumerate(figures if len(figures) > 1 else ()):
        x = _LEFT + number * _NAME
        parts.append(f'<rect x="{x}" y="18" width="8" height="8" fill="{_COLOURS[number]}"/>')
        parts.append(f'<text x="{x + 12}" y="26">{escape(name)}</text>')
    bar = (_GROUP - 8) / len(figures)
    for place, label in enumerate(labels):
        left = _LEFT + place * _GROUP
        parts.append(f'<text x="{left}" y="{_HEIGHT - 8}">{escape(label)}</text>')
        for number, (name, series) in enumerate(figures.items()):
            if (value := series[place]) is None:
                continue
            height = max(float(value), 0) / highest * (floor - _TOP)
            parts.append(
                f'<rect x="{left + number * bar:.1f}" y="{floor - height:.1f}" '
                f'width="{bar - 1:.1f}" height="{height:.1f}" fill="{_COLOURS[number]}">'
                f"<title>{escape(label)} {escape(name)} {value:,.2f}</title></rect>"
            )
    return "".join([*parts, "</svg>"])


def preview(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MetadataValue:
    """Return the first rows of something as a table; an unknown value stays empty."""
    return table(
        {
            column: "" if value is None else str(value)
            for column, value in zip(columns, row, strict=True)
        }
        for row in rows
    )


def table(rows: Iterable[Mapping[str, str | int]]) -> dg.MetadataValue:
    """Return rows as a table; a dash if there are none, which Dagster would refuse."""
    records = [dg.TableRecord(dict(row)) for row in rows]
    return dg.MetadataValue.table(records) if records else dg.MetadataValue.text("—")
