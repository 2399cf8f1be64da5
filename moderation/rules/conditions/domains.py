"""The domains of a comment's links: `links.domain: [example.com]`."""

from dataclasses import dataclass

from moderation.domain import Signal, SignalName
from moderation.rules.conditions.base import Answer, Holds, No
from moderation.rules.conditions.facts import Facts
from moderation.rules.conditions.sought import Sought, View
from moderation.rules.reading.faults import Fault, quoted
from moderation.text.links import ascii_host

_VIEW = View("links.domain")


@dataclass(frozen=True)
class DomainCondition:
    """A link to a domain or one of its subdomains; with modifiers, what its name looks like."""

    key: str
    negated: bool
    domains: frozenset[str] = frozenset()
    sought: Sought | None = None

    @property
    def placeholders(self) -> list[str]:
        """The first domain found."""
        return [] if self.negated else ["match", "match-links.domain"]

    def hit(self, facts: Facts) -> Answer:
        """Compare every link, if links were looked for."""
        if "links" not in facts.answered:
            return No.UNKNOWN
        links = facts.all(SignalName.LINK)
        found = [signal for signal in links if self._is_meant(str(signal.value), facts)]
        if self.negated:
            return No.MISS if found else Holds({self.key: []})
        return _hit(self.key, found) if found else No.MISS

    def _is_meant(self, host: str, facts: Facts) -> bool:
        if self.sought is not None:
            return facts.stands_in(self.sought, _VIEW, host)
        return any(ending in self.domains for ending in _endings(host))


def _hit(key: str, found: list[Signal]) -> Holds:
    hosts = list(dict.fromkeys(str(signal.value) for signal in found))
    spans = tuple(span for signal in found for span in signal.spans)
    return Holds({key: hosts}, spans, {"match": hosts[0], "match-links.domain": hosts[0]})


def _endings(host: str) -> list[str]:
    """List the host and every domain above it: `a.example.com`, `example.com`, `com`."""
    labels = host.split(".")
    return [".".join(labels[place:]) for place in range(len(labels))]


def domain_condition(values: list[tuple[int | None, str]], faults: list[Fault]) -> frozenset[str]:
    """Take domains as they are written; what is none goes to `faults`."""
    taken = set()
    for place, value in values:
        domain = ascii_host(value.strip().removeprefix("*.").removeprefix("."))
        if "/" in domain or " " in domain or "." not in domain:
            at = () if place is None else (place,)
            faults.append(Fault(f"{quoted(value)} is no domain", _hint(value), at))
        taken.add(domain)
    return frozenset(taken)


def _hint(value: str) -> str:
    """Show the domain of an address, or what one looks like."""
    host = value.partition("://")[2] or value
    host = host.partition("/")[0].removeprefix("www.").strip().lower()
    if "." in host and " " not in host:
        return f"write `{host}`, which stands for its subdomains too"
    return "write it as `example.com`; for a part of a name use `links.domain (includes)`"
