"""Explanation: from a published figure down to households, records, file, sheet and row.

``address.py`` names a figure, ``sources.py`` opens publication and warehouse, ``explain.py`` puts
the answer together from one module per kind of mart; ``text.py`` and ``workbook.py`` show it.
Everything is read, nothing is written: the same home gives the same answer.
"""

from orchestration.explanation.address import ExplanationError, Figure, figure_address
from orchestration.explanation.answer import Explanation, Table
from orchestration.explanation.explain import explain

__all__ = ["Explanation", "ExplanationError", "Figure", "Table", "explain", "figure_address"]
