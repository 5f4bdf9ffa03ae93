"""Data Docs that open without a network: Great Expectations' pages, made self-contained.

The library's pages fetch two dozen scripts and styles from the internet and lay their index out
with them. Here every page loses what fetches or cannot work without scripts, gets one local style
sheet, and a plain index in Chinese stands in front.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree, html

from orchestration.files import empty_folder, replace_folder
from orchestration.settings import Settings
from orchestration.validation.failures import read_failures, read_results, where
from orchestration.validation.suites import STAGE_TITLES_ZH, STAGES, Stage, Suite, load_suites

_STYLE = Path(__file__).with_name("data_docs.css")
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_SHOWN_FAILURES = 3

_DEAD = (
    "//script | //link | //style | //button | //form | //input | //img | //footer | //meta[@name]"
    " | //*[contains(@class, 'modal')] | //*[@id='ge-cta-footer'] | //title"
    " | //nav[contains(@class, 'navbar-expand-md')] | //*[contains(@class, 'page-action-card')]"
    " | //div[contains(@class, 'card')][.//strong[normalize-space()='Actions']]"
    " | //*[contains(@id, '-subheader')] | //*[@hidden] | //*[@data-toggle='collapse']"
    " | //*[contains(@class, 'collapse')]"
)
"""What fetches from a network or does nothing without scripts."""

_ICONS = {"fa-check": "✓ 符合", "fa-times": "✗ 不符合", "fa-exclamation": "! 未能判断"}

_PHRASES = {
    "Overview": "概览",
    "Table of Contents": "目录",
    "Table-Level Expectations": "整表要求",
    "Status": "结果",
    "Expectation": "要求",
    "Observed Value": "观测值",
    "Unexpected Value": "不符合的值",
    "Count": "次数",
    "Info": "信息",
    "Statistics": "统计",
    "Evaluated Expectations": "已判断",
    "Successful Expectations": "符合",
    "Unsuccessful Expectations": "不符合",
    "Success Percent": "符合率",
    "Expectation Validation Result": "校验结果",
    "Evaluates whether a batch of data matches expectations.": "数据是否符合预先写明的要求",
}
"""Headings of the library's pages; what stands in our suites is Chinese already."""


def data_docs_index(settings: Settings) -> Path:
    """Return the page to open first."""
    return settings.reports / "data_docs" / "index.html"


def write_data_docs(
    settings: Settings, stage: Stage, suites: Iterable[Suite], site: Path, expectations: Path
) -> None:
    """Take over the pages that Great Expectations built in ``site`` and renew the index."""
    folder = data_docs_index(settings).parent
    unfinished = empty_folder(folder / f".{stage}.tmp")
    shutil.copyfile(_STYLE, folder / _STYLE.name)
    for suite in suites:
        (page,) = (site / "validations" / suite.name).rglob("*.html")
        (unfinished / f"{suite.name}.html").write_text(_offline(settings, page, suite), "utf-8")
    replace_folder(unfinished, folder / stage)
    _write_whole(data_docs_index(settings), _index(settings, expectations))


def _offline(settings: Settings, page: Path, suite: Suite) -> str:
    """Return a page of the library that needs nothing but the style sheet."""
    tree: Any = html.fromstring(page.read_text("utf-8"))
    for element in tree.xpath(_DEAD):
        if element.getparent() is not None:
            element.drop_tree()
    for icon in tree.xpath("//i"):
        icon.text = next((text for name, text in _ICONS.items() if name in icon.get("class")), "")
        icon.tag = "span"
    for link in tree.xpath("//a[not(starts-with(@href, '#'))]"):
        link.drop_tag()
    for element in tree.iter(etree.Element):
        for name in [name for name in element.attrib if name.startswith(("on", "data-"))]:
            del element.attrib[name]
        text = " ".join((element.text or "").split())
        element.text = _PHRASES.get(text, element.text)
    inner = "".join(html.tostring(child, encoding="unicode") for child in tree.find("body"))
    intro = (
        f"<h1>{escape(suite.title_zh)}</h1><p class='lead'>{escape(suite.purpose_zh)}</p>"
        f"<p class='muted'>{escape(suite.title_en)} · {suite.stage}.{suite.name} · "
        f"模型 {suite.asset}</p>"
    )
    return _page(settings, suite.title_zh, intro + inner, up="../")


def _index(settings: Settings, folder: Path) -> str:
    """Return the overview: what to attend to first, then every suite and how it fared."""
    results = read_results(settings).to_pylist()
    parts = ["<h1>数据质量报告</h1>", _summary(results), _to_attend(settings), _waived(settings)]
    for stage in STAGES:
        fared = {
            (row["suite"], row["expectation_id"]): row for row in results if row["stage"] == stage
        }
        parts.append(f"<h2>{STAGE_TITLES_ZH[stage]} <small>{stage}</small></h2>")
        if not fared:
            parts.append("<p class='muted'>尚未校验</p>")
        for suite in load_suites(stage, folder):
            if any(name == suite.name for name, _ in fared):
                parts.append(_suite_section(suite, fared))
    return _page(settings, "数据质量报告", "".join(parts), up="")


