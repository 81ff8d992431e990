"""Reads for reports: an assessment with everything that a scorecard prints beside the answers."""

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from checklist.models import Assessment, IssuedReport, Letterhead
from proposals.models import Participation, ProposalAccess
from screening.models import Job
from screening.statements import KeptModels, somebody

from .letterheads import A4

SCORECARD = "scorecard"
SCORECARD_JOB = "checklist.make_scorecard"


def assessments_for_reports():
    """Assessments with proposal, round, people and facts; a constant number of queries."""
    return _with_people(Assessment.objects).prefetch_related(*_FACTS)


def assessment_for_reports(pk, user, *, with_facts=True):
    """The same for one assessment that the user may read; None where there is none.

    `access_level` is what she may see of the proposal beside her role, or None; `usual_paper` the paper on which
    its round prints.
    """
    found = _READABLE(pk, user.pk, system_roles=user.system_roles)
    if with_facts:
        read_facts(found)
    return found[0] if found else None


def read_facts(assessments):
    """Give assessments the facts of their proposals that were not read yet; three queries."""
    prefetch_related_objects(assessments, *_FACTS)


def _with_people(assessments):
    return assessments.select_related("proposal__round", "proposal__applicant", "reviewer", "assignment")


_FACTS = (
    Prefetch("proposal__participations", Participation.objects.select_related("organisation")),
    "proposal__places",
    "proposal__tags",
)


def _level(user_pk):
    return Subquery(
        ProposalAccess.objects.filter(proposal_id=OuterRef("proposal_id"), user_id=user_pk).values("level")[:1]
    )


def _usual_paper():
    """The paper of the letterhead of the round, else of that of the house, else A4."""
    letterheads = Letterhead.objects.filter(Q(round_id=OuterRef("proposal__round_id")) | Q(round__isnull=True))
    of_its_own_first = letterheads.order_by(F("round_id").asc(nulls_last=True), "pk").values("paper")
    return Coalesce(Subquery(of_its_own_first[:1]), Value(A4))


_READABLE = KeptModels(
    lambda pk, user_pk, *, system_roles: _with_people(
        Assessment.objects.visible_to(somebody(user_pk, system_roles)).filter(pk=pk)
    ).annotate(access_level=_level(user_pk), usual_paper=_usual_paper())
)


def scorecard_job_key(assessment, language, *, paper=A4, letter=""):
    """One unfinished job per submission, language, paper and, where names are hidden, letter of the reviewer."""
    key = f"{SCORECARD}:{assessment.pk}:{language}:{assessment.submission_number}"
    return ":".join([key, *([paper] if paper != A4 else []), *([letter] if letter else [])])


def latest_scorecard_job(assessment, language, *, paper=A4, letter=""):
    """The newest job that makes this submission's scorecard, or None."""
    key = scorecard_job_key(assessment, language, paper=paper, letter=letter)
    return Job.objects.filter(kind=SCORECARD_JOB, key=key).order_by("-pk").first()


_BY_PK = KeptModels(lambda pk: IssuedReport.objects.filter(pk=pk))
MOST_KEPT = 5_000
# {content key: number of the report} of what this process has found before.
_FOUND: dict[str, int] = {}


def issued_report(content_key):
    """The finished PDF with this content; None where there is none, or the store has lost its file."""
    again = _BY_PK(_FOUND[content_key]) if content_key in _FOUND else []
    report = next((each for each in again if each.content_key == content_key), None)
    report = report or IssuedReport.objects.filter(content_key=content_key).first()
    if report is None or not report.file.storage.exists(report.file.name):
        return None
    if len(_FOUND) >= MOST_KEPT:
        _FOUND.clear()
    _FOUND[content_key] = report.pk
    return report


# How many scorecards one click asks for; the worker makes about one a second.
MAKE_AT_ONCE = 200


def assessments_without_scorecard(assessments):
    """Those of the submitted assessments of which no PDF was made since they were submitted last."""
    return (
        assessments.exclude(Exists(_made_since_submission(OuterRef("pk"), OuterRef("submitted_at"))))
        .select_related("proposal__round", "reviewer")
        .order_by("proposal__reference", "pk")
    )


def scorecard_rows(assessments):
    """Assessments with `report` (the newest PDF since the submission, or None) and `job_state`; two queries more."""
    assessments = list(assessments.select_related("proposal", "reviewer"))
    pks = [assessment.pk for assessment in assessments]
    reports: dict[int, IssuedReport] = {}
    for report in IssuedReport.objects.filter(assessment_id__in=pks, kind=SCORECARD, number="").order_by("pk"):
        reports[report.assessment_id] = report
    states: dict[str, str] = {}
    subjects = [str(pk) for pk in pks]
    jobs = Job.objects.filter(kind=SCORECARD_JOB, subject_type="assessment", subject_id__in=subjects).order_by("pk")
    for subject_id, state in jobs.values_list("subject_id", "state"):
        states[subject_id] = state
    for assessment in assessments:
        report = reports.get(assessment.pk)
        assessment.report = report if report and report.made_at >= assessment.submitted_at else None
        assessment.job_state = states.get(str(assessment.pk), "")
    return assessments


def _made_since_submission(assessment_pk, submitted_at):
    made = IssuedReport.objects.filter(assessment_id=assessment_pk, kind=SCORECARD, number="")
    return made.filter(made_at__gte=submitted_at)
