"""Counties and villages by every usual spelling."""

import csv

import pytest

from orchestration.ingestion.regions import Regions, load_regions
from orchestration.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"


@pytest.fixture(scope="module")
def regions() -> Regions:
    return load_regions(SEEDS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("原州区", "640402"),
        ("原州", "640402"),
        ("固原市原州区", "640402"),
        ("宁夏回族自治区固原市原州区", "640402"),
        ("640402", "640402"),
        ("640402000000", "640402"),
        ("红寺堡区（开发区）", "640303"),
        ("红寺堡开发区", "640303"),
        ("沙坡头", "640502"),
        (" 海 原 县 ", "640522"),
        ("固原市", None),
        ("西宁市", None),
        ("", None),
    ],
)
def test_counties(regions: Regions, text: str, code: str | None) -> None:
    assert regions.county(text) == code


def test_every_village_is_found_by_its_own_name_and_code(regions: Regions) -> None:
    with (SEEDS / "villages.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            for text in (row["village_name"], row["village_code"]):
                found = regions.village(row["county_code"], row["township_name"], text)
                assert found == {row["village_code"]}, row


@pytest.mark.parametrize(
    "text", ["李果园村委会", "李果园村", "李果园", "李果园行政村", "李果园 村", "李旺镇李果园村"]
)
@pytest.mark.parametrize("township", ["李旺镇", "李旺", "李旺乡", None])
def test_a_village_in_every_spelling(regions: Regions, text: str, township: str | None) -> None:
    if text.startswith("李旺镇") and township != "李旺镇":
        return
    assert regions.village("640522", township, text) == {"640522101200"}


def test_a_village_and_a_community_of_the_same_name_are_told_apart(regions: Regions) -> None:
    village = regions.village("640121", "李俊镇", "李俊村")
    community = regions.village("640121", "李俊镇", "李俊社区")
    assert len(village) == len(community) == 1
    assert regions.village("640121", "李俊镇", "李俊") == village | community


def test_a_village_of_another_county_or_township_is_not_found(regions: Regions) -> None:
    assert regions.village("640522", "三河镇", "李果园村") == set()
    assert regions.village("640402", None, "640522101200") == set()
