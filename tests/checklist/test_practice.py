"""Practice before scoring: prepared, referenced, asked for, done, compared; and who sees what when."""

import pytest
from django.urls import reverse

from checklist.actions.assessments import (
    AssessmentClosed,
    CannotReopenAssessment,
    CannotSubmitAssessment,
    GivenResponse,
    reopen_assessment,
    save_responses,
    submit_assessment,
)
from checklist.actions.practice import (
    CannotPractise,
    ask_to_practise,
    begin_reference,
    publish_reference,
    set_practice,
    unset_practice,
)
from checklist.actions.recommendations import record_recommendation
from checklist.models import Assessment, Assignment
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from checklist.selectors.history import history_of
from checklist.selectors.practice import practice_rows, reference_of
from checklist.selectors.queue import review_queue
from proposals.enums import AccessLevel
from screening.models import AuditEvent
from tests.factories import (
    answer_all,
    make_assessment,
    make_member,
    make_proposal,
    make_reviewer,
    open_to,
    pin_shipped_instruments,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair", name="Clara Chair")


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


@pytest.fixture
def practice(round_):
    return make_proposal(round_, title="An old proposal", is_practice=True)


@pytest.fixture
def draft(instruments, round_, practice, chair):
    """A reference that the chair has begun."""
    pin_shipped_instruments(round_)
    begin_reference(proposal=practice, by=chair)
    return reference_of(practice)


def answer_one(assessment, by):
    """Answer the first question."""
    place = next(iter(load_draft(assessment).places()))
    given = [GivenResponse(place.criterion.pk, place.stored.revision, "yes", "The annex shows it.")]
    return save_responses(assessment=assessment, given=given, by=by)


@pytest.fixture
def reference(draft, chair):
    answer_all(draft)
    return publish_reference(assessment=draft, by=chair)


def practised(proposal, reviewer, **answers):
    """Her submitted practice."""
    assessment = make_assessment(proposal=proposal, reviewer=reviewer)
    answer_all(assessment)
    change(assessment, **answers)
    return submit_assessment(assessment=assessment_with_round(assessment.pk), by=reviewer)


def change(assessment, **answers):
    given = [
        GivenResponse(place.criterion.pk, place.stored.revision, answers[place.criterion.key], "I see it otherwise.")
        for place in load_draft(assessment).places()
        if place.criterion.key in answers
    ]
    save_responses(assessment=assessment, given=given, by=assessment.reviewer)


def page_of(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"checklist:{name}", args=args))


class TestSettingAside:
    @pytest.mark.parametrize("role", ["officer", "chair"])
    def test_is_on_record(self, role, request, proposal):
        by = request.getfixturevalue(role)

        assert set_practice(proposal=proposal, by=by).is_practice
        assert not unset_practice(proposal=proposal, by=by).is_practice
        events = AuditEvent.objects.filter(event="practice_set").order_by("pk")
        assert [event.after for event in events] == [{"is_practice": True}, {"is_practice": False}]
        assert {event.thread for event in events} == {proposal.thread}

    def test_a_second_time_changes_nothing(self, proposal, officer):
        set_practice(proposal=proposal, by=officer)
        set_practice(proposal=proposal, by=officer)

        assert AuditEvent.objects.filter(event="practice_set").count() == 1

    def test_is_for_those_who_prepare_practice(self, round_, proposal, reviewer):
        observer = make_member(round_, "observer")

        for by in (reviewer, observer):
            with pytest.raises(CannotPractise, match="officer or the chair"):
                set_practice(proposal=proposal, by=by)

    def test_not_where_a_conflict_closes_it_or_she_owes_an_assessment(self, instruments, round_, proposal, officer):
        make_assessment(proposal=proposal, reviewer=officer)
        with pytest.raises(CannotPractise):
            set_practice(proposal=proposal, by=officer)

        other = make_proposal(round_)
        open_to(other, officer, AccessLevel.CLOSED)
        with pytest.raises(CannotPractise):
            set_practice(proposal=other, by=officer)

    def test_a_judgement_is_not_put_aside(self, assessment, round_):
        officer = make_member(assessment.proposal.round, "programme_officer")
        answer_all(assessment)

        with pytest.raises(CannotPractise, match="judged this proposal already"):
            set_practice(proposal=assessment.proposal, by=officer)

    def test_nor_is_what_was_advised_on(self, proposal, chair):
        record_recommendation(proposal=proposal, outcome="decline", reasons="Too thin.", by=chair)

        with pytest.raises(CannotPractise, match="judged this proposal already"):
            set_practice(proposal=proposal, by=chair)

    @pytest.mark.parametrize("status", ["ineligible", "withdrawn"])
    def test_nor_is_what_nobody_can_assess(self, round_, officer, status):
        with pytest.raises(CannotPractise, match="nobody can assess"):
            set_practice(proposal=make_proposal(round_, status=status), by=officer)

    def test_once_somebody_practised_it_stays_practice(self, instruments, practice, officer):
        answer_all(make_assessment(proposal=practice))

        with pytest.raises(CannotPractise, match="stays practice"):
            unset_practice(proposal=practice, by=officer)

    def test_with_a_reference_too(self, draft, practice, officer):
        with pytest.raises(CannotPractise, match="stays practice"):
            unset_practice(proposal=practice, by=officer)


