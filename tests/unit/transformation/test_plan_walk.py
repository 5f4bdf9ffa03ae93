"""No number, list, duty or department of the plan that the seeds do not carry."""

import re
from decimal import Decimal

from plan_text import (
    PLAN,
    SEEDS_OF_THE_PLAN,
    Claim,
    claims,
    numbers,
    places,
    rows,
    unencoded,
)

from orchestration.contracts import load_contracts
from orchestration.settings import PROJECT_ROOT

# What a list of numerals in words counts: the words of the plan, and the rows that must be as many.
LISTS_IN_WORDS = {
    "“四个一批”": "four_batches",
    "两类经营主体": "farm_entity_kinds",
    "“两个带头人”": "two_leaders",
    "四种联农带农富农模式": "linkage_modes",
    "“六特”产品": "six_specialties",
    "三重医疗保障制度": "medical_guarantees",
    "残疾人“两项补贴”": "disability_subsidies",
    "“双增”": "both_rise",
    "“三位一体”": "three_in_one",
    "“八个一批”": "eight_batches",
    "“三保障”": "three_guarantees",
    "基本医保三项目录": "insurance_catalogues",
}
WORDS_THAT_COUNT_NOTHING = {
    "全国两会": "the name of a meeting",
    "党的二十大": "the name of a congress",
    "增速比前三年": "the three years are the thresholds growth_2021 to growth_2023",
    "二、重点任务": "a heading",
    "三、保障措施": "a heading",
    "（二）": "a heading",
    "（三）": "a heading",
    "（四）": "a heading",
    "（五）": "a heading",
    "培训、务工两不误": "a figure of speech",
    "三甲医院": "a grade of hospital",
}
_NUMERALS = dict(zip("两二双三四五六七八九十", (2, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
# Codes of a contract that no list of the plan names.
BESIDE_THE_PLAN = {
    "county_plans.industry_kind": {"all", "planting", "services"},
    "employment_subsidies.service_mode": {"ordinary"},
    "platform_sales.cooperation_kind": {"none"},
}
# Datasets that serve no single measure: they check the figures of all of them.
SERVE_NO_MEASURE = {
    "audit_back_checks",
    "audit_dispositions",
    "audit_waivers",
    "income_survey",
    "known_rules",
    "national_comparators",
}


def members(list_id: str) -> list[dict[str, str]]:
    return [row for row in rows("code_lists") if row["list_id"] == list_id]


def codes(contract_column: str) -> set[str]:
    dataset, name = contract_column.split(".")
    columns = {column.name: column for column in load_contracts()[dataset].columns}
    return set((columns[name].codes or {}).values())


def test_every_number_of_the_plan_is_encoded() -> None:
    assert unencoded(PLAN, claims()) == []


def test_a_number_that_nothing_encodes_is_found() -> None:
    assert unencoded(PLAN.replace("辐射带动50户以上", "辐射带动60户以上"), claims())
    assert unencoded(PLAN.replace("“点对点”劳务输送", "“点对点”劳务输送4万人"), claims())
    assert unencoded(PLAN.replace("2—3个叫得响", "2—4个叫得响"), claims())
    assert unencoded(PLAN + "到2025年再增加5000个。", claims())


def test_a_number_that_a_seed_drops_is_missed() -> None:
    encoded = claims()
    found = numbers(PLAN)
    for claim in sorted(encoded):
        spans = list(places(claim.quote, PLAN))
        if any(n.start in span and n.value == claim.value for n in found for span in spans):
            assert unencoded(PLAN, encoded - {claim}), claim


def test_thresholds_are_numbers_of_their_sentences_and_are_used() -> None:
    known = {row["indicator_id"] for row in rows("indicators")}
    known |= {row["goal_id"] for row in rows("goals")}
    for row in rows("plan_thresholds"):
        assert Decimal(row["value"]) in {n.value for n in numbers(row["plan_quote"])}, row
        assert set(row["used_by"].split("|")) <= known, row


def test_numerals_in_words_count_their_lists() -> None:
    settled: set[int] = set()
    for words in (*LISTS_IN_WORDS, *WORDS_THAT_COUNT_NOTHING):
        spans = list(places(words, PLAN))
        assert spans, words
        settled.update(place for span in spans for place in span)
    numerals = [match.start() for match in re.finditer(f"[{''.join(_NUMERALS)}]", PLAN)]
    assert [PLAN[at - 5 : at + 8] for at in numerals if at not in settled] == []
    for words, list_id in LISTS_IN_WORDS.items():
        (numeral,) = [_NUMERALS[letter] for letter in words if letter in _NUMERALS]
        assert len(members(list_id)) == numeral, list_id
    assert len(members("workshop_batches")) == PLAN.split("通过“巩固提升")[1][:30].count("一批")
    growth = [row for row in rows("plan_thresholds") if row["year"]]
    assert [row["year"] for row in growth] == ["2021", "2022", "2023"]


def test_the_services_spell_their_name() -> None:
    services = members("services_1311")
    assert "".join(row["definition_zh"][0] for row in services) == "1311"
    columns = {column.name for column in load_contracts()["employment_services"].columns}
    assert {row["code"] for row in services} <= columns


def test_lists_are_the_code_lists_of_the_contracts() -> None:
    bound = {row["contract_column"]: row["list_id"] for row in rows("code_lists")}
    bound.pop("")
    assert set(BESIDE_THE_PLAN) <= set(bound)
    for column, list_id in bound.items():
        named = {row["code"] for row in members(list_id)}
        assert named | BESIDE_THE_PLAN.get(column, set()) == codes(column), list_id
        assert not named & BESIDE_THE_PLAN.get(column, set())


def test_lists_are_numbered_and_say_their_source() -> None:
    for list_id in {row["list_id"] for row in rows("code_lists")}:
        found = members(list_id)
        assert [row["position"] for row in found] == [str(n + 1) for n in range(len(found))]
        assert len({row["code"] for row in found}) == len(found)
        assert all(row["source"] and row["definition_zh"] for row in found)
    assert {row["source"] for row in members("eight_batches")} == {"未公开"}
    components = {row["component"] for row in rows("measures")}
    assert {row["code"] for row in members("income_sections")} == components


def test_the_actions_are_those_of_the_plan_and_the_contract() -> None:
    actions = rows("assistance_actions")
    assert "、".join(row["title_zh"] for row in actions) + "13项增收行动" in PLAN
    assert {row["action_code"] for row in actions} == codes("low_income_actions.action_code")


def uncarried(plan: str) -> list[str]:
    """Return the parts of sections two and three that no seed quotes."""
    carried = bytearray(len(plan))
    for seed in SEEDS_OF_THE_PLAN:
        for row in rows(seed):
            for column, text in row.items():
                if column.endswith("_quote") and text:
                    for span in places(text, plan):
                        carried[span.start : span.stop] = b"\1" * len(span)
    start = plan.index("二、重点任务")
    left = "".join(plan[at] if not carried[at] else "\0" for at in range(start, len(plan)))
    headings = r"二、重点任务|三、保障措施|（[一二三四五]）"
    return re.findall(r"\w+", re.sub(headings, "", left))


def test_every_sentence_of_the_tasks_and_safeguards_is_carried() -> None:
    assert uncarried(PLAN) == []


def test_a_sentence_that_nothing_carries_is_found() -> None:
    more = PLAN.replace("防止因婚返贫。", "防止因婚返贫。每村设立一名监督员。")
    assert uncarried(more) == ["每村设立一名监督员"]


def test_duties_name_what_answers_them_or_say_why_nothing_does() -> None:
    measure_of = {row["indicator_id"]: row["measure_no"] for row in rows("indicators")}
    models = {file.stem for file in (PROJECT_ROOT / "dbt_project/models/marts").rglob("*.sql")}
    sources = models | set(load_contracts())
    sections = {
        row["code"]
        for row in rows("code_lists")
        if row["list_id"] in {"income_sections", "safeguards"}
    }
    component = {row["measure_no"]: row["component"] for row in rows("measures")}
    duties = rows("plan_duties")
    assert len({row["duty_id"] for row in duties}) == len(duties)
    for row in duties:
        assert row["kind"] in {"duty", "safeguard", "sanction"}
        assert row["section"] in sections
        if row["measure_no"]:
            assert row["section"] == component[row["measure_no"]]
        answers = [name for name in row["answered_by"].split("|") if name]
        assert set(answers) <= sources, row
        assert {name for name in row["indicator_ids"].split("|") if name} <= set(measure_of), row
        assert bool(answers) != bool(row["reason"]), row
        assert answers or not row["indicator_ids"], row


def named_departments(parenthesis: str) -> set[str]:
    """Return the names of a 责任单位 parenthesis, without 自治区 and 等."""
    names = re.split("[、，]", re.sub("^责任单位[:：]", "", parenthesis))
    return {name.removeprefix("自治区").removesuffix("等") for name in names}


def test_every_department_of_the_plan_is_known_and_answers_for_its_measures() -> None:
    parentheses = re.findall("[（(](责任单位[^）)]*)[）)]", PLAN)
    assert parentheses == [row["responsibility_quote"] for row in rows("measures")]
    called = {
        name: row["department_id"]
        for row in rows("departments")
        for name in (row["department_name"].removeprefix("自治区"), *row["other_names"].split("|"))
        if name
    }
    for measure in rows("measures"):
        named = named_departments(measure["responsibility_quote"])
        assert {"各市", "县〔区〕"} <= named
        found = sorted(called[name] for name in named - {"各市", "县〔区〕"})
        assert found == measure["responsible_departments"].split("|"), measure["title_zh"]
    open_ended = [r["measure_no"] for r in rows("measures") if "等，" in r["responsibility_quote"]]
    assert open_ended == ["4"]
    assert "counties" in load_contracts()["county_measure_report"].senders


def test_every_department_sends_what_its_measures_need() -> None:
    contracts = load_contracts().values()
    departments = {row["department_id"]: row for row in rows("departments")}
    assert {contract.department for contract in contracts} == {*departments, "counties"}
    without = {contract.dataset for contract in contracts if not contract.measures}
    assert without == SERVE_NO_MEASURE
    for contract in contracts:
        if contract.measures and contract.department != "counties":
            answers = set(departments[contract.department]["measures"].split("|"))
            assert answers & {str(number) for number in contract.measures}, contract.dataset


def test_every_measure_has_an_indicator_with_a_claim_and_a_record() -> None:
    contracts = load_contracts()
    indicators = rows("indicators")
    assert {row["measure_no"] for row in indicators} == {str(n) for n in range(1, 21)}
    assert len({row["indicator_id"] for row in indicators}) == len(indicators)
    for row in indicators:
        number = int(row["measure_no"])
        assert row["indicator_id"].startswith(f"M{number:02d}-")
        assert number in contracts[row["record_dataset"]].measures, row["indicator_id"]
        assert number in contracts[row["claim_dataset"]].measures, row["indicator_id"]


def test_quotes_stand_in_the_section_of_their_measure() -> None:
    starts = [PLAN.index(row["plan_quote"]) for row in rows("measures")]
    assert starts == sorted(starts)
    ends = [*starts[1:], PLAN.index("三、保障措施")]
    text = {str(n + 1): PLAN[starts[n] : ends[n]] for n in range(20)}
    for row in (*rows("indicators"), *rows("plan_duties")):
        section = text[row["measure_no"]] if row["measure_no"] else PLAN[ends[-1] :]
        assert row["plan_quote"] in section, row
    quotes = {row["indicator_id"]: row["plan_quote"] for row in rows("indicators")}
    for row in rows("indicator_targets"):
        assert row["plan_quote"] == quotes[row["indicator_id"]], row


def test_claims_keep_their_quotes() -> None:
    assert all(claim.quote in PLAN for claim in claims())
    assert Claim("县内16.3万人", Decimal(163_000)) in claims()
