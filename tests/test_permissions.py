"""Every address as every role: who sees it, who may not, who must not know of it.

`PAGES` is the promise. An address that is missing there fails the last test, so a new page
cannot be forgotten.
"""

from dataclasses import dataclass, field

import pytest
from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver, reverse
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
from proposals import rules
from proposals.enums import AccessLevel
from proposals.models import Document, DocumentPage, ImportFile, Proposal
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

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "officer", "chair", "observer", "drafting", "submitted", "undeclared", "unassigned", "conflicted",
    "conflicted_officer", "other_officer", "administrator", "auditor", "instrument_editor", "stranger",
)  # fmt: skip
MEMBERS = tuple(who for who in EVERYBODY if who not in ("other_officer", "instrument_editor", "stranger"))
PROPOSAL_READERS = ("officer", "chair", "observer", "drafting", "submitted", "auditor")


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
        round=round_, name="Donor", logo=ContentFile(b"x", name="x"), logo_media_type="image/png"
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


@dataclass(frozen=True)
class Page:
    """`seen_by` get the page, `refused` a 403; everybody else a 404."""

    place: str
    seen_by: tuple[str, ...]
    refused: tuple[str, ...] = ()


def rest(*excepted):
    return tuple(who for who in EVERYBODY if who not in excepted)


REVIEWERS = ("drafting", "submitted", "undeclared", "unassigned", "conflicted")
OFFICERS = ("officer", "conflicted_officer")

PANEL_READERS = ("officer", "chair", "observer", "submitted", "auditor")
DECISION_READERS = (*OFFICERS, "chair", "observer", "auditor")
PANEL_FOLLOWERS = (*OFFICERS, "chair", "observer", *REVIEWERS, "auditor")

