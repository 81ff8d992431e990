"""Small makers of test data without surprises: what is not given is plain and valid."""

from itertools import count

from django.utils import timezone

from checklist.actions.assessments import GivenResponse, save_responses, start_assessment
from checklist.combining import COMBINING_RULES
from checklist.enums import AssignmentState
from checklist.models import Assignment, Instrument, InstrumentVersion, RoundInstrument
from checklist.scoring import SubAnswer
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from proposals.enums import AccessLevel
from proposals.models import FundingRound, Organisation, Proposal, ProposalAccess, RoleGrant
from screening.models import User

_numbers = count(1)
PASSWORD = "a-long-test-password-7"


def make_user(name="Ada Example", **fields):
    """A person who can sign in with PASSWORD."""
    fields.setdefault("email", f"person{next(_numbers)}@example.org")
    user = User(name=name, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def make_administrator(**fields):
    return make_user("Adam Administrator", is_administrator=True, **fields)


def make_instrument_editor(**fields):
    return make_user("Edna Editor", is_instrument_editor=True, **fields)


def make_auditor(**fields):
    return make_user("Audrey Auditor", is_auditor=True, **fields)


def make_round(reference=None, **fields):
    fields.setdefault("title", "Test round")
    fields.setdefault("donor_name", "Test Donor")
    return FundingRound.objects.create(reference=reference or f"R{next(_numbers)}", **fields)


def make_member(round_, role, **fields):
    """A person who holds `role` in the round."""
    user = make_user(fields.pop("name", f"Some {role}"), **fields)
    RoleGrant.objects.create(user=user, round=round_, role=role)
    return user


def make_officer(round_, **fields):
    return make_member(round_, "programme_officer", **{"name": "Olga Officer", **fields})


def make_reviewer(round_, **fields):
    return make_member(round_, "reviewer", **{"name": "Rita Reviewer", **fields})


def make_organisation(name="Blue Boat"):
    organisation, _ = Organisation.objects.get_or_create(name_key=name.casefold(), defaults={"name": name})
    return organisation


def make_proposal(round_, title="Safe harbours", **fields):
    number = next(_numbers)
    fields.setdefault("reference", f"{round_.reference}-{number:03}")
    if "applicant" not in fields:
        fields["applicant"] = make_organisation()
    applicant = fields["applicant"].name if fields["applicant"] else ""
    fields.setdefault("search_text", f"{title} {fields['reference']} {applicant}".casefold())
    return Proposal.objects.create(round=round_, title=title, **fields)


def open_to(proposal, user, level=AccessLevel.FULL):
    """Give one person access to one proposal."""
    return ProposalAccess.objects.create(proposal=proposal, user=user, level=level)


def pin_shipped_instruments(round_):
    """Pin the published versions of the default instruments; the `instruments` fixture loads them."""
    versions = InstrumentVersion.objects.usable().filter(instrument__in=Instrument.objects.filter(is_default=True))
    pins = [
        RoundInstrument(round=round_, version=version, position=position)
        for position, version in enumerate(versions.order_by("-result_kind", "pk"), start=1)
    ]
    RoundInstrument.objects.bulk_create(pins)
    return [pin.version for pin in pins]


def make_assessment(round_=None, reviewer=None, proposal=None, **fields):
    """A begun assessment with the round's instruments, by a reviewer who declared no conflict.

    The round gets the shipped instruments when it has none; `instruments` must be loaded.
    """
    round_ = round_ or (proposal.round if proposal else make_round())
    if not round_.instruments.exists():
        pin_shipped_instruments(round_)
    reviewer = reviewer or make_reviewer(round_)
    proposal = proposal or make_proposal(round_)
    assignment = Assignment.objects.create(
        proposal=proposal, reviewer=reviewer, state=AssignmentState.DECLARED, declared_at=timezone.now()
    )
    open_to(proposal, reviewer)
    assessment = start_assessment(assignment=assignment, by=reviewer)
    for field, value in fields.items():
        setattr(assessment, field, value)
    if fields:
        assessment.save(update_fields=list(fields))
    return assessment_with_round(assessment.pk)


def answer_all(assessment, *, answer="yes", level="3", rationale="As shown on page 4."):
    """Answer every criterion of the assessment in the same way; ready to submit."""
    given = []
    for place in load_draft(assessment).places():
        code = level if place.instrument.sheet.is_profile else answer
        if not place.criterion.spec.answer_kind.has(code):
            code = place.criterion.spec.answer_kind.options[0].code
        subs = {}
        rule = place.criterion.spec.combining
        for key in COMBINING_RULES[rule].needed_for_favourable if rule else ():
            subs[key] = SubAnswer("adequate", "Tested with the group.")
        given.append(GivenResponse(place.criterion.pk, place.stored.revision, code, rationale, subs))
    return save_responses(assessment=assessment, given=given, by=assessment.reviewer)
