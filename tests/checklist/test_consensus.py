"""The panel's consensus: taken over, settled with reasons, closed, opened again; the individual ones stay."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from checklist.actions import consensus as actions
from checklist.actions.assessments import (
    AssessmentClosed,
    CannotReopenAssessment,
    CannotSubmitAssessment,
    GivenResponse,
    NotAsked,
    ResponseConflict,
    reopen_assessment,
    save_responses,
    submit_assessment,
)
from checklist.models import Assessment, ConsensusChange, SubmittedScore
from checklist.reports import build_scorecard
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from checklist.selectors.panels import consensus_of, consensus_with_round
from checklist.selectors.submissions import changes_between_submissions
from proposals.enums import AccessLevel
from screening.models import AuditEvent
from tests.factories import answer_all, make_assessment, make_member, make_reviewer, open_to


def place(assessment, key):
    return next(each for each in load_draft(assessment).places() if each.criterion.key == key)


def say(assessment, key, answer, rationale="Seen on page 9."):
    """Change one answer of a draft."""
    found = place(assessment, key)
    given = GivenResponse(found.criterion.pk, found.stored.revision, answer, rationale)
    return save_responses(assessment=assessment, given=[given], by=assessment.reviewer)


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair", name="Clara Chair")


@pytest.fixture
def judged(instruments, round_, proposal, chair):
    """Two submitted assessments that differ on item 1 alone."""
    found = []
    for name, answer in (("Rita One", "yes"), ("Rita Two", "no")):
        assessment = make_assessment(proposal=proposal, reviewer=make_reviewer(round_, name=name))
        answer_all(assessment)
        say(assessment, "1", answer)
        found.append(submit_assessment(assessment=assessment_with_round(assessment.pk), by=assessment.reviewer))
    return found


@pytest.fixture
def consensus(judged, proposal, chair):
    actions.begin_consensus(proposal=proposal, by=chair)
    return consensus_of(proposal)


def settle(consensus, chair, answer="partly", reason="Page 9 shows half of it.", key="1", rationale="Half shown."):
    found = place(consensus, key)
    given = GivenResponse(found.criterion.pk, found.stored.revision, answer, rationale)
    return actions.set_consensus_answer(assessment=consensus, given=given, by=chair, reason=reason)


class TestBeginning:
    def test_takes_over_what_all_say_and_leaves_the_rest_open(self, consensus):
        said = {each.criterion.key: each.stored.answer for each in load_draft(consensus).places()}

        assert {key for key, answer in said.items() if answer.answer is None} == {"1"}
        assert said["2"].answer == "yes"
        assert said["2"].rationale == "As shown on page 4."
        assert said["P1"].answer == "3"

    def test_is_led_by_whoever_began_it_without_an_assignment(self, consensus, chair):
        assert (consensus.kind, consensus.reviewer, consensus.assignment) == ("consensus", chair, None)
        assert AuditEvent.objects.filter(event="consensus_started", actor_id=chair.pk).count() == 1

    def test_a_second_time_returns_the_same(self, consensus, proposal, chair):
        assert actions.begin_consensus(proposal=proposal, by=chair) == consensus

    def test_waits_for_enough_assessments(self, instruments, proposal, chair):
        with pytest.raises(actions.CannotBeginConsensus, match="needs 2 submitted assessments"):
            actions.begin_consensus(proposal=proposal, by=chair)

    def test_is_for_those_who_lead_the_panel(self, judged, proposal, officer):
        with pytest.raises(actions.CannotBeginConsensus, match="leads the panel"):
            actions.begin_consensus(proposal=proposal, by=officer)

    def test_is_closed_to_a_chair_with_a_conflict(self, judged, proposal, chair):
        open_to(proposal, chair, AccessLevel.CLOSED)

        with pytest.raises(actions.CannotBeginConsensus):
            actions.begin_consensus(proposal=proposal, by=chair)

    def test_is_closed_to_a_chair_who_owes_her_own_assessment(self, judged, proposal, chair):
        make_assessment(proposal=proposal, reviewer=chair)

        with pytest.raises(actions.CannotBeginConsensus):
            actions.begin_consensus(proposal=proposal, by=chair)


class TestSettling:
    def test_keeps_who_why_and_what_reviewers_said(self, consensus, chair, judged):
        settle(consensus, chair)

        change = ConsensusChange.objects.get()
        assert (change.by, change.reason, change.criterion.key) == (chair, "Page 9 shows half of it.", "1")
        assert (change.before["answer"], change.after) == ("", {"answer": "partly", "rationale": "Half shown."})
        assert change.individual == {str(judged[0].pk): "yes", str(judged[1].pk): "no"}
        event = AuditEvent.objects.filter(event="consensus_changed").latest("pk")
        assert (event.note, event.actor_id, event.private_to_id) == (change.reason, chair.pk, chair.pk)

    def test_needs_a_reason_where_it_leaves_a_reviewer(self, consensus, chair):
        with pytest.raises(actions.ReasonMissing):
            settle(consensus, chair, reason="  ")

        assert place(consensus, "1").stored.answer.answer is None

    def test_needs_a_reason_where_it_changes_what_was_taken_over(self, consensus, chair):
        with pytest.raises(actions.ReasonMissing):
            settle(consensus, chair, "partly", reason="", key="3")

    def test_better_words_for_the_same_answer_need_none(self, consensus, chair):
        settle(consensus, chair, "yes", reason="", key="3", rationale="Pages 4 and 5.")

        assert place(consensus, "3").stored.answer.rationale == "Pages 4 and 5."
        assert not ConsensusChange.objects.exists()

    def test_does_not_overwrite_what_was_saved_elsewhere(self, consensus, chair):
        found = place(consensus, "1")
        settle(consensus, chair)
        late = GivenResponse(found.criterion.pk, found.stored.revision, "no", "Too late.")

        with pytest.raises(ResponseConflict):
            actions.set_consensus_answer(assessment=consensus, given=late, by=chair, reason="Late.")

    def test_is_refused_to_others_and_on_other_questions(self, consensus, chair, officer):
        with pytest.raises(AssessmentClosed):
            settle(consensus, officer)
        with pytest.raises(NotAsked):
            actions.set_consensus_answer(assessment=consensus, given=GivenResponse(0), by=chair, reason="x")

    def test_reasons_on_record_cannot_be_changed(self, consensus, chair):
        settle(consensus, chair)

        with pytest.raises(DatabaseError, match="on record"), transaction.atomic():
            ConsensusChange.objects.update(reason="Another.")


class TestClosing:
    def test_locks_it_with_its_scores(self, consensus, chair):
        settle(consensus, chair)
        closed = actions.close_consensus(assessment=consensus, by=chair)

        assert closed.is_submitted
        assert SubmittedScore.objects.get(assessment=closed, version__result_kind="share").marks[0] == "P"
        assert AuditEvent.objects.filter(event="consensus_submitted").count() == 1

    def test_waits_for_open_answers(self, consensus, chair):
        with pytest.raises(CannotSubmitAssessment):
            actions.close_consensus(assessment=consensus, by=chair)

    def test_waits_for_a_reason_where_a_reviewer_changed_hers_meanwhile(self, consensus, chair, judged, officer):
        settle(consensus, chair)
        reopened = reopen_assessment(assessment=judged[0], reason="Look at annex 2.", by=officer)
        say(assessment_with_round(reopened.pk), "3", "partly")
        submit_assessment(assessment=assessment_with_round(reopened.pk), by=reopened.reviewer)

        with pytest.raises(CannotSubmitAssessment, match="3"):
            actions.close_consensus(assessment=consensus, by=chair)

        settle(consensus, chair, "yes", reason="Annex 2 does not change it.", key="3", rationale="As shown on page 4.")
        assert actions.close_consensus(assessment=consensus, by=chair).is_submitted

    def test_freezes_the_individual_ones(self, consensus, chair, judged, officer):
        settle(consensus, chair)
        actions.close_consensus(assessment=consensus, by=chair)

        with pytest.raises(CannotReopenAssessment, match="closed its consensus"):
            reopen_assessment(assessment=judged[0], reason="Please look again.", by=officer)

        actions.reopen_consensus(assessment=consensus, reason="New facts.", by=chair)
        assert not reopen_assessment(assessment=judged[0], reason="Please look again.", by=officer).is_submitted

    def test_opens_again_with_a_reason_of_the_chair(self, consensus, chair, officer):
        settle(consensus, chair)
        actions.close_consensus(assessment=consensus, by=chair)

        with pytest.raises(CannotReopenAssessment, match="Say why"):
            actions.reopen_consensus(assessment=consensus, reason=" ", by=chair)
        with pytest.raises(actions.CannotReopenConsensus):
            actions.reopen_consensus(assessment=consensus, reason="Because.", by=officer)
        reopened = actions.reopen_consensus(assessment=consensus, reason="New facts.", by=chair)

        assert (reopened.is_submitted, reopened.reopen_reason) == (False, "New facts.")
        assert not reopened.scores.exists()
        assert AuditEvent.objects.get(event="consensus_reopened").note == "New facts."
        with pytest.raises(actions.ReasonMissing):
            settle(consensus, chair, "no", reason="")


class TestApart:
    def test_it_is_not_among_the_individual_ones(self, client, consensus, chair, proposal, officer):
        settle(consensus, chair)
        actions.close_consensus(assessment=consensus, by=chair)
        client.force_login(officer)

        page = client.get(reverse("checklist:proposal-assessments", args=[proposal.pk])).content.decode()
        export = client.get(reverse("checklist:score-export", args=[proposal.round.reference, "csv"]))
        lines = b"".join(export.streaming_content).decode().strip().splitlines()

        assert "Clara Chair" not in page
        assert len(lines) == 3

    def test_a_draft_of_it_is_read_by_the_panel_and_by_nobody_who_owes(self, consensus, round_, proposal, officer):
        late = make_assessment(proposal=proposal, reviewer=make_reviewer(round_, name="Late Reviewer")).reviewer
        readers = {
            person.name: Assessment.objects.visible_to(person).filter(pk=consensus.pk).exists()
            for person in (officer, late, *(each.reviewer for each in proposal.assessments.individual().submitted()))
        }

        assert readers == {"Olga Officer": True, "Late Reviewer": False, "Rita One": True, "Rita Two": True}

    def test_its_own_writer_loses_it_to_a_conflict(self, consensus, chair, proposal):
        open_to(proposal, chair, AccessLevel.CLOSED)

        assert not Assessment.objects.visible_to(chair).filter(pk=consensus.pk).exists()


class TestSubmissions:
    def test_every_submission_is_kept_and_compared(self, judged, officer):
        first = judged[0]
        reopened = reopen_assessment(assessment=first, reason="Look at annex 2.", by=officer)
        say(assessment_with_round(reopened.pk), "1", "partly", "Annex 2 shows half.")
        again = submit_assessment(assessment=assessment_with_round(reopened.pk), by=reopened.reviewer)

        [found] = changes_between_submissions(again)

        assert found.number == 2
        assert [(each.field, each.before, each.after) for each in found.changes] == [
            ("Answer", "Yes", "Partly"),
            ("Reason", "Seen on page 9.", "Annex 2 shows half."),
        ]

    def test_one_submission_has_nothing_to_compare(self, judged):
        assert changes_between_submissions(judged[0]) == []

    def test_the_history_page_shows_them(self, client, judged, officer, consensus, chair):
        settle(consensus, chair)
        reopened = reopen_assessment(assessment=judged[0], reason="Look at annex 2.", by=officer)
        say(assessment_with_round(reopened.pk), "1", "partly", "Annex 2 shows half.")
        submit_assessment(assessment=assessment_with_round(reopened.pk), by=reopened.reviewer)
        client.force_login(officer)

        page = client.get(reverse("checklist:assessment-history", args=[reopened.pk])).content.decode()
        panel = client.get(reverse("checklist:assessment-history", args=[consensus.pk])).content.decode()

        assert "What changed between submissions" in page
        assert "Annex 2 shows half." in page
        assert "Page 9 shows half of it." in panel
        assert "Rita One: Yes" in panel


class TestPages:
    def test_the_chair_settles_closes_and_reopens(self, client, consensus, chair, proposal):
        client.force_login(chair)
        found = place(consensus, "1")
        url = reverse("checklist:consensus-criterion", args=[consensus.pk, found.criterion.pk])
        name = f"c{found.criterion.pk}"
        data = {f"{name}-revision": found.stored.revision, f"{name}-answer": "partly", f"{name}-rationale": "Half."}

        page = client.get(url).content.decode()
        refused = client.post(url, data | {"do": "save", "reason": ""}).content.decode()
        saved = client.post(url, data | {"do": "save", "reason": "Page 9."})

        assert "Rita One" in page
        assert "Say why" in refused
        assert ">Half.</textarea>" in refused
        assert saved.headers["Location"].endswith(f"/panel/#c-{found.criterion.pk}")

        view = reverse("checklist:consensus-conclusion", args=[consensus.pk])
        client.post(view, {"conclusion": "recommend_with_changes", "reason": "Once changed.", "revision": "0"})
        client.post(reverse("checklist:consensus-close", args=[consensus.pk]))
        closed = consensus_with_round(consensus.pk)
        assert (closed.is_submitted, closed.conclusion) == (True, "recommend_with_changes")
        assert client.get(url).status_code == 302

        client.post(reverse("checklist:consensus-reopen", args=[consensus.pk]), {"reason": "New facts."})
        assert not consensus_with_round(consensus.pk).is_submitted

    def test_one_reason_serves_the_answer_and_the_record(self, client, consensus, chair):
        client.force_login(chair)
        found = place(consensus, "1")
        url = reverse("checklist:consensus-criterion", args=[consensus.pk, found.criterion.pk])
        name = f"c{found.criterion.pk}"

        client.post(
            url, {f"{name}-revision": "0", f"{name}-answer": "no", "reason": "No source on page 9.", "do": "save"}
        )

        assert place(consensus, "1").stored.answer.rationale == "No source on page 9."
        assert consensus.consensus_changes.get().reason == "No source on page 9."

    def test_the_result_page_speaks_of_the_panel(self, client, consensus, officer):
        client.force_login(officer)

        page = client.get(consensus.get_absolute_url()).content.decode()

        assert "The panel, led by Clara Chair" in page
        assert "The panel is still writing its consensus" in page


class TestLate:
    @pytest.fixture
    def late(self, consensus, chair, round_, proposal):
        settle(consensus, chair)
        actions.close_consensus(assessment=consensus, by=chair)
        assessment = make_assessment(proposal=proposal, reviewer=make_reviewer(round_, name="Rita Late"))
        answer_all(assessment)
        return submit_assessment(assessment=assessment_with_round(assessment.pk), by=assessment.reviewer)

    def test_the_panel_sees_who_came_after_its_consensus(self, client, late, judged, proposal, chair):
        client.force_login(chair)
        page = client.get(reverse("checklist:proposal-panel", args=[proposal.pk])).content.decode()

        heads = page[page.index("<thead>") : page.index("</thead>")].split("<th ")
        marked = [head for head in heads if "After the consensus" in head]
        assert len(marked) == 1
        assert "Rita Late" in marked[0]

    def test_the_scorecard_says_so_and_what_was_in_time_says_nothing(self, late, judged):
        note = build_scorecard(late).late_note

        assert "The consensus does not rest on it." in note
        assert note in build_scorecard(late).to_json()
        assert build_scorecard(assessment_with_round(judged[0].pk)).late_note == ""
        assert "late_note" not in build_scorecard(assessment_with_round(judged[0].pk)).to_json()

    def test_it_is_in_time_for_a_consensus_closed_again(self, late, proposal, chair):
        actions.reopen_consensus(assessment=consensus_of(proposal), reason="A third came in.", by=chair)
        assert build_scorecard(late).late_note == ""

        actions.close_consensus(assessment=consensus_of(proposal), by=chair)
        assert build_scorecard(late).late_note == ""


def test_the_scorecard_of_the_panel_speaks_of_the_panel(client, consensus, chair):
    settle(consensus, chair)
    actions.close_consensus(assessment=consensus, by=chair)
    client.force_login(chair)

    page = client.get(reverse("checklist:scorecard-print", args=[consensus.pk])).content.decode()

    assert "Overall view of the panel:" in page
    assert "Overall view of the reviewer:" not in page
    assert "No declaration on record" not in page
