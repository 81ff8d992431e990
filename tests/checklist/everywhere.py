"""One round in which everything worth hiding carries a word of its own, and everybody it is hidden from.

`World.phase` says how far the round is: review (one judgement is in), panel (both are, the consensus is
being written, the meeting runs), decided (all closed and applied).
"""

from dataclasses import dataclass, field

from django.core.files.base import ContentFile

from checklist.actions.assessments import GivenResponse, Pointer, save_conclusion, save_responses, submit_assessment
from checklist.actions.assignments import (
    abstain,
    assign_reviewers,
    declare_conflict,
    declare_no_conflict,
    decline_assignment,
)
from checklist.actions.conflicts import confirm_conflict, dismiss_conflict
from checklist.actions.consensus import begin_consensus, close_consensus, set_consensus_answer
from checklist.actions.decisions import apply_decisions, record_decision
from checklist.actions.eligibility import Condition, Finding, record_eligibility, set_checks
from checklist.actions.messages import send_message
from checklist.actions.panels import add_to_discussion, call_item, end_meeting, start_meeting
from checklist.actions.plans import make_plan
from checklist.actions.practice import ask_to_practise, begin_reference, publish_reference, set_practice
from checklist.actions.recommendations import override_stop, record_recommendation
from checklist.actions.studio import start_next_version
from checklist.models import (
    ApplicantQuestion,
    Assignment,
    PanelMeeting,
    QuestionLetter,
    QuestionOrigin,
    SuspectedConflict,
)
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from checklist.selectors.panels import consensus_with_round
from proposals.enums import AccessLevel
from proposals.models import Document, DocumentPage, ImportFile, ProposalAccess
from screening.models import SavedView
from tests.factories import (
    answer_all,
    make_administrator,
    make_auditor,
    make_instrument_editor,
    make_member,
    make_officer,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
)

from .deciding import make_item_critical

PHASES = ("review", "panel", "decided")


def word(secret):
    """A word that stands nowhere but where this secret does."""
    return f"Qx{secret.replace('_', '')}xq"


@dataclass
class World:
    """People by what they are to the first proposal, and what the addresses are filled with."""

    phase: str
    people: dict = field(default_factory=dict)
    round: object = None
    proposal: object = None

    def has_reached(self, phase):
        return PHASES.index(self.phase) >= PHASES.index(phase)


def build(phase, instruments):
    """The round up to this phase, made by the actions wherever there is one."""
    world = World(phase)
    world.round = make_round("QX", title="Visibility", budget=100000, currency="EUR", reviewers_wanted=2)
    critical = make_item_critical(world.round)
    people = world.people
    people["officer"] = make_officer(world.round, name="Olga Officer")
    _put_in(world)
    _ask(world)
    _judge(world, critical)
    if world.has_reached("panel"):
        _sit(world, critical)
    if world.has_reached("decided"):
        _decide(world, critical)
    _ask_applicant(world)
    _practise(world)
    _tell(world)
    _bystanders(world, instruments)
    type(world.round).objects.filter(pk=world.round.pk).update(phase=phase)
    return world


# -- What was received ------------------------------------------------------------------------------


def _put_in(world):
    round_, officer = world.round, world.people["officer"]
    world.proposal = make_proposal(
        round_,
        title=f"Harbours {word('title')}",
        applicant=make_organisation(f"Applicant {word('applicant')}"),
        summary=f"A summary {word('summary')}.",
        notes=f"A note {word('notes')}.",
        amount=30000,
        currency="EUR",
    )
    document = Document.objects.create(
        proposal=world.proposal, name=f"{word('file_name')}.txt", file=ContentFile(b"x", name="x"),
        media_type="text/plain", size=1, sha256="0" * 64, reading="ready", page_count=1,
    )  # fmt: skip
    document.file.save("x", ContentFile(f"All of it: {word('file')}.".encode()))
    DocumentPage.objects.create(
        document=document, number=1, text=f"On the page {word('page')}.", picture=ContentFile(b"x", name="x")
    )
    world.document = document
    world.other = make_proposal(round_, title="Another one", applicant=make_organisation("Other Applicant"))
    failed = make_proposal(round_, title="Too late", applicant=make_organisation("Late Applicant"))
    (check,) = set_checks(round_=round_, conditions=[Condition("Came in time")], by=officer)
    record_eligibility(
        proposal=failed, findings={check.pk: Finding("failed", f"Came late {word('ineligible')}.")}, by=officer
    )
    for proposal in (world.proposal, world.other):
        record_eligibility(proposal=proposal, findings={check.pk: Finding("passed")}, by=officer)
    ImportFile.objects.create(round=round_, name="pile.csv", file=ContentFile(b"title\nA\n", name="x"), sha256="1" * 64)


