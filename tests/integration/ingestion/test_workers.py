"""The processes that judge submissions side by side."""

import subprocess
import sys
import time
from pathlib import Path

RUN = """
import os, time
from orchestration.ingestion.partition import _pool
if __name__ == "__main__":
    print(_pool(1).submit(os.getpid).result(), flush=True)
    time.sleep(600)
"""


def test_workers_end_with_a_killed_run(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN)
    run = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    worker = Path("/proc", run.stdout.readline().strip())
    assert worker.exists()
    run.kill()
    run.wait()
    deadline = time.monotonic() + 20
    while worker.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not worker.exists()