def _summary(results: list[dict[str, Any]]) -> str:
    waived = sum(bool(row["is_waived"]) for row in results)
    unmet = [row for row in results if not row["is_met"] and not row["is_waived"]]
    critical = sum(row["severity"] == "critical" for row in unmet)
    figures = (
        (len(results), "项要求", ""),
        (len(results) - len(unmet) - waived, "项符合", "met"),
        (waived, "项豁免", "waived" if waived else ""),
        (critical, "项严重不符合（阻断）", "critical" if critical else ""),
        (len(unmet) - critical, "项提示（不阻断）", "warning" if len(unmet) > critical else ""),
    )
    cards = "".join(
        f"<div class='figure {kind}'><b>{count}</b><span>{label}</span></div>"
        for count, label, kind in figures
    )
    return f"<div class='figures'>{cards}</div>"


def _to_attend(settings: Settings) -> str:
    """List what is unmet with its first failing rows, what blocks before what does not."""
    failures: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in read_failures(settings).to_pylist():
        if not row["is_waived"]:
            failures[row["severity"], row["suite"], row["expectation_id"]].append(row)
    if not failures:
        return "<p class='muted'>没有需要处理的事项。</p>"
    rows = []
    for (severity, _, _), found in sorted(failures.items()):
        shown = "".join(
            f"<li>{escape(where(row))} <b>{escape(row['value'] or '空')}</b></li>"
            for row in found[:_SHOWN_FAILURES]
        )
        more = f"<li>…共 {len(found)} 行</li>" if len(found) > _SHOWN_FAILURES else ""
        ended = sorted({_ended(row) for row in found if row["waiver_no"]})
        rows.append(
            f"<tr><td>{_badge(severity)}</td><td>{escape(found[0]['title_zh'])}"
            f"<small>{escape('；'.join([found[0]['threshold'], *ended]))}</small></td>"
            f"<td><ul>{shown}{more}</ul></td><td>{escape(found[0]['remedy_zh'])}</td></tr>"
        )
    return (
        "<h2>需要处理</h2><section><table class='attend'><thead><tr><th>级别</th><th>问题</th>"
        "<th>位置与值</th><th>处理办法</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></section>"
    )


def _ended(row: Mapping[str, Any]) -> str:
    return f"豁免 {row['waiver_no']} 已于 {row['waiver_expires_on']} 到期"


def _waived(settings: Settings) -> str:
    """List what waivers let pass: which check, how many rows, until when and why."""
    let_pass: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in read_failures(settings).to_pylist():
        if row["is_waived"]:
            let_pass[row["waiver_no"], row["suite"], row["expectation_id"]].append(row)
    if not let_pass:
        return ""
    rows = "".join(
        f"<tr><td>{_badge('waived')}</td><td>{escape(found[0]['title_zh'])}"
        f"<small>{escape(where(found[0]))}</small></td>"
        f"<td class='number'>{len(found)}</td><td>{escape(number)}</td>"
        f"<td>{found[0]['waiver_expires_on']}</td><td>{escape(found[0]['waiver_reason'])}</td></tr>"
        for (number, _, _), found in sorted(let_pass.items())
    )
    return (
        "<h2>已豁免</h2><section><table><thead><tr><th>级别</th><th>问题</th><th>行数</th>"
        "<th>豁免编号</th><th>有效期至</th><th>原因</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></section>"
    )


def _kind(row: Mapping[str, Any]) -> str:
    """Return how an expectation fared, as a badge is named."""
    if row["is_met"]:
        return "met"
    return "waived" if row["is_waived"] else str(row["severity"])


def _suite_section(suite: Suite, fared: Mapping[tuple[str, str], Mapping[str, Any]]) -> str:
    rows, met = [], 0
    for item in suite.expectations:
        row = fared[suite.name, item["meta"]["id"]]
        met += row["is_met"] or bool(row["is_waived"])
        rows.append(
            f"<tr><td>{_badge(_kind(row))}</td>"
            f"<td>{escape(item['meta']['title_zh'])}<small>{escape(item['meta']['title_en'])}"
            f"</small></td><td class='number'>{row['rows_failing'] or ''}</td>"
            f"<td>{escape(item['notes'])}</td><td>{escape(item['meta']['remedy_zh'])}</td></tr>"
        )
    is_open = "" if met == len(rows) else " open"
    return (
        f"<details{is_open}><summary><b>{escape(suite.title_zh)}</b>"
        f"<small>{escape(suite.title_en)}</small>"
        f"<span>{met}/{len(rows)} 符合或豁免</span></summary>"
        f"<p>{escape(suite.purpose_zh)} <a href='{suite.stage}/{suite.name}.html'>详细结果</a></p>"
        "<table class='overview'><thead><tr><th>结果</th><th>要求</th><th>不符合行数</th>"
        f"<th>依据</th><th>处理办法</th></tr></thead><tbody>{''.join(rows)}</tbody></table></details>"
    )


def _badge(kind: str) -> str:
    label = {"met": "符合", "waived": "豁免", "critical": "阻断", "warning": "提示"}[kind]
    return f"<span class='badge {kind}'>{label}</span>"


def _page(settings: Settings, title: str, body: str, up: str) -> str:
    synthetic = "<span class='synthetic'>模拟数据</span>" if settings.is_synthetic else ""
    written = datetime.now(_SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return (
        "<!DOCTYPE html>\n<html lang='zh-CN'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><link rel='icon' href='data:,'>"
        f"<link rel='stylesheet' href='{up}{_STYLE.name}'></head><body>"
        f"<header><a href='{up}index.html'>增收监测 · 数据质量报告</a>{synthetic}"
        f"<time>生成于 {written}</time></header><main>{body}</main></body></html>\n"
    )


def _write_whole(file: Path, text: str) -> None:
    unfinished = file.with_name(f".{file.name}.tmp")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(file)
