"""Who has filed what: the files that a figure rests on, and those that it misses."""

from collections.abc import Iterable
from datetime import date

from orchestration.calendar import Quarter
from orchestration.explanation.answer import Row, Table
from orchestration.explanation.sources import Home
from orchestration.publication.marts import REGION

_STATUS_ZH = {"not_filed": "未报", "rejected": "退回，未重报"}


def missing_files(
    home: Home, datasets: Iterable[str], since: date, until: date, county: str | None = None
) -> Table:
    """List the submissions that should be there from one quarter to another and are not.

    Counties' own files are asked for one county if ``county`` names one.
    """
    found = home.rows(
        """
        select dataset, any_value(dataset_title_zh) as title, sender, quarter,
            max(deadline) as deadline, arg_max(status, submission_version) as status
        from published.fct_submissions
        where dataset in (select unnest($datasets)) and quarter between $since and $until
            and (sender not similar to '[0-9]{6}' or $county in (sender, $region))
        group by dataset, sender, quarter
        having not bool_or(is_current)
        order by quarter, dataset, sender
        """,
        {
            "datasets": sorted(set(datasets)),
            "since": since,
            "until": until,
            "county": county or REGION,
            "region": REGION,
        },
    )
    rows = [_missing(home, row) for row in found]
    return Table("缺少的报送", rows[: home.limit], len(rows))


def say_missing(table: Table) -> list[str]:
    """Return in words which files are missing, from whom and due when."""
    return [
        f"缺少《{row['数据集']}》{row['季度']}：{row['报送单位']}{row['状态']}，应于{row['应报时间']}前报送"
        for row in table.rows[:5]
    ] + ([f"共缺 {table.total} 份报送"] if table.total > 5 else [])


def filed_files(
    home: Home, datasets: Iterable[str], since: date, until: date, county: str | None = None
) -> list[Row]:
    """Return the current submissions of datasets between two quarters, as far as a county goes."""
    return home.rows(
        """
        select submission_id, dataset, sender, quarter
        from stg_submissions
        where is_current and dataset in (select unnest($datasets))
            and quarter between $since and $until
            and (sender not similar to '[0-9]{6}' or $county in (sender, $region))
        order by quarter desc, dataset, sender
        """,
        {
            "datasets": sorted(set(datasets)),
            "since": since,
            "until": until,
            "county": county or REGION,
            "region": REGION,
        },
    )


def _missing(home: Home, row: Row) -> Row:
    return {
        "数据集": row["title"] or row["dataset"],
        "报送单位": home.senders.name_zh(row["sender"]),
        "季度": Quarter(row["quarter"]).label,
        "应报时间": row["deadline"],
        "状态": _STATUS_ZH.get(row["status"], row["status"]),
    }
