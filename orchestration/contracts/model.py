"""The typed view of a contract that the rest of the package works with.

The files are validated twice on load: by the standard's published model
(``open_data_contract_standard``) and by the rules below, which say what this project needs beyond
the standard (senders, deadline, one kind per column). What the standard has no field for stands in
its ``customProperties``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    OpenDataContractStandard,
    SchemaProperty,
)

from orchestration.calendar import Quarter

CONTRACTS = Path(__file__).parent

Accumulation = Literal["in_period", "income_year_to_date", "calendar_year_to_date", "snapshot"]
Kind = Literal[
    "text",
    "integer",
    "decimal",
    "date",
    "month",
    "timestamp",
    "boolean",
    "code",
    "county",
    "village",
    "indicator",
    "person",
    "household",
]
"""How a cell of the column is read. ``person`` and ``household`` become keyed hashes."""


class ContractError(ValueError):
    """A contract file breaks the standard or this project's additions to it."""


@dataclass(frozen=True)
class Column:
    """One column of a dataset.

    ``codes`` maps every accepted Chinese label to its code; ``aliases`` are other headers under
    which the column has arrived. ``scale`` is the number of decimals of a decimal column.
    """

    name: str
    header: str
    kind: Kind
    description: str
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    is_key: bool = False
    unit: str | None = None
    codes: dict[str, str] | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    classification: str = "internal"
    precision: int | None = None
    scale: int | None = None
    is_dropped: bool = False
    is_control_total: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers under which the column is recognised, the current one first."""
        return (self.header, *self.aliases)

    @property
    def arrow_type(self) -> pa.DataType:
        """The column's type in the lake."""
        match self.kind:
            case "integer":
                return pa.int32()
            case "decimal":
                return pa.decimal128(self.precision or 18, self.scale or 0)
            case "date" | "month":
                return pa.date32()
            case "timestamp":
                return pa.timestamp("s")
            case "boolean":
                return pa.bool_()
            case _:
                return pa.string()


@dataclass(frozen=True)
class Identity:
    """A sum that must hold within a row: ``total`` × ``divisor`` = the signed sum of ``parts``.

    A total that is not stated is not checked; a part that is not stated counts only if it may be
    left out (``optional_parts``), else the row is not checked. ``tolerance`` is in the unit of the
    total.
    """

    name: str
    total: str
    parts: dict[str, int]
    tolerance: Decimal
    divisor: str | None = None
    optional_parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """One dataset: who sends it, when, how it is recognised, and its columns."""

    dataset: str
    title: str
    version: str
    department: str
    senders: tuple[str, ...]
    measures: tuple[int, ...]
    accumulation: Accumulation
    purpose: str
    grain: str
    file_titles: tuple[str, ...]
    deadline_days: int
    max_quarantine_share: float
    valid_from: Quarter
    valid_until: Quarter | None
    columns: tuple[Column, ...]
    path: Path
    identities: tuple[Identity, ...] = ()
    occurred_on: tuple[str, ...] = ()
    """Columns that date a row: where events are filed, one of them lies in the quarter."""
    may_come_from_counties: bool = False
    """Besides the senders, a county may send its own part, which nobody waits for."""

    @property
    def is_sent_by_counties(self) -> bool:
        """Whether each of the 22 counties sends its own file."""
        return self.senders == ("counties",)

    @property
    def is_taken_from_counties(self) -> bool:
        """Whether a county is among those who may send it."""
        return self.is_sent_by_counties or self.may_come_from_counties

    @property
    def stored_columns(self) -> tuple[Column, ...]:
        """The columns that reach the lake: all but those dropped at ingestion."""
        return tuple(column for column in self.columns if not column.is_dropped)

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns; within one submission they identify a row."""
        return tuple(column.name for column in self.columns if column.is_key)

    def column(self, name: str) -> Column:
        """Return the column with that canonical name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.dataset} has no column {name!r}")


@cache
def load_contract(path: Path) -> Contract:
    """Read and validate one contract file.

    Raises:
        ContractError: the file breaks the standard's model or lacks what this project needs.
    """
    try:
        # The standard's own reader has YAML parsed in Python, ten times as slowly.
        values = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        return _contract(OpenDataContractStandard(**values), path)
    except ContractError:
        raise
    except Exception as error:
        raise ContractError(f"{path}: {error}") from error


@cache
def load_contracts(folder: Path = CONTRACTS) -> dict[str, Contract]:
    """Return the newest version of every contract by dataset, sorted by dataset name."""
    contracts: dict[str, Contract] = {}
    for path in sorted(folder.rglob("*.yaml")):
        contract = load_contract(path)
        known = contracts.get(contract.dataset)
        if known is None or known.valid_from < contract.valid_from:
            contracts[contract.dataset] = contract
    return dict(sorted(contracts.items()))


@cache
def contract_for(dataset: str, quarter: Quarter, folder: Path = CONTRACTS) -> Contract:
    """Return the contract version of ``dataset`` that is valid in ``quarter``.

    Raises:
        ContractError: no version of the dataset covers the quarter.
    """
    for path in sorted(folder.rglob("*.yaml")):
        contract = load_contract(path)
        is_valid = contract.valid_from <= quarter and (
            contract.valid_until is None or quarter <= contract.valid_until
        )
        if contract.dataset == dataset and is_valid:
            return contract
    raise ContractError(f"no contract of {dataset} is valid in {quarter}")


def limit_text(limit: float | None) -> str:
    """Return a column's limit as people read it, an empty text if there is none."""
    if limit is None:
        return ""
    return str(int(limit)) if limit == int(limit) else repr(limit)


