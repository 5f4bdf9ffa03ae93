"""Folders that are made beside the old ones and take their place whole."""

import shutil
from pathlib import Path


def empty_folder(folder: Path) -> Path:
    """Make a folder anew, whatever a process that was killed has left in it, and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def replace_folder(unfinished: Path, folder: Path) -> None:
    """Let a finished folder take the place of ``folder``, which may be there or not."""
    retired = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(retired, ignore_errors=True)
    if folder.exists():
        folder.rename(retired)
    unfinished.rename(folder)
    shutil.rmtree(retired, ignore_errors=True)
