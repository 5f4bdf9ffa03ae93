"""Judge every signal of every entity in every quarter, then each entity and each county.

Quarters are judged in their order, each by itself and the earlier ones only: what was open under a
flag then is left out of the placebo afterwards, and no result ever changes because of later data.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from orchestration.forensics import combination, counts, placebo
from orchestration.forensics.answers import Answers, Known
from orchestration.forensics.calibration import calibrate
from orchestration.forensics.mechanisms import leading_signals
from orchestration.forensics.panels import (
    Entities,
    Flags,
    Floats,
    Panel,
    entities_by_type,
    panels_of,
)

FALSE_ALARM_RATE = 0.05
"""Share of false alarms among alarms that is kept (Benjamini–Hochberg)."""
SUSPICIOUS = 0.01
"""A quarter at or below this p does not enter the entity's own history in that signal."""
_OWN_HISTORY = 2
"""Earlier quarters that an item needs which is held against own history alone."""
_CENTRE_FROM = 0.1
_DRIFT_DISTANCE = 0.1
_DRIFT_P = 0.001

ASSESSED = "assessed"
TOO_FEW_HOUSEHOLDS = "too_few_households"
TOO_LITTLE_HISTORY = "too_little_history"
DRIFTING = "drifting"
NOT_COMPUTABLE = "not_computable"
_ASSESSMENTS = (ASSESSED, TOO_LITTLE_HISTORY, TOO_FEW_HOUSEHOLDS, NOT_COMPUTABLE)
"""From the best to the worst: of several items the best speaks for the signal."""

STATISTICS_COLUMNS = (
    "signal_id", "item", "entity_type", "entity_id", "county_code", "quarter",
    "sample_size", "successes", "statistic", "evidence_zh",
)  # fmt: skip


@dataclass(frozen=True)
class Assessment:
    """What the guard found, as frames of one row per …

    signals: signal · entity · quarter; entities: entity · quarter; counties: county · quarter;
    placebo: signal · entity type · quarter; calibration: quarter · bin.
    """

    signals: pd.DataFrame
    entities: pd.DataFrame
    counties: pd.DataFrame
    placebo: pd.DataFrame
    calibration: pd.DataFrame


@dataclass
class _Signal:
    """A signal's panels and, quarter by quarter, what was found in them."""

    signal_id: str
    family: str
    null_model: str
    minimum_sample: int
    minimum_history: int
    scale: str
    material_change: float
    by_own_history: frozenset[str]
    is_support: bool
    panels: list[Panel]
    centred: list[Floats] = field(default_factory=list)
    middle: list[Floats] = field(default_factory=list)
    suspicious: list[Flags] = field(default_factory=list)
    flagged: list[Flags] = field(default_factory=list)


@dataclass(frozen=True)
class _Items:
    """One signal in one quarter: a column per item, a row per entity."""

    p_value: Floats
    p_of_any: Floats
    immaterial: Floats
    assessment: NDArray[np.int64]
    statistic: Floats
    sample_size: Floats
    own_history: Floats
    change: Floats
    null_quantile: Floats
    placebo_size: Floats
    is_county: Flags
    per_unit: Floats
    measure: Floats
    half_step: Floats
    source: NDArray[np.int64]