class TestReference:
    def test_begins_with_the_versions_of_the_round(self, draft, instruments, chair):
        assert (draft.kind, draft.reviewer, draft.assignment) == ("reference", chair, None)
        assert {version.pk for version in draft.versions.all()} == {version.pk for version in instruments}
        assert AuditEvent.objects.get(event="reference_started").actor_id == chair.pk

    def test_a_second_time_returns_the_same(self, draft, practice, officer):
        assert begin_reference(proposal=practice, by=officer) == draft

    def test_only_practice_has_one(self, proposal, officer):
        with pytest.raises(CannotPractise, match="Only a proposal for practice"):
            begin_reference(proposal=proposal, by=officer)

    def test_needs_an_instrument(self, practice, officer):
        with pytest.raises(CannotPractise, match="no instrument"):
            begin_reference(proposal=practice, by=officer)

    def test_whoever_prepares_practice_goes_on_with_it(self, draft, officer):
        answer_one(draft, officer)

        assert "The annex shows it." in {place.stored.answer.rationale for place in load_draft(draft).places()}
        event = AuditEvent.objects.filter(event="reference_saved").latest("pk")
        assert (event.actor_id, event.private_to_id) == (officer.pk, draft.reviewer_id)

    def test_is_written_by_nobody_else(self, draft, reviewer):
        with pytest.raises(AssessmentClosed, match="prepares practice"):
            answer_one(draft, reviewer)

    def test_every_answer_has_a_reason(self, draft, chair):
        answer_all(draft, rationale="")

        with pytest.raises(CannotSubmitAssessment, match=r"need a reason, because reviewers learn from it: 1, "):
            publish_reference(assessment=draft, by=chair)

    def test_is_complete(self, draft, chair):
        with pytest.raises(CannotSubmitAssessment, match="still need something"):
            publish_reference(assessment=draft, by=chair)

    def test_published_it_is_locked(self, reference, chair, officer):
        assert (reference.state, reference.scores.count()) == ("submitted", 2)
        assert AuditEvent.objects.filter(event="reference_published").count() == 1
        with pytest.raises(AssessmentClosed, match="is published"):
            publish_reference(assessment=reference, by=officer)
        with pytest.raises(AssessmentClosed, match="is published"):
            answer_one(reference, officer)

    def test_is_reopened_until_somebody_compared_with_it(self, reference, practice, chair, reviewer):
        reopen_assessment(assessment=reference, reason="A slip in item 3.", by=chair)
        publish_reference(assessment=reference_of(practice), by=chair)
        assert AuditEvent.objects.filter(event="reference_reopened").count() == 1

        practised(practice, reviewer)
        with pytest.raises(CannotReopenAssessment, match="has compared her practice"):
            reopen_assessment(assessment=reference_of(practice), reason="Another slip.", by=chair)

    def test_the_page_offers_to_reopen_it_only_as_long(self, client, reference, practice, chair, reviewer):
        assert "Reopen with a reason" in page_of(client, chair, "assessment-result", reference.pk).content.decode()
        practised(practice, reviewer)
        page = page_of(client, chair, "assessment-result", reference.pk).content.decode()
        assert "Reopen with a reason" not in page
        assert "Reference for practice" in page

    def test_practice_is_not_reopened_once_the_reference_was_seen(self, reference, practice, officer, reviewer):
        done = practised(practice, reviewer)

        with pytest.raises(CannotReopenAssessment, match="has seen the reference"):
            reopen_assessment(assessment=done, reason="Try again.", by=officer)


