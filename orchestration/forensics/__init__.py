"""The statistics of the guard against 数字增收: what SQL cannot express, on aggregates dbt made."""