def assess(
    statistics: pd.DataFrame,
    catalogue: pd.DataFrame,
    exact: pd.DataFrame,
    stakes: pd.DataFrame,
    answers: pd.DataFrame,
) -> Assessment:
    """Judge all statistics.

    Args:
        statistics: rows of int_signal_statistics (STATISTICS_COLUMNS).
        catalogue: seeds/signals.csv.
        exact: entity_id, quarter, exact_findings: exact records found in a village.
        stakes: entity_id, quarter, yuan_at_stake: what a village's claim exceeds its support by.
        answers: entity_type, entity_id, quarter (from which), disposition (confirmed, explained,
            data_error), answered_quarter.

    Raises:
        ValueError: a signal is not in the catalogue.
    """
    statistics, exact, stakes, answers = (
        _with_dates(frame) for frame in (statistics, exact, stakes, answers)
    )
    known_signals = catalogue.set_index("signal_id")
    unknown = set(statistics["signal_id"].unique()) - set(known_signals.index)
    if unknown:
        raise ValueError(f"signals that the catalogue does not have: {sorted(unknown)}")
    judged = statistics[statistics["signal_id"].map(known_signals["null_model"]) != "exact"]
    judged = judged.reset_index(drop=True)
    signals = [_of_records(statistics, known_signals)]
    entities, placebos = [], []
    for group in entities_by_type(judged).values():
        one, other, drift = _assess_type(judged, group, known_signals, answers)
        signals.append(one)
        entities.append(other)
        placebos.append(drift)
    all_signals = _stack(signals, _SIGNAL_COLUMNS)
    all_entities = _with_records(
        _with_items(_stack(entities, _COMBINED_COLUMNS), all_signals), exact, stakes, known_signals
    )
    calibrated = calibrate(all_entities, answers, list(CALIBRATION_COLUMNS))
    return Assessment(
        signals=all_signals,
        entities=all_entities.assign(probability=calibrated.probability),
        counties=_counties(all_entities),
        placebo=_stack(placebos, _PLACEBO_COLUMNS),
        calibration=calibrated.reliability,
    )


