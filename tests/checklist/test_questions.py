"""Asking applicants: taken up, worded, sent; and what never leaves the house."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from checklist.actions.assessments import reopen_assessment
from checklist.actions.questions import (
    CannotAsk,
    NotLookedAt,
    QuestionConflict,
    add_question,
    drop_question,
    edit_question,
    mail_again,
    order_questions,
    restore_question,
    send_questions,
    take_up,
)
from checklist.jobs import handle_mail_questions
from checklist.models import ApplicantQuestion, Assignment, LetterText, QuestionLetter, QuestionOrigin
from checklist.selectors.asking import candidates_of
from checklist.selectors.questions import letter_content, letter_with_all, letter_wording
from checklist.sensitive import find
from proposals.enums import AccessLevel
from proposals.models import PhaseWindow, Proposal
from screening.jobs import JobRefused
from screening.models import AuditEvent, Job
from tests.checklist.asking import WORDS, ask, criterion, given, judged, say
from tests.factories import make_assessment, make_member, make_organisation, make_proposal, make_reviewer, open_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def unsure(instruments, proposal):
    """Rita One and Rita Two cannot judge item 3, in the same words; Rita Two item 8 neither."""
    return [
        judged(proposal, "Rita One", unsure={"3": WORDS}),
        judged(proposal, "Rita Two", unsure={"3": WORDS.upper(), "8": "In which language?"}),
    ]


def events(code):
    return AuditEvent.objects.filter(event=code)


class TestTakingUp:
    def test_candidates_are_merged_over_reviewers(self, unsure, proposal):
        found = candidates_of(proposal)

        assert [(each.number, len(each.assessments)) for each in found] == [("3", 2), ("8", 1)]
        assert found[0].suggestion == WORDS

    def test_makes_a_question_that_knows_whose_it_is(self, unsure, proposal, officer):
        [question] = take_up(proposal=proposal, criteria=[criterion(proposal)], by=officer)

        assert (question.text, question.state, question.position) == (WORDS, "draft", 1)
        assert set(question.origins.values_list("assessment_id", flat=True)) == {each.pk for each in unsure}
        assert [each.number for each in candidates_of(proposal)] == ["8"]
        event = events("question_written").get()
        assert (event.thread, event.after["reviewers"]) == (proposal.thread, 2)

    def test_only_what_is_left(self, unsure, proposal, officer):
        take_up(proposal=proposal, criteria=[criterion(proposal)], by=officer)

        for criteria in ([], [criterion(proposal)], [criterion(proposal), criterion(proposal, "8")]):
            with pytest.raises(CannotAsk, match="nobody took up"):
                take_up(proposal=proposal, criteria=criteria, by=officer)

    def test_a_later_reviewer_joins_what_is_not_sent_and_asks_anew_after(self, unsure, proposal, officer):
        [question] = take_up(proposal=proposal, criteria=[criterion(proposal)], by=officer)
        edit_question(question=question, text="Who else is there?", revision=0, by=officer)
        third = judged(proposal, "Rita Three", unsure={"3": "Nobody named."})

        take_up(proposal=proposal, criteria=[criterion(proposal)], by=officer)

        assert ApplicantQuestion.objects.get().text == "Who else is there?"
        assert QuestionOrigin.objects.filter(assessment=third).count() == 1
        send_questions(proposal=proposal, given=given(proposal), by=officer)
        judged(proposal, "Rita Four", unsure={"3": "Where?"})
        take_up(proposal=proposal, criteria=[criterion(proposal)], by=officer)
        assert list(ApplicantQuestion.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "draft"]

    def test_what_is_left_out_does_not_come_back_by_itself(self, unsure, proposal, officer):
        [question] = take_up(proposal=proposal, criteria=[criterion(proposal, "8")], by=officer)

        drop_question(question=question, by=officer)

        assert [each.number for each in candidates_of(proposal)] == ["3"]
        assert restore_question(question=question, by=officer).state == "draft"
        assert events("question_dropped").get().after == {"question_state": "dropped"}

    def test_drafts_and_open_assessments_ask_nothing(self, instruments, proposal, officer):
        say(make_assessment(proposal=proposal), "3", "nei", WORDS)
        reopened = judged(proposal, "Rita Two", unsure={"8": "Which?"})
        reopen_assessment(assessment=reopened, reason="Look.", by=officer)

        assert candidates_of(proposal) == []


class TestWording:
    def test_an_own_question_and_its_changes_are_on_record(self, proposal, officer):
        question = add_question(proposal=proposal, text="  Who pays after the grant?\r\n", by=officer)

        edit_question(question=question, text="Who pays afterwards?", revision=0, by=officer)

        assert question.text == "Who pays after the grant?"
        event = events("question_changed").get()
        assert (event.before, event.after) == (
            {"text": "Who pays after the grant?"},
            {"text": "Who pays afterwards?"},
        )

    def test_two_officers_do_not_overwrite_each_other(self, proposal, officer):
        question = add_question(proposal=proposal, text="One", by=officer)
        edit_question(question=question, text="Two", revision=0, by=officer)

        with pytest.raises(QuestionConflict, match="Two") as conflict:
            edit_question(question=question, text="Three", revision=0, by=officer)

        assert (conflict.value.question.revision, conflict.value.field) == (1, "text")
        assert edit_question(question=question, text="Two", revision=0, by=officer).revision == 1

    @pytest.mark.parametrize("text", ["", " \n", "x" * 4001])
    def test_needs_words_but_not_too_many(self, proposal, officer, text):
        with pytest.raises(CannotAsk):
            add_question(proposal=proposal, text=text, by=officer)

    def test_the_order_is_the_officers(self, proposal, officer):
        first, second, third = (add_question(proposal=proposal, text=text, by=officer) for text in "ABC")

        order_questions(proposal=proposal, order=[third.pk, first.pk], by=officer)

        texts = ApplicantQuestion.objects.order_by("position").values_list("text", flat=True)
        assert "".join(texts) == "CAB"
        assert events("question_order_changed").get().after == {"questions": ["C", "A", "B"]}
        order_questions(proposal=proposal, order=[third.pk, first.pk, second.pk], by=officer)
        assert events("question_order_changed").count() == 1

    def test_what_was_sent_stays_as_it_is(self, unsure, proposal, officer):
        [question] = ask(proposal, officer)

        with pytest.raises(CannotAsk, match="Sent"):
            edit_question(question=question, text="Other", revision=question.revision, by=officer)
        with pytest.raises(CannotAsk, match="Sent"):
            drop_question(question=question, by=officer)
        with pytest.raises(CannotAsk, match="Sent"):
            restore_question(question=question, by=officer)


class TestWhoAndWhen:
    def test_only_the_officer_and_never_through_a_conflict_or_before_her_own_assessment(
        self, instruments, round_, proposal, officer
    ):
        closed, owing = (make_member(round_, "programme_officer") for _number in range(2))
        open_to(proposal, closed, AccessLevel.CLOSED)
        make_assessment(proposal=proposal, reviewer=owing)

        for person in (make_member(round_, "chair"), make_member(round_, "observer"), closed, owing):
            with pytest.raises(CannotAsk, match="Only the programme officer"):
                add_question(proposal=proposal, text="Why?", by=person)

    @pytest.mark.parametrize("facts", [{"status": "declined"}, {"status": "ineligible"}, {"status": "withdrawn"}])
    def test_nothing_is_asked_of_what_is_out(self, round_, officer, facts):
        with pytest.raises(CannotAsk, match="decided or out"):
            add_question(proposal=make_proposal(round_, **facts), text="Why?", by=officer)

    def test_practice_has_nobody_to_ask(self, round_, officer):
        with pytest.raises(CannotAsk):
            add_question(proposal=make_proposal(round_, is_practice=True), text="Why?", by=officer)

    def test_not_before_the_review_and_not_in_a_decided_round(self, round_, proposal, officer):
        round_.follows_dates = True
        round_.save()
        window = PhaseWindow.objects.create(round=round_, phase="review", starts_on=dt.date(2999, 1, 1))
        with pytest.raises(CannotAsk, match="2999"):
            add_question(proposal=proposal, text="Why?", by=officer)
        # A review that is over does not keep anybody from asking.
        window.starts_on, window.ends_on = dt.date(2020, 1, 1), dt.date(2020, 2, 1)
        window.save()
        add_question(proposal=proposal, text="Why?", by=officer)
        round_.phase = "decided"
        round_.save()

        with pytest.raises(CannotAsk, match="round is decided"):
            add_question(proposal=proposal, text="Why?", by=officer)


class TestSending:
    def test_by_e_mail_through_the_worker(self, unsure, proposal, officer):
        take_up(proposal=proposal, criteria=[criterion(proposal), criterion(proposal, "8")], by=officer)
        reply_by = timezone.localdate() + dt.timedelta(days=14)

        letter = send_questions(proposal=proposal, given=given(proposal, reply_by=reply_by), by=officer)

        assert mail.outbox == []
        job = Job.objects.get()
        assert (job.kind, job.subject_id) == ("checklist.mail_questions", str(letter.pk))
        handle_mail_questions(job)
        [message] = mail.outbox
        assert (message.to, message.reply_to) == (["office@blueboat.example"], [officer.email])
        assert message.subject == f"Questions on {proposal.reference}"
        assert message.body.startswith(f"Dear colleagues,\n\n1. {WORDS}\n\n2. In which language?\n\nPlease answer by ")
        assert set(ApplicantQuestion.objects.values_list("state", "letter_id")) == {("sent", letter.pk)}
        event = events("questions_sent").get()
        assert (event.after["questions"], event.after["channel"]) == ([WORDS, "In which language?"], "email")

    def test_a_letter_is_only_recorded(self, unsure, proposal, officer):
        [question] = ask(proposal, officer, channel="letter", recipient="Quay 1,\nBattambang")

        assert (question.letter.channel, question.letter.recipient) == ("letter", "Quay 1, Battambang")
        assert not Job.objects.exists()

    def test_its_content_is_what_was_written_and_what_the_applicant_knows(self, unsure, proposal, officer):
        proposal.language = "fr"
        proposal.save()
        [question] = ask(proposal, officer, reply_by=dt.date(2999, 3, 1), body="{applicant}: {title}\n\n{questions}")

        content = letter_content(letter_with_all(question.letter_id))

        assert (content.language, content.reply_line) == ("fr", content.reply_line)
        assert "1 mars 2999" in content.reply_line
        assert content.paragraphs == (f"Blue Boat: {proposal.title}",)
        assert (content.donor, content.contact_name) == ("Test Donor", "Olga Officer")

    def test_the_day_stands_once(self, unsure, proposal, officer):
        [question] = ask(proposal, officer, reply_by=dt.date(2999, 3, 1), body="Until {reply_by}:")

        content = letter_content(letter_with_all(question.letter_id))

        assert (content.paragraphs, content.reply_line) == (("Until 1 March 2999:",), "")

    def test_the_round_has_its_own_wording_or_ours(self, round_, proposal):
        ours = letter_wording(proposal)
        LetterText.objects.create(round=round_, kind="questions", language="en", subject="Own", body="{questions}")

        assert "{questions}" in ours[1]
        assert letter_wording(proposal) == ("Own", "{questions}")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"channel": "pigeon"}, "channel"),
            ({"recipient": ""}, "recipient"),
            ({"recipient": "a@b.example, c@d.example"}, "recipient"),
            ({"channel": "letter", "recipient": "x" * 301}, "recipient"),
            ({"subject": " "}, "subject"),
            ({"subject": "{title} " * 200}, "subject"),
            ({"body": " {questions} "}, "body"),
            ({"body": "By {reply_by}, {dear}"}, "body"),
            ({"reply_by": dt.date(2020, 1, 1)}, "reply_by"),
        ],
    )
    def test_what_cannot_go_out_is_refused_at_its_field(self, proposal, officer, changes, field):
        add_question(proposal=proposal, text="Why?", by=officer)

        with pytest.raises(CannotAsk) as refusal:
            send_questions(proposal=proposal, given=given(proposal, **changes), by=officer)

        assert refusal.value.field == field
        assert not QuestionLetter.objects.exists()

    def test_nothing_but_what_she_saw_goes_out(self, proposal, officer):
        with pytest.raises(CannotAsk, match="no question"):
            send_questions(proposal=proposal, given=given(proposal), by=officer)
        question = add_question(proposal=proposal, text="Why?", by=officer)
        seen = given(proposal)
        edit_question(question=question, text="Why not?", revision=0, by=officer)

        with pytest.raises(CannotAsk, match="changed since"):
            send_questions(proposal=proposal, given=seen, by=officer)

    def test_a_failed_e_mail_can_be_sent_again_and_only_then(self, unsure, proposal, officer):
        [question] = ask(proposal, officer)
        with pytest.raises(CannotAsk, match="on its way"):
            mail_again(letter=question.letter, by=officer)
        Job.objects.update(state="failed", error="No route")

        mail_again(letter=question.letter, by=officer)

        assert sorted(Job.objects.values_list("state", flat=True)) == ["failed", "queued"]
        assert events("questions_mailed_again").count() == 1

    def test_a_letter_that_is_gone_is_no_crash(self):
        with pytest.raises(JobRefused):
            handle_mail_questions(Job(subject_id="0"))


class TestNothingInternalLeaves:
    def test_names_addresses_and_other_proposals_are_refused(self, round_, proposal, officer):
        make_member(round_, "chair", name="Clara Chair", email="clara@donor.example")
        make_proposal(round_, title="A shelter by the sea", reference="R-OTHER", applicant=make_organisation("Other"))
        for name in ("Rita One", "Rita Two"):
            Assignment.objects.create(proposal=proposal, reviewer=make_reviewer(round_, name=name))
        question = add_question(proposal=proposal, text="Why?", by=officer)
        internal = (
            "Rita One wonders who else is there.",
            "Ask rita\n TWO.",
            "Reviewer B gave 2 of 4.",
            "Clara Chair wants to know.",
            "Write to clara@donor.example.",
            "Is this the same as R-OTHER?",
            "As in A shelter by the sea.",
        )

        for revision, words in enumerate(internal):
            for where in ("body", "subject"):
                with pytest.raises(CannotAsk, match="must not reach the applicant"):
                    send_questions(proposal=proposal, given=given(proposal, **{where: words}), by=officer)
            edit_question(question=question, text=words, revision=revision, by=officer)
            with pytest.raises(CannotAsk, match="must not reach the applicant"):
                send_questions(proposal=proposal, given=given(proposal), by=officer)

        assert not QuestionLetter.objects.exists()

    def test_her_own_name_and_the_applicants_other_proposal_may_be_named(self, round_, proposal, officer):
        make_proposal(round_, title="Harbours that are safe", reference="R-SAME")
        add_question(proposal=proposal, text="How does R-SAME differ? Olga Officer asks.", by=officer)

        send_questions(proposal=proposal, given=given(proposal), by=officer)

        assert QuestionLetter.objects.count() == 1

    def test_what_the_program_writes_holds_nothing_of_reviewers_scores_or_others(self, unsure, round_, officer):
        proposal = Proposal.objects.get()
        make_member(round_, "chair", name="Clara Chair")
        make_proposal(round_, title="A shelter by the sea", applicant=make_organisation("Other Boat"))
        subject, body = letter_wording(proposal)
        questions = ask(proposal, officer, "3", "8", subject=subject, body=body)
        handle_mail_questions(Job.objects.get())

        sent = f"{mail.outbox[0].subject}\n{mail.outbox[0].body}\n{mail.outbox[0].extra_headers}"

        assert all(question.text in sent for question in questions)
        shares = [str(share).rstrip("0") for each in unsure for share in each.scores.values_list("share", flat=True)]
        inside = ["Rita", "Clara", "Other Boat", "shelter by the sea", "share", "score", "reviewer", "checklist"]
        assert [word for word in [*inside, *filter(None, shares)] if word.casefold() in sent.casefold()] == []


class TestWhatLooksSensitive:
    WORDS = "Is +66 53 123 456 still the number of the shelter behind Rose Street?"

    def test_is_looked_at_before_it_goes_out(self, proposal, officer):
        add_question(proposal=proposal, text=self.WORDS, by=officer)

        with pytest.raises(NotLookedAt, match="53 123 456") as refusal:
            send_questions(proposal=proposal, given=given(proposal), by=officer)
        with pytest.raises(NotLookedAt):
            send_questions(proposal=proposal, given=given(proposal, let_stand=("+66 53 123 456",)), by=officer)
        assert not QuestionLetter.objects.exists()

        seen = tuple(each.text for each in find([self.WORDS]))
        assert all(words in str(refusal.value) for words in seen)
        send_questions(proposal=proposal, given=given(proposal, let_stand=seen), by=officer)
        assert "phone" in events("questions_sent").get().after["let_stand"]

    def test_nothing_is_asked_where_nothing_does(self, proposal, officer):
        add_question(proposal=proposal, text="Who pays?", by=officer)

        send_questions(proposal=proposal, given=given(proposal), by=officer)

        assert "let_stand" not in events("questions_sent").get().after
