"""Contracts: one Open Data Contract Standard file per dataset, by department, and their loader.

A contract is the single source of truth for a dataset. Everything that knows a column reads it
here: ingestion, receipts, templates, dbt's sources, Dagster's descriptions.
"""

from orchestration.contracts.model import Column, Contract, load_contract, load_contracts

__all__ = ["Column", "Contract", "load_contract", "load_contracts"]
