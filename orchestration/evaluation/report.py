"""An evaluation in words and tables: ``report.md`` for people, ``results.json`` for machines."""

import json
import platform
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.evaluation import scoring
from orchestration.evaluation.detector import version
from orchestration.evaluation.worlds import World
from orchestration.forensics.assess import FALSE_ALARM_RATE
from orchestration.settings import PROJECT_ROOT

Result = tuple[World, dict[str, pd.DataFrame]]

TARGETS = {
    "false discovery, mean over seeds": 0.05,
    "false discovery, 90th percentile": 0.10,
    "recall weak": 0.35,
    "recall medium": 0.75,
    "recall strong": 0.95,
    "precision at k, medium": 0.95,
    "villages flagged in an honest region, per quarter": 2,
    "largest share of a look-alike group": 0.05,
    "mechanism named rightly": 0.85,
}


def write_report(out: Path, results: Sequence[Result]) -> Path:
    """Score the worlds, write both files and return the report's path."""
    figures = score(results)
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").write_text(
        json.dumps(figures, ensure_ascii=False, indent=1, default=_plain) + "\n", "utf-8"
    )
    path = out / "report.md"
    path.write_text(_words(figures), "utf-8")
    return path


def score(results: Sequence[Result]) -> dict[str, Any]:
    """Return all figures of an evaluation, as plain values and rows of tables."""
    mixed = [tables for world, tables in results if world.purpose in ("mixed", "rare", "common")]
    seeds = [tables["villages"] for world, tables in results if world.purpose == "mixed"]
    honest = [tables["villages"] for world, tables in results if world.purpose == "honest"]
    medium = [tables["villages"] for world, tables in results if world.purpose == "medium"]
    villages = pd.concat([tables["villages"] for tables in mixed], ignore_index=True)
    found = pd.concat(
        [scoring.found_villages(tables["villages"]) for tables in mixed], ignore_index=True
    )
    expected = found[found["expected_mechanism"].notna()]
    by_dose = scoring.recall(expected, ["dose"])
    by_type = scoring.recall(found, ["type", "dose"])
    alarms = scoring.honest_alarms(villages)
    false = [scoring.false_discovery(world) for world in seeds]
    share = scoring.spread(item["share"] for item in false)
    ranks = [scoring.ranking(world) for world in seeds]
    ranks_medium = [scoring.ranking(world) for world in medium]
    quiet = [world.groupby("quarter")["is_flagged"].sum().mean() for world in honest]
    named = expected["is_named"].dropna()
    groups = alarms[alarms["group"] != "ordinary"]
    recalls = dict(zip(by_dose["dose"], by_dose["recall"], strict=True))
    reached = {
        "false discovery, mean over seeds": share["mean"],
        "false discovery, 90th percentile": share["p90"],
        **{f"recall {dose}": recalls.get(dose) for dose in ("weak", "medium", "strong")},
        "precision at k, medium": scoring.spread(r["precision"] for r in ranks_medium)["mean"],
        "villages flagged in an honest region, per quarter": max(quiet) if quiet else None,
        "largest share of a look-alike group": groups["share"].max() if len(groups) else None,
        "mechanism named rightly": float(named.mean()) if len(named) else None,
    }
    return {
        "about": _about(results),
        "targets": TARGETS,
        "reached": reached,
        "false_discovery": {
            "by_seed": false,
            "of_flags": share,
            "of_villages": scoring.spread(item["share_of_villages"] for item in false),
        },
        "recall_by_dose": _rows(by_dose),
        "recall_by_type": _rows(by_type),
        "honest_alarms": _rows(alarms),
        "honest_worlds": {"villages_flagged_per_quarter": quiet},
        "shares": _shares(results),
        "ranking": {name: scoring.spread(r[name] for r in ranks) for name in ranks[0]}
        if ranks
        else {},
        "ranking_medium": {
            name: scoring.spread(r[name] for r in ranks_medium) for name in ranks_medium[0]
        }
        if ranks_medium
        else {},
        "yuan": scoring.yuan(found),
        "calibration": _rows(scoring.calibration(villages)),
        "counties": _counties(mixed),
        "not_assessed": {
            "village_quarters": float((villages["families_assessed"].fillna(0) == 0).mean()),
            "made_up": float(
                (villages.loc[villages["is_made_up"], "families_assessed"].fillna(0) == 0).mean()
            ),
        },
        "misses": _misses(found),
    }


