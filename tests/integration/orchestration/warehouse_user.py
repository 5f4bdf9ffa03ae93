"""A run that holds the warehouse open for a while and notes from when to when."""

import sys
import time
from pathlib import Path

import dagster as dg
import duckdb

from orchestration.transformation.warehouse import POOL, taking_turn

span, warehouse, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])


@dg.asset(pool=POOL)
def warehouse_user() -> None:
    with taking_turn(Path(warehouse), print), duckdb.connect(warehouse):
        start = time.time()
        span.write_text(f"{start}")
        time.sleep(seconds)
    span.write_text(f"{start} {time.time()}")


with dg.DagsterInstance.get() as instance:
    dg.materialize([warehouse_user], instance=instance)