class TestAsking:
    def test_everybody_is_asked_once(self, round_, practice, chair):
        make_proposal(round_, is_practice=True)
        for name in ("Rita One", "Rita Two"):
            make_reviewer(round_, name=name)

        assert len(ask_to_practise(round_=round_, by=chair)) == 4
        assert ask_to_practise(round_=round_, by=chair) == []
        assert {each.due_on for each in Assignment.objects.all()} == {None}
        assert AuditEvent.objects.filter(event="reviewer_assigned").count() == 4

    def test_whoever_wrote_the_reference_is_not(self, round_, reference, practice, chair, reviewer):
        round_.grants.create(user=chair, role="reviewer")

        made = ask_to_practise(round_=round_, by=chair)

        assert [each.reviewer for each in made] == [reviewer]

    def test_nor_whoever_has_a_possible_conflict(self, round_, practice, chair):
        make_reviewer(round_, name="Tied", organisation_name=practice.applicant.name)
        free = make_reviewer(round_, name="Free")

        assert [each.reviewer for each in ask_to_practise(round_=round_, by=chair)] == [free]

    def test_refusals(self, round_, practice, chair, reviewer):
        with pytest.raises(CannotPractise, match="officer or the chair"):
            ask_to_practise(round_=round_, by=reviewer)
        practice.status = "withdrawn"
        practice.save()
        with pytest.raises(CannotPractise, match="No proposal of this round"):
            ask_to_practise(round_=round_, by=chair)

    def test_without_reviewers(self, round_, practice, chair):
        with pytest.raises(CannotPractise, match="no reviewers yet"):
            ask_to_practise(round_=round_, by=chair)

    def test_the_page_asks_with_one_click(self, client, round_, practice, officer, reviewer):
        client.force_login(officer)
        url = reverse("checklist:round-practice", args=[round_.reference])
        assert "Ask all reviewers to practise" in client.get(url).content.decode()

        page = client.post(reverse("checklist:practice-ask", args=[round_.reference]), follow=True).content.decode()

        assert "1 request to practise is made." in page
        assert "Ask all reviewers to practise" not in page
        assert review_queue(reviewer, round_).total == 1


class TestIndependence:
    def test_nothing_is_seen_before_her_own_is_in(self, client, reference, practice, round_, reviewer, officer):
        other = practised(practice, make_reviewer(round_, name="Rita Two"))
        mine = make_assessment(proposal=practice, reviewer=reviewer)

        assert set(Assessment.objects.visible_to(reviewer)) == {mine}
        assert page_of(client, reviewer, "assessment-result", reference.pk).status_code == 404
        assert page_of(client, reviewer, "assessment-practice", other.pk).status_code == 404
        page = page_of(client, reviewer, "assessment-practice", mine.pk)
        assert page["Location"] == reverse("checklist:assessment-edit", args=[mine.pk])

        answer_all(mine)
        submit_assessment(assessment=mine, by=reviewer)
        assert set(Assessment.objects.visible_to(reviewer)) == {mine, other, reference}

    def test_nor_by_an_officer_who_practises_herself(self, client, reference, practice, officer, round_):
        practised(practice, make_reviewer(round_, name="Rita Two"))
        make_assessment(proposal=practice, reviewer=officer)

        assert reference not in Assessment.objects.visible_to(officer)
        assert page_of(client, officer, "proposal-practice", practice.pk).status_code == 403
        page = page_of(client, officer, "round-practice", round_.reference).content.decode()
        assert "Opens when your own practice is in" in page
        assert reverse("checklist:proposal-practice", args=[practice.pk]) not in page
        [entry] = [each for each in history_of(practice.thread, officer) if "published the reference" in each.text]
        assert entry.is_hidden

    def test_a_reference_being_written_is_open_to_those_who_prepare_it(self, draft, round_, officer, chair):
        observer = make_member(round_, "observer")

        assert draft in Assessment.objects.visible_to(officer)
        assert draft in Assessment.objects.visible_to(chair)
        assert draft not in Assessment.objects.visible_to(observer)

    def test_a_conflict_closes_it(self, draft, practice, officer):
        open_to(practice, officer, AccessLevel.CLOSED)

        assert draft not in Assessment.objects.visible_to(officer)