PAGES = {
    "checklist:home": Page("nothing", EVERYBODY),
    "checklist:search": Page("nothing", EVERYBODY),
    "checklist:round-list": Page("nothing", EVERYBODY),
    "checklist:round-add": Page(
        "nothing", (*OFFICERS, "other_officer", "administrator"), rest(*OFFICERS, "other_officer", "administrator")
    ),
    "checklist:round-detail": Page("round", MEMBERS),
    "checklist:round-setup": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-edit": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-instruments": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-critical": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-review": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-money": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-checks": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-ready": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-people": Page(
        "round", (*OFFICERS, "administrator"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator"))
    ),
    "checklist:round-reports": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:score-export": Page(
        "scores",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:score-columns": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:score-codebook": Page(
        "scores",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:round-dossier": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:round-dossier-zip": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:proposal-dossier": Page(
        "proposal", ("officer", "chair", "auditor"), ("observer", "drafting", "submitted")
    ),
    "checklist:proposal-dossier-zip": Page(
        "proposal", ("officer", "chair", "auditor"), ("observer", "drafting", "submitted")
    ),
    "checklist:batch-list": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:batch-add": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:batch": Page("batch", ("officer",)),
    "checklist:batch-zip": Page("batch", ("officer",)),
    "checklist:proposal-list": Page(
        "round",
        (*OFFICERS, "chair", "observer", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "observer", "auditor")),
    ),
    "checklist:proposal-detail": Page("proposal", PROPOSAL_READERS),
    "checklist:proposal-assessments": Page("proposal", PROPOSAL_READERS),
    "checklist:proposal-history": Page(
        "proposal", ("officer", "chair", "auditor"), ("observer", "drafting", "submitted")
    ),
    "checklist:assignment-list": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:eligibility-list": Page(
        "round",
        (*OFFICERS, "chair", "observer", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "observer", "auditor")),
    ),
    "checklist:eligibility-pass": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:proposal-eligibility": Page(
        "proposal", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")
    ),
    "checklist:assign": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:conflict-list": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:conflict-decide": Page(
        "suspicion", ("officer", "chair"), ("observer", "drafting", "submitted", "undeclared", "auditor")
    ),
    "checklist:plan-start": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:plan-detail": Page("plan", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:plan-proposal": Page("planned", ("officer",), tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:round-practice": Page(
        "round", (*OFFICERS, "chair"), tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair"))
    ),
    "checklist:practice-set": Page("proposal", ("officer", "chair"), ("observer", "drafting", "submitted", "auditor")),
    "checklist:proposal-practice": Page("practice", (*OFFICERS, "chair"), ("observer", "submitted", "auditor")),
    "checklist:assessment-practice": Page("practised", (*OFFICERS, "chair", "submitted"), ("observer", "auditor")),
    "checklist:reviewer-profile": Page("reviewer", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:own-profile": Page("nothing", EVERYBODY),
    "checklist:organisation-list": Page(
        "nothing", (*OFFICERS, "other_officer", "administrator"), rest(*OFFICERS, "other_officer", "administrator")
    ),
    "checklist:organisation-detail": Page(
        "organisation", (*OFFICERS, "other_officer", "administrator"), rest(*OFFICERS, "other_officer", "administrator")
    ),
    "checklist:my-reviews": Page("round", REVIEWERS, tuple(w for w in MEMBERS if w not in REVIEWERS)),
    "checklist:declare": Page("undeclared", ("undeclared",), ("officer", "chair", "auditor")),
    "checklist:decline": Page("undeclared", ("undeclared",), ("officer", "chair", "auditor")),
    "checklist:abstain": Page("begun", ("drafting",), ("officer", "chair", "auditor")),
    "checklist:withdraw": Page("undeclared", ("officer",), ("chair", "undeclared", "auditor")),
    "checklist:assessment-edit": Page("draft", ("drafting",)),
    "checklist:assessment-submit": Page("draft", ("drafting",)),
    "checklist:offline": Page("nothing", EVERYBODY),
    "checklist:offline-upload": Page("upload", ("drafting",)),
    "checklist:assessment-reopen": Page("done", ("officer",), ("chair", "observer", "submitted", "auditor")),
    "checklist:assessment-result": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:assessment-history": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:scorecard": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:scorecard-pdf": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:scorecard-print": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:scorecard-state": Page("done", ("officer", "chair", "observer", "submitted", "auditor")),
    "checklist:proposal-reports": Page("proposal", ("officer", "chair", "auditor")),
    "checklist:report": Page("report", ("officer", "chair", "auditor")),
    "checklist:report-pdf": Page("report", ("officer", "chair", "auditor")),
    "checklist:report-state": Page("report", ("officer", "chair", "auditor")),
    "checklist:report-issue": Page("report", ("officer",), ("chair", "auditor")),
    "checklist:report-issue-state": Page("report", ("officer",), ("chair", "auditor")),
    "checklist:issued-file": Page("issued", ("officer", "chair", "auditor")),
    "checklist:issued-list": Page(
        "round",
        (*OFFICERS, "chair", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "auditor")),
    ),
    "checklist:verify": Page("nothing", EVERYBODY),
    "checklist:house-letterhead": Page("nothing", ("administrator",), rest("administrator")),
    "checklist:letterhead-logo": Page("letterhead", MEMBERS),
    "checklist:round-letterhead": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:letter-list": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:letter-text": Page("letter", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:feedback-words": Page("proposal", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")),
    "checklist:round-panel": Page("round", PANEL_FOLLOWERS, ("administrator",)),
    "checklist:proposal-panel": Page("proposal", PANEL_READERS, ("drafting",)),
    "checklist:consensus-criterion": Page("settled", ("chair",), ("officer", "observer", "submitted", "auditor")),
    "checklist:consensus-conclusion": Page("consensus", ("chair",), ("officer", "observer", "submitted", "auditor")),
    "checklist:consensus-reopen": Page("consensus", ("chair",), ("officer", "observer", "submitted", "auditor")),
    "checklist:question-list": Page("round", DECISION_READERS, tuple(w for w in MEMBERS if w not in DECISION_READERS)),
    "checklist:proposal-questions": Page("proposal", PANEL_READERS, ("drafting",)),
    "checklist:question-letter": Page(
        "proposal", ("officer",), ("chair", "observer", "drafting", "submitted", "auditor")
    ),
    "checklist:decision-list": Page("round", DECISION_READERS, tuple(w for w in MEMBERS if w not in DECISION_READERS)),
    "checklist:decide-many": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:decision-apply": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:reserve-list": Page("round", DECISION_READERS, tuple(w for w in MEMBERS if w not in DECISION_READERS)),
    "checklist:proposal-decision": Page(
        "proposal", ("officer", "chair", "observer", "auditor"), ("drafting", "submitted")
    ),
    "checklist:meeting": Page("round", PANEL_FOLLOWERS, ("administrator",)),
    "checklist:meeting-state": Page("meeting", PANEL_FOLLOWERS, ("administrator",)),
    "checklist:meeting-minutes": Page("meeting", PANEL_FOLLOWERS, ("administrator",)),
    "checklist:round-agreement": Page(
        "round",
        (*OFFICERS, "chair", "observer", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "observer", "auditor")),
    ),
    "checklist:round-ranking": Page(
        "round",
        (*OFFICERS, "chair", "observer", "auditor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "chair", "observer", "auditor")),
    ),
    "checklist:notice-list": Page("nothing", EVERYBODY),
    "checklist:notice-open": Page("notice", ("observer",)),
    "checklist:notice-settings": Page("nothing", EVERYBODY),
    "checklist:message-list": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:message-write": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "checklist:instrument-list": Page("nothing", EVERYBODY),
    "checklist:version-detail": Page("version", EVERYBODY),
    "checklist:version-yaml": Page("version", EVERYBODY),
    "checklist:version-xlsx": Page("version", EVERYBODY),
    "checklist:version-xlsform": Page("version", EVERYBODY),
    "checklist:version-print": Page("version", EVERYBODY),
    "checklist:version-blank-pdf": Page("version", EVERYBODY),
    "checklist:draft-start": Page("nothing", ("instrument_editor",), rest("instrument_editor")),
    "checklist:draft-edit": Page("written", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:draft-criterion": Page("written_item", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:draft-languages": Page("written", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:draft-language": Page("written_language", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:draft-history": Page("written", ("instrument_editor", "administrator", "auditor")),
    "checklist:version-try": Page("version", EVERYBODY),
    "checklist:version-check": Page("written", ("instrument_editor", "administrator", "auditor")),
    "checklist:version-compare": Page("written", ("instrument_editor", "administrator", "auditor")),
    "checklist:version-publish": Page("written", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:version-remove": Page("written", ("instrument_editor",), ("administrator", "auditor")),
    "checklist:version-retire": Page("version", ("instrument_editor",), rest("instrument_editor")),
    "checklist:results-over-time": Page("instrument", EVERYBODY),
    "checklist:round-newer": Page(
        "round",
        (*OFFICERS, "administrator", "instrument_editor"),
        tuple(w for w in MEMBERS if w not in (*OFFICERS, "administrator")),
    ),
    "checklist:instrument-import": Page("nothing", ("instrument_editor",), rest("instrument_editor")),
    "checklist:audit-list": Page("nothing", ("auditor",), rest("auditor")),
    "proposals:proposal-add": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:proposal-edit": Page("proposal", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")),
    "proposals:import-list": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:import-add": Page("round", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:import-columns": Page("import", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:import-preview": Page("import", OFFICERS, tuple(w for w in MEMBERS if w not in OFFICERS)),
    "proposals:document-add": Page("proposal", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")),
    "proposals:document-remove": Page("document", ("officer",), tuple(w for w in PROPOSAL_READERS if w != "officer")),
    "proposals:document-view": Page("document", PROPOSAL_READERS),
    "proposals:document-state": Page("document", PROPOSAL_READERS),
    "proposals:document-file": Page("document", PROPOSAL_READERS),
    "proposals:document-page": Page("page", PROPOSAL_READERS),
    "screening:user-list": Page("nothing", ("administrator", "auditor"), rest("administrator", "auditor")),
    "screening:user-add": Page("nothing", ("administrator",), rest("administrator")),
    "screening:user-edit": Page("person", ("administrator",), rest("administrator")),
    "screening:settings": Page("nothing", EVERYBODY),
    "screening:components": Page("nothing", ("administrator",), rest("administrator")),
}

# Addresses that only take what a form sends; their refusals are tested beside their views.
POSTED = {
    "checklist:columns-remove": Page("columns", ("officer",)),
    "checklist:batch-cancel": Page("batch", ("officer",)),
    "checklist:batch-retry": Page("batch", ("officer",)),
    "checklist:conflict-look": Page("round", OFFICERS),
    "checklist:plan-apply": Page("plan", OFFICERS),
    "checklist:practice-ask": Page("round", (*OFFICERS, "chair")),
    "checklist:reference-begin": Page("proposal", ("officer", "chair")),
    "checklist:plan-discard": Page("plan", OFFICERS),
    "checklist:draft-save": Page("written", ("instrument_editor",)),
    "checklist:instrument-import-confirm": Page("nothing", ("instrument_editor",)),
    "checklist:response-save": Page("criterion", ("drafting",)),
    "checklist:conclusion-save": Page("draft", ("drafting",)),
    "checklist:offline-form": Page("draft", ("drafting",)),
    "checklist:begin": Page("begun", ("drafting",)),
    "checklist:message-send": Page("round", OFFICERS),
    "checklist:notices-read": Page("nothing", EVERYBODY),
    "checklist:consensus-begin": Page("proposal", ("chair",)),
    "checklist:consensus-close": Page("consensus", ("chair",)),
    "checklist:decision-withdraw": Page("decision", ("officer",)),
    "checklist:meeting-start": Page("round", ("chair",)),
    "checklist:meeting-call": Page("meeting", ("chair",)),
    "checklist:meeting-agenda": Page("meeting", ("chair",)),
    "checklist:meeting-end": Page("meeting", ("chair",)),
    "screening:view-keep": Page("nothing", EVERYBODY),
    "screening:view-remove": Page("view", ("observer",)),
    "proposals:document-read-again": Page("document", ("officer",)),
    "proposals:import-discard": Page("import", OFFICERS),
}


def shown(response):
    """200 for a page or a redirect within the site; else the status."""
    is_shown = response.status_code in (200, 302) and "/accounts/" not in response.headers.get("Location", "")
    if is_shown and response.streaming:
        b"".join(response.streaming_content)  # closes the file that it sends
    return 200 if is_shown else response.status_code


def test_every_page_is_shown_to_the_right_people(client, world):
    wrong = []
    for who, person in world.people.items():
        client.force_login(person)
        for name, page in PAGES.items():
            expected = 200 if who in page.seen_by else 403 if who in page.refused else 404
            found = shown(client.get(reverse(name, args=world.places[page.place])))
            if found != expected:
                wrong.append(f"{name} as {who}: {found}, not {expected}")

    assert wrong == []


def test_forms_are_taken_from_the_right_people_only(client, world):
    wrong = []
    for who, person in world.people.items():
        client.force_login(person)
        for name, page in POSTED.items():
            response = client.post(reverse(name, args=world.places[page.place]), {"revision": "0"})
            if (response.status_code not in (403, 404)) != (who in page.seen_by):
                wrong.append(f"{name} as {who}: {response.status_code}")

    assert wrong == []


def test_nothing_is_shown_without_signing_in(client, world):
    wrong = []
    for name, page in PAGES.items():
        response = client.get(reverse(name, args=world.places[page.place]))
        if not response.headers.get("Location", "").startswith(reverse("account_login")):
            wrong.append(f"{name}: {response.status_code}")

    assert wrong == []


def test_predicate_and_queryset_agree_for_everybody(world):
    proposal = Proposal.objects.counted().get()
    for who, person in world.people.items():
        visible = Proposal.objects.visible_to(person).filter(pk=proposal.pk).exists()
        named = Proposal.objects.named_to(person).filter(pk=proposal.pk).exists()
        documents = Document.objects.visible_to(person).exists()
        assert (visible, named) == (
            rules.can_read_proposal(person, proposal),
            rules.can_see_proposal_name(person, proposal),
        ), who
        assert documents == visible, who


def test_nobody_sees_a_draft_but_its_reviewer(world):
    drafts = Assessment.objects.individual().filter(state="draft")

    readers = {who for who, person in world.people.items() if drafts.visible_to(person).exists()}

    assert readers == {"drafting"}


def test_every_address_is_in_the_table():
    # Own addresses of allauth, health and language stand under other rules.
    named = {f"{space}:{name}" for space in ("checklist", "proposals", "screening") for name in _names(space)}
    by_person_alone = {"checklist:shortcuts", "screening:shortcuts-switch", "checklist:assessment-language"}

    assert named - set(PAGES) - set(POSTED) - by_person_alone == set()


def _names(space):
    resolvers = [
        each for each in get_resolver().url_patterns if isinstance(each, URLResolver) and each.namespace == space
    ]
    return [pattern.name for resolver in resolvers for pattern in resolver.url_patterns]
