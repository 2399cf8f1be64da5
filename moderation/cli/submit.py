"""`moderation submit`: a file of comments into the database."""

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from moderation.cli.common import DecidingRulesOption, JsonOption, counted, open_store_or_new, print_json
from moderation.cli.display.render import render_summary
from moderation.comment_files.inputs import BadRow, CommentSource, GoodRow, open_comments, parse_mapping
from moderation.comment_files.rejects import RejectsWriter
from moderation.domain import Comment, StoredDecision
from moderation.errors import ModerationError
from moderation.moderator import Moderator
from moderation.rollout import open_rules
from moderation.rollout.defaults import given_rules
from moderation.store import latest_decision
from moderation.terminal import DatabaseOption, error_console

_SHOWN_REJECTS = 10


def submit(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="JSONL, CSV or Parquet; `-` is standard input.")
    ],
    *,
    rules: DecidingRulesOption = None,
    database: DatabaseOption = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field; may be repeated."),
    ] = None,
    file_format: Annotated[
        str | None, typer.Option("--format", help="jsonl, csv, tsv or parquet; else by the file's name.")
    ] = None,
    site: Annotated[str | None, typer.Option(help="The site of comments whose row names none.")] = None,
    rejects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where rows that can't be taken go, as JSON lines.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Decide and store a file of comments, each once.

    Columns are found by name (text, comment_text, body …; id, comment_id …); --map says otherwise.
    The rules are those of --rules, else what was made live in the database (`moderation rules apply`), else
    ./rules.yaml. A row that can't be taken is reported with its line, and the rest goes on. Stop at any time: the
    same command again goes on where it was.

    Exit code 0: every row was taken; 1: some were not.

        moderation submit comments.csv --map text=comment_text --rejects bad.jsonl
    """
    path = None if file == "-" else Path(file)
    given = given_rules(rules)
    columns = parse_mapping(mapping or [])
    console = error_console()
    with ExitStack() as stack:
        source = stack.enter_context(open_comments(path, format=file_format, mapping=columns, site=site))
        console.print(source.describe_mapping(), markup=False, highlight=False)
        kept = stack.enter_context(RejectsWriter(rejects)) if rejects else None
        store = open_store_or_new(database)
        moderator = stack.enter_context(Moderator(open_rules(given, store=store), store))
        with store.reading() as session:
            run = _Run(source, kept, console, latest_decision(session=session))
        run.all(moderator)
    if as_json:
        print_json(run.to_dict())
    else:
        render_summary(run.headline(), run.to_dict(), Console())
    if run.rejected:
        raise typer.Exit(1)


@dataclass(slots=True)
class _Run:
    """One pass over a file: what was taken, what was not, and how far it is."""

    source: CommentSource
    rejects: RejectsWriter | None
    console: Console
    decided_before: int  # the latest decision's number when the pass began
    taken: int = 0
    already_stored: int = 0
    rejected: int = 0
    by: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in ("action", "rule", "shadow_rule", "language")}
    )
    _waiting: deque[GoodRow] = field(default_factory=deque)

    def all(self, moderator: Moderator) -> None:
        """Submit every row, with a bar that shows the rate and the time left."""
        with self._bar() as bar:
            task = bar.add_task("", total=self.source.total, rate="")
            decisions = moderator.submit_many(self._comments(), on_error=self._refused)
            try:
                for decision in decisions:
                    self._waiting.popleft()
                    self._count(decision)
                    speed = bar.tasks[0].elapsed
                    rate = f"{self.taken / speed:,.0f} comments/s" if speed else ""
                    bar.update(task, completed=self.source.done, description=f"{self.taken:,}", rate=rate)
            except KeyboardInterrupt:
                self.console.print(f"stopped: {self.taken:,} comments are stored; run it again to go on")
                raise
            bar.update(task, completed=self.source.done)

    def to_dict(self) -> dict[str, Any]:
        """Return the counts, most frequent first."""
        counts = {f"by_{name}": dict(counter.most_common()) for name, counter in self.by.items()}
        return {
            "comments": self.taken,
            "already_stored": self.already_stored,
            "rejected_rows": self.rejected,
            **counts,
        }

    def headline(self) -> str:
        """Say in a line what became of the rows."""
        return (
            f"{counted(self.taken, 'comment')} taken, {self.already_stored:,} of them stored before; "
            f"{counted(self.rejected, 'row')} not taken"
        )

    def _comments(self) -> Iterator[Comment]:
        for row in self.source:
            if isinstance(row, BadRow):
                self._reject(row)
            else:
                self._waiting.append(row)
                yield row.comment

    def _refused(self, comment: Comment, error: ModerationError) -> None:
        row = self._waiting.popleft()
        self._reject(BadRow(row.line, error.what, {"text": comment.text, "external_id": comment.external_id}))

    def _reject(self, row: BadRow) -> None:
        self.rejected += 1
        if self.rejects:
            self.rejects.write(row)
        if self.rejected <= _SHOWN_REJECTS:
            self.console.print(f"line {row.line}: {row.reason}", markup=False, highlight=False)
        elif self.rejected == _SHOWN_REJECTS + 1:
            where = f"all are in {self.rejects.path}" if self.rejects else "--rejects FILE keeps them all"
            self.console.print(f"… and more: {where}", markup=False, highlight=False)

    def _count(self, decision: StoredDecision) -> None:
        self.taken += 1
        self.already_stored += decision.id <= self.decided_before
        self.by["action"][decision.action] += 1
        self.by["language"][decision.language.code] += 1
        for name, reasons in (("rule", decision.reasons), ("shadow_rule", decision.shadow)):
            self.by[name].update({reason.rule for reason in reasons})

    def _bar(self) -> Progress:
        return Progress(
            TextColumn("{task.description} comments"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
        )