class TestReviewer:
    def test_practice_stands_first_with_its_word(self, client, instruments, round_, reviewer, practice):
        make_assessment(proposal=make_proposal(round_, title="A real one"), reviewer=reviewer)
        make_assessment(proposal=practice, reviewer=reviewer)

        page = page_of(client, reviewer, "my-reviews", round_.reference).content.decode()
        assert page.index("An old proposal") < page.index("A real one")
        assert page.count('<span class="tag">Practice</span>') == 1
        assert "0 of 1 submitted" in page
        home = page_of(client, reviewer, "home").content.decode()
        assert home.index("An old proposal") < home.index("A real one")

    def test_submitting_leads_to_the_comparison(self, client, reference, practice, reviewer):
        assessment = make_assessment(proposal=practice, reviewer=reviewer)
        answer_all(assessment)
        client.force_login(reviewer)
        url = reverse("checklist:assessment-submit", args=[assessment.pk])
        assert "Submit and see where you differ" in client.get(url).content.decode()

        response = client.post(url)

        assert response["Location"] == reverse("checklist:assessment-practice", args=[assessment.pk])

    def test_sees_where_she_differed_with_the_reason_first(self, client, reference, practice, reviewer):
        done = practised(practice, reviewer, **{"9": "nei", "P2": "1"})

        page = page_of(client, reviewer, "assessment-practice", done.pk).content.decode()

        assert "15 of 17" in page
        said = page[: page.index("10 answers that are the same")]
        assert "Not enough information" in said
        assert "I see it otherwise." in said
        assert "As shown on page 4." in said
        assert "2 levels below the reference" in page
        assert page.index("Where you differed") < page.index("10 answers that are the same")

    def test_is_told_where_there_is_no_reference_yet(self, client, draft, practice, reviewer):
        done = practised(practice, reviewer)

        assert "not published yet" in page_of(client, reviewer, "assessment-practice", done.pk).content.decode()

    def test_another_version_is_not_compared(self, client, reference, practice, reviewer, round_):
        done = practised(practice, reviewer)
        reference.versions.remove(reference.versions.get(result_kind="profile"))

        page = page_of(client, reviewer, "assessment-practice", done.pk).content.decode()

        assert "written on another version" in page
        assert "11 of 11" in page

    def test_what_is_no_practice_has_no_such_page(self, client, assessment):
        page = page_of(client, assessment.reviewer, "assessment-practice", assessment.pk)

        assert page.status_code == 404