def _contract(document: OpenDataContractStandard, path: Path) -> Contract:
    custom = _custom(document.customProperties)
    sla = {item.property: item.value for item in document.slaProperties or []}
    missing = {"senders", "accumulation", "fileTitles", "validFrom"} - custom.keys()
    if missing or "latency" not in sla:
        raise ContractError(f"{path}: missing {sorted(missing) or 'slaProperties latency'}")
    tables = document.schema_ or []
    if len(tables) != 1:
        raise ContractError(f"{path}: a contract describes exactly one table")
    table = tables[0]
    if not (document.id and document.name and document.version and document.domain):
        raise ContractError(f"{path}: id, name, version and domain are required")
    senders = custom["senders"]
    contract = Contract(
        dataset=document.id,
        title=document.name,
        version=document.version,
        department=document.domain,
        senders=(senders,) if isinstance(senders, str) else tuple(senders),
        measures=tuple(custom.get("measures", ())),
        accumulation=custom["accumulation"],
        purpose=(document.description.purpose if document.description else None) or "",
        grain=table.dataGranularityDescription or "",
        file_titles=tuple(custom["fileTitles"]),
        deadline_days=int(str(sla["latency"])),
        max_quarantine_share=float(custom.get("maxQuarantineShare", 0.2)),
        valid_from=Quarter.parse(custom["validFrom"]),
        valid_until=Quarter.parse(custom["validUntil"]) if "validUntil" in custom else None,
        columns=tuple(_column(item, path) for item in table.properties or []),
        path=path,
        identities=tuple(_identity(item) for item in custom.get("identities", ())),
        occurred_on=tuple(custom.get("occurredOn", ())),
        may_come_from_counties=bool(custom.get("mayComeFromCounties", False)),
    )
    _check(contract)
    return contract


def _column(item: SchemaProperty, path: Path) -> Column:
    custom = _custom(item.customProperties)
    options = item.logicalTypeOptions or {}
    if not (item.name and item.businessName and item.description):
        raise ContractError(f"{path}: column {item.name!r} needs name, businessName, description")
    precision, scale = _decimal(item.physicalType or "")
    return Column(
        name=item.name,
        header=item.businessName,
        kind=_kind(item, custom, path),
        description=item.description,
        aliases=tuple(synonym.synonym for synonym in item.synonyms or [] if synonym.synonym),
        is_required=bool(item.required),
        is_key=bool(item.primaryKey),
        unit=custom.get("unit"),
        codes=_codes(item) if item.enum else None,
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
        pattern=options.get("pattern"),
        classification=item.classification or "internal",
        precision=precision,
        scale=scale,
        is_dropped=bool(custom.get("dropOnIngest")),
        is_control_total=bool(custom.get("controlTotal")),
    )


def _identity(item: dict[str, Any]) -> Identity:
    return Identity(
        name=item["name"],
        total=item["total"],
        parts={name: int(sign) for name, sign in item["parts"].items()},
        tolerance=Decimal(str(item["tolerance"])),
        divisor=item.get("divisor"),
        optional_parts=tuple(item.get("optionalParts", ())),
    )


def _kind(item: SchemaProperty, custom: dict[str, Any], path: Path) -> Kind:
    if "pseudonym" in custom:
        return custom["pseudonym"]
    if "codeList" in custom:
        return custom["codeList"]
    if item.enum:
        return "code"
    match item.logicalType:
        case "string":
            return "text"
        case "integer" | "boolean" | "timestamp":
            return item.logicalType
        case "number":
            return "decimal"
        case "date":
            return "month" if custom.get("precision") == "month" else "date"
    raise ContractError(f"{path}: column {item.name!r} has unknown type {item.logicalType!r}")


def _codes(item: SchemaProperty) -> dict[str, str]:
    codes: dict[str, str] = {}
    for value in item.enum or []:
        labels = [value.label, *_custom(value.customProperties).get("otherLabels", ())]
        codes.update({label: str(value.value) for label in labels if label})
    return codes


def _decimal(physical_type: str) -> tuple[int | None, int | None]:
    match = re.fullmatch(r"decimal\((\d+),\s*(\d+)\)", physical_type)
    return (int(match[1]), int(match[2])) if match else (None, None)


def _custom(properties: Iterable[CustomProperty] | None) -> dict[str, Any]:
    return {item.property: item.value for item in properties or [] if item.property}


def _check(contract: Contract) -> None:
    names = [column.name for column in contract.columns]
    if len(set(names)) != len(names):
        raise ContractError(f"{contract.path}: a column name occurs twice")
    if not contract.key:
        raise ContractError(f"{contract.path}: no column has primaryKey")
    for identity in contract.identities:
        named = {identity.total, *identity.parts, *identity.optional_parts}
        if unknown := (named | {identity.divisor or identity.total}) - set(names):
            raise ContractError(
                f"{contract.path}: identity {identity.name!r} names unknown columns {unknown}"
            )
    dated = {column.name for column in contract.columns if column.kind in ("date", "month")}
    if unknown := set(contract.occurred_on) - dated:
        raise ContractError(f"{contract.path}: occurredOn names no columns of dates: {unknown}")
    owner: dict[str, str] = {}
    for column in contract.columns:
        for header in column.headers:
            if owner.setdefault(header, column.name) != column.name:
                raise ContractError(
                    f"{contract.path}: header {header!r} belongs to two columns, "
                    f"{owner[header]} and {column.name}"
                )
