"""Reads that span several models of what was received."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening.statements import KeptModels, somebody

from . import phases
from .enums import ParticipationRole, RoundPhase, TagVocabulary
from .models import FundingRound, Organisation, Participation, PhaseWindow, Place, Proposal, ProposalTag
from .validators import ProposalFacts

# SQLite takes a limited number of values in one query.
CHUNK = 500
# How many rounds the frame of a page offers.
MOST_ROUNDS = 50

_ROUNDS = KeptModels(
    lambda user_pk, *, system_roles: FundingRound.objects.visible_to(somebody(user_pk, system_roles)).order_by(
        "-created_at", "pk"
    )[:MOST_ROUNDS],
)


def rounds_seen_by(user):
    """The newest rounds that she may see; one query per user object, then from memory."""
    if not hasattr(user, "_rounds_seen"):
        user._rounds_seen = _ROUNDS(user.pk, system_roles=user.system_roles)
    return user._rounds_seen


def round_seen_by(user, reference):
    """The round with this reference, or None where there is none that she may see."""
    rounds = rounds_seen_by(user)
    found = next((each for each in rounds if each.reference == reference), None)
    if found is None and len(rounds) == MOST_ROUNDS:
        return FundingRound.objects.visible_to(user).filter(reference=reference).first()
    return found


# -- Phases ---------------------------------------------------------------------------------


def windows_of(round_):
    """The windows of the round, as last saved; one query."""
    return list(PhaseWindow.objects.filter(round=round_).order_by("starts_on", "pk"))


def phase_of(round_, today):
    """The phase in which the round stands on this day, whether or not the worker has noted it yet."""
    if not round_.follows_dates:
        return round_.phase
    return phases.phase_on(windows_of(round_), today, round_.phase)


def refusal_outside(round_, phase, today):
    """Why the work of a phase cannot be done on this day, as a sentence; "" where it can.

    Only a round that follows its dates refuses anything; the others are not even asked for them.
    """
    if not round_.follows_dates:
        return ""
    opening = phases.opening(windows_of(round_), phase, today)
    if opening.is_open:
        return ""
    words = {"phase": RoundPhase(phase).label}
    if opening.opens_on:
        return _("The phase “%(phase)s” of this round opens on %(day)s.") % {
            **words,
            "day": date_format(opening.opens_on, "DATE_FORMAT"),
        }
    return _("The phase “%(phase)s” of this round closed on %(day)s. Ask the programme officer to extend it.") % {
        **words,
        "day": date_format(opening.closed_on, "DATE_FORMAT"),
    }


def facts_of(proposal):
    """What is known of one proposal, as ProposalFacts."""
    return facts_of_many([proposal])[proposal.pk]


def facts_of_many(proposals):
    """id -> ProposalFacts, in a constant number of queries for every 500 proposals."""
    proposals = list(proposals)
    found = {}
    for start in range(0, len(proposals), CHUNK):
        found.update(_facts_of_chunk(proposals[start : start + CHUNK]))
    return found


def _facts_of_chunk(proposals):
    pks = [proposal.pk for proposal in proposals]
    applicants = Organisation.objects.in_bulk({proposal.applicant_id for proposal in proposals} - {None})
    partners, places, tags = {}, {}, {}
    rows = Participation.objects.filter(proposal__in=pks, role=ParticipationRole.PARTNER).order_by("pk")
    for pk, name in rows.values_list("proposal_id", "organisation__name"):
        partners.setdefault(pk, []).append(name)
    for pk, *place in (
        Place.objects.filter(proposal__in=pks).order_by("pk").values_list("proposal_id", "country", "area")
    ):
        places.setdefault(pk, []).append(tuple(place))
    rows = ProposalTag.objects.filter(proposal__in=pks).order_by("pk")
    for pk, *tag, code in rows.values_list("proposal_id", "vocabulary", "code"):
        tags.setdefault((pk, *tag), []).append(code)
    return {
        proposal.pk: _facts(proposal, applicants.get(proposal.applicant_id), partners, places, tags)
        for proposal in proposals
    }


def _facts(proposal, applicant, partners, places, tags):
    return ProposalFacts(
        title=proposal.title,
        reference=proposal.reference,
        external_id=proposal.external_id,
        summary=proposal.summary,
        applicant=applicant.name if applicant else "",
        applicant_identifier=applicant.identifier if applicant else "",
        partners=tuple(partners.get(proposal.pk, ())),
        places=tuple(places.get(proposal.pk, ())),
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        amount=proposal.amount,
        currency=proposal.currency,
        exploitation=tuple(tags.get((proposal.pk, TagVocabulary.EXPLOITATION), ())),
        populations=tuple(tags.get((proposal.pk, TagVocabulary.POPULATION), ())),
        four_p=tuple(tags.get((proposal.pk, TagVocabulary.FOUR_P), ())),
        victim_contact=proposal.victim_contact,
        language=proposal.language,
        notes=proposal.notes,
    )


def existing_rows(round_):
    """Everything by which an import recognises a row: (id, reference, external_id, import_key, title, applicant key)."""
    rows = Proposal.objects.filter(round=round_).order_by("pk")
    return rows.values_list("pk", "reference", "external_id", "import_key", "title", "applicant__name_key")