class TestPreparing:
    @pytest.fixture
    def group(self, reference, practice, round_):
        return [
            practised(practice, make_reviewer(round_, name="Rita One"), **{"1": "no"}),
            practised(practice, make_reviewer(round_, name="Rita Two"), **{"1": "nei"}),
        ]

    def test_the_group_stands_beside_the_reference(self, client, group, practice, officer):
        page = page_of(client, officer, "proposal-practice", practice.pk).content.decode()

        assert "2 reviewers have practised. 20 of 22 answers are those of the reference." in page
        # Eleven criteria, of which both answer ten alike.
        assert "Two reviewers give the same answer in 91 % of the cases." in page
        first = page[page.index("<tbody>") : page.index("</tr>", page.index("<tbody>"))]
        assert "No: 1" in first
        assert "Not enough information: 1" in first
        assert "0 of 2" in first

    def test_offsets_are_for_those_who_may_see_them(self, client, group, practice, officer, chair):
        assert (
            "Each reviewer beside the reference"
            in page_of(client, officer, "proposal-practice", practice.pk).content.decode()
        )
        assert (
            "Each reviewer beside the reference"
            not in page_of(client, chair, "proposal-practice", practice.pk).content.decode()
        )

    def test_the_overview_says_how_far_practice_has_come(self, client, group, round_, officer, reviewer):
        page = page_of(client, officer, "round-detail", round_.reference).content.decode()
        assert "2 of 2 have practised." in page
        assert "have practised" not in page_of(client, reviewer, "round-detail", round_.reference).content.decode()

    def test_without_a_reference_nothing_is_compared_with_it(self, client, draft, practice, officer, round_):
        practised(practice, make_reviewer(round_))

        page = page_of(client, officer, "proposal-practice", practice.pk).content.decode()

        assert "no published reference" in page
        assert "There is only one reviewer" in page
        assert "Each reviewer beside" not in page

    def test_before_anybody_practised(self, client, practice, officer):
        page = page_of(client, officer, "proposal-practice", practice.pk).content.decode()

        assert "Nobody has practised on this yet" in page

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_page_of_the_round_takes_as_many_queries_for_three_as_for_one(
        self, client, instruments, round_, officer, reviewer, django_assert_num_queries, count
    ):
        for _number in range(count):
            proposal = make_proposal(round_, is_practice=True)
            make_assessment(proposal=proposal, reviewer=reviewer)
        client.force_login(officer)
        url = reverse("checklist:round-practice", args=[round_.reference])
        client.get(url)

        with django_assert_num_queries(11):
            client.get(url)

    def test_says_who_has_done_it(self, group, round_, practice, officer, reviewer):
        make_assessment(proposal=practice, reviewer=reviewer)

        [row] = practice_rows(round_, officer, None)

        assert (row.done, row.asked, row.is_owed) == (2, 3, False)

    def test_the_reference_is_written_on_the_form(self, client, round_, instruments, practice, officer):
        pin_shipped_instruments(round_)
        client.force_login(officer)
        begun = client.post(reverse("checklist:reference-begin", args=[practice.pk]))
        reference = reference_of(practice)
        assert begun["Location"] == reverse("checklist:assessment-edit", args=[reference.pk])
        page = client.get(begun["Location"]).content.decode()
        assert "You write what practice is compared with" in page
        assert "Check and publish" in page
        assert "Abstain with a reason" not in page

        answer_all(reference)
        url = reverse("checklist:assessment-submit", args=[reference.pk])
        assert "Publish and lock" in client.get(url).content.decode()
        assert client.post(url)["Location"] == reverse("checklist:round-practice", args=[round_.reference])
        assert reference_of(practice, is_published=True) == reference

    def test_a_reviewer_does_not_enter_the_form_of_a_reference(self, client, draft, reviewer, round_):
        observer = make_member(round_, "observer")

        assert page_of(client, reviewer, "assessment-edit", draft.pk).status_code == 404
        assert page_of(client, observer, "assessment-edit", draft.pk).status_code == 404

    def test_a_proposal_is_put_aside_after_a_page_that_says_what_it_means(self, client, proposal, officer, round_):
        client.force_login(officer)
        url = reverse("checklist:practice-set", args=[proposal.pk])
        assert "never ranked" in client.get(url).content.decode()

        response = client.post(url, {"do": "practise"})

        proposal.refresh_from_db()
        assert (proposal.is_practice, response["Location"]) == (
            True, reverse("checklist:round-practice", args=[round_.reference])
        )  # fmt: skip
        client.post(url, {"do": "count"})
        proposal.refresh_from_db()
        assert not proposal.is_practice

    def test_the_page_says_why_it_cannot(self, client, assessment):
        answer_all(assessment)
        officer = make_member(assessment.proposal.round, "programme_officer")

        page = page_of(client, officer, "practice-set", assessment.proposal_id).content.decode()

        assert "cannot be put aside" in page
        assert '<form method="post">' not in page
