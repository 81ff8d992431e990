"""How the facts of proposals become rows, for one proposal as for thousands.

Helpers of the actions in this package, inside their transaction; nothing else calls them.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import fields
from decimal import Decimal

from ..models import FundingRound, Organisation, Participation, Place, Proposal, ProposalTag
from ..validators import TAG_FIELDS, ProposalFacts, fold_name

CHUNK = 500
OWN_FIELDS = (
    "title",
    "reference",
    "external_id",
    "summary",
    "starts_on",
    "ends_on",
    "amount",
    "currency",
    "victim_contact",
    "language",
    "notes",
)
WRITTEN_FIELDS = (*OWN_FIELDS, "applicant", "search_text", "revision")


def in_chunks(values):
    values = list(values)
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def lock_round(round_):
    """Make others who add proposals to this round wait, so that references are given once."""
    return FundingRound.objects.select_for_update().get(pk=round_.pk)


def with_references(round_, all_facts):
    """References for facts in their order; those without one get the next "<ROUND>-001"."""
    taken = set(Proposal.objects.filter(round=round_).values_list("reference", flat=True))
    taken.update(facts.reference for facts in all_facts)
    numbered = re.compile(rf"{re.escape(round_.reference)}-(\d{{1,9}})")
    number = max((int(match[1]) for reference in taken if (match := numbered.fullmatch(reference))), default=0)
    references = []
    for facts in all_facts:
        if not facts.reference:
            number += 1
        references.append(facts.reference or f"{round_.reference}-{number:03}")
    return references


def organisations_for(all_facts):
    """name key -> Organisation for every name in the facts; missing ones are made, known ones kept.

    A registered identifier is noted where the organisation has none yet.
    """
    names, identifiers = {}, {}
    for facts in all_facts:
        for name in (facts.applicant, *facts.partners):
            if name:
                names.setdefault(fold_name(name), name)
        if facts.applicant and facts.applicant_identifier:
            identifiers.setdefault(fold_name(facts.applicant), facts.applicant_identifier)
    found = _by_key(names)
    missing = [
        Organisation(name=name, name_key=key, identifier=identifiers.get(key, ""))
        for key, name in names.items()
        if key not in found
    ]
    # Somebody may add the same organisation for another round at the same moment.
    Organisation.objects.bulk_create(missing, batch_size=CHUNK, ignore_conflicts=True)
    found.update(_by_key(organisation.name_key for organisation in missing))
    without = [found[key] for key in identifiers if not found[key].identifier]
    for organisation in without:
        organisation.identifier = identifiers[organisation.name_key]
    Organisation.objects.bulk_update(without, ["identifier"], batch_size=CHUNK)
    return found


def _by_key(keys):
    found = {}
    for chunk in in_chunks(keys):
        found.update(
            {organisation.name_key: organisation for organisation in Organisation.objects.filter(name_key__in=chunk)}
        )
    return found


def create_proposals(round_, entries):
    """Write new proposals from (facts, import key) and return them in the same order."""
    all_facts = [facts for facts, _key in entries]
    organisations = organisations_for(all_facts)
    references = with_references(round_, all_facts)
    proposals = []
    for (facts, key), reference in zip(entries, references, strict=True):
        proposal = Proposal(round=round_, import_key=key)
        _fill(proposal, facts, organisations, reference)
        proposals.append(proposal)
    Proposal.objects.bulk_create(proposals, batch_size=CHUNK)
    _write_children(list(zip(proposals, all_facts, strict=True)), organisations)
    return proposals


def rewrite_proposals(changes):
    """Write (proposal, facts) over what is there, counting the revision up. The rows must be locked."""
    changes = list(changes)
    organisations = organisations_for([facts for _proposal, facts in changes])
    for proposal, facts in changes:
        _fill(proposal, facts, organisations, facts.reference or proposal.reference)
        proposal.revision += 1
    Proposal.objects.bulk_update([proposal for proposal, _facts in changes], WRITTEN_FIELDS, batch_size=100)
    for chunk in in_chunks(proposal.pk for proposal, _facts in changes):
        Participation.objects.filter(proposal__in=chunk, role="partner").delete()
        Place.objects.filter(proposal__in=chunk).delete()
        ProposalTag.objects.filter(proposal__in=chunk).delete()
    _write_children(changes, organisations)


def _fill(proposal, facts, organisations, reference):
    for name in OWN_FIELDS:
        setattr(proposal, name, getattr(facts, name))
    proposal.reference = reference
    proposal.applicant = organisations[fold_name(facts.applicant)] if facts.applicant else None
    proposal.search_text = search_text(facts, reference)


def search_text(facts, reference):
    """What the search box looks through, without case; words with accents also without them."""
    words = " ".join(
        filter(None, [facts.title, reference, facts.external_id, facts.applicant, *facts.partners])
    ).casefold()
    plain = "".join(c for c in unicodedata.normalize("NFKD", words) if not "\u0300" <= c <= "\u036f")
    return words if plain == words else f"{words} {plain}"


def _write_children(pairs, organisations):
    partners, places, tags = [], [], []
    for proposal, facts in pairs:
        for key in dict.fromkeys(fold_name(name) for name in facts.partners if name):
            partners.append(Participation(proposal=proposal, organisation=organisations[key]))
        for country, area in dict.fromkeys(facts.places):
            places.append(Place(proposal=proposal, country=country, area=area))
        for name, vocabulary in TAG_FIELDS.items():
            for code in dict.fromkeys(getattr(facts, name)):
                tags.append(ProposalTag(proposal=proposal, vocabulary=vocabulary, code=code))
    Participation.objects.bulk_create(partners, batch_size=CHUNK)
    Place.objects.bulk_create(places, batch_size=CHUNK)
    ProposalTag.objects.bulk_create(tags, batch_size=CHUNK)


def recorded(facts: ProposalFacts):
    """The facts as JSON values for the audit trail, without what is not given."""
    said = {each.name: _json(getattr(facts, each.name)) for each in fields(facts)}
    return {name: value for name, value in said.items() if value not in ("", None, [])}


def differences(before: ProposalFacts, after: ProposalFacts):
    """(before, after) as JSON values, only what differs."""
    names = [each.name for each in fields(before) if getattr(before, each.name) != getattr(after, each.name)]
    return (
        {name: _json(getattr(before, name)) for name in names},
        {name: _json(getattr(after, name)) for name in names},
    )


def _json(value):
    if isinstance(value, tuple):
        return [", ".join(filter(None, each)) if isinstance(each, tuple) else str(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else value if value is None else str(value)
