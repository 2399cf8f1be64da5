"""The HTML report and the model card."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from moderation.model_evaluation.charts import Series, charts
from moderation.scoring.folder import Manifest

_NOTHING = "–"
_DECIMALS = 3


def report(document: Mapping[str, Any], series: Sequence[Mapping[str, Sequence[Series]]]) -> str:
    """Write the page: one file, nothing loaded from anywhere, no comment's text in it.

    Args:
        document: what `--json` prints.
        series: for each set, by attribute, the systems' scores; an attribute of one class only is left out.
    """
    drawn = [
        {attribute: [Markup(svg) for svg in charts(one)] for attribute, one in by_attribute.items()}  # noqa: S704 - ours
        for by_attribute in series
    ]
    return (
        environment("moderation.model_evaluation", escape=True)
        .get_template("report.html")
        .render(document=document, charts=drawn)
    )


def card(document: Mapping[str, Any], manifest: Manifest) -> str:
    """Write the model card: what the model is, what was measured by this run, and what it is not for."""
    template = environment("moderation.model_evaluation", escape=False).get_template("card.md")
    return template.render(document=document, manifest=manifest, worst=_worst(document))


def environment(package: str, *, escape: bool) -> Environment:
    """Return the templates of a package, with our filters; HTML is escaped, Markdown is not."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=escape,  # noqa: S701 - Markdown is no HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["figure"] = _figure
    made.filters["percent"] = lambda value: _NOTHING if value is None else f"{value:.1%}"
    return made


def _figure(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.{_DECIMALS}f}"


def _worst(document: Mapping[str, Any], count: int = 5) -> list[tuple[float, str, str, str]]:
    """The parts of the sets on which the first system tells toxic from harmless worst."""
    found = [
        (figures["roc_auc"], one["name"], column, value)
        for one in document["sets"]
        for column, values in one["systems"][0]["by"].items()
        for value, figures in values.items()
        if figures["roc_auc"] is not None
    ]
    return sorted(found)[:count]
