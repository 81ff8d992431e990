"""The pages of questions: who reads what, asking step by step, the letter before it goes out, and the form beside it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.actions.answers import invite_reviewers, record_answer
from checklist.actions.assessments import reopen_assessment
from checklist.actions.questions import add_question, edit_question, take_up
from checklist.models import ApplicantQuestion, QuestionLetter
from checklist.selectors.history import history_of
from proposals.enums import AccessLevel
from tests.checklist.asking import WORDS, ask, criterion, judged, say
from tests.factories import answer_all, make_assessment, make_member, make_proposal, make_reviewer, open_to

pytestmark = pytest.mark.django_db

LIST_QUERIES = 21
PAGE_QUERIES = 33


@pytest.fixture
def by_officer(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def unsure(instruments, proposal):
    return judged(proposal, "Rita One", unsure={"3": WORDS})


def page(proposal):
    return reverse("checklist:proposal-questions", args=[proposal.pk])


def text_of(client, address):
    return client.get(address).content.decode()


def answered(proposal, officer, words="Two others."):
    [question] = ask(proposal, officer)
    return record_answer(question=question, answer=words, answered_on=timezone.localdate(), by=officer)


class TestList:
    def test_takes_as_many_queries_for_three_as_for_one(
        self, instruments, by_officer, round_, officer, django_assert_num_queries
    ):
        for number in ("one", "two", "three"):
            proposal = make_proposal(round_, title=f"Number {number}")
            judged(proposal, f"Rita {number}", unsure={"3": WORDS, "8": "Which?"})
            answered(proposal, officer)
        url = reverse("checklist:question-list", args=[round_.reference])
        by_officer.get(url)

        for query, shown in (({}, 3), ({"q": "number one"}, 1)):
            with django_assert_num_queries(LIST_QUERIES):
                response = by_officer.get(url, query)
            rows = response.context["listing"].rows
            assert [(row.counts.left, row.counts.answered, row.counts.to_invite) for row in rows] == [(1, 1, 1)] * shown

    def test_filters_by_where_the_questions_stand(self, instruments, by_officer, round_, officer):
        left, draft, sent, late = (make_proposal(round_, title=title) for title in ("Left", "Draft", "Sent", "Late"))
        judged(left, "Rita One", unsure={"3": WORDS})
        add_question(proposal=draft, text="Why?", by=officer)
        for proposal in (sent, late):
            judged(proposal, unsure={"3": WORDS})
            ask(proposal, officer)
        QuestionLetter.objects.filter(proposal=late).update(reply_by="2020-01-01")
        url = reverse("checklist:question-list", args=[round_.reference])

        found = {
            state: [row.title for row in by_officer.get(url, {"state": state}).context["listing"].rows]
            for state in ("left", "draft", "sent", "overdue", "answered")
        }

        assert found == {
            "left": ["Left"], "draft": ["Draft"], "sent": ["Late", "Sent"], "overdue": ["Late"], "answered": []
        }  # fmt: skip
        assert b"".join(by_officer.get(url, {"export": "csv"}).streaming_content).count(b"\n") == 5

    def test_leaves_out_what_is_closed_or_owed_or_practice(self, instruments, by_officer, round_, officer):
        closed, owed = make_proposal(round_, title="Closed one"), make_proposal(round_, title="Owed one")
        make_proposal(round_, title="Practice run", is_practice=True)
        make_proposal(round_, title="Plain one")
        open_to(closed, officer, AccessLevel.CLOSED)
        make_assessment(proposal=owed, reviewer=officer)

        text = text_of(by_officer, reverse("checklist:question-list", args=[round_.reference]))

        shown = [title for title in ("Practice run", "Closed one", "Owed one", "Plain one") if title in text]
        assert shown == ["Plain one"]


class TestWhoReadsWhat:
    def test_roles_read_in_whose_words_and_reviewers_only_what_was_sent(
        self, unsure, client, round_, proposal, officer
    ):
        take_up(proposal=proposal, criteria=[criterion(proposal)], by=officer)
        drafted = {"Rita One", WORDS}
        other = judged(proposal, "Rita Two", unsure={}).reviewer
        seen = {}
        for person in (officer, make_member(round_, "chair"), make_member(round_, "observer"), other):
            client.force_login(person)
            text = text_of(client, page(proposal)).partition("<h1>")[2]
            seen[person.name] = {words for words in drafted if words in text}

        assert seen == {
            "Olga Officer": drafted, "Some chair": drafted, "Some observer": drafted, "Rita Two": set()
        }  # fmt: skip

    def test_a_reviewer_reads_answers_without_whose_questions_they_were(self, unsure, client, proposal, officer):
        answered(proposal, officer)
        reader = judged(proposal, "Rita Two", unsure={}).reviewer
        client.force_login(reader)

        text = text_of(client, page(proposal))

        assert WORDS in text
        assert "Two others." in text
        assert "Rita One" not in text
        assert "blueboat.example" not in text

    def test_nobody_who_has_not_submitted_yet(self, unsure, client, round_, proposal, officer):
        answered(proposal, officer)
        owing = make_assessment(proposal=proposal, reviewer=make_reviewer(round_, name="Rita Late"))
        chair = make_member(round_, "chair")
        make_assessment(proposal=proposal, reviewer=chair)

        for person in (owing.reviewer, chair):
            client.force_login(person)
            assert client.get(page(proposal)).status_code == 403
            assert WORDS not in text_of(client, reverse("checklist:proposal-detail", args=[proposal.pk]))
            assert page(proposal) not in text_of(client, reverse("checklist:proposal-detail", args=[proposal.pk]))
        client.force_login(owing.reviewer)
        assert WORDS not in text_of(client, reverse("checklist:assessment-edit", args=[owing.pk]))
        assert WORDS not in text_of(client, reverse("checklist:assessment-result", args=[owing.pk]))
        hidden = [entry for entry in history_of(proposal.thread, chair) if "the applicant" in entry.text]
        assert hidden
        assert all(entry.is_hidden and not entry.changes for entry in hidden)

    def test_a_conflict_closes_all_of_it(self, unsure, client, round_, proposal, officer):
        answered(proposal, officer)
        other = make_member(round_, "programme_officer")
        open_to(proposal, other, AccessLevel.CLOSED)
        client.force_login(other)

        assert client.get(page(proposal)).status_code == 404
        assert client.get(reverse("checklist:question-letter", args=[proposal.pk])).status_code == 404

    def test_the_page_takes_as_many_queries_for_three_as_for_one(
        self, instruments, by_officer, round_, officer, django_assert_num_queries
    ):
        few, many = make_proposal(round_), make_proposal(round_)
        for proposal, names in ((few, ("One",)), (many, ("Two", "Three", "Four"))):
            for name in names:
                judged(proposal, f"Rita {name}", unsure={"3": f"{name}?", "8": f"Which {name}?", "10": "Who?"})
            judged(proposal, "Rita Sure", unsure={"9": "When?"})
            for key in ("3", "8")[: len(names)]:
                [question] = ask(proposal, officer, key)
                record_answer(question=question, answer="Yes.", answered_on=timezone.localdate(), by=officer)
            invite_reviewers(proposal=proposal, by=officer)
            for text in names:
                add_question(proposal=proposal, text=text, by=officer)
        by_officer.get(page(few))

        for proposal in (few, many):
            with django_assert_num_queries(PAGE_QUERIES):
                by_officer.get(page(proposal))


class TestSteps:
    def test_from_a_candidate_to_a_letter_and_back(self, unsure, by_officer, proposal):
        address = page(proposal)
        by_officer.post(address, {"step": "take_up", "criteria": [criterion(proposal).pk]})
        question = ApplicantQuestion.objects.get()
        by_officer.post(address, {"step": "edit", "question": question.pk, "text": "Who else?", "revision": "0"})
        by_officer.post(address, {"step": "add", "text": "And who pays?"})
        second = ApplicantQuestion.objects.exclude(pk=question.pk).get()
        by_officer.post(address, {"step": "order", "order": f"{second.pk},{question.pk}"})
        by_officer.post(address, {"step": "drop", "question": second.pk})
        by_officer.post(address, {"step": "restore", "question": second.pk})

        context = by_officer.get(address).context
        assert [each.text for each in context["drafts"]] == ["And who pays?", "Who else?"]
        assert (context["drafts"][0].up_order, context["drafts"][1].down_order) == ("", "")
        letter = reverse("checklist:question-letter", args=[proposal.pk])
        typed = {
            "channel": "letter", "recipient": "Quay 1", "subject": "Questions", "body": "Dear all\n\n{questions}"
        }  # fmt: skip
        look = by_officer.post(letter, {**typed, "do": "look"})
        assert look.context["content"].as_text().startswith("Dear all\n\n1. And who pays?\n\n2. Who else?")
        assert not QuestionLetter.objects.exists()
        by_officer.post(letter, {**typed, "do": "send", "seen": look.context["seen"]})
        assert set(ApplicantQuestion.objects.values_list("state", flat=True)) == {"sent"}

        today = timezone.localdate().isoformat()
        by_officer.post(address, {"step": "answer", "question": question.pk, "answer": "Two.", "answered_on": today})
        question.refresh_from_db()
        correction = {"step": "correct", "question": question.pk, "answer": "Three.", "answered_on": today}
        by_officer.post(address, {**correction, "revision": question.revision})
        assert "Three." in text_of(by_officer, address)
        assert by_officer.get(address).context["to_invite"] == ["Rita One"]
        by_officer.post(address, {"step": "invite"})
        assert [(name, each.is_open) for name, each in by_officer.get(address).context["again"]] == [("Rita One", True)]

    def test_what_was_typed_stays_where_two_change_it(self, by_officer, proposal, officer):
        question = add_question(proposal=proposal, text="One", by=officer)
        edit_question(question=question, text="Two", revision=0, by=officer)
        typed = {"step": "edit", "question": question.pk, "text": "Three", "revision": "0"}

        response = by_officer.post(page(proposal), typed)

        text = response.content.decode()
        assert "Somebody else changed this question" in text
        assert "Three</textarea>" in text
        by_officer.post(page(proposal), {**typed, "revision": response.context["drafts"][0].form.data["revision"]})
        assert ApplicantQuestion.objects.get().text == "Three"

    def test_what_looks_sensitive_is_shown_and_ticked_before_it_goes_out(self, by_officer, proposal, officer):
        add_question(proposal=proposal, text="May we call +66 53 123 456?", by=officer)
        letter = reverse("checklist:question-letter", args=[proposal.pk])
        typed = {"channel": "letter", "subject": "Questions", "body": "{questions} please"}
        look = by_officer.post(letter, {**typed, "do": "look"})
        assert [str(kind) for kind, _finding, _stands in look.context["findings"]] == ["Phone number"]

        refused = by_officer.post(letter, {**typed, "do": "send", "seen": look.context["seen"]})
        assert "looks sensitive. Say that it may go out" in refused.content.decode()
        assert refused.context["seen"] == look.context["seen"]
        by_officer.post(letter, {**typed, "do": "send", "seen": refused.context["seen"], "stands": "+66 53 123 456"})

        assert QuestionLetter.objects.count() == 1

    def test_sensitive_words_over_two_lines_can_be_let_stand(self, by_officer, proposal, officer):
        add_question(proposal=proposal, text="Is it still\n12 Rose\nStreet 4?", by=officer)
        letter = reverse("checklist:question-letter", args=[proposal.pk])
        typed = {"channel": "letter", "subject": "Questions", "body": "Call (0)12\r\n34 56 78 90. {questions}"}
        look = by_officer.post(letter, {**typed, "do": "look"})
        # As a browser sends what it was given.
        ticked = [finding.text.replace("\n", "\r\n") for _kind, finding, _stands in look.context["findings"]]

        by_officer.post(letter, {**typed, "do": "send", "seen": look.context["seen"], "stands": ticked})

        assert QuestionLetter.objects.count() == 1

    def test_a_letter_that_was_changed_under_her_is_not_sent(self, by_officer, proposal, officer):
        question = add_question(proposal=proposal, text="One", by=officer)
        letter = reverse("checklist:question-letter", args=[proposal.pk])
        typed = {"channel": "letter", "subject": "Questions", "body": "{questions} please"}
        seen = by_officer.post(letter, {**typed, "do": "look"}).context["seen"]
        edit_question(question=question, text="Two", revision=0, by=officer)

        response = by_officer.post(letter, {**typed, "do": "send", "seen": seen})

        assert "changed since you looked" in response.content.decode()
        assert not QuestionLetter.objects.exists()

    def test_nothing_internal_gets_past_the_look(self, unsure, by_officer, proposal, officer):
        add_question(proposal=proposal, text="Rita One asks why.", by=officer)
        typed = {"channel": "letter", "subject": "Questions", "body": "{questions} please", "do": "look"}

        response = by_officer.post(reverse("checklist:question-letter", args=[proposal.pk]), typed)

        assert "must not reach the applicant" in response.content.decode()
        assert "seen" not in response.context

    def test_without_a_question_there_is_no_letter(self, by_officer, proposal):
        response = by_officer.get(reverse("checklist:question-letter", args=[proposal.pk]))

        assert response.headers["Location"] == page(proposal)

    def test_only_the_officer_takes_steps_and_only_known_ones(self, unsure, client, round_, proposal, officer):
        other = add_question(proposal=make_proposal(round_), text="Why?", by=officer)
        for person in (make_member(round_, "chair"), unsure.reviewer):
            client.force_login(person)
            assert client.post(page(proposal), {"step": "add", "text": "Why?"}).status_code == 403
        client.force_login(officer)

        assert client.post(page(proposal), {"step": "burn"}).status_code == 404
        assert client.post(page(proposal), {"step": "drop", "question": other.pk}).status_code == 404
        assert client.post(page(proposal), {"step": "mail_again", "letter": "1"}).status_code == 404
        refused = client.post(page(proposal), {"step": "invite"}, follow=True)
        assert "Nobody is left to invite" in refused.content.decode()


class TestBesideTheCriterion:
    def test_an_invited_reviewer_reads_question_and_answer_at_her_criterion(self, unsure, client, proposal, officer):
        add_question(proposal=proposal, text="Who pays?", by=officer)
        for question in ask(proposal, officer):
            record_answer(question=question, answer="See annex 4.", answered_on=timezone.localdate(), by=officer)
        invite_reviewers(proposal=proposal, by=officer)
        client.force_login(unsure.reviewer)

        form = text_of(client, reverse("checklist:assessment-edit", args=[unsure.pk]))

        own = form.partition(f'id="c-{criterion(proposal).pk}"')[2].partition("</section>")[0]
        assert WORDS in own
        assert "See annex 4." in own
        assert "Who pays?" not in own
        assert form.count("See annex 4.") == 2
        assert form.index("Who pays?") < form.index('id="c-')
        say(unsure, "3", "no", "Annex 4 says so.")
        assert "See annex 4." in text_of(client, reverse("checklist:assessment-result", args=[unsure.pk]))

    def test_the_result_of_a_submitted_assessment_shows_it(self, unsure, by_officer, proposal, officer):
        answered(proposal, officer, "See annex 4.")

        assert "See annex 4." in text_of(by_officer, reverse("checklist:assessment-result", args=[unsure.pk]))

    def test_a_first_draft_does_not(self, unsure, client, round_, proposal, officer):
        answered(proposal, officer, "See annex 4.")
        draft = make_assessment(proposal=proposal, reviewer=make_reviewer(round_, name="Rita Late"))
        answer_all(draft)
        client.force_login(draft.reviewer)

        for name in ("assessment-edit", "assessment-submit", "assessment-result"):
            assert "See annex 4." not in text_of(client, reverse(f"checklist:{name}", args=[draft.pk]))


def test_a_reopened_assessment_begins_at_what_the_applicant_answered(client, unsure, proposal, officer):
    answered(proposal, officer)
    reopen_assessment(assessment=unsure, reason="The applicant answered.", by=officer)
    client.force_login(unsure.reviewer)

    page = text_of(client, reverse("checklist:assessment-edit", args=[unsure.pk]))

    assert re.search(rf'<[^>]*id="c-{criterion(proposal).pk}"[^>]*data-current', page)
