"""Times the queue page in a real Chromium: how soon the next comment is there after a key.

    python -m tools.benchmarks.queue_page [--queued 100000] [--presses 60]

Fills a new SQLite database, starts `python -m dashboard` on it, logs in, and presses keys. A time runs from the key's event to
the next comment in the page (the DOM), and to the frame that shows it; both in the browser's own clock.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from playwright.sync_api import sync_playwright

from moderation import Action, Comment, Decision
from moderation.desk import Users
from moderation.domain import Author, CheckResult, Outcome, Provenance, Reason, Role, Signal, SignalName, Span
from moderation.store import NewRow, Store, add_all, remember_ruleset
from moderation.text import normalise, same_text_key
from tests.support.browser import FLAGS, DeskServer, require_chromium

RULESET = "0" * 64
PASSWORD = "only for this benchmark"  # noqa: S105 - of a database that is deleted at the end
CARD = "[data-testid=comment][data-cid]:not([data-cid=''])"
WATCH = """() => {
  window.__dom = []; window.__frame = [];
  let pressed = 0, last = null;
  document.addEventListener("keydown", () => { pressed = performance.now(); }, true);
  const root = [...document.querySelectorAll("*")].find((one) => one.shadowRoot?.querySelector("[data-testid=comment]")).shadowRoot;
  const card = root.querySelector("[data-testid=comment]");
  new MutationObserver(() => {
    if (!pressed || card.dataset.cid === last) return;
    last = card.dataset.cid;
    const began = pressed;
    pressed = 0;
    window.__dom.push(performance.now() - began);
    requestAnimationFrame(() => window.__frame.push(performance.now() - began));
  }).observe(card, { childList: true, attributes: true });
}"""


def main() -> None:
    """Run it, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queued", type=int, default=100_000, help="comments in the queue")
    parser.add_argument("--presses", type=int, default=60, help="keys to time")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'moderation.db'}"
        fill(database, arguments.queued)
        server = DeskServer(database).start()
        try:
            measure(server, database, arguments.presses)
        finally:
            server.kill()


def fill(database: str, number: int) -> None:
    """Queue comments, and add a moderator."""
    with Store.open(database) as store:
        Users(store).add("ann", Role.MODERATOR, PASSWORD)
        with store.transaction() as session:
            remember_ruleset(RULESET, "version: 1\n", {}, session=session)
        for start in range(0, number, 5000):
            with store.transaction() as session:
                add_all(list(_rows(start, min(start + 5000, number))), session=session)


def _rows(start: int, end: int) -> Iterator[NewRow]:
    began = datetime(2026, 11, 1, tzinfo=UTC)
    for number in range(start, end):
        score = (number * 7919 % 10_000) / 10_000
        text = f"Comment {number}: you are no idiot, and this is a sentence of the usual length about the article above."
        comment = Comment(
            text=text,
            site="news",
            external_id=str(number),
            thread=f"article-{number % 500}",
            author=Author(id=f"u-{number % 5000}"),
            created_at=began + timedelta(seconds=number),
        )
        yield NewRow(comment, _decision(score), same_text_key(normalise(text)), began)


def _decision(score: float) -> Decision:
    message = (
        "Our automatic check suggests that some readers may find this comment hurtful; it can be mistaken."
    )
    scores = tuple(
        Signal(SignalName.SCORE, score * part, name)
        for name, part in (("toxicity", 1.0), ("insult", 0.8), ("threat", 0.1))
    )
    return Decision(
        action=Action.HOLD,
        reasons=(Reason("toxicity.toxicity", Action.HOLD, message, (Span(13, 25),), {"score": score}),),
        checks={
            "language": CheckResult(Outcome.OK, (Signal(SignalName.LANGUAGE, "en", confidence=0.99),), 1.0),
            "toxicity": CheckResult(Outcome.OK, scores, 2.0),
        },
        provenance=Provenance(RULESET, "none", "none", "1", "none", "1"),
    )


def measure(server: DeskServer, database: str, presses: int) -> None:
    """Press keys and print what they took."""
    with sync_playwright() as playwright, Store.open(database) as store:
        browser = playwright.chromium.launch(executable_path=require_chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(server.url)
        page.fill("#name", "ann")
        page.fill("#password", PASSWORD)
        page.click("button")
        page.wait_for_selector(CARD)
        loads = [_load(page) for _ in range(5)]
        page.evaluate(WATCH)
        for press in range(presses):
            page.keyboard.press("d" if press % 3 == 0 else "a")
            page.wait_for_timeout(250)
        _show("key to next comment in the page, ms", page.evaluate("window.__dom"), "p50 ≤ 3, p95 ≤ 8")
        _show("key to the frame that shows it, ms", page.evaluate("window.__frame"), "")
        saved = _burst(page, store)
        print(f"| 20 presses 150 ms apart | {saved} decisions, each on its own comment | 20 |")
        print(f"| first load, warm, s | {sorted(loads)[2]:.2f} | ≤ 1.5 |")
        browser.close()


def _load(page: Any) -> float:  # noqa: ANN401 - playwright is not installed where types are checked without it
    began = time.perf_counter()
    page.reload()
    page.wait_for_selector(CARD)
    return time.perf_counter() - began


def _burst(page: Any, store: Store) -> int:  # noqa: ANN401
    _wait_saved(page)
    before = _decided(store)
    for _ in range(20):
        page.keyboard.press("a")
        page.wait_for_timeout(150)
    _wait_saved(page)
    return _decided(store) - before


def _wait_saved(page: Any) -> None:  # noqa: ANN401
    page.wait_for_function("() => sessionStorage.getItem('moderation.outbox.ann') === '[]'")


def _decided(store: Store) -> int:
    from sqlalchemy import text  # noqa: PLC0415 - only here

    with store.reading() as session:
        return int(
            session.connection().execute(text("SELECT count(DISTINCT comment_id) FROM verdict")).scalar_one()
        )


def _show(what: str, times: list[float], goal: str) -> None:
    cuts = quantiles(times, n=20)
    print(f"| {what} | p50 {cuts[9]:.1f}, p95 {cuts[18]:.1f} (n={len(times)}) | {goal} |")


if __name__ == "__main__":
    main()
