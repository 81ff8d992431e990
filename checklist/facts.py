"""What a proposal asks for, in the words in which every report, form and export says it."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _
from django_countries import countries

from proposals.enums import TAG_CHOICES, ParticipationRole, TagVocabulary


def proposal_facts(proposal):
    """What was asked for, by whom and where; only what is known."""
    rows = (
        (_("Applicant"), proposal.applicant.name if proposal.applicant else ""),
        (_("Partners"), _organisations(proposal, ParticipationRole.PARTNER)),
        (_("Other funders"), _organisations(proposal, ParticipationRole.FUNDER)),
        (_("Where"), _places(proposal)),
        (_("Asked for"), _money(proposal)),
        (_("Period"), _period(proposal)),
        (_("Exploitation"), _tags(proposal, TagVocabulary.EXPLOITATION)),
        (_("People"), _tags(proposal, TagVocabulary.POPULATION)),
        (_("Serves"), _tags(proposal, TagVocabulary.FOUR_P)),
        (_("Victim contact"), str(proposal.get_victim_contact_display())),
    )
    return ((term, value) for term, value in rows if value)


def _organisations(proposal, role):
    return ", ".join(sorted(each.organisation.name for each in proposal.participations.all() if each.role == role))


def _places(proposal):
    by_country: dict[str, list[str]] = {}
    for place in sorted(proposal.places.all(), key=lambda place: place.pk):
        by_country.setdefault(countries.name(place.country) if place.country else "", []).append(place.area)
    said = []
    for country, areas in by_country.items():
        named = ", ".join(area for area in areas if area)
        said.append(f"{country} ({named})" if country and named else country or named)
    return "; ".join(said)


def _money(proposal):
    if proposal.amount is None:
        return ""
    decimals = 0 if proposal.amount == proposal.amount.to_integral_value() else 2
    number = formats.number_format(proposal.amount, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return f"{proposal.currency or proposal.round.currency} {number}"


def _period(proposal):
    start, end = (formats.date_format(day, "j F Y") if day else "" for day in (proposal.starts_on, proposal.ends_on))
    if start and end:
        return _("%(start)s to %(end)s") % {"start": start, "end": end}
    return (start and _("from %(start)s") % {"start": start}) or (end and _("until %(end)s") % {"end": end})


def _tags(proposal, vocabulary):
    choices = TAG_CHOICES[vocabulary]
    held = {tag.code for tag in proposal.tags.all() if tag.vocabulary == vocabulary}
    return ", ".join(str(choice.label) for choice in choices if choice.value in held)
