"""What people see: golden text, and text that wants to be seen as something else."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from moderation.cli.display.evidence import evidence_in_words
from moderation.cli.display.excerpt import marked_text
from moderation.cli.display.render import render_decision, render_summary
from moderation.domain import (
    Action,
    CheckResult,
    Decision,
    Outcome,
    Provenance,
    Reason,
    Signal,
    SignalName,
    Span,
)
from moderation.errors import InputFileError, RulesError
from moderation.terminal import render_error
from moderation.text.visible import visible

any_text = st.text(st.characters(exclude_categories=()))


def console(width=80, **options):
    return Console(file=io.StringIO(), width=width, **{"no_color": True, "force_terminal": False, **options})


def printed(render, *arguments, width=80, **options):
    target = console(width, **options)
    render(*arguments, target)
    return target.file.getvalue()


def scored(**scores):
    return CheckResult(
        Outcome.OK, tuple(Signal(SignalName.SCORE, s, name) for name, s in scores.items()), 1.25
    )


def language(code, confidence):
    return CheckResult(Outcome.OK, (Signal(SignalName.LANGUAGE, code, confidence=confidence),), 2.5)


def decision(action=Action.APPROVE, reasons=(), **checks):
    provenance = Provenance("ab" * 32, "compact@1a2b3c4d5e6f", "onnx 1.31.0", "1", "langdetect", "0.1")
    return Decision(action, tuple(reasons), checks, provenance)


def about(*spans, action=Action.HOLD):
    return Reason("slurs", action, "Why.", tuple(Span(*span) for span in spans))


REJECTED = decision(
    Action.REJECT,
    [
        Reason(
            "toxicity.insult",
            Action.REJECT,
            "Our automatic check suggests that some readers may find this comment hurtful; it can be mistaken.",
            evidence={"attribute": "insult", "score": 0.9712345, "threshold": 0.95},
        ),
        Reason("욕설", Action.HOLD, "운영자가 확인한 뒤에 게시됩니다.", (Span(4, 6),), {"words": ["바보"]}),
    ],
    length=CheckResult(Outcome.OK, ms=0.012),
    language=language("ko", 0.993),
    toxicity=scored(toxicity=0.97, severe_toxicity=0.02),
    links=CheckResult(Outcome.TIMED_OUT, ms=800, error="timeout"),
    words=CheckResult(Outcome.NOT_COVERED, ms=0.1),
)

WIDE = """\
 REJECT  not published; the author is told why

Why
  reject  toxicity.insult
    Our automatic check suggests that some readers may find this comment
    hurtful; it can be mistaken.
    attribute insult, score 0.9712, threshold 0.95
  hold  욕설
    운영자가 확인한 뒤에 게시됩니다.
    words 바보

