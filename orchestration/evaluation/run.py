"""Run an evaluation's worlds on several processes, then write its report."""

import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.evaluation.worlds import World, is_done, read_world, run_world, worlds_of

Progress = Callable[[str], None]


def evaluate(
    out: Path, *, seeds: int, first_seed: int, scale: float, workers: int, progress: Progress
) -> Path:
    """Run what has not been run yet, write ``report.md`` and ``results.json``; return the report.

    Args:
        out: folder of the results; worlds already there are not run again unless the detector has
            changed since.
        seeds: how many mixed worlds; the other kinds come on top.
        first_seed: seed of the first one.
        scale: households as a share of the region's.
        workers: processes; each needs about 3 GB at scale 0.15.
        progress: is told of every world that is finished.
    """
    worlds = worlds_of(seeds, first_seed, scale)
    kept = out / "worlds"
    run_worlds(worlds, kept, workers=workers, progress=progress)

    from orchestration.evaluation.report import write_report  # needs all of the results

    return write_report(out, [(world, read_world(world, kept)) for world in worlds])


def run_worlds(worlds: Sequence[World], kept: Path, *, workers: int, progress: Progress) -> None:
    """Run the worlds whose results are not there."""
    left = [world for world in worlds if not is_done(world, kept)]
    progress(f"{len(worlds)} worlds, {len(worlds) - len(left)} of them done")
    if not left:
        return
    with TemporaryDirectory(prefix="zengshou-evaluation-") as scratch:
        # A fresh process for each worker: DuckDB and dbt do not survive a fork.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(
            workers, mp_context=context, initializer=_settle, initargs=(scratch,)
        ) as pool:
            waiting = {pool.submit(_run, world, kept): world for world in left}
            for done, future in enumerate(as_completed(waiting), start=1):
                progress(f"{done}/{len(left)} {waiting[future].name}: {future.result():.0f} s")


def _settle(scratch: str) -> None:
    """Give this process a home of its own; dbt learns from the environment where it is."""
    os.environ["ZENGSHOU_HOME"] = str(Path(scratch) / str(os.getpid()))


def _run(world: World, kept: Path) -> float:
    return run_world(world, kept, Path(os.environ["ZENGSHOU_HOME"]))


def seconds_of(world: World, kept: Path) -> dict[str, float]:
    """Return how long the world took, by step."""
    text = (kept / world.name / "world.json").read_text("utf-8")
    return dict(json.loads(text)["seconds"])
