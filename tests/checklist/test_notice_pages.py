"""What a person reads of what she was told, and what she wants by e-mail."""

import pytest
from django.urls import reverse

from checklist.actions.notices import change_settings, mark_all_read, mark_read, tell
from checklist.enums import NoticeKind
from checklist.models import Notice, NoticeSetting
from checklist.selectors.notices import kinds_by_mail
from screening.models import AuditEvent
from tests.checklist.asked import asked
from tests.factories import make_proposal, make_reviewer, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


class TestReading:
    @pytest.fixture
    def notice(self, round_, reviewer):
        tell(users=[reviewer], kind="message", values={"message": 1}, key="message:1", round_=round_)
        return Notice.objects.get()

    def test_what_she_opened_is_read(self, notice, reviewer):
        mark_read(notice=notice, by=make_user())
        assert Notice.objects.unread().exists()

        mark_read(notice=notice, by=reviewer)
        assert not Notice.objects.unread().exists()

    def test_all_at_once_puts_nothing_newer_and_nothing_hidden_away(self, notice, round_, reviewer, proposal):
        tell(users=[reviewer], kind="assigned", values={}, key="assigned:1", proposal=proposal)
        tell(users=[reviewer], kind="message", values={"message": 2}, key="message:2", round_=round_)
        newest = Notice.objects.get(key="message:2")

        assert mark_all_read(by=reviewer, until=newest.pk - 1) == 1

        assert set(Notice.objects.unread().values_list("key", flat=True)) == {"assigned:1", "message:2"}


class TestSettings:
    def test_everything_comes_by_mail_until_she_says_otherwise(self, reviewer):
        assert kinds_by_mail(reviewer) == set(NoticeKind.values)

    def test_they_are_kept_with_what_changed(self, reviewer):
        change_settings(by_mail=["assigned", "message", "no such kind"], by=reviewer)
        change_settings(by_mail=["assigned"], by=reviewer)

        assert kinds_by_mail(reviewer) == {"assigned"}
        assert NoticeSetting.objects.count() == len(NoticeKind.values)
        event = AuditEvent.objects.filter(event="notice_settings_changed").latest("pk")
        assert (event.before, event.after) == ({"by_mail": ["assigned", "message"]}, {"by_mail": ["assigned"]})

    def test_the_same_again_changes_nothing(self, reviewer):
        change_settings(by_mail=NoticeKind.values, by=reviewer)

        assert not AuditEvent.objects.exists()
        assert not NoticeSetting.objects.exists()


class TestPages:
    LIST = "/notices/"

    @pytest.fixture
    def messages(self, round_, reviewer):
        for number in (1, 2):
            values = {"message": number, "by": "Olga", "subject": f"Word {number}", "text": "Thank you."}
            tell(users=[reviewer], kind="message", values=values, key=f"message:{number}", round_=round_)
        return list(Notice.objects.order_by("pk"))

    def test_the_new_ones_stand_first_with_their_number_in_the_frame(self, client, messages, reviewer):
        mark_read(notice=messages[1], by=reviewer)
        client.force_login(reviewer)

        page = client.get(self.LIST)

        assert [notice.pk for notice in page.context["page"].object_list] == [messages[0].pk, messages[1].pk]
        assert "Notices: 1 new" in page.content.decode()

    def test_the_frame_counts_only_what_may_be_shown(self, client, messages, reviewer, proposal):
        tell(users=[reviewer], kind="assigned", values={}, key="assigned:1", proposal=proposal)
        client.force_login(reviewer)

        assert client.get(reverse("checklist:instrument-list")).context["shell"]["unread"] == 2

    def test_opening_one_reads_it_and_leads_to_its_page(self, client, messages, reviewer, round_):
        client.force_login(reviewer)

        response = client.get(reverse("checklist:notice-open", args=[messages[0].pk]))

        assert response["Location"] == round_.get_absolute_url()
        messages[0].refresh_from_db()
        assert messages[0].read_at is not None

    def test_those_of_others_and_hidden_ones_are_not_there(self, client, messages, proposal, reviewer):
        tell(users=[reviewer], kind="assigned", values={}, key="assigned:1", proposal=proposal)
        hidden = Notice.objects.get(kind="assigned")

        client.force_login(reviewer)
        assert client.get(reverse("checklist:notice-open", args=[hidden.pk])).status_code == 404
        client.force_login(make_user())
        assert client.get(reverse("checklist:notice-open", args=[messages[0].pk])).status_code == 404

    def test_all_are_marked_as_read(self, client, messages, reviewer):
        client.force_login(reviewer)

        page = client.post("/notices/read/", {"until": str(messages[0].pk)}, follow=True).content.decode()

        assert "1 notice is marked as read." in page
        assert "Notices: 1 new" in page

    def test_there_may_be_nothing(self, client, reviewer):
        client.force_login(reviewer)

        assert "Nothing to tell you" in client.get(self.LIST).content.decode()

    def test_what_comes_by_mail_is_set(self, client, reviewer):
        client.force_login(reviewer)
        assert "One e-mail a day" in client.get("/settings/notices/").content.decode()

        client.post("/settings/notices/", {"by_mail": ["message", "assigned"]})
        assert kinds_by_mail(reviewer) == {"message", "assigned"}

        client.post("/settings/notices/", {})
        assert kinds_by_mail(reviewer) == set()

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_takes_the_same_queries_for_three_as_for_one(
        self, client, round_, reviewer, django_assert_num_queries, count
    ):
        for number in range(count):
            proposal = make_proposal(make_round())
            asked(proposal, reviewer)
            values = {"assignment": number, "due_on": None}
            tell(users=[reviewer], kind="assigned", values=values, key=f"assigned:{number}", proposal=proposal)
        client.force_login(reviewer)

        with django_assert_num_queries(6):
            page = client.get(self.LIST)

        assert len(page.context["page"].object_list) == count
