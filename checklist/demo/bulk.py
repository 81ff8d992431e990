"""Writes thousands of submitted assessments at once, with the invariants of the single actions.

It stands beside `checklist.actions`, which save one answer at a time: declared before begun,
answers complete and saved while the assessment is a draft, scores by the one scoring function,
then locked; access and audit events as always. Only the events of single saved answers are left
out: nobody typed them.
"""

from django.db import transaction
from django.utils import timezone

from checklist.enums import AssessmentState, AssignmentState, Conclusion
from checklist.models import Assessment, Assignment, Evidence, Response, SubmittedScore, SubQuestion, SubResponse
from checklist.scoring import FormLength
from checklist.selectors.results import round_context, terms_kept
from proposals.enums import AccessLevel
from proposals.models import ProposalAccess
from screening import audit

CHUNK = 500
TOLD_EVERY = 5_000


def submit_assessments(*, round_, chosen, pool, sheets, say=lambda text: None):
    """Declare, begin, answer and submit for every (assignment, place in the pool) of a round."""
    writer = BulkWriter(round_, pool, sheets)
    for start in range(0, len(chosen), CHUNK):
        writer.write(chosen[start : start + CHUNK])
        done = min(start + CHUNK, len(chosen))
        if done % TOLD_EVERY == 0 or done == len(chosen):
            say(f"{done} of {len(chosen)} assessments are submitted.")


class BulkWriter:
    """What every chunk needs: ids of criteria and sub-questions by key."""

    def __init__(self, round_, pool, sheets):
        self.round, self.pool, self.sheets = round_, pool, sheets
        self.criteria = {(each.pk, criterion.key): criterion.pk for each in sheets for criterion in each.criteria}
        rows = SubQuestion.objects.filter(criterion__in=self.criteria.values())
        self.subs = {(criterion_pk, key): pk for criterion_pk, key, pk in rows.values_list("criterion_id", "key", "pk")}

    @transaction.atomic
    def write(self, chosen):
        """One chunk, all or nothing."""
        now = timezone.now()
        assignments = [assignment for assignment, _place in chosen]
        self._declare(assignments, now)
        begun = self._begin(chosen, now)
        self._answer(begun, now)
        self._submit(begun, now)

    def _declare(self, assignments, now):
        Assignment.objects.filter(pk__in=[each.pk for each in assignments]).update(
            state=AssignmentState.DECLARED, declared_at=now
        )
        proposals, reviewers = {each.proposal_id for each in assignments}, {each.reviewer_id for each in assignments}
        rows = ProposalAccess.objects.filter(proposal__in=proposals, user__in=reviewers, level=AccessLevel.NAMED)
        rows.update(level=AccessLevel.FULL)
        after = {"state": str(AssignmentState.DECLARED)}
        self._record("no_conflict_declared", assignments, before={"state": "assigned"}, after=after)

    def _begin(self, chosen, now):
        """[(assessment, its AnswerSheet)]"""
        begun = [
            (
                Assessment(
                    assignment=assignment,
                    proposal=assignment.proposal,
                    reviewer=assignment.reviewer,
                    language=assignment.reviewer.language,
                    conclusion=_conclusion(self.pool[place]),
                    conclusion_reason="My overall view follows from the answers.",
                    override_reason=_override(self.pool[place]),
                    started_at=now,
                    saved_at=now,
                ),
                self.pool[place],
            )
            for assignment, place in chosen
        ]
        assessments = Assessment.objects.bulk_create(assessment for assessment, _sheet in begun)
        pins = Assessment.versions.through
        pins.objects.bulk_create(
            pins(assessment_id=assessment.pk, instrumentversion_id=each.pk)
            for assessment in assessments
            for each in self.sheets
        )
        self._record("assessment_started", assessments, after={"versions": [each.pk for each in self.sheets]})
        return begun

    def _answer(self, begun, now):
        said = [
            (place, answer, sheet.evidence.get(place), assessment)
            for assessment, sheet in begun
            for place, answer in sheet.answers.items()
        ]
        responses = Response.objects.bulk_create(
            Response(
                assessment_id=assessment.pk,
                criterion_id=self.criteria[place],
                answer=answer.answer or "",
                rationale=answer.rationale,
                revision=1,
                saved_at=now,
            )
            for place, answer, _evidence, assessment in said
        )
        SubResponse.objects.bulk_create(
            SubResponse(
                response_id=response.pk,
                sub_question_id=self.subs[response.criterion_id, key],
                answer=sub.answer or "",
                text=sub.text,
            )
            for response, (_place, answer, _evidence, _assessment) in zip(responses, said, strict=True)
            for key, sub in answer.subs.items()
        )
        Evidence.objects.bulk_create(
            Evidence(response_id=response.pk, page=evidence[0], quote=evidence[1])
            for response, (_place, _answer, evidence, _assessment) in zip(responses, said, strict=True)
            if evidence
        )

    def _submit(self, begun, now):
        SubmittedScore.objects.bulk_create(
            SubmittedScore(assessment_id=assessment.pk, version_id=score.version_pk, **score.columns)
            for assessment, sheet in begun
            for score in sheet.scores(round_context(assessment.proposal).direct_contact)
        )
        assessments = [assessment for assessment, _sheet in begun]
        judged_by = [(each, each.spec) for each in self.sheets]
        by_context = {}
        for assessment in assessments:
            by_context.setdefault(round_context(assessment.proposal), []).append(assessment.pk)
        for context, pks in by_context.items():
            Assessment.objects.filter(pk__in=pks).update(
                state=AssessmentState.SUBMITTED,
                submitted_at=now,
                submission_number=1,
                terms=terms_kept(judged_by, context, FormLength.SHORT),
            )
        self._record(
            "assessment_submitted",
            assessments,
            is_private=True,
            before={"state": "draft"},
            after={"state": "submitted", "submission": 1},
        )

    def _record(self, event, subjects, *, is_private=False, **details):
        audit.record_many(
            {
                "event": event,
                "subject": subject,
                "by": subject.reviewer,
                "thread": subject.proposal.thread,
                "round_id": self.round.pk,
                "private_to": subject.reviewer if is_private else None,
                "label": str(subject.reviewer),
                **details,
            }
            for subject in subjects
        )


def _conclusion(sheet):
    if sheet.share >= 70:
        return Conclusion.RECOMMEND
    return Conclusion.RECOMMEND_WITH_CHANGES if sheet.share >= 45 else Conclusion.DO_NOT_RECOMMEND


def _override(sheet):
    is_needed = _conclusion(sheet) == Conclusion.RECOMMEND
    return "The critical item can be mended by a condition." if is_needed else ""