def _with_dates(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its quarters as dates, whether they came as dates or as timestamps."""
    names = [name for name in ("quarter", "answered_quarter") if name in frame]
    return frame.assign(**{name: pd.to_datetime(frame[name]).dt.date for name in names})


def _assess_type(
    statistics: pd.DataFrame, entities: Entities, catalogue: pd.DataFrame, answers: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Judge the entities of one type, quarter after quarter."""
    signals = _signals(statistics, entities, catalogue)
    heard = Answers(answers, entities)
    count, _ = entities.shape
    flagged = np.zeros(entities.shape, dtype=bool)
    signal_frames, entity_frames, placebo_rows = [], [], []
    for quarter in range(len(entities.quarters)):
        known = heard.known_before(quarter)
        is_open = _open_flags(flagged, known)
        p_values = np.full((count, len(signals)), np.nan)
        q_values = np.full((count, len(signals)), np.nan)
        has_row = np.zeros(count, dtype=bool)
        for column, signal in enumerate(signals):
            items = _judge_signal(signal, quarter, is_open, known, entities)
            drift = _drift(items)
            frame, p_values[:, column], q_values[:, column] = _reduce(
                signal, items, drift["is_drifting"], entities, statistics
            )
            frame.insert(3, "quarter", entities.quarters[quarter])
            has_row |= (items.source >= 0).any(axis=1)
            if len(frame):
                signal_frames.append(frame)
                placebo_rows.append(
                    {
                        "signal_id": signal.signal_id,
                        "entity_type": entities.entity_type,
                        "quarter": entities.quarters[quarter],
                        **drift,
                    }
                )
        frame, flagged[:, quarter] = _combine(signals, p_values, has_row, entities)
        frame.insert(2, "quarter", entities.quarters[quarter])
        entity_frames.append(frame)
    return (
        _stack(signal_frames, _SIGNAL_COLUMNS),
        _stack(entity_frames, _COMBINED_COLUMNS),
        pd.DataFrame(placebo_rows, columns=list(_PLACEBO_COLUMNS)),
    )


def _signals(
    statistics: pd.DataFrame, entities: Entities, catalogue: pd.DataFrame
) -> list[_Signal]:
    """The signals of one entity type, in the catalogue's order, centred where history counts."""
    by_id: dict[str, list[Panel]] = {}
    for panel in panels_of(statistics, entities):
        by_id.setdefault(panel.signal_id, []).append(panel)
    found = []
    for signal_id, row in catalogue.iterrows():
        panels = by_id.get(str(signal_id))
        if panels is None:
            continue
        signal = _Signal(
            str(signal_id),
            str(row["family"]),
            str(row["null_model"]),
            int(row["minimum_sample"]),
            int(row["minimum_history"]),
            str(row["statistic_scale"]),
            float(np.nan_to_num(row["material_change"])),
            frozenset(_words(row["items_by_own_history"])),
            row["role"] == "support",
            panels,
        )
        for panel in panels:
            large = panel.large_enough(signal.minimum_sample)
            values = np.where(large, panel.statistic, np.nan)
            centred, middle = placebo.centre(values, entities.counties)
            signal.centred.append(centred)
            signal.middle.append(middle)
            signal.suspicious.append(np.zeros(entities.shape, dtype=bool))
            signal.flagged.append(np.zeros(entities.shape, dtype=bool))
        found.append(signal)
    return found


def _words(value: object) -> list[str]:
    return [] if pd.isna(value) else str(value).split()  # type: ignore[call-overload]


def _open_flags(flagged: Flags, known: Known) -> Flags:
    """From its first flag on an entity is open, until an answer settles it; made up stays out."""
    quarters = np.arange(flagged.shape[1])
    unsettled = flagged & (quarters[None, :] > known.settled_through[:, None])
    return np.maximum.accumulate(unsettled, axis=1) | known.wrong_data


def _judge_signal(
    signal: _Signal, quarter: int, is_open: Flags, known: Known, entities: Entities
) -> _Items:
    """Judge every item of one signal in one quarter."""
    count, _ = entities.shape
    shape = (count, len(signal.panels))
    numbers = {
        name: np.full(shape, np.nan)
        for name in (
            "p_value", "statistic", "sample_size", "own_history", "change", "null_quantile",
            "placebo_size", "per_unit", "measure", "half_step", "p_of_any", "immaterial",
        )
    }  # fmt: skip
    is_county = np.zeros(shape, dtype=bool)
    assessment = np.full(shape, _ASSESSMENTS.index(NOT_COMPUTABLE), dtype=np.int64)
    source = np.full(shape, -1, dtype=np.int64)
    quarters = np.arange(is_open.shape[1])
    is_explained = known.explained_from >= 0
    after_explanation = quarters[None, :] >= known.explained_from[:, None]
    minimum_history = np.where(is_explained, min(1, signal.minimum_history), signal.minimum_history)
    for column, panel in enumerate(signal.panels):
        suspicious = signal.suspicious[column] & ~(is_explained[:, None] & after_explanation)
        in_baseline = after_explanation & ~suspicious & ~known.wrong_data
        large = panel.large_enough(signal.minimum_sample)
        now = large[:, quarter]
        numbers["statistic"][:, column] = panel.statistic[:, quarter]
        numbers["sample_size"][:, column] = panel.sample_size[:, quarter]
        source[:, column] = panel.source[:, quarter]
        if not now.any():
            p_value = p_of_any = np.full(count, np.nan)
        elif signal.null_model == "placebo":
            immaterial = _immaterial(
                panel.statistic[:, quarter], signal.scale, signal.material_change
            )
            found = placebo.judge(
                signal.centred[column],
                panel.sample_size,
                quarter,
                in_baseline=in_baseline,
                in_placebo=~(is_open | signal.flagged[column]),
                minimum_history=minimum_history,
                counties=entities.counties,
                immaterial=immaterial,
            )
            p_value, p_of_any = found.p_value, found.p_of_any_change
            numbers["immaterial"][:, column] = immaterial
            level = signal.middle[column][:, quarter]
            numbers["own_history"][:, column] = found.own_history + level
            numbers["change"][:, column] = found.change
            numbers["null_quantile"][:, column] = found.null_quantile
            numbers["placebo_size"][:, column] = found.placebo_size
            numbers["per_unit"][:, column] = found.unit
            numbers["measure"][:, column] = found.standardised
            is_county[:, column] = found.is_county_stratum
        elif signal.null_model == "binomial":
            is_own = panel.item in signal.by_own_history
            counted = counts.judge(
                np.where(large, panel.successes, np.nan),
                panel.sample_size,
                quarter,
                in_baseline=in_baseline,
                in_pool=~(is_open | signal.flagged[column]),
                minimum_history=np.maximum(minimum_history, _OWN_HISTORY if is_own else 0),
                trusts_history=is_explained | is_own,
                follows_others=not is_own,
            )
            p_value = p_of_any = counted.p_value
            numbers["half_step"][:, column] = counted.half_step
            rate = panel.successes[:, quarter] / panel.sample_size[:, quarter]
            numbers["own_history"][:, column] = counted.own_history
            numbers["change"][:, column] = rate - np.where(
                np.isfinite(counted.own_history), counted.own_history, counted.base_rate
            )
            numbers["null_quantile"][:, column] = counted.base_rate
            numbers["placebo_size"][:, column] = counted.pool_size
            numbers["measure"][:, column] = panel.statistic[:, quarter]
        else:  # normal: the statistic is a standard normal deviate
            p_value = np.where(now, stats.norm.sf(panel.statistic[:, quarter]), np.nan)
            p_of_any = p_value
            numbers["null_quantile"][:, column] = stats.norm.ppf(1 - FALSE_ALARM_RATE)
            numbers["measure"][:, column] = panel.statistic[:, quarter]
        alarm = combination.false_discovery(p_value)
        signal.flagged[column][:, quarter] = np.nan_to_num(alarm, nan=1.0) <= FALSE_ALARM_RATE
        numbers["p_value"][:, column] = p_value
        numbers["p_of_any"][:, column] = p_of_any
        # Without a history of its own an entity is only unlike others: that may be its nature.
        signal.suspicious[column][:, quarter] = (
            np.nan_to_num(p_of_any, nan=1.0) <= SUSPICIOUS
        ) & np.isfinite(numbers["own_history"][:, column])
        small = np.isfinite(panel.statistic[:, quarter]) & (
            panel.sample_size[:, quarter] < signal.minimum_sample
        )
        assessment[small, column] = _ASSESSMENTS.index(TOO_FEW_HOUSEHOLDS)
        assessment[now, column] = _ASSESSMENTS.index(TOO_LITTLE_HISTORY)
        assessment[np.isfinite(p_value), column] = _ASSESSMENTS.index(ASSESSED)
    return _Items(assessment=assessment, is_county=is_county, source=source, **numbers)


def _immaterial(values: Floats, scale: str, change: float) -> Floats:
    """How much of each value a change of no consequence makes, on the statistic's own scale.

    ``change`` is a share where the scale transforms one (arcsine, root), else in the statistic's
    own unit.
    """
    if scale == "arcsine":
        share = np.sin(values) ** 2
        return values - np.arcsin(np.sqrt(np.maximum(share - change, 0.0)))
    if scale == "root":
        return values - np.sqrt(np.maximum(values**2 - change, 0.0))
    return np.full(len(values), change)


def _drift(items: _Items) -> dict[str, object]:
    """Whether honest entities still behave as the placebo says: are middling p-values uniform?

    Only too many small ones count. p below 0.1 is left out: some of it is what is looked for.
    """
    known = np.isfinite(items.p_of_any)
    p_values, size = items.p_of_any[known], items.placebo_size[known]
    half_step = np.nan_to_num(items.half_step[known], nan=0.0)
    distance, p_value = _too_many_small(p_values, half_step)
    return {
        "placebo_size": int(np.nanmax(size)) if np.isfinite(size).any() else 0,
        "share_below_5_pct": float((p_values <= 0.05).mean()) if len(p_values) else np.nan,
        "uniformity_statistic": distance,
        "uniformity_p": p_value,
        "is_drifting": bool(distance > _DRIFT_DISTANCE and p_value < _DRIFT_P),
    }


def _too_many_small(p_values: Floats, half_step: Floats) -> tuple[float, float]:
    """One-sided Kolmogorov–Smirnov distance of the middling p-values from uniform, and its p.

    The p-value of a count is spread over its step, or its gaps would look like drift.
    """
    levels = np.linspace(_CENTRE_FROM, 1.0, 46)
    low, high = p_values - half_step, np.maximum(p_values + half_step, p_values - half_step + 1e-9)
    below = np.clip((levels[:, None] - low) / (high - low), 0.0, 1.0).sum(axis=1)
    count = below[-1] - below[0] if len(p_values) else 0.0
    if count < placebo.SMALLEST_PLACEBO:
        return np.nan, np.nan
    share = (below - below[0]) / count
    distance = float((share - (levels - _CENTRE_FROM) / (1 - _CENTRE_FROM)).max())
    return distance, float(np.exp(-2 * count * distance**2))


def _reduce(
    signal: _Signal,
    items: _Items,
    is_drifting: object,
    entities: Entities,
    statistics: pd.DataFrame,
) -> tuple[pd.DataFrame, Floats, Floats]:
    """One row per entity from its items, with q-values over entities."""
    rows = np.arange(len(items.p_value))
    filled = np.where(np.isfinite(items.p_value), items.p_value, np.inf)
    best_assessment = items.assessment.min(axis=1)
    largest = np.where(np.isfinite(items.sample_size), items.sample_size, -1.0).argmax(axis=1)
    has_p = np.isfinite(items.p_value).any(axis=1)
    strongest = np.where(has_p, filled.argmin(axis=1), largest)
    p_value = combination.smallest(items.p_value)
    assessment = np.asarray(_ASSESSMENTS, dtype=object)[best_assessment]
    if is_drifting:
        p_value = np.full(len(rows), np.nan)
        assessment[has_p] = DRIFTING
    q_value = combination.false_discovery(p_value)
    is_flagged = np.nan_to_num(q_value, nan=1.0) <= FALSE_ALARM_RATE

    def pick(values: Floats) -> Floats:
        return values[rows, strongest]

    exists = np.flatnonzero((items.source >= 0).any(axis=1))
    source = items.source[rows, strongest]
    # All evidence as Python strings would take most of the time, so only what is asked for.
    evidence = np.full(len(rows), None, dtype=object)
    told = np.flatnonzero(source >= 0)
    evidence[told] = statistics["evidence_zh"].take(source[told]).to_numpy(dtype=object)
    item_names = np.asarray([panel.item for panel in signal.panels], dtype=object)
    is_county = items.is_county[rows, strongest]
    county = np.asarray(entities.county_codes, dtype=object)[entities.counties]
    frame = pd.DataFrame(
        {
            "signal_id": signal.signal_id,
            "entity_type": entities.entity_type,
            "entity_id": entities.ids,
            "county_code": county,
            "item": item_names[strongest],
            "statistic": pick(items.statistic),
            "own_history": pick(items.own_history),
            "change": pick(items.change),
            "null_quantile": pick(items.null_quantile),
            "threshold": _threshold(items, strongest, is_flagged),
            "sample_size": pick(items.sample_size),
            "placebo_size": pick(items.placebo_size),
            "p_value": p_value,
            "q_value": q_value,
            "q_by": combination.false_discovery(p_value, "by"),
            "false_alarm_rate": FALSE_ALARM_RATE,
            "assessment": assessment,
            "is_flagged": is_flagged,
            "stratum": np.where(is_county, county, "region"),
            "evidence_zh": evidence,
        }
    )
    return frame.iloc[exists], p_value, q_value


def _threshold(items: _Items, strongest: NDArray[np.int64], is_flagged: Flags) -> Floats:
    """The smallest value that was flagged in the quarter, in each entity's own unit."""
    rows = np.arange(len(strongest))
    result = np.full(len(rows), np.nan)
    for column in range(items.measure.shape[1]):
        mine = strongest == column
        alarms = items.measure[mine & is_flagged, column]
        if not len(alarms):
            continue
        least = float(alarms.min())
        unit = items.per_unit[:, column]
        own = items.own_history[:, column] + least * unit + items.immaterial[:, column]
        result[mine] = np.where(np.isfinite(unit), own, least)[mine]
    return result


def _combine(
    signals: list[_Signal], p_values: Floats, has_row: Flags, entities: Entities
) -> tuple[pd.DataFrame, Flags]:
    """Families of signals, then one p for each entity."""
    families = sorted({signal.family for signal in signals if not signal.is_support})
    family_p = np.full((len(p_values), len(families)), np.nan)
    fired = np.zeros(family_p.shape, dtype=bool)
    for column, family in enumerate(families):
        members = [
            index
            for index, signal in enumerate(signals)
            if signal.family == family and not signal.is_support
        ]
        family_p[:, column] = combination.smallest(p_values[:, members])
        q_values = combination.false_discovery(family_p[:, column])
        fired[:, column] = np.nan_to_num(q_values, nan=1.0) <= FALSE_ALARM_RATE
    combined = combination.cauchy(family_p)
    q_value = combination.false_discovery(combined)
    is_flagged = np.nan_to_num(q_value, nan=1.0) <= FALSE_ALARM_RATE
    leading = leading_signals(p_values, [signal.signal_id for signal in signals])
    frame = pd.DataFrame(
        {
            "entity_type": entities.entity_type,
            "entity_id": entities.ids,
            "county_code": np.asarray(entities.county_codes, dtype=object)[entities.counties],
            "families_assessed": np.isfinite(family_p).sum(axis=1),
            "families_fired": _names(fired, families),
            "combined_p": combined,
            "q_value": q_value,
            "q_by": combination.false_discovery(combined, "by"),
            "leading_signal": leading,
            "is_flagged": is_flagged,
            **{f"p_{name}": np.nan for name in FAMILIES},
            **{f"p_{name}": family_p[:, column] for column, name in enumerate(families)},
        }
    )
    return frame.iloc[np.flatnonzero(has_row)], is_flagged


def _names(fired: Flags, families: list[str]) -> NDArray[np.object_]:
    """The names of the families that fired, with spaces between."""
    names = np.full(len(fired), "", dtype=object)
    for row in np.flatnonzero(fired.any(axis=1)):
        names[row] = " ".join(np.asarray(families, dtype=object)[fired[row]])
    return names


def _of_records(statistics: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """Rows of exact signals: a record is there or it is not, there is no probability."""
    rows = statistics[statistics["signal_id"].map(catalogue["null_model"]) == "exact"]
    found = rows["successes"].fillna(0).to_numpy(dtype=np.int64) > 0
    kept = rows[["signal_id", "entity_type", "entity_id", "county_code", "quarter", "item",
                 "statistic", "sample_size", "evidence_zh"]]  # fmt: skip
    return kept.assign(assessment=ASSESSED, is_flagged=found, stratum="record")


def _with_items(entities: pd.DataFrame, signals: pd.DataFrame) -> pd.DataFrame:
    """Add the item of the leading signal."""
    key = ["entity_type", "entity_id", "quarter"]
    items = signals[[*key, "signal_id", "item"]].rename(
        columns={"signal_id": "leading_signal", "item": "leading_item"}
    )
    return entities.merge(items, on=[*key, "leading_signal"], how="left")


def _with_records(
    entities: pd.DataFrame, exact: pd.DataFrame, stakes: pd.DataFrame, catalogue: pd.DataFrame
) -> pd.DataFrame:
    """Add exact records and yuan at stake, and say how strongly each entity is worded."""
    key = ["entity_type", "entity_id", "quarter"]
    villages = {"entity_type": "village"}
    county_of = entities.groupby(key[:2])["county_code"].last()
    frame = entities.merge(
        exact[exact["exact_findings"] > 0].assign(**villages)[[*key, "exact_findings"]],
        on=key,
        how="outer",  # a record stands even where no statistic could be computed
    ).merge(stakes.assign(**villages)[[*key, "yuan_at_stake"]], on=key, how="left")
    if frame["county_code"].isna().any():
        frame["county_code"] = frame["county_code"].fillna(
            frame.set_index(key[:2]).index.to_series().map(county_of).set_axis(frame.index)
        )
        frame["families_fired"] = frame["families_fired"].fillna("")
        frame["families_assessed"] = frame["families_assessed"].fillna(0)
        frame["is_flagged"] = frame["is_flagged"].eq(True)
    found = frame["exact_findings"].fillna(0).to_numpy(dtype=np.int64)
    frame["exact_findings"] = found
    by_statistics = frame["is_flagged"].to_numpy(dtype=bool)
    by_record = found > 0
    two_families = frame["families_fired"].str.contains(" ", regex=False).to_numpy(dtype=bool)
    flagged = by_statistics | by_record
    frame["is_flagged"] = flagged
    frame["flagged_by"] = np.select(
        [by_statistics & by_record, by_statistics, by_record],
        ["both", "statistics", "exact_record"],
        default="",
    )
    frame["wording"] = np.select(
        [by_record | (by_statistics & two_families), by_statistics],
        ["serious", "verify"],
        default="none",
    )
    only_record = by_record & ~by_statistics
    exact_signals = catalogue.index[catalogue["null_model"] == "exact"]
    if len(exact_signals):
        frame.loc[only_record, "leading_signal"] = exact_signals[0]
    frame["mechanism"] = frame["leading_signal"].map(catalogue["mechanism"]).where(flagged, None)
    combined = frame["combined_p"].fillna(1.0).to_numpy(dtype=np.float64)
    # A record proves one household, not a village: it is worth as much as one alarm.
    frame["risk_score"] = -np.log10(combined) - np.where(by_record, np.log10(FALSE_ALARM_RATE), 0)
    weight = np.where(by_record, 1.0, 1 - frame["q_value"].fillna(1.0).to_numpy(dtype=np.float64))
    frame["probability"] = np.nan
    frame["expected_yuan"] = weight * frame["yuan_at_stake"].to_numpy(dtype=np.float64)
    return frame[list(_ENTITY_COLUMNS)]


def _counties(entities: pd.DataFrame) -> pd.DataFrame:
    """Does a county hold some fabrication? Higher criticism over its villages."""
    rows = []
    villages = entities[(entities["entity_type"] == "village") & entities["combined_p"].notna()]
    for key, members in villages.groupby(["county_code", "quarter"], sort=True):
        county_code, quarter = key
        p_values = members["combined_p"].to_numpy(dtype=np.float64)
        value = combination.higher_criticism(p_values)
        rows.append(
            {
                "county_code": county_code,
                "quarter": quarter,
                "villages": len(p_values),
                "higher_criticism": value,
                "p_value": combination.criticism_p(value, len(p_values)),
                "affected_share": combination.affected_share(p_values),
            }
        )
    return pd.DataFrame(rows, columns=list(_COUNTY_COLUMNS))


def _stack(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    """One frame of many; with its columns even where nothing was found."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=list(columns))
    return pd.concat(filled, ignore_index=True).reindex(columns=list(columns))


FAMILIES = (
    "evidence", "growth", "copy", "shape", "process", "panel", "survey", "threshold",
)  # fmt: skip
"""Families of the catalogue."""
_SIGNAL_COLUMNS = (
    "signal_id", "entity_type", "entity_id", "county_code", "quarter", "item", "statistic",
    "own_history", "change", "null_quantile", "threshold", "sample_size", "placebo_size",
    "p_value", "q_value", "q_by", "false_alarm_rate", "assessment", "is_flagged", "stratum",
    "evidence_zh",
)  # fmt: skip
_COMBINED_COLUMNS = (
    "entity_type", "entity_id", "county_code", "quarter",
    *(f"p_{family}" for family in FAMILIES),
    "families_assessed", "families_fired", "combined_p", "q_value", "q_by", "leading_signal",
    "is_flagged",
)  # fmt: skip
_ENTITY_COLUMNS = (
    *_COMBINED_COLUMNS, "leading_item", "mechanism", "wording", "flagged_by", "exact_findings",
    "risk_score", "probability", "yuan_at_stake", "expected_yuan",
)  # fmt: skip
_COUNTY_COLUMNS = (
    "county_code", "quarter", "villages", "higher_criticism", "p_value", "affected_share",
)  # fmt: skip
CALIBRATION_COLUMNS = (
    "quarter", "bin", "method", "labels", "leads", "expected_share", "confirmed_share", "lower",
    "upper",
)  # fmt: skip
_PLACEBO_COLUMNS = (
    "signal_id", "entity_type", "quarter", "placebo_size", "share_below_5_pct",
    "uniformity_statistic", "uniformity_p", "is_drifting",
)  # fmt: skip
