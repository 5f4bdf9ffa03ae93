"""zengshou (增收): the income-monitoring pipeline, as a Python package that Dagster loads.

One room per stage, in the order in which data flows: receiving → ingestion → transformation →
validation → publication. ``definitions.py`` is the table of contents.
"""
