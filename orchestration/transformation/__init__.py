"""The dbt project as Dagster sees it: its sources and its two groups of assets."""
