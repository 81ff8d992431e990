"""Signs that a reviewer may have a conflict of interest with a proposal.

Pure: frozen values in and out; no Django. A sign is no verdict: somebody confirms or dismisses it.

Four signs: her organisation, by its name or an alias, takes part; her e-mail address has the domain of
an organisation that takes part; she declared a tie to one; her organisation took part together with
the applicant in another proposal. `Sign.detail` holds only what was compared, in names, so that it
reads the same in every language; `SIGN_TEXTS` has the sentence around it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from checklist.marking import gettext_noop as _

# Providers where anybody may have an address, so that it says nothing about where somebody works.
PUBLIC_MAIL = frozenset(
    """126.com 163.com aol.com fastmail.com gmail.com googlemail.com icloud.com laposte.net mac.com mail.com mail.ru
    me.com msn.com orange.fr proton.me protonmail.com qq.com web.de yandex.com yandex.ru zoho.com""".split()
)
# Those of them with an ending for every country.
PUBLIC_MAIL_NAMES = frozenset({"gmx", "hotmail", "live", "outlook", "yahoo"})
DETAIL_LENGTH = 400

# {organisation: {applicant: proposals in which both took part}}
Joint = Mapping[Hashable, Mapping[Hashable, Collection[Hashable]]]


class SignKind(StrEnum):
    """The same codes as `enums.SuspicionKind`; the sentence is in `SIGN_TEXTS`."""

    SAME_ORGANISATION = "same_organisation"
    EMAIL_DOMAIN = "email_domain"
    DECLARED_TIE = "declared_tie"
    EARLIER_PARTNERSHIP = "earlier_partner"


SIGN_TEXTS: dict[SignKind, str] = {
    SignKind.SAME_ORGANISATION: _("seems to belong to an organisation that takes part: %(detail)s"),
    SignKind.EMAIL_DOMAIN: _("has an e-mail address of an organisation that takes part: %(detail)s"),
    SignKind.DECLARED_TIE: _("declared a tie to an organisation that takes part: %(detail)s"),
    SignKind.EARLIER_PARTNERSHIP: _(
        "is of an organisation that took part with the applicant in another proposal: %(detail)s"
    ),
}


@dataclass(frozen=True)
class Body:
    """An organisation: `names` holds the folded form of its name and of every alias, with the spelling."""

    id: Hashable
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Party:
    """A proposal with those who take part in it, the applicant too."""

    id: Hashable
    applicant: Hashable | None = None
    bodies: tuple[Body, ...] = ()


@dataclass(frozen=True)
class Person:
    """A reviewer: her organisation as she wrote it and folded, where her mail goes, and her ties that hold.

    `bodies` are the organisations here that have the name of hers.
    """

    id: Hashable
    organisation: str = ""
    organisation_key: str = ""
    domain: str = ""
    ties: frozenset[Hashable] = frozenset()
    bodies: frozenset[Hashable] = frozenset()


@dataclass(frozen=True)
class Sign:
    """One reason to look; `detail` says what was compared."""

    kind: SignKind
    detail: str


def is_public_mail(domain: str) -> bool:
    """Whether an address there says nothing about where somebody works."""
    return domain in PUBLIC_MAIL or domain.partition(".")[0] in PUBLIC_MAIL_NAMES


def find_signs(
    parties: Sequence[Party],
    people: Sequence[Person],
    joint: Joint | None = None,
) -> dict[tuple[Hashable, Hashable], tuple[Sign, ...]]:
    """{(proposal, reviewer): signs} for the pairs that have any; one sign of a kind for each pair.

    `joint` says in which proposals an organisation took part with others: {hers: {applicant: proposals}}.
    """
    index = _Index(parties)
    found: dict[tuple[Hashable, Hashable], tuple[Sign, ...]] = {}
    for person in people:
        details: dict[tuple[Hashable, SignKind], list[str]] = defaultdict(list)
        for proposal, kind, detail in _signs_of(person, index, joint or {}):
            if detail not in details[proposal, kind]:
                details[proposal, kind].append(detail)
        for (proposal, kind), words in details.items():
            sign = Sign(kind, _shortened("; ".join(sorted(words))))
            found[proposal, person.id] = (*found.get((proposal, person.id), ()), sign)
    return found


class _Index:
    """Where every name, domain and organisation takes part."""

    def __init__(self, parties: Sequence[Party]) -> None:
        self.by_name: dict[str, list[tuple[Hashable, Body]]] = defaultdict(list)
        self.by_domain: dict[str, list[tuple[Hashable, Body]]] = defaultdict(list)
        self.by_wider: dict[str, list[tuple[Hashable, Body]]] = defaultdict(list)
        self.by_body: dict[Hashable, list[tuple[Hashable, Body]]] = defaultdict(list)
        self.by_applicant: dict[Hashable, list[Hashable]] = defaultdict(list)
        for party in parties:
            if party.applicant is not None:
                self.by_applicant[party.applicant].append(party.id)
            for body in party.bodies:
                self._add(party.id, body)
        self.names = {body.id: body.name for places in self.by_body.values() for _party, body in places}

    def _add(self, party: Hashable, body: Body) -> None:
        self.by_body[body.id].append((party, body))
        for key in body.names:
            self.by_name[key].append((party, body))
        for domain in body.domains:
            if not is_public_mail(domain):
                own, *wider = _domain_and_wider(domain)
                self.by_domain[own].append((party, body))
                for each in wider:
                    self.by_wider[each].append((party, body))


def _signs_of(person: Person, index: _Index, joint: Joint) -> Iterator[tuple[Hashable, SignKind, str]]:
    if person.organisation_key:
        for party, body in index.by_name.get(person.organisation_key, ()):
            spelling = body.names[person.organisation_key]
            words = body.name if spelling == body.name else f"{body.name} ({spelling})"
            yield party, SignKind.SAME_ORGANISATION, words
    if person.domain and not is_public_mail(person.domain):
        for domain in _domain_and_wider(person.domain):
            for party, body in index.by_domain.get(domain, ()):
                yield party, SignKind.EMAIL_DOMAIN, f"{person.domain}, {body.name}"
        for party, body in index.by_wider.get(person.domain, ()):
            yield party, SignKind.EMAIL_DOMAIN, f"{person.domain}, {body.name}"
    for tie in person.ties:
        for party, body in index.by_body.get(tie, ()):
            yield party, SignKind.DECLARED_TIE, body.name
    yield from _partnerships(person, index, joint)


def _partnerships(person: Person, index: _Index, joint: Joint) -> Iterator[tuple[Hashable, SignKind, str]]:
    for hers in person.bodies:
        for applicant, proposals in joint.get(hers, {}).items():
            if applicant in person.bodies:
                continue
            words = f"{person.organisation}, {index.names[applicant]}"
            for party in index.by_applicant[applicant]:
                if any(each != party for each in proposals):
                    yield party, SignKind.EARLIER_PARTNERSHIP, words


def _domain_and_wider(domain: str) -> list[str]:
    """The domain itself, then without its first part, and so on; never an ending alone."""
    parts = domain.split(".")
    return [".".join(parts[start:]) for start in range(max(1, len(parts) - 1))]


def _shortened(words: str) -> str:
    return words if len(words) <= DETAIL_LENGTH else words[: DETAIL_LENGTH - 1] + "…"
