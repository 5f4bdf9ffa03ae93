"""The contract files: valid by the standard, complete, and without double meanings."""

import csv
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from orchestration.contracts import Contract, load_contract, load_contracts
from orchestration.contracts.model import CONTRACTS, ContractError
from orchestration.ingestion.units import factor
from orchestration.settings import PROJECT_ROOT

FILES = sorted(CONTRACTS.rglob("*.yaml"))
ONE_CARD = CONTRACTS / "finance" / "one_card_payments.yaml"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_contract_is_valid_by_the_published_schema(path: Path) -> None:
    schema = json.loads(OpenDataContractStandard.json_schema())
    document = yaml.safe_load(path.read_text("utf-8"))
    errors = list(jsonschema.Draft201909Validator(schema).iter_errors(document))
    assert errors == []


def test_every_sender_is_a_department_of_the_plan() -> None:
    with (PROJECT_ROOT / "seeds" / "departments.csv").open(encoding="utf-8") as handle:
        departments = {row["department_id"] for row in csv.DictReader(handle)}
    for contract in load_contracts().values():
        assert set(contract.senders) <= departments | {"counties"}


def test_at_least_eight_departments_send_beside_the_counties() -> None:
    assert len({c.department for c in load_contracts().values()} - {"counties"}) >= 8


def test_every_unit_is_one_that_headers_and_cells_may_name() -> None:
    for contract in load_contracts().values():
        for column in contract.columns:
            assert column.unit is None or factor(column.unit, column.unit) == 1, column


def test_no_file_title_belongs_to_two_datasets() -> None:
    owners: dict[str, str] = {}
    for contract in load_contracts().values():
        for title in contract.file_titles:
            assert owners.setdefault(title, contract.dataset) == contract.dataset


def test_identity_numbers_are_pseudonymised_and_names_dropped() -> None:
    for contract in load_contracts().values():
        for column in contract.columns:
            if column.classification == "identity":
                assert column.kind in ("person", "household"), column
            if "姓名" in column.header:
                assert column.is_dropped, column


def _edited(tmp_path: Path, old: str, new: str) -> Path:
    text = ONE_CARD.read_text("utf-8")
    assert old in text
    file = tmp_path / ONE_CARD.name
    file.write_text(text.replace(old, new, 1), "utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: DataContract", "kind: DataContract\nunknownField: 1", "unknownField"),
        ("businessName: 发放流水号", "description2: x", "businessName"),
        ("synonym: 流水号", "synonym: 姓名", "belongs to two columns"),
        ("primaryKey: true", "primaryKey: false", "no column has primaryKey"),
        ("property: latency", "property: delay", "latency"),
        ("      - due_on\n", "      - amount\n", "occurredOn"),
    ],
)
def test_a_broken_contract_is_refused_with_the_reason(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(ContractError, match=message):
        load_contract(_edited(tmp_path, old, new))


def test_every_chinese_label_leads_to_its_code() -> None:
    contract: Contract = load_contract(ONE_CARD)
    codes = contract.column("payment_status").codes
    assert codes is not None
    assert codes["已发放"] == codes["发放成功"] == "paid"
    assert contract.column("amount").unit == "元"