# -- Who was asked ----------------------------------------------------------------------------------

REVIEWERS = ("one", "two", "owing", "undeclared", "conflicted", "abstained", "declined")


def _ask(world):
    round_, people, proposal = world.round, world.people, world.proposal
    for who in REVIEWERS:
        people[who] = make_reviewer(round_, name=f"Rita {word(f'name_{who}')}")
    people["elsewhere"] = make_reviewer(round_, name="Rita Elsewhere")
    people["confirmed"] = make_reviewer(round_, name="Rita Confirmed")
    people["chair"] = make_member(round_, "chair", name="Clara Chair")
    people["owing_chair"] = make_member(round_, "chair", name="Owing Chair")
    people["owing_officer"] = make_officer(round_, name="Owing Officer")
    for who in ("owing_chair", "owing_officer"):
        round_.grants.create(user=people[who], role="reviewer")
    asked = [people[who] for who in (*REVIEWERS, "owing_chair", "owing_officer")]
    assign_reviewers(round_=round_, proposals=[proposal], reviewers=asked, due_on=None, by=people["officer"])
    assign_reviewers(
        round_=round_, proposals=[world.other], reviewers=[people["elsewhere"]], due_on=None, by=people["officer"]
    )
    for who in ("one", "two", "owing", "abstained", "owing_chair", "owing_officer"):
        declare_no_conflict(
            assignment=assignment_of(world, who), declaration=f"None {word(f'declared_{who}')}.", by=people[who]
        )
    declare_no_conflict(
        assignment=Assignment.objects.get(reviewer=people["elsewhere"]), declaration="", by=people["elsewhere"]
    )
    declare_conflict(
        assignment=assignment_of(world, "conflicted"),
        declaration=f"My sister {word('conflict')} works there.",
        by=people["conflicted"],
    )
    abstain(assignment=assignment_of(world, "abstained"), reason=f"Ill {word('abstention')}.", by=people["abstained"])
    decline_assignment(
        assignment=assignment_of(world, "declined"), reason=f"Away {word('refusal')}.", by=people["declined"]
    )
    make_plan(round_=round_, per_proposal=2, most=9, seed=1, overlap=False, by=people["officer"])
    _suspect(world)
    for who, role in (
        ("conflicted_chair", "chair"),
        ("conflicted_officer", "programme_officer"),
        ("conflicted_observer", "observer"),
    ):
        people[who] = make_member(round_, role, name=f"Torn {role}")
        ProposalAccess.objects.create(proposal=proposal, user=people[who], level=AccessLevel.CLOSED)
    people["conflicted_auditor"] = make_auditor()
    ProposalAccess.objects.create(proposal=proposal, user=people["conflicted_auditor"], level=AccessLevel.CLOSED)


def _suspect(world):
    """One suspicion confirmed, one dismissed, one open."""

    def found(who, secret):
        return SuspectedConflict.objects.create(
            proposal=world.proposal, reviewer=world.people[who], kind="same_organisation", detail=word(secret)
        )

    officer = world.people["officer"]
    confirm_conflict(
        suspicion=found("confirmed", "suspicion_confirmed"), reason=f"It is {word('confirmation')}.", by=officer
    )
    dismiss_conflict(
        suspicion=found("elsewhere", "suspicion_dismissed"), reason=f"None {word('dismissal')}.", by=officer
    )
    found("one", "suspicion_open")


