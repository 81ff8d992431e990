"""Practice on its pages: who sees what when, where a reviewer differed, and where the group does."""

import pytest
from django.urls import reverse

from checklist.actions.assessments import submit_assessment
from checklist.actions.practice import ask_to_practise
from checklist.models import Assessment
from checklist.selectors.history import history_of
from checklist.selectors.practice import practice_rows, reference_of
from proposals.enums import AccessLevel
from tests.factories import (
    answer_all,
    make_assessment,
    make_member,
    make_proposal,
    make_reviewer,
    open_to,
    pin_shipped_instruments,
)

from .practising import chair as chair
from .practising import draft as draft
from .practising import page_of, practised
from .practising import practice as practice
from .practising import reference as reference
from .practising import reviewer as reviewer

pytestmark = pytest.mark.django_db


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

    def test_is_told_before_she_declares(self, client, practice, round_, chair, reviewer):
        [assignment] = ask_to_practise(round_=round_, by=chair)

        assert "This is practice" in page_of(client, reviewer, "declare", assignment.pk).content.decode()

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
