"""A site's cases.yaml: comments, and what is to happen to them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, RootModel, model_validator

from moderation.domain import Action
from moderation.errors import RulesError
from moderation.rules import Problem, render
from moderation.rules.reading.diagnostics import in_order_of_place
from moderation.rules.reading.faults import Fault, refuse
from moderation.rules.reading.merging import Document, Part
from moderation.rules.reading.source import MAX_BYTES, SourceText, Unusable, decode_text, read_bytes
from moderation.rules.reading.tree import Tree
from moderation.rules.schema.examples import ExampleField
from moderation.rules.schema.validate import fit_to_schema
from moderation.rules.values.sections import ActionField, OneOrMore, Section

CASES_FILE = "cases.yaml"
_NO_LIST = Fault("cases are a list", "begin each case with `- comment: `")


class Case(Section):
    """A comment, and what is to happen to it."""

    comment: ExampleField = Field(description="a text, or a map as under a rule's `examples`")
    action: ActionField | None = Field(None, description="the action that it is to end in")
    rules: Annotated[tuple[str, ...], Field(strict=False), OneOrMore] | None = Field(
        None, description="rules that are to fire, among others; an empty list: none at all"
    )
    note: str | None = Field(None, min_length=1, description="for colleagues; why the case is there")

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if self.action is None and self.rules is None:
            raise refuse(Fault("this case expects nothing", "add `action`, `rules` or both", ("comment",)))
        return self

    @property
    def expected(self) -> str:
        """What is to happen, in words."""
        action = [] if self.action is None else [str(Action(self.action))]
        rules = [] if self.rules is None else [f"by {', '.join(self.rules) or 'no rule'}"]
        return ", ".join(action + rules)


class _File(RootModel[Annotated[tuple[Case, ...], Field(strict=False)]]):
    """A whole cases.yaml."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a file.

    Attributes:
        file: its path, as the user named it.
        cases: in the order of the file.
        lines: where each begins, from 1.
    """

    file: str
    cases: tuple[Case, ...]
    lines: tuple[int, ...]

    @classmethod
    def load(cls, path: Path) -> "Cases":
        """Read a cases.yaml.

        Raises:
            RulesError: it can't be used; `what` shows every problem with its place.
        """
        try:
            return cls.parse(
                decode_text(read_bytes(path, limit=MAX_BYTES), str(path), limit=MAX_BYTES), str(path)
            )
        except Unusable as unusable:
            raise _refused(unusable.problem) from None

    @classmethod
    def parse(cls, text: str, name: str = CASES_FILE) -> "Cases":
        """Read cases from text.

        Raises:
            RulesError: it can't be used; `what` shows every problem with its place.
        """
        source = SourceText(name, text)
        try:
            tree = source.document() or Tree([])
        except Unusable as unusable:
            raise _refused(unusable.problem) from None
        part = Part("", source, tree)
        document = Document(tree.data, {(): (part, ())})
        if not isinstance(tree.data, list):
            raise _refused(source.problem(tree.place(()), _NO_LIST))
        file, problems = fit_to_schema(_File, document, [part])
        if file is None or problems:
            raise _refused(*in_order_of_place(problems))
        lines = (tree.place((place, "comment")).line + 1 for place in range(len(file.root)))
        return cls(name, file.root, tuple(lines))


def _refused(*problems: Problem) -> RulesError:
    return RulesError(render(problems), hint="correct what is marked; docs/rules-tools.md shows a cases.yaml")
