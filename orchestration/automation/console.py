"""What a command shows while it works: what it does, how far it is, how long each stage took.

Dagster, dbt and Great Expectations talk a great deal; while the display is open their output goes
to a log file, and the terminal belongs to the display.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed


class Display:
    """A progress line at the bottom, finished stages above it."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            Elapsed(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, start=False, visible=False)
        self._title = ""
        self._started = time.monotonic()

    def __enter__(self) -> Display:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self.console.print(text, highlight=False, soft_wrap=True)

    def start(self, title: str, total: int | None = None) -> None:
        """Begin a stage; ``total`` is how many steps it has, if that is known."""
        if title == self._title:
            return
        self.finish()
        self._title, self._started = title, time.monotonic()
        self._progress.reset(self._task, total=total, description=title, visible=True)

    def advance(self, *_: object) -> None:
        """Count one step of the stage."""
        self._progress.advance(self._task)

    def show(self, detail: str, done: int, total: int) -> None:
        """Set the stage's progress; ``detail`` says what was done last."""
        self._progress.update(
            self._task, description=f"{self._title} {detail}", completed=done, total=total
        )

    def finish(self, is_ok: bool = True) -> None:
        """End the stage, if one is open, and leave its line."""
        if self._title:
            mark = "[green]✓[/]" if is_ok else "[red]✗[/]"
            self.say(f"{mark} {self._title}  [dim]{time.monotonic() - self._started:.0f} s[/]")
            self._title = ""
            self._progress.update(self._task, visible=False)


@contextmanager
def open_display(log: Path) -> Iterator[Display]:
    """Give the terminal to a display and send everything else that is printed to ``log``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    with log.open("wb") as sink, os.fdopen(os.dup(1), "w", encoding="utf-8") as terminal:
        os.dup2(sink.fileno(), 1)
        os.dup2(sink.fileno(), 2)
        try:
            with Display(Console(file=terminal)) as display:
                yield display
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            logging.shutdown()
            for number, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, number)
                os.close(copy)
