"""The queue in a real browser: keys, colleagues, lost connections, hostile text."""

import re
import unicodedata
from threading import Thread

import pytest

from tests.dashboard.conftest import shown, wait_saved

pytestmark = pytest.mark.browser

OPEN_DIALOG = "() => { const d = document.createElement('div'); d.setAttribute('role', 'dialog'); d.id = 'd'; document.body.append(d); }"

SHOWN_LETTERS = """(box) => {
  const copy = box.cloneNode(true);
  copy.querySelectorAll(".control").forEach((mark) => mark.remove());
  return copy.textContent.replace(/[^\\p{L}]/gu, "");
}"""

HOSTILE = {
    "script": "<script>window.__xss='script'</script>",
    "img": "<img src=x onerror=\"window.__xss='img'\">",
    "svg": "<svg onload=\"window.__xss='svg'\"></svg>",
    "iframe": "<iframe srcdoc=\"<script>parent.__xss='iframe'</script>\"></iframe>",
    "style": "<style>*{display:none}</style><form action=http://127.0.0.1:9/f><input name=p></form>",
    "markdown image": "![p](http://127.0.0.1:9/track.png)",
    "markdown link": "[click](javascript:window.__xss=1) http://evil.example/auto",
    "colour": ":red[RED] :material/delete: $$\\href{javascript:window.__xss=1}{x}$$",
    "bidi": "abc \u202e evil \u202c def \u0000 zalgo Z\u0351\u036b",
    "half a pair": "lone \ud83d surrogate",
    "hangul": "한국어 댓글입니다 " * 25,
    "arabic": "هذا تعليق طويل " * 20,
}


def test_each_key_decides_its_own_comment_and_undo_takes_it_back(desk):
    first, second, third, fourth, fifth = desk.queue("keys", "one", "two", "three", "four", "five")
    page = desk.page(desk.user(), "/?site=keys")
    assert shown(page) == first
    for key, expected in (("a", second), ("d", third), ("e", fourth), ("s", fifth)):
        page.keyboard.press(key)
        assert shown(page) == expected
    wait_saved(page)
    kinds = [[kind for kind, _ in desk.verdicts(number)] for number in (first, second, third, fourth)]
    assert kinds == [["approve"], ["reject"], ["escalate"], ["skip"]]
    page.keyboard.press("Control+z")
    page.locator(f"[data-cid='{fourth}']").wait_for()
    wait_saved(page)
    assert [kind for kind, _ in desk.verdicts(fourth)] == ["skip", "undo"]
    page.keyboard.press("f")
    wait_saved(page)
    assert [kind for kind, _ in desk.verdicts(fourth)] == ["skip", "undo", "approve"]


def test_a_digit_names_why_it_was_rejected(desk):
    (number,) = desk.queue("reasons", "one")
    page = desk.page(desk.user(), "/?site=reasons")
    shown(page)
    page.keyboard.press("d")
    page.get_by_text("Rejected. Why?").wait_for()
    page.keyboard.press("1")
    wait_saved(page)
    ((kind, reason),) = desk.verdicts(number)
    assert kind == "reject"
    assert reason


def test_twenty_presses_are_twenty_decisions(desk):
    numbers = desk.queue("fast", *(f"comment {number}" for number in range(25)))
    page = desk.page(desk.user(), "/?site=fast")
    shown(page)
    for press in range(20):
        page.keyboard.press("d" if press % 3 == 0 else "a")
        page.wait_for_timeout(30)
    wait_saved(page)
    assert [len(desk.verdicts(number)) for number in numbers] == [1] * 20 + [0] * 5


def test_held_keys_open_dialogs_and_typing_decide_nothing(desk):
    first, second, third = desk.queue("held", "one", "two", "three")
    page = desk.page(desk.user(), "/?site=held")
    assert shown(page) == first
    for _ in range(20):  # after the first, the browser says that it repeats
        page.keyboard.down("a")
    page.keyboard.up("a")
    assert shown(page) == second
    page.evaluate(OPEN_DIALOG)
    page.keyboard.press("a")
    page.evaluate("() => document.getElementById('d').remove()")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("ada")
    page.keyboard.press("Escape")
    assert shown(page) == second
    wait_saved(page)
    assert [len(desk.verdicts(number)) for number in (first, second, third)] == [1, 0, 0]


