"""``python -m benchmarks [NAME …]``: run the named measurements, or the quick ones."""

import json
import sys

from benchmarks import guard, ingestion, line, postgresql, report_site, start_up

MEASUREMENTS = {
    "ingestion": ingestion.ratio,
    "start_up": start_up.ratio,
    "demo": line.demo,
    "full_size": line.full_size,
    "guard": guard.full_size,
    "postgresql": postgresql.ratio,
    "report_site": report_site.full_size,
}
QUICK = ("ingestion", "start_up", "demo")


def main() -> None:
    """Run what the command line names; print each result."""
    for name in sys.argv[1:] or QUICK:
        print(f"==> {name}", flush=True)
        print(json.dumps(MEASUREMENTS[name](), ensure_ascii=False, indent=2), flush=True)


if __name__ == "__main__":
    main()
