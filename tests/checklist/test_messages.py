"""Messages to many: who gets them is seen before, exactly they get them, and once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.actions.messages import CannotSendMessage, send_message
from checklist.actions.notices import change_settings
from checklist.models import Notice, RoundMessage
from checklist.selectors.messages import recipients_of
from screening.models import AuditEvent
from tests.checklist.asked import asked, handed_in
from tests.factories import make_member, make_proposal, make_reviewer, make_user, open_to

pytestmark = pytest.mark.django_db

TOKEN = "0123456789abcdef" * 2


@pytest.fixture
def people(round_, officer):
    """Somebody in every role, and somebody who cannot sign in any more."""
    return {
        "owing": make_reviewer(round_, name="Olive Owing"),
        "idle": make_reviewer(round_, name="Ida Idle"),
        "gone": make_reviewer(round_, name="Gus Gone", is_active=False),
        "chair": make_member(round_, "chair", name="Carl Chair"),
        "observer": make_member(round_, "observer", name="Otto Observer"),
    }


@pytest.fixture
def owed(people, proposal):
    return asked(proposal, people["owing"])


def send(round_, recipients, by, token=TOKEN, subject="Monday", text="We meet on Monday."):
    return send_message(round_=round_, recipients=recipients, subject=subject, text=text, token=token, by=by)


def url(round_, what="list"):
    return reverse(f"checklist:message-{what}", args=[round_.reference])


class TestAudience:
    @pytest.mark.parametrize(
        ("audience", "names"),
        [
            ("reviewers", ["Ida Idle", "Olive Owing"]),
            ("owing", ["Olive Owing"]),
            ("panel", ["Carl Chair", "Ida Idle", "Olive Owing"]),
            ("named", ["Otto Observer"]),
        ],
    )
    def test_who_gets_it(self, round_, officer, people, owed, audience, names):
        found = recipients_of(round_, audience, [people["observer"]], by=officer)

        assert [str(person) for person in found.people] == names

    def test_whoever_submitted_or_only_practises_owes_nothing(self, instruments, round_, officer, people, owed):
        handed_in(owed)
        asked(make_proposal(round_, is_practice=True), people["idle"])

        assert recipients_of(round_, "owing", [], by=officer).people == ()

    def test_who_cannot_sign_in_is_left_out_and_named(self, round_, officer, people):
        found = recipients_of(round_, "reviewers", [], by=officer)

        assert [str(person) for person in found.left_out] == ["Gus Gone"]

    def test_whoever_writes_gets_none(self, round_, officer, people):
        round_.grants.create(user=officer, role="reviewer")

        assert officer not in recipients_of(round_, "reviewers", [], by=officer).people

    def test_it_says_who_gets_it_by_mail(self, round_, officer, people):
        change_settings(by_mail=["assigned"], by=people["idle"])

        assert recipients_of(round_, "reviewers", [], by=officer).by_mail == {people["owing"].pk}

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_same_queries_for_three_as_for_one(self, round_, officer, django_assert_num_queries, count):
        for _number in range(count):
            make_reviewer(round_)

        with django_assert_num_queries(1):
            assert len(recipients_of(round_, "reviewers", [], by=officer).people) == count


class TestSending:
    def test_everybody_is_told_and_it_is_kept_with_who_got_it(self, round_, officer, people):
        to = [people["owing"], people["chair"]]

        message = send(round_, to, officer, subject="  Monday\n ", text="We meet\r\non Monday. ")

        assert (message.subject, message.text, message.by) == ("Monday", "We meet\non Monday.", officer)
        assert set(message.recipients.all()) == set(to)
        notices = Notice.objects.filter(kind="message")
        assert {notice.user for notice in notices} == set(to)
        assert notices[0].values == {
            "message": message.pk, "by": "Olga Officer", "subject": "Monday", "text": "We meet\non Monday.",
        }  # fmt: skip
        event = AuditEvent.objects.get(event="message_sent")
        assert (event.actor_id, event.round_id) == (officer.pk, round_.pk)
        assert event.after == {"message": "We meet\non Monday.", "recipients": ["Carl Chair", "Olive Owing"]}

    def test_the_same_look_at_the_preview_sends_once(self, round_, officer, people):
        first = send(round_, [people["owing"]], officer)
        again = send(round_, [people["owing"]], officer)

        assert first == again
        assert (RoundMessage.objects.count(), Notice.objects.count()) == (1, 1)

        send(round_, [people["owing"]], officer, token="f" * 32)
        assert RoundMessage.objects.count() == 2

    @pytest.mark.parametrize("token", ["", "abc", TOKEN + "\n", TOKEN.upper()])
    def test_without_a_preview_nothing_is_sent(self, round_, officer, people, token):
        with pytest.raises(CannotSendMessage, match="preview"):
            send(round_, [people["owing"]], officer, token=token)

    @pytest.mark.parametrize("who", ["owing", "chair", "observer"])
    def test_only_the_programme_officer_sends(self, round_, people, who):
        with pytest.raises(CannotSendMessage, match="Only the programme officer"):
            send(round_, [people["idle"]], people[who])

    @pytest.mark.parametrize("words", [{"subject": "  "}, {"text": "\n"}])
    def test_words_are_needed(self, round_, officer, people, words):
        with pytest.raises(CannotSendMessage, match="subject and words"):
            send(round_, [people["owing"]], officer, **words)

    def test_it_needs_somebody(self, round_, officer, people):
        with pytest.raises(CannotSendMessage, match="Nobody"):
            send(round_, [], officer)

    def test_one_who_cannot_get_it_any_more_stops_it_for_all(self, round_, officer, people):
        for wrong in (people["gone"], make_user("Sam Stranger")):
            with pytest.raises(CannotSendMessage, match=str(wrong)):
                send(round_, [people["owing"], wrong], officer)

        assert not Notice.objects.exists()


class TestPages:
    WORDS = {"subject": "Monday", "text": "We <b>meet</b>\non Monday."}

    def preview(self, client, round_, **given):
        return client.post(url(round_, "write"), {"audience": "reviewers", **self.WORDS, **given})

    def as_the_browser_sends(self, page):
        """What the form of the preview holds."""
        context = page.context
        return {
            "token": context["token"],
            "audience": context["given"]["audience"],
            "people": [person.pk for person in context["given"]["people"]],
            "recipients": [person.pk for person, _roles, _by_mail in context["rows"]],
            "subject": context["given"]["subject"],
            "text": context["given"]["text"],
        }

    def test_the_preview_names_everybody_and_sends_nothing(self, client, round_, officer, people):
        change_settings(by_mail=[], by=people["idle"])
        client.force_login(officer)

        page = self.preview(client, round_)
        words = page.content.decode()

        assert [(str(person), by_mail) for person, _roles, by_mail in page.context["rows"]] == [
            ("Ida Idle", False), ("Olive Owing", True),
        ]  # fmt: skip
        assert "2 people get it" in words
        assert "We &lt;b&gt;meet&lt;/b&gt;" in words
        assert "Gus Gone" in words
        assert "next daily e-mail" in words
        assert not Notice.objects.exists()

    def test_what_is_sent_is_what_was_shown_though_more_reviewers_came_since(self, client, round_, officer, people):
        client.force_login(officer)
        given = self.as_the_browser_sends(self.preview(client, round_))
        make_reviewer(round_, name="Late Comer")

        page = client.post(url(round_, "send"), given, follow=True).content.decode()

        message = RoundMessage.objects.get()
        assert {str(person) for person in message.recipients.all()} == {"Ida Idle", "Olive Owing"}
        assert message.text == "We <b>meet</b>\non Monday."
        assert "The message is sent to 2 people." in page

    def test_a_second_click_sends_nothing_more(self, client, round_, officer, people):
        client.force_login(officer)
        given = self.as_the_browser_sends(self.preview(client, round_))

        client.post(url(round_, "send"), given)
        client.post(url(round_, "send"), given)

        assert (RoundMessage.objects.count(), Notice.objects.count()) == (1, 2)

    def test_one_who_left_since_is_not_written_to_and_the_words_are_kept(self, client, round_, officer, people):
        client.force_login(officer)
        given = self.as_the_browser_sends(self.preview(client, round_))
        people["idle"].is_active = False
        people["idle"].save()

        page = client.post(url(round_, "send"), given).content.decode()

        assert "Ida Idle has no role in the round any more or cannot sign in." in page
        assert "We &lt;b&gt;meet&lt;/b&gt;" in page
        assert not RoundMessage.objects.exists()

    def test_one_may_go_back_and_change_the_words(self, client, round_, officer, people):
        client.force_login(officer)
        given = self.as_the_browser_sends(self.preview(client, round_))

        page = client.post(url(round_, "write"), {**given, "change": ""}).content.decode()

        assert "We &lt;b&gt;meet&lt;/b&gt;" in page
        assert "See who gets what" in page

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"audience": ""}, "Choose one."),
            ({"audience": "named"}, "Name at least one person."),
            ({"subject": ""}, "This is still missing."),
            ({"text": " "}, "This is still missing."),
        ],
    )
    def test_what_is_missing_is_said(self, client, round_, officer, people, given, said):
        client.force_login(officer)

        assert said in self.preview(client, round_, **given).content.decode()

    def test_nobody_may_owe_anything(self, client, round_, officer, people):
        client.force_login(officer)

        page = self.preview(client, round_, audience="owing").content.decode()

        assert "Nobody would get this message" in page
        assert "Send to" not in page

    def test_only_people_of_the_round_can_be_named(self, client, round_, officer, people):
        client.force_login(officer)

        page = self.preview(client, round_, audience="named", people=[make_user().pk])

        assert page.context["form"].errors["people"]

    def test_a_reminder_begins_with_whoever_is_late(self, client, instruments, round_, officer, people, owed):
        assignments = people["owing"].assignments
        asked(make_proposal(round_), people["idle"])
        client.force_login(officer)

        def ticked(remind):
            return client.get(url(round_, "write"), {"remind": remind}).context["form"].initial["people"]

        assert ticked("overdue") == []
        assignments.update(due_on=timezone.localdate() - timedelta(days=1))
        assert ticked("overdue") == [people["owing"]]
        assert ticked([people["idle"].pk, "x"]) == [people["idle"]]
        assert ticked(make_user().pk) == []
        handed_in(owed)
        assert ticked("overdue") == []

    def test_who_is_late_on_a_closed_proposal_is_not_told_to_an_officer(
        self, client, round_, officer, people, proposal, owed
    ):
        people["owing"].assignments.update(due_on=timezone.localdate() - timedelta(days=1))
        open_to(proposal, officer, "closed")
        client.force_login(officer)

        page = client.get(url(round_, "write"), {"remind": "overdue"})

        assert page.context["form"].initial["people"] == []

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_takes_the_same_queries_for_three_as_for_one(
        self, client, round_, officer, people, django_assert_num_queries, count
    ):
        for number in range(count):
            send(round_, [people["owing"], people["idle"]], officer, token=f"{number:032x}")
        client.force_login(officer)

        with django_assert_num_queries(7):
            page = client.get(url(round_)).content.decode()

        assert page.count("Ida Idle") == count

    def test_the_list_may_be_empty(self, client, round_, officer):
        client.force_login(officer)

        assert "No message yet" in client.get(url(round_)).content.decode()