Text
  │ 당신은 ⟦바보⟧입니다.
  │ [red]안녕[/red] ␛[31m

Language  ko, 99% sure

Scores
  toxicity        █████████████████████████████░ 0.97
  severe_toxicity █░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0.02

Checks
  length    ok              0.0 ms
  language  ok              2.5 ms
  toxicity  ok              1.2 ms
  links     timed out     800.0 ms  timeout
  words     not covered     0.1 ms

ruleset abababababab, model compact@1a2b3c4d5e6f, onnx 1.31.0
"""

NARROW = """\
 REJECT  not published; the author is
told why

Why
  reject  toxicity.insult
    Our automatic check suggests that
    some readers may find this comment
    hurtful; it can be mistaken.
    attribute insult, score 0.9712,
    threshold 0.95
  hold  욕설
    운영자가 확인한 뒤에 게시됩니다.
    words 바보

Text
  │ 당신은 ⟦바보⟧입니다.
  │ [red]안녕[/red] ␛[31m

Language  ko, 99% sure

Scores
  toxicity        ████████████████ 0.97
  severe_toxicity ░░░░░░░░░░░░░░░░ 0.02

Checks
  length    ok              0.0 ms
  language  ok              2.5 ms
  toxicity  ok              1.2 ms
  links     timed out     800.0 ms
timeout
  words     not covered     0.1 ms

ruleset abababababab, model
compact@1a2b3c4d5e6f, onnx 1.31.0
"""


@pytest.mark.parametrize(("width", "golden"), [(80, WIDE), (40, NARROW)])
def test_a_decision_is_shown(width, golden):
    text = "당신은 바보입니다.\n[red]안녕[/red] \x1b[31m"
    assert printed(render_decision, REJECTED, text, width=width) == golden


def test_a_decision_without_reasons_is_short():
    shown = printed(render_decision, decision(), "hello")
    assert shown == (
        " APPROVE  published\n\nText\n  │ hello\n\nLanguage  no answer\n\n"
        "ruleset abababababab, model compact@1a2b3c4d5e6f, onnx 1.31.0\n"
    )


def test_an_empty_text_is_shown_as_an_empty_line():
    assert "Text\n  │\n" in printed(render_decision, decision(), "").replace("│ \n", "│\n")


def test_an_undetermined_language_has_no_confidence():
    assert "Language  undetermined\n" in printed(render_decision, decision(language=language("und", 0)), "x")


def test_a_comment_that_is_scored_in_a_doubtful_language_says_so():
    found = (Signal(SignalName.SCORE, 0.9, "toxicity"), Signal(SignalName.DOUBTFUL, "und", "language"))
    decided = decision(language=language("und", 0), toxicity=CheckResult(Outcome.OK, found))
    assert "Language  undetermined; scored all the same\n" in printed(render_decision, decided, "x")


@pytest.mark.parametrize(
    ("outcome", "colour"),
    [(Outcome.OK, None), (Outcome.NOT_COVERED, "2"), (Outcome.FAILED, "35"), (Outcome.TIMED_OUT, "35")],
)
def test_a_check_without_an_answer_has_a_style_of_its_own(outcome, colour):
    failed = CheckResult(outcome, (Signal(SignalName.SCORE, 0.9, "toxicity"),), error="boom")
    shown = printed(
        render_decision,
        decision(toxicity=failed),
        "x",
        no_color=False,
        force_terminal=True,
        color_system="standard",
    )
    words = outcome.value.replace("_", " ")
    assert (f"\x1b[{colour}m{words}" if colour else f"  {words}") in shown
    assert ("0.90" in shown) == (outcome is Outcome.OK)


@pytest.mark.parametrize(
    ("action", "code"),
    [(Action.APPROVE, 32), (Action.FLAG, 33), (Action.HOLD, "38;5;208"), (Action.REJECT, 31)],
)
def test_actions_and_spans_have_the_same_colour(action, code):
    shown = printed(
        render_decision,
        decision(action, [about((0, 3), action=action)]),
        "bad words",
        no_color=False,
        force_terminal=True,
        color_system="256",
    )
    assert f"\x1b[1;7;{code}m {action.upper()} \x1b[0m" in shown
    assert f"\x1b[1;7;{code}mbad\x1b[0m words" in shown
    assert "⟦" not in shown


def test_where_only_ascii_can_be_printed_bars_are_ascii():
    raw = io.BytesIO()
    target = Console(file=io.TextIOWrapper(raw, encoding="ascii", errors="backslashreplace"), width=80)
    render_decision(REJECTED, "x", target)
    target.file.flush()
    assert b"toxicity        #############################. 0.97" in raw.getvalue()


# text that wants to be something else


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "␛[31mred␛[0m", id="colour"),
        pytest.param("\x1b]8;;http://x\x07y", "␛]8;;http://x␇y", id="link"),
        pytest.param("a\x00\x7f\x9b1m", "a␀␡⟨U+009B⟩1m", id="controls"),
        pytest.param("a\rb\n\t", "a␍b␊␉", id="line"),
        pytest.param("abc \u202egnp.exe", "abc ⟨U+202E⟩gnp.exe", id="bidi"),
        pytest.param("a\u200bb\ufeffc\u00add", "a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+00AD⟩d", id="zero-width"),
        pytest.param("a\ud800b", "a⟨U+D800⟩b", id="surrogate"),
        pytest.param("a\u2028b", "a⟨U+2028⟩b", id="line-separator"),
        pytest.param("\U000e0041\uffff", "⟨U+E0041⟩⟨U+FFFF⟩", id="tags"),
        pytest.param("\u3164\u115f\u2800", "⟨U+3164⟩⟨U+115F⟩⟨U+2800⟩", id="fillers"),
        pytest.param("⟦x⟧", "⟨U+27E6⟩x⟨U+27E7⟩", id="our-marks"),
        pytest.param("Z" + "\u0351" * 500, "Z" + "\u0351" * 4 + "⟨+496⟩", id="zalgo"),
        pytest.param("Việt e\u0302\u0301 한국 ไทย", "Việt e\u0302\u0301 한국 ไทย", id="languages"),
        pytest.param("👨‍👩‍👧 ❤️‍🔥 👍🏽", "👨‍👩‍👧 ❤️‍🔥 👍🏽", id="emoji"),
        pytest.param("a\u200db", "a⟨U+200D⟩b", id="joiner"),
    ],
)
def test_the_invisible_is_visible(text, shown):
    assert visible(text) == shown


@given(any_text)
def test_no_control_character_passes(text):
    assert not {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F)]} & set(
        visible(text)
    )
    visible(text).encode()


@given(any_text, st.sampled_from([20, 40, 80]))
def test_no_text_breaks_out_of_its_place(text, width):
    before, shown = printed(render_decision, decision(), text, width=width).split("Text\n", 1)
    block, _ = shown.rsplit("\nLanguage", 1)
    lines = block.splitlines()
    assert before == " APPROVE  published\n\n"
    assert all(line.startswith("  │ ") for line in lines)
    assert all(cell_len(line) <= width for line in lines)


# spans


@pytest.mark.parametrize(
    ("text", "reasons", "shown"),
    [
        pytest.param("you idiot", [about((4, 9))], "you ⟦idiot⟧", id="one"),
        pytest.param("abcdef", [about((0, 3)), about((2, 5))], "⟦ab⟧⟦c⟧⟦de⟧f", id="overlap"),
        pytest.param("a\x1bb", [about((1, 2))], "a⟦␛⟧b", id="control"),
        pytest.param("👍 바보!", [about((2, 4))], "👍 ⟦바보⟧!", id="wide"),
        pytest.param("abc", [about((1, 99))], "a⟦bc⟧", id="beyond-the-end"),
        pytest.param("abc", [about((7, 9))], "abc", id="nowhere"),
        pytest.param("a\nb", [about((0, 3))], "⟦a\nb⟧", id="lines"),
    ],
)
def test_spans_are_marked(text, reasons, shown):
    assert marked_text(text, reasons, colour=False).plain == shown


def test_the_strongest_action_colours_an_overlap():
    reasons = [about((0, 4), action=Action.FLAG), about((2, 6), action=Action.REJECT)]
    shown = marked_text("abcdef", reasons, colour=True)
    assert [(span.start, span.end, span.style) for span in shown.spans] == [
        (0, 2, "bold reverse yellow"),
        (2, 4, "bold reverse red"),
        (4, 6, "bold reverse red"),
    ]


def test_a_long_text_is_cut_around_its_spans():
    text = "a" * 5_000 + "BAD" + "b" * 40 + "WORSE" + "c" * 5_000
    shown = marked_text(text, [about((5_000, 5_003)), about((5_043, 5_048))], colour=False).plain
    assert shown == (
        "a" * 160
        + " … 4,790 characters … "
        + "a" * 50
        + "⟦BAD⟧"
        + "b" * 40
        + "⟦WORSE⟧"
        + "c" * 50
        + " … 4,950 characters … "
    )


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        pytest.param("x" * 1_000_000, [(0, 1_000_000)], id="all-of-a-megabyte"),
        pytest.param("ab " * 300_000, [(n, n + 2) for n in range(0, 900_000, 3)], id="very-many"),
        pytest.param("\n" * 100_000, [], id="line-ends"),
        pytest.param("\n" * 500, [], id="fewer-line-ends"),
        pytest.param("Z" + "\u0351" * 1_000_000, [(0, 1)], id="zalgo"),
        pytest.param("\u202e" * 1_000_000, [(500_000, 500_001)], id="bidi"),
    ],
)
def test_no_text_floods_the_terminal(text, spans):
    held = decision(Action.HOLD, [about(*spans)])
    assert len(printed(render_decision, held, text).splitlines()) < 180


ordinary = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po", "So", "Zs"]), max_size=50)


@given(ordinary, st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50))))
def test_marks_change_no_letter(text, spans):
    assert marked_text(text, [about(*spans)], colour=True).plain == visible(text)


# evidence, summary, errors


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ({"links": 3}, "links 3"),
        ({"graphemes": 301, "max": 300}, "characters 301, at most 300"),
        ({"account_age_s": 183_600.4, "is_trusted": False}, "account age 2 days, 3:00:00, is trusted no"),
        ({"score": 0.81234567, "known": None, "sure": True}, "score 0.8123, known unknown, sure yes"),
        ({"scores": {"toxicity": 0.5}, "expected": ("en", "ko")}, "scores toxicity 0.5, expected en, ko"),
        ({"words": list("abcdefghijkl")}, "words a, b, c, d, e, f, g, h, i, j and 2 more"),
        ({"words": ["\x1b[2J"]}, "words ␛[2J"),
    ],
)
def test_evidence_is_told_in_words(evidence, words):
    assert evidence_in_words(evidence) == words


HEADLINE = "1,234 comments taken, 1 row not taken"
SUMMARY = """\
1,234 comments taken, 1 row not taken

Action
  approve     1,000   81.0%  ████████████████████████░░░░░░
  reject        234   19.0%  ██████░░░░░░░░░░░░░░░░░░░░░░░░

Rule
  toxicity.insult       200   16.2%  █████░░░░░░░░░░░░░░░░░░░░░░░░░
  욕설                   34    2.8%  █░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
"""


def test_a_summary_is_a_table():
    summary = {
        "comments": 1234,
        "by_action": {Action.APPROVE: 1000, "reject": 234},
        "by_rule": {"toxicity.insult": 200, "욕설": 34},
        "by_language": {},
    }
    assert printed(render_summary, HEADLINE, summary) == SUMMARY
    assert all(
        cell_len(line) <= 40 for line in printed(render_summary, HEADLINE, summary, width=40).splitlines()
    )


def test_a_summary_of_nothing_is_one_line():
    nothing = {"comments": 0, "by_action": {}, "by_rule": {}, "by_language": {}}
    assert printed(render_summary, "0 comments", nothing) == "0 comments\n"


def test_a_summary_shows_the_most_frequent_only():
    many = {f"rule-{n}": 1 for n in range(20)}
    summary = {"comments": 20, "by_action": {}, "by_rule": many, "by_language": {}}
    shown = printed(render_summary, "20 comments", summary)
    assert shown.count("rule-") == 15
    assert shown.endswith("  and 5 more\n")


def test_an_error_has_its_code_and_hint_and_keeps_its_lines():
    error = RulesError(
        "rules.yaml:3:7: error: `x\x1b`\n  | " + "y" * 100 + "\n  |  ^", hint="do [bold]this[/bold]"
    )
    assert printed(render_error, error, width=40) == (
        "error[rules]: rules.yaml:3:7: error: `x␛`\n  | "
        + "y" * 100
        + "\n  |  ^\n  hint: do [bold]this[/bold]\n"
    )


def test_an_error_without_a_hint_is_one_line():
    assert printed(render_error, InputFileError("a.csv: is empty")) == "error[input_file]: a.csv: is empty\n"
