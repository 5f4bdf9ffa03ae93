"""Validation: what dbt computed is judged before marts are built and before they are published.

``suites.py`` reads the suites of ``expectations/``; ``frames.py`` runs their SQL; ``judge.py``, the
only module that imports Great Expectations, judges; ``failures.py`` holds the record.
"""
