"""The guard: who is to be verified and why, village by village, and how far to trust a flag."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from orchestration.publication.marts import Row
from orchestration.publication.site import charts
from orchestration.publication.site.formats import quarter_label
from orchestration.publication.site.material import Material
from orchestration.publication.site.overview import county_map
from orchestration.publication.site.pages import Page
from orchestration.publication.site.suppression import HIDDEN, hidden_cells, hide_small_counts
from orchestration.publication.words import VALUES

_GUARD = ("guard/index.html", "数字增收核查")
_VILLAGES = ("villages/index.html", "村")


def guard_pages(material: Material) -> Iterator[Page]:
    """Return the list of leads, the signals, the list of villages and every village's page."""
    signals = _signals(material)
    yield Page(
        "guard/index.html",
        "guard.html",
        "数字增收核查",
        "guard",
        {
            "flagged": material.flagged,
            "others": _other_entities(material),
            "county_rows": sorted(
                (row for row in material.county_rows if row["risk"]),
                key=lambda row: row["risk"]["risk_rank"],
            ),
            "map_options": county_map(material),
            "counts": _counts(material),
            "reliability": material.marts.rows(
                "select * from fct_lead_calibration where quarter = "
                "(select max(quarter) from fct_lead_calibration where quarter <= $quarter) "
                "order by bin",
                quarter=material.quarter.start,
            ),
        },
    )
    yield Page(
        "guard/signals.html",
        "signals.html",
        "信号目录",
        "guard",
        {"signals": _signal_rows(material)},
        (_GUARD,),
    )
    rows = material.present_villages
    yield Page("villages/index.html", "villages.html", "村", "villages", {"villages": rows})
    checks = _checks(material)
    findings = _findings(material)
    dispositions = _dispositions(material)
    for row in rows:
        code = row["village_code"]
        yield Page(
            f"villages/{code}.html",
            "village.html",
            f"{row['village_name']}（{row['county_name']}{row['township_name']}）",
            "villages",
            {
                "village": row,
                "lead": row["lead"],
                "history": material.villages[code],
                "income_chart": _income_chart(material.villages[code]),
                **_why(signals[code], row["lead"], material.quarter.start),
                "checks": checks[code],
                "findings": findings[code],
                "dispositions": dispositions[code],
            },
            (_VILLAGES,),
        )


def _counts(material: Material) -> Counter[str]:
    counts: Counter[str] = Counter()
    for lead in material.leads:
        counts["villages"] += 1
        counts["assessed"] += lead["is_assessed"]
        counts[lead["wording"]] += 1
        counts["unanswered"] += lead["is_flagged"] and lead["disposition"] is None
    return counts


def _signals(material: Material) -> dict[str, dict[str, list[Row]]]:
    """Return the signals of every village: by village and signal, quarters oldest first."""
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in material.marts.rows(
        "select * from fct_integrity_signals where entity_type = 'village' "
        "and quarter <= $quarter order by entity_id, signal_id, quarter",
        quarter=material.quarter.start,
    ):
        found[row["entity_id"]][row["signal_id"]].append(row)
    return found


def _why(signals: dict[str, list[Row]], lead: Row | None, quarter: date) -> dict[str, Any]:
    """Return the signals of the quarter, flagged ones first, and the history of what leads."""
    now = [history[-1] for history in signals.values() if history[-1]["quarter"] == quarter]
    for row in now:
        row["evidence"] = hide_small_counts(row["evidence"] or "")
    now.sort(key=lambda row: (not row["is_flagged"], row["p_value"] is None, row["p_value"]))
    shown = [row for row in now if row["is_flagged"]]
    if not shown and lead and lead["is_flagged"]:
        shown = [row for row in now if row["signal_id"] == lead["leading_signal"]]
    return {
        "signals": now,
        "signal_charts": [
            (row, _signal_chart(signals[row["signal_id"]]))
            for row in shown[:3]
            if row["statistic"] is not None
        ],
    }


