"""One round with everybody in it: what tests of who may see what begin with."""

from dataclasses import dataclass, field

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from checklist.actions.assessments import submit_assessment
from checklist.actions.assignments import assign_reviewers, declare_conflict
from checklist.actions.studio import start_next_version
from checklist.models import (
    ApplicantQuestion,
    Assessment,
    Assignment,
    AssignmentPlan,
    ColumnChoice,
    Decision,
    IssuedReport,
    Letterhead,
    MeetingItem,
    Notice,
    OfflineForm,
    OfflineUpload,
    PanelMeeting,
    ReportBatch,
    SuspectedConflict,
)
from proposals.enums import AccessLevel
from proposals.models import Document, DocumentPage, ImportFile
from screening.models import SavedView
from tests.factories import (
    answer_all,
    make_administrator,
    make_assessment,
    make_auditor,
    make_instrument_editor,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
    open_to,
)


@dataclass
class World:
    """One round with everybody in it, one proposal, and what belongs to it."""

    people: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)


@pytest.fixture
def world(instruments):
    world = World()
    round_ = make_round(reference="R")
    people = world.people
    people["officer"] = make_officer(round_)
    people["conflicted_officer"] = make_officer(round_, name="Odd Officer")
    people["chair"] = make_member(round_, "chair")
    people["observer"] = make_member(round_, "observer")
    for who in ("drafting", "submitted", "undeclared", "unassigned", "conflicted"):
        people[who] = make_reviewer(round_, name=f"Reviewer {who}")
    people["other_officer"] = make_officer(make_round(reference="OTHER"))
    people["administrator"] = make_administrator()
    people["auditor"] = make_auditor()
    people["instrument_editor"] = make_instrument_editor()
    people["stranger"] = make_user("Sam Stranger")

    proposal = make_proposal(round_)
    drafting = make_assessment(proposal=proposal, reviewer=people["drafting"])
    done = make_assessment(proposal=proposal, reviewer=people["submitted"])
    answer_all(done)
    submit_assessment(assessment=done, by=people["submitted"])
    assign_reviewers(
        round_=round_,
        proposals=[proposal],
        reviewers=[people["undeclared"], people["conflicted"]],
        due_on=None,
        by=people["officer"],
    )
    undeclared = Assignment.objects.get(reviewer=people["undeclared"])
    conflicted = Assignment.objects.get(reviewer=people["conflicted"])
    declare_conflict(assignment=conflicted, declaration="My sister works there.", by=people["conflicted"])
    open_to(proposal, people["conflicted_officer"], AccessLevel.CLOSED)

    practice = make_proposal(round_, title="For practice", is_practice=True)
    practised = make_assessment(proposal=practice, reviewer=people["submitted"])
    answer_all(practised)
    reference = Assessment.objects.create(kind="reference", proposal=practice, reviewer=people["chair"])
    reference.versions.set(instruments)
    locked = Assessment.objects.filter(pk__in=[practised.pk, reference.pk])
    locked.update(state="submitted", submitted_at=timezone.now())

    consensus = Assessment.objects.create(kind="consensus", proposal=proposal, reviewer=people["chair"])
    consensus.versions.set(instruments)
    meeting = PanelMeeting.objects.create(round=round_, led_by=people["chair"])
    meeting.item = MeetingItem.objects.create(meeting=meeting, proposal=proposal, position=1)
    meeting.save(update_fields=["item"])

    decision = Decision.objects.create(proposal=proposal, outcome="decline", reasons="No.", by=people["officer"])

    # Without one there would be no letter to write.
    ApplicantQuestion.objects.create(proposal=proposal, text="Who else works there?")

    suspicion = SuspectedConflict.objects.create(
        proposal=proposal, reviewer=people["unassigned"], kind="same_organisation", detail="Blue Boat"
    )
    plan = AssignmentPlan.objects.create(round=round_, seed=1, per_proposal=2, maximum_load=5)

    document = Document.objects.create(
        proposal=proposal, name="Narrative.pdf", file=ContentFile(b"%PDF-1.4", name="x"),
        media_type="application/pdf", size=8, sha256="0" * 64, reading="ready", page_count=1,
    )  # fmt: skip
    DocumentPage.objects.create(document=document, number=1, text="Words", picture=ContentFile(b"x", name="x"))
    import_file = ImportFile.objects.create(
        round=round_, name="pile.csv", file=ContentFile(b"title\nA\n", name="x"), sha256="1" * 64
    )
    form = OfflineForm.objects.create(assessment=drafting, token="t", file_format="xlsx", made_by=people["drafting"])
    upload = OfflineUpload.objects.create(form=form, name="form.xlsx", state="read", by=people["drafting"])
    view = SavedView.objects.create(user=people["observer"], page="checklist:round-ranking R", name="Mine")
    notice = Notice.objects.create(
        user=people["observer"], kind="message", round=round_, key="message:1",
        values={"message": 1, "by": "Olga", "subject": "Hello", "text": "Hello."},
    )  # fmt: skip
    choice = ColumnChoice.objects.create(user=people["officer"], name="Mine", shape="wide", columns=["title"])
    batch = ReportBatch.objects.create(round=round_, kind="scorecard", asked_by=people["officer"])
    written = start_next_version(version=instruments[0], by=people["instrument_editor"])
    letterhead = Letterhead.objects.create(
        round=round_, name="Donor", logo=ContentFile(b"x", name="x"), logo_media_type="image/png", colour="#1f4e79"
    )
    issued = IssuedReport.objects.create(
        kind="proposal", proposal=proposal, content_key="k", file=ContentFile(b"%PDF-1.4", name="x"), sha256="2" * 64,
        size=8, page_count=1, number="R/1", issued_at=proposal.created_at,
    )  # fmt: skip
    world.places = {
        "issued": [issued.pk],
        "letterhead": [letterhead.pk],
        "letter": [round_.reference, "decision-fund", "en"],
        "round": [round_.reference], "proposal": [proposal.pk], "document": [document.pk],
        "page": [document.pk, 1], "import": [import_file.pk], "undeclared": [undeclared.pk],
        "begun": [drafting.assignment_id],
        "draft": [drafting.pk], "done": [done.pk], "person": [people["stranger"].pk],
        "criterion": [drafting.pk, drafting.versions.first().criteria.first().pk],
        "version": [instruments[0].instrument.slug, instruments[0].number], "nothing": [],
        "instrument": [instruments[0].instrument.slug],
        "written": [written.instrument.slug, written.number],
        "written_item": [written.instrument.slug, written.number, "5"],
        "written_language": [written.instrument.slug, written.number, "fr"],
        "scores": [round_.reference, "csv"], "consensus": [consensus.pk], "meeting": [meeting.pk],
        "decision": [decision.pk], "notice": [notice.pk],
        "reviewer": [round_.reference, people["unassigned"].pk], "organisation": [proposal.applicant_id],
        "suspicion": [suspicion.pk], "plan": [plan.pk], "planned": [plan.pk, proposal.pk],
        "practice": [practice.pk], "practised": [practised.pk],
        "settled": [consensus.pk, instruments[0].criteria.first().pk], "view": [view.pk],
        "upload": [upload.pk],
        "report": ["proposal", proposal.pk], "batch": [batch.pk],
        "columns": [choice.pk],
    }  # fmt: skip
    return world
