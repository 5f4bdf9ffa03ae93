"""The files that dbt reads of the contracts are the contracts' own words."""

from orchestration.contracts import load_contracts
from orchestration.settings import PROJECT_ROOT
from orchestration.transformation.sources import generated_files


def test_generated_files_follow_the_contracts() -> None:
    for path, text in generated_files(load_contracts()).items():
        hint = f"{path}: run `python -m orchestration.transformation.sources`"
        assert (PROJECT_ROOT / path).read_text("utf-8") == text, hint


def test_every_contract_has_its_staging_model() -> None:
    folder = PROJECT_ROOT / "dbt_project/models/staging"
    expected = {
        f"{contract.department}/stg_{contract.dataset}.sql"
        for contract in load_contracts().values()
    }
    own = {"guard", "receiving", "published"}
    found = {file for file in folder.rglob("stg_*.sql") if file.parent.name not in own}
    assert {str(file.relative_to(folder)) for file in found} == expected
