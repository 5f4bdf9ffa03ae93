"""Measurements of zengshou: ratios taken in one run, and times with the machine stated.

Never part of the tests. ``python -m benchmarks`` runs the quick ones, ``python -m benchmarks NAME``
one of them; results are committed as measured under ``results/``.
"""
