"""How much a phone loads for its first page, and for the next: bytes over the wire and requests."""

import shutil
from typing import Any

from playwright.sync_api import sync_playwright

from tests.benchmarks import pages
from tests.benchmarks.servers import COOKIE, serving

FIRST_KB, FIRST_REQUESTS, WARM_KB = 120, 12, 25


def measure(environment: dict[str, str]) -> dict[str, Any]:
    """A student's home page with an empty cache, then log-a-shift with a warm one."""
    filled = pages.run("tests.benchmarks.population", environment, "1")
    session = filled["blocks"][0]["students"][0]
    with serving("school.wsgi:application", environment) as server, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        address = f"http://127.0.0.1:{server.port}"
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": COOKIE, "value": session, "url": address}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(address + filled["paths"]["home"], wait_until="networkidle")
        first, first_requests = sum(sizes), len(sizes)
        sizes.clear()
        page.goto(address + filled["paths"]["log_shift"], wait_until="networkidle")
        warm = sum(sizes)
        browser.close()
    return {
        "first kB": round(first / 1000, 1),
        "first requests": first_requests,
        "warm kB": round(warm / 1000, 1),
        "met": first < FIRST_KB * 1000
        and first_requests < FIRST_REQUESTS
        and warm < WARM_KB * 1000,
    }