def test_two_moderators_never_see_the_same_comment(desk):
    desk.queue("shared", *(f"comment {number}" for number in range(40)))
    pages = [desk.page(desk.user(), "/?site=shared") for _ in range(2)]
    seen: list[set[int]] = [set(), set()]
    for _ in range(10):
        for page, mine in zip(pages, seen, strict=True):
            mine.add(shown(page))
            page.keyboard.press("a")
    for page in pages:
        wait_saved(page)
    assert len(seen[0]) == len(seen[1]) == 10
    assert not seen[0] & seen[1]


def test_a_text_that_changed_meanwhile_is_shown_again(desk):
    (number,) = desk.queue("changed", "one")
    page = desk.page(desk.user(), "/?site=changed")
    shown(page)
    (newer,) = desk.edit("changed", "changed-0", "one, but worse")
    page.keyboard.press("a")
    page.get_by_text("Not saved").first.wait_for()
    page.locator(f"[data-cid='{newer}']").wait_for()
    assert desk.verdicts(number) == []


def kill_in_a_burst(desk, page):
    for press in range(20):
        if press == 6:
            killing = Thread(target=desk.server.kill)
            killing.start()
        page.keyboard.press("a")
        page.wait_for_timeout(20)
    killing.join()


def test_a_killed_server_loses_nothing_and_repeats_nothing(own_desk):
    """One moderator is in a burst; another decides while it is down, and reloads the page: a start takes seconds."""
    numbers = own_desk.queue("burst", *(f"comment {number}" for number in range(25)))
    first, second = own_desk.queue("reload", "one", "two")
    burst = own_desk.page(own_desk.user(), "/?site=burst")
    shown(burst)
    other = own_desk.page(own_desk.user(), "/?site=reload")
    assert shown(other) == first
    kill_in_a_burst(own_desk, burst)
    other.keyboard.press("s")
    for page in (burst, other):
        page.get_by_text(re.compile("No connection")).wait_for()
    assert burst.get_by_text(re.compile(r"unsaved \d+")).count() == 1
    own_desk.server.start()
    other.reload()
    assert shown(other) == second
    wait_saved(other)
    assert own_desk.verdicts(first) == [("skip", "")]
    wait_saved(burst)
    kinds = [[kind for kind, _ in own_desk.verdicts(number)] for number in numbers]
    assert kinds == [["approve"]] * 20 + [[]] * 5


def test_hostile_text_is_shown_and_does_nothing(desk):
    desk.queue("hostile", *HOSTILE.values(), thread="<img src=x onerror=\"window.__xss='thread'\">")
    page = desk.window(desk.user())
    requested = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(f"{desk.server.url}/?site=hostile")
    for text in HOSTILE.values():
        shown(page)
        card = page.locator("[data-testid=comment]")
        assert card.locator("script, img, svg, iframe, style, form, input, a").count() == 0
        visible = card.locator(".text").evaluate(SHOWN_LETTERS)
        assert visible == "".join(letter for letter in text if unicodedata.category(letter)[0] == "L")
        page.keyboard.press("x")
        page.get_by_text("In the thread").wait_for()
        page.keyboard.press("j")
    assert page.evaluate("window.__xss") is None
    ours = (desk.server.url, f"ws://127.0.0.1:{desk.server.port}", "data:", "blob:")
    assert [url for url in requested if not url.startswith(ours)] == []


def test_a_link_opens_the_same_view(desk):
    desk.queue("linked", "one")
    desk.queue("other", "two")
    page = desk.page(desk.user(), "/")
    shown(page)
    page.keyboard.press("/")
    page.keyboard.type("site:linked score:>0.5")
    page.keyboard.press("Enter")
    page.get_by_text("1 waiting").wait_for()
    assert "site=linked" in page.url
    again = page.context.new_page()
    again.goto(page.url)
    again.get_by_text("1 waiting").wait_for()
    assert again.locator("#filter").input_value() == "site:linked score:>0.5"
