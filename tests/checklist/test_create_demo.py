"""create_demo: the invented round, and large sets."""

import datetime as dt
import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from checklist import scoring
from checklist.actions.assessments import conclusion_problem
from checklist.demo import documents
from checklist.demo.building import build_demo
from checklist.demo.content import CLOSED, ROUND_FILE, read_content
from checklist.demo.texts import Block, read_pages
from checklist.models import (
    Assessment,
    Assignment,
    Decision,
    EligibilityResult,
    Evidence,
    Response,
    SubmittedScore,
    SuspectedConflict,
)
from checklist.selectors.instruments import sheet
from checklist.selectors.practice import beside_reference, reference_of
from checklist.selectors.readiness import findings_of
from checklist.selectors.results import load_contents
from checklist.yaml_reading import InvalidFile
from proposals.enums import AccessLevel, ReadingState
from proposals.models import Document, DocumentPage, FundingRound, Proposal, ProposalAccess
from screening.models import AuditEvent, User

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
TODAY = dt.date(2026, 3, 2)


@pytest.fixture(scope="module")
def content():
    return read_content(FOLDER)


def answers_of(review):
    return {
        key: scoring.ItemAnswer(
            said.answer, said.why, {sub: scoring.SubAnswer(*given) for sub, given in said.subs.items()}
        )
        for key, said in review.answers.items()
    }


class TestFiles:
    def test_every_assessment_can_be_submitted(self, content, instruments):
        specs = [sheet(version.pk).spec for version in instruments]
        contact = {"yes": True, "no": False}
        lacking = []
        for proposal in (*content.proposals, *content.practice):
            context = scoring.RoundContext(direct_contact=contact.get(proposal.victim_contact))
            for review in proposal.reviews:
                if review.at_review in CLOSED:
                    continue
                for spec in specs:
                    found = scoring.progress(spec, answers_of(review), scoring.FormLength.SHORT, context).problems
                    lacking += [(proposal.file, review.reviewer, key, problem.code) for key, problem in found]

        assert lacking == []

    def test_there_are_a_dozen_proposals_in_every_state_of_review(self, content):
        states = {review.at_review for proposal in content.proposals for review in proposal.reviews}

        assert len([proposal for proposal in content.proposals if not proposal.ineligible]) == 12
        assert states == {
            *("submitted", "reopened", "draft", "declared", "assigned", "conflict", "declined", "withdrawn"),
        }

    def test_all_are_called_invented(self, content):
        everything = (*content.proposals, *content.practice)
        assert [each.file for each in everything if "(invented)" not in each.applicant] == []
        assert content.round.title.startswith("Demo")

    def test_a_mistake_is_named_with_file_and_line(self, tmp_path):
        (tmp_path / ROUND_FILE).write_text((FOLDER / ROUND_FILE).read_text())
        text = (FOLDER / "03-hope-delta.yaml").read_text().replace("victim_contact: no", "victim_contact: perhaps")
        (tmp_path / "03-hope-delta.yaml").write_text(text)

        with pytest.raises(InvalidFile, match=r"03-hope-delta\.yaml:\d+: victim_contact: 'perhaps' is not known"):
            read_content(tmp_path)


class TestDocuments:
    def test_markup(self):
        text = "# A title\n\nTwo\nlines\n\n- one\n- two\n  more\n=== page ===\n| a | b |\n| 1 | 2 |"

        assert read_pages(text) == (
            (Block("title", "A title"), Block("paragraph", "Two lines"), Block("list", items=("one", "two more"))),
            (Block("table", rows=(("a", "b"), ("1", "2"))),),
        )

    def test_the_same_text_gives_the_same_bytes(self, content):
        proposal = next(each for each in content.proposals if each.file.startswith("06"))

        for document in proposal.documents:
            first, second = (documents.document_file(proposal, document, "X-1").read() for _ in range(2))
            assert first == second
        assert documents.make_workbook(proposal) == documents.make_workbook(proposal)


