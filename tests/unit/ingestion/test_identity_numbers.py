"""Identity numbers: validity, the one correction that is certain, and hiding."""

import unicodedata

import pytest

from orchestration.ingestion.identity_numbers import (
    from_15,
    is_valid,
    mask,
    mask_long_numbers,
    mask_name,
    mask_title,
    mask_valid_numbers,
)

# The two examples printed in GB 11643-1999.
PRINTED = ("11010519491231002X", "440524188001010014")


def test_the_standards_example_is_valid() -> None:
    assert is_valid(PRINTED[0])


def test_a_birthday_before_1900_is_not_a_living_persons() -> None:
    assert not is_valid(PRINTED[1])


@pytest.mark.parametrize("position", range(17))
def test_any_wrong_digit_is_noticed(position: int) -> None:
    number = PRINTED[0]
    wrong = str((int(number[position]) + 1) % 10)
    assert not is_valid(number[:position] + wrong + number[position + 1 :])


def test_fifteen_digits_become_eighteen_of_the_1900s() -> None:
    assert from_15("110105491231002") == PRINTED[0]
    assert from_15("110105491331002") is None


def test_a_mask_keeps_three_at_the_front_and_two_or_three_at_the_end() -> None:
    assert mask("990000198504121232") == "990*************32"
    assert mask("11010519491231002x") == "110************02X"


@pytest.mark.parametrize(
    "text",
    [
        "号码110105194912310021",
        "号码11010519491231002X，请核对",
        "１１０１０５１９４９１２３１００２１",
        "110105 19491231 0021",
        "110105491231002",
    ],
)
def test_messages_hide_whatever_is_shaped_like_a_number(text: str) -> None:
    assert "19491231" not in mask_long_numbers(text).replace(" ", "")
    assert "491231" not in mask_long_numbers(text).replace(" ", "")
    assert "*" in mask_long_numbers(text)


@pytest.mark.parametrize(
    "text",
    ["640522101200", "13800000000", "2024-10-08 10:30:00", "20241008103000", "村", "６５６０"],
)
def test_messages_keep_what_is_shorter(text: str) -> None:
    assert mask_long_numbers(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002x",
        "110105-19491231-002X",
        "1101051949\u200b1231002X",
        "110105194912\n31002X",
        "110105491231002",
        "11010519491231002X43",
        "2024 11010519491231002X",
    ],
)
def test_free_text_loses_a_valid_number_however_it_is_written(text: str) -> None:
    masked = mask_valid_numbers(f"（{text}）转入")
    assert "491231" not in "".join(filter(str.isalnum, unicodedata.normalize("NFKC", masked)))
    assert masked.startswith("（")
    assert masked.endswith("）转入")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("马成功11010519491231002X.xlsx", "马**110************02X.xlsx"),
        ("11010519491231002X（马成功）.xlsx", "110************02X（马**）.xlsx"),
        ("家庭收入情况表11010519491231002X.xlsx", "家庭收入情况表110************02X.xlsx"),
        (
            "家庭收入情况表（最终版）20241008103000．xlsx",
            "家庭收入情况表（最终版）20241008103000．xlsx",
        ),
    ],
)
def test_a_title_loses_number_and_name_and_stays_readable(name: str, shown: str) -> None:
    assert mask_title(name) == shown


def test_free_text_loses_valid_numbers_only() -> None:
    voucher = "202409150000012345"
    assert not is_valid(voucher)
    assert mask_valid_numbers(f"{voucher}，{PRINTED[0]}") == f"{voucher}，{mask(PRINTED[0])}"


def test_names_keep_their_first_character() -> None:
    assert mask_name("马成功") == "马**"
    assert mask_name(" ") == ""
