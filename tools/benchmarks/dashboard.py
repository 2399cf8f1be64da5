"""Times how soon each page beside the queue is there in a real Chromium, warm.

    python -m tools.benchmarks.dashboard [--queued 100000]

Fills a new SQLite database, starts `python -m dashboard` on it, logs in, and opens each page six times: the first is not counted. A time
runs from the address to the page's last part, with its chart or table, on a connection of its own as after F5.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from moderation.desk import Users
from moderation.domain import Role
from moderation.store import Store
from tests.support.browser import FLAGS, DeskServer, require_chromium
from tools.benchmarks.queue_page import PASSWORD, fill

PAGES = {  # what is there when the page is
    "triage": ".stVegaLiteChart canvas, .stVegaLiteChart svg",
    "overview": ".stVegaLiteChart canvas, .stVegaLiteChart svg",
    "rules": ".stCode",
    "tryout": "textarea",
    "history": ".stDataFrame canvas",
    "users": ".stDataFrame canvas",
}
TIMES = 5
GOAL_S = 1.5


def main() -> None:
    """Run it, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queued", type=int, default=100_000, help="comments in the queue")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'moderation.db'}"
        fill(database, arguments.queued)
        with Store.open(database) as store:
            Users(store).add("boss", Role.ADMIN, PASSWORD)
        server = DeskServer(database).start()
        try:
            print(
                f"| first load, warm, {arguments.queued:,} queued | median s | to reach |\n| --- | --- | --- |"
            )
            for name, seconds in measure(server):
                print(f"| {name} | {seconds:.2f} | ≤ {GOAL_S} |", flush=True)
        finally:
            server.kill()


def measure(server: DeskServer) -> Iterator[tuple[str, float]]:
    """Open each page several times; yields its name and the median of seconds."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require_chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(f"{server.url}/tryout")
        page.fill("#name", "boss")
        page.fill("#password", PASSWORD)
        page.click("button")
        page.wait_for_selector(".account", state="attached")
        for name, there in PAGES.items():
            _open(page, f"{server.url}/{name}", there)
            yield name, median(_open(page, f"{server.url}/{name}", there) for _ in range(TIMES))
        browser.close()


def _open(page: Any, address: str, there: str) -> float:  # noqa: ANN401 - playwright may not be installed
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(there)
    page.wait_for_selector(".account", state="attached")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