def _about(results: Sequence[Result]) -> dict[str, Any]:
    worlds = [world for world, _ in results]
    return {
        "is_synthetic": True,
        "date": date.today().isoformat(),
        "detector": version(),
        "commit": _commit(),
        "python": platform.python_version(),
        "scale": sorted({world.scale for world in worlds}),
        "villages_per_world": int(
            pd.concat([tables["villages"] for _, tables in results])
            .groupby("world")["village_code"]
            .nunique()
            .median()
        ),
        "seeds": {
            purpose: [world.seed for world in worlds if world.purpose == purpose]
            for purpose in dict.fromkeys(world.purpose for world in worlds)
        },
        "false_alarm_rate": FALSE_ALARM_RATE,
    }


def _commit() -> str | None:
    """The commit that is checked out, marked if files differ from it; null outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"],  # noqa: S607
            cwd=PROJECT_ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _shares(results: Sequence[Result]) -> list[dict[str, Any]]:
    """False discovery by the share of villages that fabricate."""
    rows = []
    for purpose in ("honest", "rare", "mixed", "common"):
        worlds = [(w, t["villages"]) for w, t in results if w.purpose == purpose]
        if worlds:
            false = [scoring.false_discovery(villages) for _, villages in worlds]
            rows.append(
                {
                    "fabrication_share": worlds[0][0].fabrication_share,
                    "worlds": len(worlds),
                    "flags": sum(item["flags"] for item in false),
                    "false_flags": sum(item["false_flags"] for item in false),
                    **scoring.spread(item["share"] for item in false),
                }
            )
    return rows


def _counties(mixed: Sequence[dict[str, pd.DataFrame]]) -> list[dict[str, Any]]:
    """Counties that overstate as a whole, by dose, and honest ones: how many are ever flagged.

    By the survey or, beside it, by higher criticism at one in a hundred over the run.
    """
    rows = []
    for tables in mixed:
        plants, counties = tables["plants"], tables["counties"]
        whole = plants[plants["type"].isin(scoring.NOT_OF_A_VILLAGE)].set_index("county_code")
        villages = set(plants.loc[plants["kind"] == "fabrication", "county_code"])
        for code, county in counties.groupby("county_code"):
            since = whole["first_quarter"].get(code)
            judged = county if since is None else county[county["quarter"] >= since]
            dose = whole["dose"].get(code)
            rows.append(
                {
                    "county": dose or ("some_villages" if code in villages else "honest"),
                    "survey": bool((judged["is_flagged"].eq(True)).any()),
                    "criticism": bool((judged["p_value"] <= 0.01 / max(len(judged), 1)).any()),
                }
            )
    frame = pd.DataFrame(rows)
    if frame.empty:
        return []
    return _rows(
        frame.groupby("county")
        .agg(
            counties=("survey", "size"),
            by_survey=("survey", "sum"),
            by_criticism=("criticism", "sum"),
        )
        .reset_index()
    )


def _misses(found: pd.DataFrame) -> list[str]:
    """What was not found, type by type, in plain words."""
    sentences = []
    for (kind, dose), group in found.groupby(["type", "dose"], sort=True):
        missed = group[~group["is_found"]]
        if missed.empty:
            continue
        unseen = int((missed["share_assessed"] == 0).sum())
        small = int((missed["households"] < scoring.TOP).sum())
        if group["expected_mechanism"].isna().all():
            why = "no signal is expected to see it"
        else:
            why = (
                f"{unseen} could not be assessed in any quarter, {small} have fewer than "
                f"{scoring.TOP} households; the median of their smallest combined p is "
                f"{missed['best_p'].median():.3g}"
            )
        sentences.append(f"{kind}, {dose}: {len(missed)} of {len(group)} missed; {why}.")
    return sentences


def _words(figures: dict[str, Any]) -> str:
    about, reached = figures["about"], figures["reached"]
    lines = [
        "# 数字增收核查线索：盲测报告 (blind evaluation of the guard)",
        "",
        "All data here is **simulated**: no household, village or county of this report exists.",
        "",
        f"- detector `{about['detector']}`, commit `{about['commit']}`, {about['date']}, "
        f"Python {about['python']}",
        f"- worlds of {about['villages_per_world']} villages (scale {about['scale']}), "
        f"13 quarters; false alarms kept at {about['false_alarm_rate']:.0%} per quarter",
        *(f"- {name}: seeds {seeds[0]} to {seeds[-1]}" for name, seeds in about["seeds"].items()),
        "",
        "A village-quarter is *made up* while a fabrication is at work there, *flagged* if its",
        "wording is 核查 or 重点核查. A village is *found* if it is flagged while made up. False",
        "are all other flags: honest look-alikes, and what comes before a village starts.",
        "The thresholds come from the placebo alone; no label was used to set any.",
        "",
        "## Targets",
        "",
        _table(
            [
                {
                    "figure": name,
                    "target": target,
                    "measured": reached[name],
                    "reached": _is_reached(name, target, reached[name]),
                }
                for name, target in figures["targets"].items()
            ]
        ),
        "",
        "## Recall by dose (all types with a mechanism that the guard knows)",
        "",
        _table(figures["recall_by_dose"]),
        "",
        "## Recall by type and dose",
        "",
        _table(figures["recall_by_type"]),
        "",
        "## False alarms",
        "",
        _table(figures["shares"]),
        "",
        "Of villages ever flagged in the mixed worlds: "
        + ", ".join(f"{k} {v:.3f}" for k, v in figures["false_discovery"]["of_villages"].items()),
        "",
        _table(figures["honest_alarms"]),
        "",
        "## Order of the list in the newest quarter",
        "",
        "k is 50, or as many villages as are made up where they are fewer.",
        "",
        _table(
            [
                {
                    "worlds": n,
                    **{
                        f"{a} {b}": v
                        for a, s in figures[key].items()
                        for b, v in s.items()
                        if b == "mean"
                    },
                }
                for n, key in (("mixed", "ranking"), ("medium dose", "ranking_medium"))
                if figures[key]
            ]
        ),
        "",
        f"Yuan: {figures['yuan']['found']:,.0f} of {figures['yuan']['planted']:,.0f} overstated "
        f"yuan lie in villages that are found ({figures['yuan']['share']:.1%}).",
        "",
        "## Calibration of 1 - q",
        "",
        _table(figures["calibration"]),
        "",
        "## Counties",
        "",
        "Counties that overstate as a whole by dose, those with some fabricating villages, and",
        "honest ones: flagged by the sample survey, or by higher criticism over their villages.",
        "",
        _table(figures["counties"]),
        "",
        "## Not assessed",
        "",
        f"{figures['not_assessed']['village_quarters']:.1%} of all village-quarters and "
        f"{figures['not_assessed']['made_up']:.1%} of those made up (small or early).",
        "",
        "## Misses",
        "",
        *(f"- {sentence}" for sentence in figures["misses"]),
        "",
    ]
    return "\n".join(lines)


def _is_reached(name: str, target: float, value: float | None) -> str:
    if value is None or pd.isna(value):
        return "not measured"
    at_least = name.startswith(("recall", "precision", "mechanism"))
    return "yes" if (value >= target if at_least else value <= target) else "**no**"


def _table(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return "(nothing)"
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "| " + " | ".join("---" for _ in names) + " |"]
    lines += ["| " + " | ".join(_cell(row.get(name)) for name in names) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records"))
    return rows


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)