def assignment_of(world, who):
    return Assignment.objects.get(proposal=world.proposal, reviewer=world.people[who])


# -- What was said ----------------------------------------------------------------------------------


def _judge(world, critical):
    _write(world, "one", "yes")
    _write(world, "two", "partly")
    _say(world, "two", critical.key, "no")
    _write(world, "owing", "no")
    # Not as the first judgement, whose share is looked for.
    answer_all(Assignment.objects.get(reviewer=world.people["elsewhere"]).assessment, answer="partly")
    _hand_in(Assignment.objects.get(reviewer=world.people["elsewhere"]).assessment)
    _hand_in(assignment_of(world, "one").assessment)
    if world.has_reached("panel"):
        _hand_in(assignment_of(world, "two").assessment)
    add_to_discussion(
        proposal=world.proposal,
        text=f"In the discussion {word('discussion')}. @Clara Chair, see {word('mention')}.",
        by=world.people["one"],
    )


def _write(world, who, answer):
    """All answers with her own words, one of them cited, and her overall view."""
    assessment = assessment_with_round(assignment_of(world, who).assessment.pk)
    by = world.people[who]
    answer_all(assessment, answer=answer, rationale=f"Because {word(f'reason_{who}')}.")
    place = list(load_draft(assessment).places())[1]
    given = GivenResponse(
        place.criterion.pk, place.stored.revision, place.stored.answer.answer, place.stored.answer.rationale,
        place.stored.answer.subs, (Pointer(world.document.pk, "1", f"cited {word(f'quote_{who}')}"),),
    )  # fmt: skip
    save_responses(assessment=assessment, given=[given], by=by)
    save_conclusion(
        assessment=assessment, conclusion="recommend_with_changes", reason=f"All in all {word(f'view_{who}')}.",
        override_reason=f"All the same {word(f'override_{who}')}.", revision=assessment.conclusion_revision, by=by,
    )  # fmt: skip


def _say(world, who, key, answer):
    assessment = assessment_with_round(assignment_of(world, who).assessment.pk)
    place = next(each for each in load_draft(assessment).places() if each.criterion.key == key)
    rationale = f"Because {word(f'reason_{who}')}."
    given = GivenResponse(place.criterion.pk, place.stored.revision, answer, rationale, place.stored.answer.subs)
    save_responses(assessment=assessment, given=[given], by=world.people[who])


def _hand_in(assessment):
    submit_assessment(assessment=assessment_with_round(assessment.pk), by=assessment.reviewer)


# -- The panel --------------------------------------------------------------------------------------


def _sit(world, critical):
    chair = world.people["chair"]
    consensus = begin_consensus(proposal=world.proposal, by=chair)
    for place in load_draft(consensus).places():
        if not place.stored.answer.answer:
            _settle(
                consensus_with_round(consensus.pk),
                place,
                "no" if place.criterion.key == critical.key else "partly",
                chair,
            )
    save_conclusion(
        assessment=consensus_with_round(consensus.pk), conclusion="recommend", revision=0, by=chair,
        reason=f"Together {word('consensus_view')}.", override_reason=f"And yet {word('consensus_override')}.",
    )  # fmt: skip
    world.consensus = consensus
    meeting = start_meeting(round_=world.round, proposals=[world.proposal], by=chair)
    call_item(meeting=meeting, item=meeting.items.get(), by=chair)


def _settle(consensus, place, answer, chair):
    codes = [option.code for option in place.criterion.spec.answer_kind.options]
    given = GivenResponse(
        place.criterion.pk, place.stored.revision, answer if answer in codes else codes[0],
        f"The panel says {word('consensus_words')}.", place.stored.answer.subs,
    )  # fmt: skip
    set_consensus_answer(
        assessment=consensus, given=given, by=chair, reason=f"Agreed because {word('consensus_reason')}."
    )


# -- Decisions and questions ------------------------------------------------------------------------


