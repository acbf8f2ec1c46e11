"""A real browser for tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.system.tools import skip_without

# As root it has no sandbox. Scripts like axe run once a page: compiling them at once is quicker.
OPTIONS = ["--no-sandbox", "--js-flags=--always-sparkplug"]


@contextmanager
def chromium() -> Iterator:
    """Chromium, which Playwright drives."""
    program = skip_without("chromium")
    from playwright.sync_api import sync_playwright

    # Its loop would look to Django like one of ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
