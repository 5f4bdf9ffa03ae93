"""What the pages of a site share: rows of marts for its quarter, small cells already hidden.

Nothing downstream sees a figure that may not be shown, so neither a table nor a chart's data can
carry one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from orchestration.calendar import Quarter
from orchestration.publication.marts import REGION, Marts, Row
from orchestration.publication.site.suppression import HIDDEN, hidden_cells
from orchestration.publication.words import VALUES, Term, column_terms, mart_terms

_PER_VILLAGE = (
    "persons",
    "households",
    *(f"{figure}_{value}" for figure in ("net_income", "per_capita", "growth") for value in VALUES),
)
_OF_PEOPLE = ("户", "人", "人次")


@dataclass(frozen=True)
class Material:
    """The rows of one quarter's site."""

    marts: Marts
    quarter: Quarter

    @cached_property
    def counties(self) -> list[Row]:
        """The 22 counties, by code."""
        return self.marts.rows("select * from dim_county where not is_region order by county_code")

    @cached_property
    def county_names(self) -> dict[str, str]:
        """Names of the counties and the region by code."""
        return {
            row["county_code"]: row["county_name"]
            for row in self.marts.rows("select county_code, county_name from dim_county")
        }

    @cached_property
    def departments(self) -> dict[str, str]:
        """Names of departments by id."""
        return {
            row["department_id"]: row["department_name"]
            for row in self.marts.rows("select department_id, department_name from dim_department")
        }

    @cached_property
    def components(self) -> dict[tuple[str, date], dict[str, Row]]:
        """Income by county (or region), quarter and component, up to the site's quarter."""
        rows = self.marts.rows(
            "select * from fct_income_components where quarter <= $quarter "
            "order by county_code, quarter",
            quarter=self.quarter.start,
        )
        by_quarter: dict[date, dict[str, int]] = defaultdict(dict)
        for row in rows:
            if row["county_code"] != REGION:
                by_quarter[row["quarter"]][row["county_code"]] = row["households"]
        small = {quarter: hidden_cells(held) for quarter, held in by_quarter.items()}
        found: dict[tuple[str, date], dict[str, Row]] = defaultdict(dict)
        for row in rows:
            if row["county_code"] in small.get(row["quarter"], ()):
                row = _hide(row, [n for n in row if n.startswith(_INCOME_FIGURES)])
            found[row["county_code"], row["quarter"]][row["component"]] = row
        return found

    @cached_property
    def villages(self) -> dict[str, list[Row]]:
        """Income of every village by quarter, oldest first, up to the site's quarter."""
        rows = self.marts.rows(
            "select * from fct_village_income where quarter <= $quarter "
            "order by village_code, quarter",
            quarter=self.quarter.start,
        )
        held: dict[tuple[str, date], dict[str, int]] = defaultdict(dict)
        for row in rows:
            held[row["county_code"], row["quarter"]][row["village_code"]] = row["households"]
        small = {place: hidden_cells(counts) for place, counts in held.items()}
        found: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row["village_code"] in small[row["county_code"], row["quarter"]]:
                row = _hide(row, _PER_VILLAGE)
            found[row["village_code"]].append(row)
        return found

    @cached_property
    def village_names(self) -> dict[str, Row]:
        """Village, township and county by village code."""
        return {row["village_code"]: row for row in self.marts.rows("from dim_village")}

    @cached_property
    def present_villages(self) -> list[Row]:
        """The villages of the site's quarter: income, lead and names in one row each."""
        leads = {row["village_code"]: row for row in self.leads}
        found = []
        for code, history in self.villages.items():
            if history[-1]["quarter"] != self.quarter.start:
                continue
            row = {**self.village_names[code], **history[-1], "lead": leads.get(code)}
            row["water"] = difference(row["per_capita_reported"], row["per_capita_verified"])
            row["water_share"] = ratio(row["water"], row["per_capita_reported"])
            found.append(row)
        return found

    @cached_property
    def leads(self) -> list[Row]:
        """Every village as the guard saw it in the site's quarter, the first to visit first."""
        rows = self.marts.rows(
            "select * from fct_village_risk where quarter = $quarter order by risk_rank",
            quarter=self.quarter.start,
        )
        small = {
            code
            for code, history in self.villages.items()
            if history[-1]["quarter"] == self.quarter.start and history[-1]["households"] is HIDDEN
        }
        amounts = (
            "households",
            "net_income_reported",
            "yuan_at_stake",
            "expected_yuan",
            "withheld_income",
            "amount_struck",
            "exact_findings",
        )
        return [_hide(row, amounts) if row["village_code"] in small else row for row in rows]

    @cached_property
    def flagged(self) -> list[Row]:
        """The leads of the site's quarter, ranked."""
        return [row for row in self.leads if row["is_flagged"]]

    @cached_property
    def county_risks(self) -> dict[str, Row]:
        """Counties as the guard saw them in the site's quarter, by code."""
        return {
            row["county_code"]: row
            for row in self.marts.rows(
                "select * from fct_county_risk where quarter = $quarter order by risk_rank",
                quarter=self.quarter.start,
            )
        }

    @cached_property
    def accountability(self) -> dict[str, Row]:
        """What the plan's assessment rules list, by county."""
        return {
            row["county_code"]: row
            for row in self.marts.rows(
                "select * from fct_accountability where quarter = $quarter",
                quarter=self.quarter.start,
            )
        }

    @cached_property
    def goals(self) -> list[Row]:
        """The plan's overall goals by goal and county, as they last stood.

        They belong to income years 2024 and 2025; a later quarter shows how they ended.
        """
        return self.marts.rows(
            "select * from fct_goal_attainment where quarter = (select max(quarter) "
            "from fct_goal_attainment where quarter <= $quarter) order by goal_id, county_code",
            quarter=self.quarter.start,
        )

    @cached_property
    def measures(self) -> list[Row]:
        """The plan's 20 measures."""
        return self.marts.rows("from dim_measure order by measure_no")

    @cached_property
    def indicators(self) -> dict[str, Row]:
        """Indicators by id."""
        return {
            row["indicator_id"]: row
            for row in self.marts.rows("from dim_indicator order by indicator_id")
        }

    @cached_property
    def completion(self) -> dict[str, dict[str, list[Row]]]:
        """Indicators by id and county (or region): their quarters, oldest first.

        A count of people in a county is hidden if it is small, or follows from the others.
        """
        rows = self.marts.rows(
            "select * from fct_measure_completion where quarter <= $quarter "
            "order by indicator_id, county_code, quarter",
            quarter=self.quarter.start,
        )
        people = {name for name, row in self.indicators.items() if row["unit_zh"] in _OF_PEOPLE}
        counts: dict[tuple[str, date, str], dict[str, Any]] = defaultdict(dict)
        for row in rows:
            if row["indicator_id"] in people and row["county_code"] != REGION:
                for value in VALUES:
                    counts[row["indicator_id"], row["quarter"], value][row["county_code"]] = row[
                        value
                    ]
        small = {place: hidden_cells(held) for place, held in counts.items()}
        found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            if any(
                row["county_code"] in small.get((row["indicator_id"], row["quarter"], value), ())
                for value in VALUES
            ):
                row = _hide(row, _OF_COMPLETION)
            found[row["indicator_id"]][row["county_code"]].append(row)
        return found

    @cached_property
    def steps(self) -> dict[str, list[Row]]:
        """The region's waterfalls by indicator."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.marts.rows(
            "select * from fct_measure_waterfall where quarter = $quarter "
            "and county_code = $region order by indicator_id, stage, reason",
            quarter=self.quarter.start,
            region=REGION,
        ):
            found[row["indicator_id"]].append(row)
        return found

    @cached_property
    def submissions(self) -> list[Row]:
        """Every submission that is due in the site's quarter, in all its versions."""
        rows = self.marts.rows(
            "select * from fct_submissions where quarter = $quarter "
            "order by department_id, dataset, sender, submission_version desc",
            quarter=self.quarter.start,
        )
        for row in rows:
            row["sender_zh"] = self.county_names.get(row["sender"]) or self.departments.get(
                row["sender"], row["sender"]
            )
        return rows

    @cached_property
    def catalogue(self) -> dict[str, Row]:
        """The guard's signals by id, S1 first."""
        return {
            row["signal_id"]: row
            for row in self.marts.rows(
                "from dim_signal order by cast(substr(signal_id, 2) as integer)"
            )
        }

    @cached_property
    def county_rows(self) -> list[Row]:
        """One row per county: net income, water, risk and what its goal says."""
        goals = {row["county_code"]: row for row in self.goals if row["county_code"] != REGION}
        rows = []
        for county in self.counties:
            code = county["county_code"]
            net = self.components.get((code, self.quarter.start), {}).get("net_income")
            water = (
                difference(net["per_capita_reported"], net["per_capita_verified"]) if net else None
            )
            rows.append(
                {
                    **county,
                    "net": net,
                    "water": water,
                    "water_share": ratio(water, net["per_capita_reported"]) if net else None,
                    "risk": self.county_risks.get(code),
                    "goal": goals.get(code),
                    "account": self.accountability.get(code),
                }
            )
        return rows

    @cached_property
    def measure_rows(self) -> list[Row]:
        """One row per measure with how many of its indicators stand where in the region."""
        rows = []
        for measure in self.measures:
            latest = [
                self.completion[name][REGION][-1]
                for name, indicator in self.indicators.items()
                if indicator["measure_no"] == measure["measure_no"]
                and self.completion[name][REGION]
            ]
            statuses = Counter(
                row["status"] for row in latest if row["quarter"] == self.quarter.start
            )
            rows.append({**measure, "statuses": statuses})
        return rows

    @cached_property
    def alerts(self) -> dict[str, list[Row]]:
        """Early warnings by county and kind of risk, small counts hidden."""
        return _counted(
            self.marts.rows(
                "select county_code, risk_kind as kind, any_value(title_zh) as title_zh, "
                "status, count(distinct household_key) as households from fct_household_alerts "
                "where quarter = $quarter group by county_code, risk_kind, status "
                "order by county_code, risk_kind",
                quarter=self.quarter.start,
            )
        )

    @cached_property
    def gaps(self) -> dict[str, list[Row]]:
        """How many low-income households of a county each action fits, and how many lack it."""
        return _counted(
            self.marts.rows(
                "select county_code, action_no as kind, any_value(title_zh) as title_zh, "
                "case when is_covered then 'covered' else 'gap' end as status, "
                "count(distinct household_key) as households from fct_assistance_plan "
                "where quarter = $quarter and is_eligible "
                "group by county_code, action_no, is_covered order by county_code, action_no",
                quarter=self.quarter.start,
            )
        )

    @cached_property
    def figures(self) -> dict[str, dict[str, Any]]:
        """Every published table with its columns: type, and words in Chinese and English."""
        tables = self.marts.rows(
            "select table_name, comment from duckdb_tables() where not internal order by table_name"
        )
        columns: dict[str, list[Row]] = defaultdict(list)
        for row in self.marts.rows(
            "select table_name, column_name, data_type, comment from duckdb_columns() "
            "where not internal order by table_name, column_index"
        ):
            row["term"] = column_terms().get(row["column_name"], Term("", ""))
            columns[row["table_name"]].append(row)
        return {
            row["table_name"]: {
                "term": mart_terms().get(row["table_name"], Term(row["table_name"], "")),
                "comment": row["comment"],
                "columns": columns[row["table_name"]],
            }
            for row in tables
        }