@pytest.mark.django_db
class TestDemoRound:
    def test_in_review(self, instruments):
        call_command("create_demo", stdout=io.StringIO())

        round_ = FundingRound.objects.get(reference="GMS-2026")
        assert (round_.is_demo, round_.phase, round_.proposals.counted().count()) == (True, "review", 13)
        assert User.objects.count() == 7
        self.check_practice(round_.proposals.get(is_practice=True))
        assert Counter(Assignment.objects.counted().values_list("state", flat=True)) == {
            "declared": 23,
            "assigned": 4,
            "declined": 2,
            "conflicted": 1,
            "withdrawn": 1,
        }
        assert Counter(Assessment.objects.counted().values_list("state", flat=True)) == {"submitted": 16, "draft": 7}
        assert Assessment.objects.exclude(reopen_reason="").get().proposal.reference == "GMS-2026-009"
        assert Assessment.objects.submitted().exclude(override_reason="").get().conclusion == "recommend"
        assert set(Document.objects.values_list("reading", flat=True)) == {ReadingState.READY}
        assert round_.proposals.get(status="ineligible").eligibility_results.get(outcome="failed").reason
        assert EligibilityResult.objects.filter(outcome="passed").count() == 12 * 2 + 1
        assert [(row.reviewer.name, row.state) for row in SuspectedConflict.objects.all()] == [
            ("Claire Nsimba", "open")
        ]
        assert [each.text for each in findings_of(round_) if each.is_missing] == []
        self.check_evidence()
        self.check_footers()
        self.check_flags()

    def check_practice(self, proposal):
        """A published reference, one reviewer who has done hers and differs, the others asked."""
        assert reference_of(proposal, is_published=True).reviewer.name == "Clara Okello"
        assert Counter(proposal.assignments.values_list("state", flat=True)) == {"declared": 1, "assigned": 2}
        parts = beside_reference(proposal.assessments.individual().submitted().get(), reference_of(proposal), "en")
        assert [(part.same, len(part.rows)) for part in parts] == [(7, 11), (4, 6)]

    def check_flags(self):
        """The second round judges by instruments that are off by default."""
        assessment = Assessment.objects.get(proposal__round__reference="GMS-2026-RF")
        flags, coverage = load_contents([assessment])[assessment.pk].instruments
        assert [item.key for item in flags.result.harm] == ["RF-15", "RF-24"]
        assert {"RF-05", "RF-15", "RF-24"} == {item.key for item in flags.result.seen_of(scoring.CriticalMode.BLOCK)}
        assert coverage.result.budget == 1

    def check_evidence(self):
        """Every quotation stands on the page that is named."""
        for evidence in Evidence.objects.select_related("document"):
            page = DocumentPage.objects.get(document=evidence.document, number=evidence.page)
            assert evidence.quote in " ".join(page.text.split()), evidence.quote

    def check_footers(self):
        texts = DocumentPage.objects.filter(document__media_type="application/pdf").values_list("text", flat=True)
        assert texts
        assert [text for text in texts if documents.FOOTER not in " ".join(text.split())] == []

    def test_twice_is_refused(self, instruments, content):
        small = replace(content, practice=(), proposals=())
        build_demo(content=small, stage="intake", today=TODAY)

        with pytest.raises(CommandError, match="GMS-2026 is here already"):
            call_command("create_demo", stdout=io.StringIO())

        assert FundingRound.objects.count() == 1

    def test_intake_has_proposals_only(self, instruments, content):
        round_ = build_demo(
            content=replace(content, practice=(), proposals=content.proposals[2:3]), stage="intake", today=TODAY
        )

        proposal = Proposal.objects.get()
        assert (round_.phase, proposal.status) == ("intake", "received")
        assert proposal.amount == content.proposals[2].amount
        assert not Assignment.objects.exists()

    def test_panel_has_everything_submitted(self, instruments, content):
        # A draft, a reopened one, and one that was taken back.
        chosen = (content.proposals[4], content.proposals[8])
        round_ = build_demo(content=replace(content, practice=(), proposals=chosen), stage="panel", today=TODAY)

        assert round_.phase == "panel"
        assert set(Assessment.objects.individual().values_list("state", flat=True)) == {"submitted"}
        assert Assessment.objects.individual().count() == 4
        assert Assignment.objects.filter(state="withdrawn").count() == 1
        assert max(Assessment.objects.individual().values_list("submission_number", flat=True)) == 2
        assert [each.state for each in Decision.objects.all()] == ["pending"]

    def test_decided_recommends_overrides_decides_and_applies(self, instruments, content):
        # Funded with conditions although an item stops it; on the reserve list; declined.
        chosen = [content.proposals[place] for place in (5, 8, 10)]
        build_demo(content=replace(content, practice=(), proposals=tuple(chosen)), stage="decided", today=TODAY)

        decisions = list(Decision.objects.order_by("proposal__reference"))
        assert [each.outcome for each in decisions] == ["fund_with_conditions", "reserve", "decline"]
        assert [each.reasons for each in decisions] == [each.decided_note for each in chosen]
        assert {each.state for each in decisions} == {"applied"}
        assert decisions[0].snapshot["stops"][0]["override"]["by"] == "Clara Okello"
        assert decisions[1].reserve_order == 1
        assert [each.status for each in Proposal.objects.order_by("reference")] == [each.decided for each in chosen]
        assert FundingRound.objects.get().phase == "decided"


@pytest.mark.django_db
class TestLargeSet:
    def test_three_submitted_assessments_each(self, instruments):
        call_command("create_demo", proposals=8, reviewers=5, stdout=io.StringIO())

        round_ = FundingRound.objects.get(reference="BENCH-8")
        assert round_.proposals.count() == 8
        assert {each.assessments.submitted().count() for each in round_.proposals.all()} == {3}
        assert Response.objects.count() == 8 * 3 * 17
        assert set(ProposalAccess.objects.values_list("level", flat=True)) == {AccessLevel.FULL}
        assert set(Assignment.objects.values_list("state", flat=True)) == {"declared"}
        assert AuditEvent.objects.filter(event="assessment_submitted").count() == 24

    def test_obeys_the_rules_of_the_form(self, instruments):
        call_command("create_demo", proposals=4, reviewers=3, stdout=io.StringIO())

        assessments = list(Assessment.objects.select_related("proposal__round", "reviewer"))
        contents = load_contents(assessments)
        stored = {(score.assessment_id, score.version_id): score for score in SubmittedScore.objects.all()}
        for assessment in assessments:
            content = contents[assessment.pk]
            assert content.progress.problems == ()
            assert conclusion_problem(content) == ""
            for each in content.instruments:
                score = stored.pop((assessment.pk, each.sheet.pk))
                assert score.marks == scoring.marks(each.result)
                assert (score.judged, score.total) == (each.result.judged, each.result.total)
        assert stored == {}

    def test_the_same_seed_gives_the_same_set_but_not_twice(self, instruments):
        call_command("create_demo", proposals=5, seed=7, stdout=io.StringIO())
        call_command("create_demo", proposals=6, seed=7, stdout=io.StringIO())

        first, second = (
            list(Proposal.objects.filter(round__reference=f"BENCH-{n}").order_by("pk").values_list("title", "amount"))
            for n in (5, 6)
        )
        assert second[:5] == first
        with pytest.raises(CommandError, match="BENCH-5 is here already"):
            call_command("create_demo", proposals=5, stdout=io.StringIO())
        assert Proposal.objects.count() == 11
