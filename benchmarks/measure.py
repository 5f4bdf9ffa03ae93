"""How a command is measured, and how a result is written down."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
ZENGSHOU = str(Path(sys.executable).with_name("zengshou"))


def machine() -> dict[str, Any]:
    """Describe the machine that a time was taken on."""
    memory_kib = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory_kib / 1024**2, 1),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def run(command: Iterable[str], **environment: str) -> dict[str, float]:
    """Run a command to its end; return wall seconds and the peak memory of its largest process.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    started = time.perf_counter()
    process = subprocess.Popen(list(command), env={**os.environ, **environment})
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise subprocess.CalledProcessError(code, process.args)
    return {
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mib": round(usage.ru_maxrss / 1024),
    }


def write(name: str, result: dict[str, Any]) -> Path:
    """Write one result as JSON, with the day and the machine, and return the file."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    document = {"measured_on": date.today().isoformat(), "machine": machine(), **result}
    file.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return file