def _decide(world, critical):
    people, proposal = world.people, world.proposal
    close_consensus(assessment=consensus_with_round(world.consensus.pk), by=people["chair"])
    end_meeting(meeting=PanelMeeting.objects.get(), by=people["chair"])
    record_recommendation(
        proposal=proposal, outcome="fund_with_conditions", by=people["chair"],
        reasons=f"Advised {word('advice')}.", conditions=f"If {word('advice_conditions')}.",
    )  # fmt: skip
    override_stop(proposal=proposal, criterion=critical, reason=f"Goes on {word('stop_override')}.", by=people["chair"])
    record_decision(
        proposal=proposal, outcome="fund_with_conditions", amount=30000, by=people["officer"],
        reasons=f"Decided {word('decision')}.", conditions=f"Provided {word('decision_conditions')}.",
    )  # fmt: skip
    record_decision(proposal=world.other, outcome="decline", reasons="No.", by=people["officer"])
    apply_decisions(round_=world.round, by=people["officer"])


def _ask_applicant(world):
    """A question that came from the first reviewer, sent and answered, and one that is being written."""
    proposal, officer = world.proposal, world.people["officer"]
    assessment = assignment_of(world, "one").assessment
    letter = QuestionLetter.objects.create(
        proposal=proposal, channel="letter", recipient=word("letter_to"), subject="Questions",
        body=f"Dear applicant {word('letter')}", sent_by=officer,
    )  # fmt: skip
    sent = ApplicantQuestion.objects.create(
        proposal=proposal, text=f"How many {word('question')}?", state="answered", letter=letter,
        answer=f"Twelve {word('answer')}.", answered_on=letter.sent_at.date(), recorded_by=officer,
    )  # fmt: skip
    draft = ApplicantQuestion.objects.create(proposal=proposal, text=f"And where {word('question_draft')}?", position=2)
    for question in (sent, draft):
        QuestionOrigin.objects.create(
            question=question, assessment=assessment, criterion=assessment.responses.first().criterion
        )


# -- Practice and messages --------------------------------------------------------------------------


def _practise(world):
    """A reference that opens to whoever has practised: the first reviewer has, the others have not."""
    round_, people = world.round, world.people
    proposal = make_proposal(round_, title="To practise on", applicant=make_organisation("Practice Applicant"))
    set_practice(proposal=proposal, by=people["officer"])
    reference = begin_reference(proposal=proposal, by=people["chair"])
    answer_all(reference, answer="partly", rationale=f"As it should be {word('reference')}.")
    save_conclusion(
        assessment=assessment_with_round(reference.pk), conclusion="recommend_with_changes", by=people["chair"],
        reason=f"All in all {word('reference_view')}.",
    )  # fmt: skip
    publish_reference(assessment=assessment_with_round(reference.pk), by=people["chair"])
    ask_to_practise(round_=round_, by=people["officer"])
    for who in ("one", "owing"):
        assignment = Assignment.objects.get(proposal=proposal, reviewer=people[who])
        declare_no_conflict(assignment=assignment, by=people[who])
        answer_all(
            assessment_with_round(assignment.assessment.pk),
            answer="partly",
            rationale=f"I tried {word(f'practice_{who}')}.",
        )
        if who == "one":
            _hand_in(assignment.assessment)


def _tell(world):
    send_message(
        round_=world.round, recipients=[world.people["one"], world.people["owing"]], subject="To you two",
        text=f"Please read this {word('message')}.", token="0" * 32, by=world.people["officer"],
    )  # fmt: skip


# -- Everybody else ---------------------------------------------------------------------------------


def _bystanders(world, instruments):
    people, round_ = world.people, world.round
    people["observer"] = make_member(round_, "observer", name="Otto Observer")
    people["auditor"] = make_auditor()
    people["administrator"] = make_administrator()
    people["instrument_editor"] = make_instrument_editor()
    people["other_officer"] = make_officer(make_round("QX-OTHER"), name="Other Officer")
    people["stranger"] = make_user("Sam Stranger")
    SavedView.objects.create(user=people["officer"], page="checklist:round-ranking QX", name="Mine")
    start_next_version(version=instruments[0], by=people["instrument_editor"])