def _signal_chart(history: list[Row]) -> charts.Options:
    """Draw a statistic against its history; the limit is the history plus what is usual."""
    return charts.own_history(
        [quarter_label(row["quarter"]) for row in history],
        [row["statistic"] for row in history],
        [row["own_history"] for row in history],
        [
            row["own_history"] + row["null_quantile"]
            if row["own_history"] is not None and row["null_quantile"] is not None
            else row["null_quantile"]
            for row in history
        ],
    )


def _income_chart(history: list[Row]) -> charts.Options:
    return charts.three_lines(
        [quarter_label(row["quarter"]) for row in history],
        {value: [row[f"per_capita_{value}"] for row in history] for value in VALUES},
        "yuan",
    )


def _checks(material: Material) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in material.marts.rows(
        "select * from fct_lead_checks where quarter = $quarter order by village_code, position",
        quarter=material.quarter.start,
    ):
        row["result_zh"] = hide_small_counts(row["result_zh"])
        found[row["village_code"]].append(row)
    return found


def _findings(material: Material) -> dict[str, list[Row]]:
    """Return exact findings by village and kind: households and yuan, small counts hidden."""
    rows = material.marts.rows(
        "select village_code, finding_kind, any_value(title_zh) as title_zh, "
        "any_value(rule_zh) as rule_zh, any_value(honest_causes) as honest_causes, "
        "any_value(signal_id) as signal_id, bool_or(is_exact) as is_exact, "
        "count(distinct household_key) as households, sum(amount) as amount "
        "from fct_household_findings where quarter = $quarter "
        "group by village_code, finding_kind order by village_code, finding_kind",
        quarter=material.quarter.start,
    )
    held: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        held[row["village_code"]][row["finding_kind"]] = row["households"]
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["finding_kind"] in hidden_cells(held[row["village_code"]]):
            row = {**row, "households": HIDDEN, "amount": HIDDEN}
        found[row["village_code"]].append(row)
    return found


def _dispositions(material: Material) -> dict[str, list[Row]]:
    """Return the leads of every village up to the quarter with what was answered."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in material.marts.rows(
        "select * from fct_village_risk where is_flagged and quarter <= $quarter "
        "order by village_code, quarter desc",
        quarter=material.quarter.start,
    ):
        found[row["village_code"]].append(row)
    return found


def _other_entities(material: Material) -> list[Row]:
    """Return what is flagged and is no village: collectors, townships, counties, departments."""
    rows = material.marts.rows(
        "select * from fct_integrity_signals where is_flagged and quarter = $quarter "
        "and entity_type not in ('village', 'household') order by p_value",
        quarter=material.quarter.start,
    )
    for row in rows:
        row["evidence"] = hide_small_counts(row["evidence"] or "")
    return rows


def _signal_rows(material: Material) -> list[Row]:
    """Return the catalogue with what each signal did in the quarter."""
    fared: dict[str, Counter[str]] = defaultdict(Counter)
    rates: dict[str, float] = {}
    for row in material.marts.rows(
        "select signal_id, assessment, is_flagged, count(*) as entities, "
        "max(false_alarm_rate) as false_alarm_rate from fct_integrity_signals "
        "where quarter = $quarter and entity_type <> 'household' group by all",
        quarter=material.quarter.start,
    ):
        fared[row["signal_id"]][row["assessment"]] += row["entities"]
        fared[row["signal_id"]]["flagged"] += row["entities"] if row["is_flagged"] else 0
        if row["false_alarm_rate"] is not None:
            rates[row["signal_id"]] = row["false_alarm_rate"]
    nulls: dict[str, list[Row]] = defaultdict(list)
    for row in material.marts.rows(
        "select * from fct_signal_nulls where quarter = $quarter order by signal_id, entity_type",
        quarter=material.quarter.start,
    ):
        nulls[row["signal_id"]].append(row)
    return [
        {
            **signal,
            "fared": fared[name],
            "false_alarm_rate": rates.get(name),
            "nulls": nulls[name],
        }
        for name, signal in material.catalogue.items()
    ]
