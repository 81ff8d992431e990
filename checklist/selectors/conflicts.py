"""What speaks for a conflict of interest, and what became of it, in a constant number of queries."""

from collections import defaultdict
from urllib.parse import urlsplit

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext

from checklist.conflicts import SIGN_TEXTS, Body, Party, Person, SignKind, find_signs
from checklist.enums import AssignmentState, SuspicionState
from checklist.models import Assignment, ReviewerTie, SuspectedConflict
from proposals.enums import AccessLevel, ParticipationRole
from proposals.models import Organisation, OrganisationAlias, Participation, Proposal, ProposalAccess, RoleGrant
from proposals.validators import fold_name
from screening.models import User


def signs_between(proposals, reviewers):
    """{(proposal id, reviewer id): signs of a conflict} for the pairs that have any. Seven queries."""
    proposals, reviewers = list(proposals), list(reviewers)
    if not proposals or not reviewers:
        return {}
    bodies_of = _organisations_of(proposals)
    bodies = _bodies({pk for pks in bodies_of.values() for pk in pks})
    parties = [
        Party(each.pk, each.applicant_id, tuple(bodies[pk] for pk in bodies_of[each.pk] if pk in bodies))
        for each in proposals
    ]
    people = _people(reviewers)
    own = {pk for person in people for pk in person.bodies}
    return find_signs(parties, people, _joint(own, {each.applicant_id for each in proposals} - {None}))


def sentence_of(kind, detail):
    """What speaks for a conflict, to stand after the reviewer's name."""
    return gettext(SIGN_TEXTS[SignKind(kind)]) % {"detail": detail}


def words_of_signs(proposals, reviewers):
    """{(proposal id, reviewer id): words} of the signs that nobody has dismissed yet. Eight queries."""
    found = signs_between(proposals, reviewers)
    settled = set(
        SuspectedConflict.objects.filter(
            state=SuspicionState.DISMISSED, reviewer__in=[reviewer.pk for reviewer in reviewers]
        ).values_list("proposal_id", "reviewer_id", "kind", "detail")
    )
    words = {}
    for pair, signs in found.items():
        left = [sign for sign in signs if (*pair, str(sign.kind), sign.detail) not in settled]
        if left:
            words[pair] = "; ".join(sentence_of(sign.kind, sign.detail) for sign in left)
    return words


def forbidden_in(round_):
    """{(proposal id, person id)} of the round with a conflict on record or one to be looked at; two queries."""
    closed = ProposalAccess.objects.filter(proposal__round=round_, level=AccessLevel.CLOSED)
    suspected = SuspectedConflict.objects.filter(
        proposal__round=round_, state__in=(SuspicionState.OPEN, SuspicionState.CONFIRMED)
    )
    return {*closed.values_list("proposal_id", "user_id"), *suspected.values_list("proposal_id", "reviewer_id")}


def conflicts_in(round_, user):
    """Suspected conflicts of the round, but for proposals that a conflict closes to the reader."""
    closed = user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
    rows = SuspectedConflict.objects.filter(proposal__round=round_).exclude(proposal_id__in=closed)
    return rows.select_related("proposal", "reviewer", "decided_by").defer(
        "proposal__summary", "proposal__notes", "proposal__search_text"
    )


def declared_in(round_, user):
    """Conflicts that reviewers of the round declared themselves; their words are in `declaration`."""
    rows = Assignment.objects.visible_to(user).not_closed_to(user).filter(proposal__round=round_)
    rows = rows.filter(state=AssignmentState.CONFLICTED).exclude(declaration="", closing_reason__gt="")
    return rows.select_related("proposal", "reviewer").defer(
        "proposal__summary", "proposal__notes", "proposal__search_text"
    )


def counts_of(round_, user):
    """How many conflicts of the round there are in each state, and `declared`; two queries."""
    counts = dict.fromkeys(SuspicionState.values, 0)
    rows = conflicts_in(round_, user).order_by().values_list("state").annotate(number=Count("pk"))
    counts.update(rows)
    return counts | {"declared": declared_in(round_, user).count()}


