"""The system's browser, for tests that look at pages as people do."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(_CHROMIUM is None, reason="needs the system's chromium"),
]


def needs_browser(test: Callable[..., None]) -> Callable[..., None]:
    """Mark one test of a file whose other tests need no browser."""
    for mark in NEEDS_BROWSER:
        test = mark(test)
    return test


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start the browser, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
