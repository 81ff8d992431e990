"""The daily e-mail: what is new, in the reader's language, at most one a day, never about nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from checklist import regular_work
from checklist.actions import digests
from checklist.actions.digests import Mailed, mail_digests, send_digest
from checklist.actions.notices import change_settings, tell
from checklist.enums import NoticeKind
from checklist.models import Notice
from checklist.selectors.notices import digest_time, people_to_mail
from tests.checklist.asked import asked, handed_in
from tests.factories import make_reviewer, make_user, open_to

pytestmark = pytest.mark.django_db

MORNING = datetime(2031, 5, 9, 7, 30, tzinfo=UTC)


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_, email="rita@example.org")


def message_to(user, round_, number=1, at=MORNING - timedelta(hours=2), text="Thank you."):
    values = {"message": number, "by": "Olga Officer", "subject": f"Word {number}", "text": text}
    tell(users=[user], kind="message", values=values, key=f"message:{number}", round_=round_)
    Notice.objects.filter(user=user, key=f"message:{number}").update(at=at)
    return Notice.objects.get(user=user, key=f"message:{number}")


def ask_for(user, proposal, at=MORNING - timedelta(hours=2)):
    values = {"assignment": 1, "due_on": None}
    tell(users=[user], kind="assigned", values=values, key=f"assigned:{proposal.pk}", proposal=proposal)
    Notice.objects.filter(kind="assigned").update(at=at)


class TestWhatItSays:
    def test_each_kind_under_its_heading_with_links(self, round_, reviewer, proposal, settings):
        settings.SCREENING_ADDRESS = "https://screening.example.org"
        asked(proposal, reviewer, "assigned")
        message = message_to(reviewer, round_, text="We meet <b>on Monday</b> & Tuesday.")
        ask_for(reviewer, proposal)

        assert send_digest(user=reviewer, now=MORNING) == 2

        [sent] = mail.outbox
        assert (sent.subject, sent.to) == ("Screening: 2 new notices", ["rita@example.org"])
        assert sent.body.index("A proposal was assigned to me (1)") < sent.body.index("A message from")
        assert "You are asked to assess “Safe harbours”." in sent.body
        assert "We meet <b>on Monday</b> & Tuesday." in sent.body
        assert f"https://screening.example.org/notices/{message.pk}/" in sent.body
        html = sent.alternatives[0].content
        assert "We meet &lt;b&gt;on Monday&lt;/b&gt; &amp; Tuesday." in html
        assert f'href="https://screening.example.org/notices/{message.pk}/"' in html

    def test_without_an_address_of_the_site_there_are_no_links(self, round_, reviewer):
        message_to(reviewer, round_)

        send_digest(user=reviewer, now=MORNING)

        assert "://" not in mail.outbox[0].body
        assert "Sign in and open" in mail.outbox[0].body
        assert "href" not in mail.outbox[0].alternatives[0].content

    def test_it_is_in_the_readers_language(self, round_, reviewer, proposal):
        reviewer.language = "fr"
        reviewer.save()
        asked(proposal, reviewer)
        values = {"assignment": 1, "due_on": "2031-05-09"}
        tell(users=[reviewer], kind="due_soon", values=values, key="due_soon:1", proposal=proposal)
        Notice.objects.update(at=MORNING - timedelta(hours=2))

        send_digest(user=reviewer, now=MORNING)

        assert 'lang="fr"' in mail.outbox[0].alternatives[0].content
        assert "9 mai 2031" in mail.outbox[0].body

    def test_of_very_many_it_lists_some_and_says_how_many_more(self, round_, reviewer, monkeypatch):
        monkeypatch.setattr(digests, "MOST_LINES", 2)
        for number in range(5):
            message_to(reviewer, round_, number)

        send_digest(user=reviewer, now=MORNING)

        assert "and 3 more in the application" in mail.outbox[0].body
        assert not Notice.objects.filter(mailed_at__isnull=True).exists()


class TestNoMailForNothing:
    def sent_to(self, user):
        send_digest(user=user, now=MORNING)
        return len(mail.outbox)

    def test_nothing_was_told(self, reviewer):
        assert self.sent_to(reviewer) == 0

    def test_it_was_read(self, round_, reviewer):
        message_to(reviewer, round_)
        Notice.objects.update(read_at=timezone.now())

        assert self.sent_to(reviewer) == 0

    def test_she_does_not_want_it_by_mail(self, round_, reviewer):
        message_to(reviewer, round_)
        change_settings(by_mail=set(NoticeKind.values) - {"message"}, by=reviewer)

        assert self.sent_to(reviewer) == 0

    def test_only_what_she_wants_is_in_it(self, round_, reviewer, proposal):
        asked(proposal, reviewer)
        message_to(reviewer, round_)
        ask_for(reviewer, proposal)
        change_settings(by_mail=["message"], by=reviewer)

        assert self.sent_to(reviewer) == 1
        assert "Safe harbours" not in mail.outbox[0].body

    def test_a_conflict_has_closed_it_since(self, reviewer, proposal):
        ask_for(reviewer, proposal)
        open_to(proposal, reviewer, "closed")

        assert self.sent_to(reviewer) == 0

    def test_it_is_done_since(self, instruments, reviewer, proposal):
        ask_for(reviewer, proposal)
        handed_in(asked(proposal, reviewer))

        assert self.sent_to(reviewer) == 0

    def test_she_cannot_sign_in(self, round_, reviewer):
        message_to(reviewer, round_)
        reviewer.is_active = False
        reviewer.save()

        assert (self.sent_to(reviewer), mail_digests(now=MORNING)) == (0, Mailed(0, 0))

    def test_it_was_told_after_the_hour_and_comes_tomorrow(self, round_, reviewer):
        message_to(reviewer, round_, at=MORNING)

        assert self.sent_to(reviewer) == 0
        assert send_digest(user=reviewer, now=MORNING + timedelta(days=1)) == 1

    def test_it_is_no_news_any_more(self, round_, reviewer):
        message_to(reviewer, round_, at=MORNING - timedelta(days=9))

        assert self.sent_to(reviewer) == 0


class TestOnceADay:
    def test_running_twice_sends_once(self, round_, reviewer):
        message_to(reviewer, round_)

        assert mail_digests(now=MORNING) == Mailed(1, 0)
        assert mail_digests(now=MORNING + timedelta(hours=1)) == Mailed(0, 0)
        assert len(mail.outbox) == 1

    def test_what_was_told_since_waits_for_the_next_day(self, round_, reviewer):
        message_to(reviewer, round_)
        send_digest(user=reviewer, now=MORNING)
        Notice.objects.update(mailed_at=MORNING)
        message_to(reviewer, round_, 2, at=MORNING + timedelta(hours=1))

        assert send_digest(user=reviewer, now=MORNING + timedelta(hours=2)) == 0
        assert send_digest(user=reviewer, now=MORNING + timedelta(days=1)) == 1
        assert "Word 2" in mail.outbox[1].body
        assert "Word 1" not in mail.outbox[1].body

    def test_killed_after_sending_it_comes_twice_at_most(self, round_, reviewer, monkeypatch):
        message_to(reviewer, round_)

        def be_killed(*_args):
            raise SystemExit

        monkeypatch.setattr(digests, "_note", be_killed)
        with pytest.raises(SystemExit):
            send_digest(user=reviewer, now=MORNING)
        monkeypatch.undo()

        assert send_digest(user=reviewer, now=MORNING) == 1
        assert send_digest(user=reviewer, now=MORNING) == 0
        assert len(mail.outbox) == 2

    def test_two_at_once_do_not_send_to_the_same_person(self, round_, reviewer, monkeypatch):
        message_to(reviewer, round_)
        sent = []

        def send_while_another_begins(message):
            sent.append(message)
            assert send_digest(user=reviewer, now=MORNING) == 0

        monkeypatch.setattr(digests.EmailMultiAlternatives, "send", send_while_another_begins)

        assert send_digest(user=reviewer, now=MORNING) == 1
        assert len(sent) == 1

    def test_a_mail_server_that_is_away_loses_nothing_and_keeps_nobody_else_waiting(
        self, round_, reviewer, monkeypatch
    ):
        message_to(reviewer, round_)
        other = make_reviewer(round_, email="other@example.org")
        message_to(other, round_)
        send = digests.EmailMultiAlternatives.send

        def refuse_rita(message):
            if message.to == ["rita@example.org"]:
                raise ConnectionRefusedError
            return send(message)

        monkeypatch.setattr(digests.EmailMultiAlternatives, "send", refuse_rita)
        assert mail_digests(now=MORNING) == Mailed(people=1, failed=1)
        monkeypatch.undo()

        assert mail_digests(now=MORNING + timedelta(minutes=10)) == Mailed(people=1, failed=0)
        assert sorted(message.to[0] for message in mail.outbox) == ["other@example.org", "rita@example.org"]

    def test_the_hour_is_that_of_the_settings_in_its_time_zone(self, settings):
        settings.SCREENING_DIGEST_HOUR = 6
        settings.TIME_ZONE = "Asia/Bangkok"

        with timezone.override("Asia/Bangkok"):
            assert digest_time(MORNING) == datetime(2031, 5, 8, 23, tzinfo=UTC)
            assert digest_time(datetime(2031, 5, 8, 22, tzinfo=UTC)) == datetime(2031, 5, 7, 23, tzinfo=UTC)


class TestRegularWork:
    @pytest.fixture(autouse=True)
    def begin_anew(self, monkeypatch):
        monkeypatch.setattr(regular_work, "_done", {})

    def test_the_worker_sends_once_a_day(self, round_, reviewer):
        message_to(reviewer, round_, at=digest_time(timezone.now()) - timedelta(hours=1))

        regular_work.send_digests()
        Notice.objects.update(mailed_at=None)
        regular_work.send_digests()

        assert len(mail.outbox) == 1

    def test_after_a_failure_it_waits_some_minutes(self, round_, reviewer, monkeypatch):
        message_to(reviewer, round_, at=digest_time(timezone.now()) - timedelta(hours=1))
        tries = []

        def refuse(_message):
            tries.append(1)
            raise ConnectionRefusedError

        monkeypatch.setattr(digests.EmailMultiAlternatives, "send", refuse)

        regular_work.send_digests()
        regular_work.send_digests()
        assert len(tries) == 1

        regular_work._done["digests again at"] = timezone.now()
        regular_work.send_digests()
        assert len(tries) == 2


class TestCommand:
    @pytest.fixture
    def news(self, round_, reviewer):
        message_to(reviewer, round_, at=digest_time(timezone.now()) - timedelta(hours=1))
        message_to(make_user(is_active=False), round_, at=digest_time(timezone.now()) - timedelta(hours=1))

    def test_a_dry_run_says_who_and_sends_nothing(self, news, capsys):
        call_command("send_digests", "--dry-run")

        assert capsys.readouterr().out.splitlines() == [
            "rita@example.org: 1 notices",
            "1 people would be sent the daily e-mail.",
        ]
        assert (mail.outbox, Notice.objects.filter(mailed_at__isnull=False).count()) == ([], 0)

    def test_it_sends(self, news, capsys):
        call_command("send_digests")

        assert "1 people were sent" in capsys.readouterr().out
        assert len(mail.outbox) == 1

    def test_a_failure_ends_it_with_an_error(self, news, monkeypatch):
        def refuse(_message):
            raise ConnectionRefusedError

        monkeypatch.setattr(digests.EmailMultiAlternatives, "send", refuse)

        with pytest.raises(CommandError, match="1 people could not"):
            call_command("send_digests")


def test_looking_for_people_takes_the_same_queries_for_three_as_for_one(round_, django_assert_num_queries):
    for number in range(3):
        message_to(make_reviewer(round_), round_, number)

    with django_assert_num_queries(1):
        assert len(people_to_mail(digest_time(MORNING))) == 3