_INCOME_FIGURES = (
    "households",
    "persons",
    "total_",
    "per_capita_",
    "share_",
    "growth_",
    "contribution_",
)
_OF_COMPLETION = (
    "reported",
    "recomputed",
    "verified",
    "completion_rate_reported",
    "completion_rate_recomputed",
    "completion_rate_verified",
    "forecast",
    "forecast_low",
    "forecast_high",
)


def _hide(row: Row, names: Iterable[str]) -> Row:
    return {**row, **{name: HIDDEN for name in names if row[name] is not None}}


def difference(first: object, second: object) -> Any:
    """Return first less second; hidden or missing if one of them is."""
    if first is HIDDEN or second is HIDDEN:
        return HIDDEN
    if first is None or second is None:
        return None
    return first - second  # type: ignore[operator]


def ratio(part: object, whole: object) -> Any:
    """Return part over whole; hidden or missing if one of them is, or if the whole is zero."""
    if part is HIDDEN or whole is HIDDEN:
        return HIDDEN
    if part is None or not whole:
        return None
    return part / whole  # type: ignore[operator]


def _counted(rows: list[Row]) -> dict[str, list[Row]]:
    """Return one row per county and kind with its households by status.

    Each county and status is a total of its own, over its kinds.
    """
    held: dict[tuple[str, str], dict[object, int]] = defaultdict(dict)
    for row in rows:
        held[row["county_code"], row["status"]][row["kind"]] = row["households"]
    small = {place: hidden_cells(counts) for place, counts in held.items()}
    found: dict[str, dict[object, Row]] = defaultdict(dict)
    for row in rows:
        kind = found[row["county_code"]].setdefault(
            row["kind"],
            {"title_zh": row["title_zh"], "kind": row["kind"], "households": Counter()},
        )
        is_small = row["kind"] in small[row["county_code"], row["status"]]
        kind["households"][row["status"]] = HIDDEN if is_small else row["households"]
    return defaultdict(list, {code: list(kinds.values()) for code, kinds in found.items()})
