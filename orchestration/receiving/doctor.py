"""Checking a file before it is sent (报送前自查): what the line would answer, without sending it.

The file goes through receiving and ingestion themselves, in a home that is thrown away: the answer
is the receipt that the line would write. What the line alone knows (that the same file has come
before, how many rows the version before had) is not looked at.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.contracts import load_contracts
from orchestration.ingestion.partition import ingest_partition
from orchestration.receiving.receipts import receipt_path
from orchestration.receiving.receive import receive_inbox
from orchestration.receiving.submission import Received
from orchestration.settings import Settings

NOT_LOOKED_AT = (
    "自查只看文件本身：是否重复报送、与上一版行数相差多少、与其他部门数据是否对得上，"
    "收到后才能核对。"
)


@dataclass(frozen=True)
class Diagnosis:
    """What would become of a file: whether it would be taken in full, and the receipt's text."""

    is_healthy: bool
    receipt: str


def examine(file: Path, receipts: Path | None = None) -> Iterator[Diagnosis]:
    """Yield what would become of a file, or of every file of an archive.

    Args:
        file: the file under the name it is to be sent with.
        receipts: a folder that takes the receipts' workbooks; none are kept if it is not given.
    """
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), pseudonym_key="thrown away", is_synthetic=False)
        settings.inbox.mkdir()
        shutil.copy2(file, settings.inbox)
        for taken in receive_inbox(settings, load_contracts()):
            is_healthy = False
            if isinstance(taken, Received):
                judgements = ingest_partition(settings, taken.dataset, taken.quarter)
                is_healthy = any(
                    judgement.submission_id == taken.submission_id
                    and judgement.outcome == "accepted"
                    and judgement.is_control_total_matched is not False
                    for judgement in judgements
                )
                workbook = receipt_path(settings, taken.submission_id, taken.quarter)
                if receipts is not None:
                    receipts.mkdir(parents=True, exist_ok=True)
                    shutil.copy(workbook, receipts / f"自查-{workbook.name}")
                text = workbook.with_suffix(".txt")
            else:
                (text,) = (settings.receipts / "unrecognised").glob(f"{taken.file_sha256[:12]}-*")
            yield Diagnosis(is_healthy, text.read_text("utf-8-sig"))
