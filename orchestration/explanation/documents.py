"""An explanation in the form that was asked for, printed or written to a file."""

import dataclasses
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.explanation.answer import Explanation
from orchestration.explanation.text import to_text
from orchestration.explanation.workbook import write_workbook


def show(answer: Explanation, form: str, file: Path | None) -> str | None:
    """Write an explanation to ``file``; return it as text instead if there is none."""
    if form == "xlsx":
        if file is None:
            raise ValueError("a workbook needs a file")
        write_workbook(answer, file)
        return None
    text = to_text(answer) if form == "text" else to_json(answer)
    if file is None:
        return text
    file.write_text(text, "utf-8")
    return None


def to_json(answer: Explanation) -> str:
    """Return an explanation as JSON; decimals are texts, so that no cent is lost."""
    values = dataclasses.asdict(answer)
    return json.dumps(values, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: Any) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
    return str(value)