def people_of_round(round_):
    """Everybody who holds a role in the round: conflicts are looked for with all of them."""
    pks = RoleGrant.objects.filter(round=round_).values("user_id")
    return list(User.objects.filter(pk__in=pks, is_active=True).order_by("pk"))


def proposals_with(organisation_pks):
    """Proposals in which one of the organisations takes part, the applicant included."""
    partner = Participation.objects.filter(organisation__in=organisation_pks).values("proposal_id")
    return Proposal.objects.filter(Q(applicant__in=organisation_pks) | Q(pk__in=partner))


def _organisations_of(proposals):
    """{proposal id: ids of the organisations that take part, the applicant first}"""
    found = {each.pk: [each.applicant_id] if each.applicant_id else [] for each in proposals}
    rows = Participation.objects.filter(proposal__in=list(found)).order_by("pk")
    for proposal, organisation in rows.values_list("proposal_id", "organisation_id"):
        found[proposal].append(organisation)
    return found


def _bodies(pks):
    """{organisation id: Body} with all its names and domains."""
    aliases = defaultdict(dict)
    for pk, key, name in OrganisationAlias.objects.filter(organisation__in=pks).values_list(
        "organisation_id", "name_key", "name"
    ):
        aliases[pk][key] = name
    return {
        row.pk: Body(row.pk, row.name, {**aliases[row.pk], fold_name(row.name): row.name}, _domains(row))
        for row in Organisation.objects.filter(pk__in=pks)
    }


def _domains(organisation):
    host = (urlsplit(organisation.website).hostname or "").casefold().removeprefix("www.")
    own = organisation.email_domain.casefold().lstrip("@").strip()
    return tuple(dict.fromkeys(domain for domain in (own, host) if domain))


def _people(reviewers):
    """Every reviewer as the signs compare her; ties that have ended are left out."""
    ties = defaultdict(set)
    pks = [reviewer.pk for reviewer in reviewers]
    held = ReviewerTie.objects.filter(user__in=pks).filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
    for user, organisation in held.values_list("user_id", "organisation_id"):
        ties[user].add(organisation)
    keys = {reviewer.pk: fold_name(reviewer.organisation_name) for reviewer in reviewers if reviewer.organisation_name}
    by_key = _by_key(set(keys.values()) - {""})
    return [
        Person(
            reviewer.pk,
            reviewer.organisation_name,
            keys.get(reviewer.pk, ""),
            reviewer.email.rpartition("@")[2].casefold(),
            frozenset(ties[reviewer.pk]),
            frozenset(by_key.get(keys.get(reviewer.pk, ""), ())),
        )
        for reviewer in reviewers
    ]


def _by_key(keys):
    """{folded name: ids of the organisations that have it as name or alias}"""
    found = defaultdict(set)
    for key, pk in Organisation.objects.filter(name_key__in=keys).values_list("name_key", "pk"):
        found[key].add(pk)
    for key, pk in OrganisationAlias.objects.filter(name_key__in=keys).values_list("name_key", "organisation_id"):
        found[key].add(pk)
    return found


def _joint(own, applicants):
    """{one of these organisations: {applicant: proposals of both}}; other funders are no partners."""
    found = defaultdict(lambda: defaultdict(set))
    if not own:
        return found
    members = defaultdict(set)
    theirs = proposals_with(own)
    for proposal, applicant in theirs.values_list("pk", "applicant_id"):
        members[proposal].add(applicant)
    partners = Participation.objects.filter(proposal__in=theirs.values("pk"), role=ParticipationRole.PARTNER)
    for proposal, organisation in partners.values_list("proposal_id", "organisation_id"):
        members[proposal].add(organisation)
    for proposal, organisations in members.items():
        for hers in organisations & own:
            for applicant in organisations & applicants:
                found[hers][applicant].add(proposal)
    return found
