"""Builds the demo round through the same actions that people use."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from checklist.actions import assessments as assessing
from checklist.actions import assignments as assigning
from checklist.actions.eligibility import Condition, Finding, pass_all, record_eligibility, set_checks
from checklist.actions.practice import ask_to_practise, begin_reference, publish_reference, set_practice
from checklist.actions.rounds import open_round, pin_instruments
from checklist.demo.asking import ask_and_hear
from checklist.demo.content import CLOSED
from checklist.demo.deciding import begin_deciding, decide_all
from checklist.demo.documents import budget_file, document_file
from checklist.demo.panel import begin_panel
from checklist.demo.people import demo_people
from checklist.demo.skills import introduce_reviewers
from checklist.models import Assessment, InstrumentVersion
from checklist.scoring import SubAnswer
from checklist.selectors.drafts import load_draft
from proposals.actions.documents import add_document
from proposals.actions.proposals import register_proposal
from proposals.actions.rounds import Window, change_round, grant_role, set_phases
from proposals.document_checks import check_file
from proposals.enums import DocumentKind, RoundPhase
from proposals.jobs import handle_read_document
from proposals.models import FundingRound
from proposals.validators import ProposalFacts
from screening.enums import RoundRole
from screening.jobs import JobRefused
from screening.models import Job
from screening.pdf import PdfUnavailable, unavailable_reason

STAGES = ("intake", "review", "panel", "decided")
REVIEWERS = ("reviewer1", "reviewer2", "reviewer3")
# The proposal whose applicant is asked something.
ASKED = "03-hope-delta"
PHASES = {"intake": RoundPhase.INTAKE, "review": RoundPhase.REVIEW, "panel": RoundPhase.PANEL}


class DemoExists(Exception):
    """The round is here already; the message names it."""


@transaction.atomic
def build_demo(*, content, stage, today, say=lambda text: None):
    """Make the demo round as it looks at this stage, and return it. All or nothing."""
    if FundingRound.objects.filter(reference=content.round.reference).exists():
        raise DemoExists(f"The demo round {content.round.reference} is here already. Nothing was changed.")
    people = demo_people()
    builder = DemoBuilder(content, people, today, say)
    builder.receive()
    builder.set_aside()
    introduce_reviewers(people, content, builder.proposals)
    if stage != "intake":
        builder.check()
        builder.ask(with_everything=stage != "review")
        builder.practise()
    if stage in ("panel", "decided"):
        builder.hear()
        begin_panel(builder.round, chair=people["chair"])
    if stage == "panel":
        begin_deciding(builder.round, builder.wanted(), officer=people["officer"], chair=people["chair"])
    if stage == "decided":
        decide_all(builder.round, builder.wanted(), officer=people["officer"], chair=people["chair"])
    builder.enter(RoundPhase.DECIDED if stage == "decided" else PHASES[stage])
    return builder.round


class IncompleteReview(Exception):
    """An assessment in the files cannot be submitted; the message says what its answers lack."""


class DemoBuilder:
    """What is made so far: the round, its proposals and their documents."""

    def __init__(self, content, people, today, say):
        self.content, self.people, self.today, self.say = content, people, today, say
        self.officer = people["officer"]
        self.round = self._open()
        self.proposals = {}
        self.documents = {}

    def _open(self):
        facts = self.content.round
        round_ = FundingRound(
            reference=facts.reference,
            title=facts.title,
            donor_name=facts.donor,
            description=facts.description,
            currency=facts.currency,
            budget=facts.budget,
            reviewers_wanted=facts.reviewers_wanted,
            opens_on=self.day(facts.opens),
            closes_on=self.day(facts.closes),
            review_due_on=self.day(facts.due),
            is_demo=True,
        )
        open_round(round_=round_, officer=self.officer, by=self.people["admin"])
        first, last = facts.closes + 1, facts.closes + 3
        windows = [
            Window("intake", round_.opens_on, round_.closes_on),
            Window("eligibility", self.day(first), self.day(last)),
            Window("review", self.day(last + 1), round_.review_due_on),
            Window("panel", self.day(facts.due + 3), self.day(facts.due + 17)),
            Window("decision", self.day(facts.due + 18)),
        ]
        set_phases(round_=round_, windows=windows, by=self.officer)
        if facts.instruments:
            usable = InstrumentVersion.objects.usable().filter(instrument__slug__in=facts.instruments)
            newest = {version.instrument_id: version for version in usable.order_by("number")}
            pin_instruments(round_=round_, versions=list(newest.values()), by=self.officer)
        grant_role(round_=round_, user=self.people["chair"], role=RoundRole.CHAIR, by=self.officer)
        for name in REVIEWERS:
            grant_role(round_=round_, user=self.people[name], role=RoundRole.REVIEWER, by=self.officer)
        return round_

    def day(self, days):
        return self.today + dt.timedelta(days=days)

    # -- Intake -----------------------------------------------------------------------------

    def receive(self):
        """Register every proposal with its documents, and make their pages."""
        for each in (*self.content.proposals, *self.content.practice):
            proposal = register_proposal(round_=self.round, facts=self._facts(each), by=self.officer)
            self.proposals[each.file] = proposal
            self.documents[each.file] = self._attach(each, proposal)
            self.say(f"{proposal.reference} {proposal.title}")

    def set_aside(self):
        """Put proposals aside for practice, before anybody looks at the others."""
        for each in self.content.practice:
            set_practice(proposal=self.proposals[each.file], by=self.people["chair"])

    def check(self):
        """Say what is eligible: all that the files say nothing against."""
        wording = self.content.round.conditions
        if not wording:
            return
        conditions = [Condition(words) for words in wording]
        checks = set_checks(round_=self.round, conditions=conditions, by=self.officer)
        for each in self.content.proposals:
            if each.ineligible:
                finding = {checks[-1].pk: Finding("failed", each.ineligible)}
                record_eligibility(proposal=self.proposals[each.file], findings=finding, by=self.officer)
        pass_all(round_=self.round, proposals=self.proposals.values(), by=self.officer)

    def _facts(self, each):
        starts_on = self.day(each.starts)
        return ProposalFacts(
            title=each.title,
            summary=each.summary,
            applicant=each.applicant,
            partners=each.partners,
            places=each.places,
            starts_on=starts_on,
            ends_on=starts_on + dt.timedelta(days=each.months * 365 // 12 - 1),
            amount=Decimal(each.amount),
            currency=each.currency,
            exploitation=each.exploitation,
            populations=each.populations,
            four_p=each.four_p,
            victim_contact=each.victim_contact,
            language="en",
        )

    def _attach(self, each, proposal):
        """{document key: Document}; texts are left out where no PDF can be made."""
        kept = {"budget": self._add(proposal, budget_file(each), DocumentKind.BUDGET)}
        for document in each.documents:
            try:
                file = document_file(each, document, proposal.reference)
            except PdfUnavailable:
                self.say(f"{document.name} is left out. {unavailable_reason()}")
                continue
            kept[document.key] = self._add(proposal, file, document.kind)
        return kept

    def _add(self, proposal, file, kind):
        upload = check_file(file, file.name)
        document = add_document(proposal=proposal, upload=upload, kind=kind, by=self.officer)
        # Read here, so that the first look at the demo need not wait for the worker.
        try:
            handle_read_document(Job(subject_id=str(document.pk)))
        except JobRefused as refusal:
            self.say(f"{document.name}: {refusal}")
        return document

    # -- Review -----------------------------------------------------------------------------

    def ask(self, *, with_everything):
        """Assign, and let every reviewer do what she has done; all of it when the review is over."""
        self.enter(RoundPhase.REVIEW)
        for each in self.content.proposals:
            for review in each.reviews:
                Reviewing(self, each, review).run(with_everything)

    def hear(self):
        """Ask one applicant what two reviewers could not judge, and let them look at the answer."""
        if ASKED in self.proposals:
            ask_and_hear(self.proposals[ASKED], officer=self.officer)

    def practise(self):
        """Write the references for practice, and ask everybody; some have done theirs."""
        for each in self.content.practice:
            reference, *reviews = each.reviews
            Practising(self, each, reference).refer()
            ask_to_practise(round_=self.round, by=self.officer)
            for review in reviews:
                Practising(self, each, review).practise()

    def enter(self, phase):
        self.round.phase = phase
        change_round(round_=self.round, by=self.officer)

    # -- Decision ---------------------------------------------------------------------------

    def wanted(self):
        """[(proposal, the state it is to get, why)] of what is not out already."""
        return [
            (self.proposals[each.file], each.decided, each.decided_note)
            for each in self.content.proposals
            if not each.ineligible
        ]


class Reviewing:
    """One reviewer at work on one proposal."""

    def __init__(self, builder, content, review):
        self.builder, self.content, self.review = builder, content, review
        self.proposal = builder.proposals[content.file]
        self.reviewer = builder.people[review.reviewer]

    def run(self, with_everything):
        state = self.review.at_review
        assignment = self._assigned()
        if state in CLOSED:
            self._close(assignment, state)
            return
        if with_everything:
            state = "reopened again" if state == "reopened" else "submitted"
        if state == "assigned":
            return
        words = self.review.words if self.review.at_review != "reopened" else ""
        assigning.declare_no_conflict(assignment=assignment, by=self.reviewer, declaration=words)
        if state == "declared":
            return
        self._answer(self.review.saved if state == "draft" else None)
        if state != "draft":
            self._finish(state)

    def _assigned(self):
        due = self.builder.content.round.due if self.review.due is None else self.review.due
        [assignment] = assigning.assign_reviewers(
            round_=self.builder.round,
            proposals=[self.proposal],
            reviewers=[self.reviewer],
            due_on=self.builder.day(due),
            by=self.builder.officer,
        )
        return assignment

    def _close(self, assignment, state):
        words = self.review.words
        if state == "conflict":
            assigning.declare_conflict(assignment=assignment, declaration=words, by=self.reviewer)
        elif state == "declined":
            assigning.decline_assignment(assignment=assignment, reason=words, by=self.reviewer)
        else:
            assigning.withdraw_assignment(assignment=assignment, reason=words, by=self.builder.officer)

    def _assessment(self):
        rows = Assessment.objects.select_related("proposal__round", "reviewer", "assignment")
        return rows.get(proposal=self.proposal, reviewer=self.reviewer)

    def _answer(self, count):
        """Save the answers of the file; only the first `count` of a draft."""
        assessment = self._assessment()
        by_key = {place.criterion.key: place.criterion for place in load_draft(assessment).places()}
        given = [
            assessing.GivenResponse(
                criterion_pk=by_key[key].pk,
                answer=said.answer,
                rationale=said.why,
                subs={sub: SubAnswer(answer, text) for sub, (answer, text) in said.subs.items()},
                evidence=tuple(self._pointer(each) for each in said.evidence),
            )
            for key, said in list(self.review.answers.items())[:count]
        ]
        assessing.save_responses(
            assessment=assessment, given=given, by=self.reviewer, last_criterion_pk=given[-1].criterion_pk
        )

    def _lacking(self, assessment, refusal):
        problems = load_draft(assessment).content.progress.problems
        said = "; ".join(f"{key} {each.field}: {each.code} {dict(each.params)}" for key, each in problems)
        return f"{self.content.file}, {self.review.reviewer}: {refusal} {said}"

    def _pointer(self, evidence):
        document = self.builder.documents[self.content.file].get(evidence.document)
        return assessing.Pointer(document.pk if document else None, evidence.page, evidence.quote)

    def _finish(self, state):
        review = self.review
        assessment = assessing.save_conclusion(
            assessment=self._assessment(),
            by=self.reviewer,
            conclusion=review.conclusion,
            reason=review.because,
            override_reason=review.override,
        )
        try:
            assessing.submit_assessment(assessment=assessment, by=self.reviewer)
        except assessing.CannotSubmitAssessment as refusal:
            raise IncompleteReview(self._lacking(assessment, refusal)) from refusal
        if state == "submitted":
            return
        assessing.reopen_assessment(assessment=assessment, reason=review.words, by=self.builder.officer)
        if state == "reopened again":
            assessing.submit_assessment(assessment=self._assessment(), by=self.reviewer)


class Practising(Reviewing):
    """The chair who writes a reference, or a reviewer who practises."""

    def refer(self):
        begin_reference(proposal=self.proposal, by=self.reviewer)
        self._answer(None)
        publish_reference(assessment=self._assessment(), by=self.reviewer)

    def practise(self):
        assignment = self.proposal.assignments.get(reviewer=self.reviewer)
        assigning.declare_no_conflict(assignment=assignment, by=self.reviewer, declaration=self.review.words)
        self._answer(None)
        self._finish("submitted")
