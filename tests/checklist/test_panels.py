"""The panel: who sees what others said, the discussion, the meeting."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from checklist import rules
from checklist.actions.assessments import submit_assessment
from checklist.actions.consensus import begin_consensus
from checklist.actions.panels import (
    CannotDiscuss,
    CannotMeet,
    add_to_agenda,
    add_to_discussion,
    call_item,
    end_meeting,
    move_on_agenda,
    start_meeting,
)
from checklist.models import DiscussionEntry, Notice, PanelMeeting, RoundRules
from checklist.naming import letter
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.naming import names_for
from checklist.selectors.panel_rounds import panel_rows
from checklist.selectors.panels import people_in_discussion
from proposals.actions.rounds import Window, set_phases
from proposals.enums import AccessLevel
from screening.models import AuditEvent
from tests.factories import (
    answer_all,
    make_assessment,
    make_auditor,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    open_to,
)


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair", name="Clara Chair")


def judge(proposal, reviewer, answer="yes"):
    assessment = make_assessment(proposal=proposal, reviewer=reviewer)
    answer_all(assessment, answer=answer)
    return submit_assessment(assessment=assessment_with_round(assessment.pk), by=reviewer)


def follow_dates(round_, windows, officer):
    """Let the round follow these windows; days count from today."""
    round_.follows_dates = True
    round_.save()
    today = timezone.localdate()
    days = [
        Window(phase, today + dt.timedelta(first), None if last is None else today + dt.timedelta(last))
        for phase, first, last in windows
    ]
    set_phases(round_=round_, windows=days, by=officer)


@pytest.fixture
def one(instruments, round_, proposal):
    reviewer = make_reviewer(round_, name="Rita One")
    judge(proposal, reviewer)
    return reviewer


@pytest.fixture
def two(one, round_, proposal):
    reviewer = make_reviewer(round_, name="Rita Two")
    judge(proposal, reviewer, "no")
    return reviewer


class TestWhoSees:
    @pytest.fixture
    def everybody(self, two, one, chair, officer, round_, proposal):
        people = {"officer": officer, "chair": chair, "one": one, "auditor": make_auditor()}
        people["observer"] = make_member(round_, "observer")
        people["owing"] = make_assessment(proposal=proposal, reviewer=make_reviewer(round_)).reviewer
        people["owing_chair"] = make_member(round_, "chair", name="Owing Chair")
        make_assessment(proposal=proposal, reviewer=people["owing_chair"])
        people["conflicted_chair"] = make_member(round_, "chair", name="Torn Chair")
        open_to(proposal, people["conflicted_chair"], AccessLevel.CLOSED)
        people["other_reviewer"] = make_reviewer(round_, name="Not Asked")
        return people

    def test_the_panel_is_open_by_role_or_once_her_own_is_in(self, everybody, proposal):
        def those(predicate):
            return {who for who, person in everybody.items() if predicate(person, proposal)}

        assert those(rules.can_see_panel) == {"officer", "chair", "one", "auditor", "observer"}
        assert those(rules.can_discuss) == {"officer", "chair", "one"}
        assert those(rules.can_write_consensus) == {"chair"}
        named = {who for who, person in everybody.items() if person in people_in_discussion(proposal)}
        assert named == {"officer", "chair", "one"}

    @pytest.mark.parametrize("phase", ["review", "panel", "decision", "decided"])
    def test_nothing_of_it_reaches_those_who_owe_or_are_in_conflict(self, client, everybody, proposal, phase):
        round_ = proposal.round
        type(round_).objects.filter(pk=round_.pk).update(phase=phase)
        add_to_discussion(proposal=proposal, text="Nobody’s business.", by=everybody["chair"])
        begin_consensus(proposal=proposal, by=everybody["chair"])
        start_meeting(round_=round_, proposals=[proposal], by=everybody["chair"])
        meeting = PanelMeeting.objects.get()
        call_item(meeting=meeting, item=meeting.items.get(), by=everybody["chair"])
        places = [
            reverse("checklist:round-panel", args=[round_.reference]),
            reverse("checklist:proposal-panel", args=[proposal.pk]),
            reverse("checklist:meeting", args=[round_.reference]),
            reverse("checklist:meeting-minutes", args=[meeting.pk]),
        ]
        for who in ("owing", "owing_chair", "conflicted_chair", "other_reviewer"):
            client.force_login(everybody[who])
            for place in places:
                page = client.get(place).content.decode()
                assert "Nobody’s business." not in page, (who, place)
                assert "Rita Two" not in page, (who, place)
                assert "% favourable" not in page, (who, place)
                if who in ("conflicted_chair", "other_reviewer"):
                    assert proposal.title not in page, (who, place)


class TestNames:
    def test_reviewers_see_letters_and_officers_names(self, two, one, officer, proposal):
        assert names_for(proposal, one)(two) == "Reviewer B"
        assert names_for(proposal, one)(one) == "Rita One"
        assert names_for(proposal, officer)(two) == "Rita Two"

    def test_unless_the_round_shows_names(self, two, one, round_, proposal):
        RoundRules.objects.create(round=round_, names_shown="all")

        assert names_for(proposal, one)(two) == "Rita Two"

    def test_the_page_keeps_to_them(self, client, two, one, proposal):
        add_to_discussion(proposal=proposal, text="Look at page 4.", by=two)
        client.force_login(one)

        page = client.get(reverse("checklist:proposal-panel", args=[proposal.pk])).content.decode()

        assert "Reviewer B" in page
        assert "Rita Two" not in page

    def test_letters_go_on_after_z(self):
        assert [letter(index) for index in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]


class TestDiscussion:
    def test_is_kept_and_recorded(self, one, proposal):
        entry = add_to_discussion(proposal=proposal, text="  Page 4 says more.\r\n", by=one)

        assert (entry.text, entry.by, entry.criterion) == ("Page 4 says more.", one, None)
        event = AuditEvent.objects.get(event="discussion_added")
        assert (event.actor_id, event.thread, event.after) == (one.pk, proposal.thread, None)

    def test_a_name_in_the_text_tells_that_person_once(self, one, two, proposal):
        entry = add_to_discussion(proposal=proposal, text="@Reviewer B, what of page 4?", by=one, mentions=[two])

        assert entry.text == f"@[{two.pk}], what of page 4?"
        assert list(entry.mentions.all()) == [two]
        notice = Notice.objects.get()
        assert (notice.user, notice.kind, notice.proposal) == (two, "mentioned", proposal)
        assert (notice.values["by"], notice.values["letter"]) == ("", "A")

    def test_takes_only_people_who_may_read_it(self, one, proposal, round_):
        stranger = make_reviewer(round_, name="Not Asked")

        with pytest.raises(CannotDiscuss, match="may read"):
            add_to_discussion(proposal=proposal, text="See this.", by=one, mentions=[stranger])
        add_to_discussion(proposal=proposal, text="See this, @Not Asked", by=one)
        assert not Notice.objects.exists()

    def test_refuses_nothing_at_all_and_those_who_may_not(self, one, proposal, round_):
        with pytest.raises(CannotDiscuss, match="Write something"):
            add_to_discussion(proposal=proposal, text="  ", by=one)
        with pytest.raises(CannotDiscuss, match="not open to you"):
            add_to_discussion(proposal=proposal, text="Let me in.", by=make_reviewer(round_))

    @pytest.mark.parametrize(
        ("windows", "words"),
        [
            ([("review", -5, 1), ("panel", 2, None)], "opens on"),
            ([("panel", -9, -5), ("decision", -4, -1)], "closed on"),
        ],
    )
    def test_refuses_outside_the_panel_where_the_round_follows_its_dates(
        self, client, one, proposal, officer, windows, words
    ):
        follow_dates(proposal.round, windows, officer)
        proposal.refresh_from_db()

        with pytest.raises(CannotDiscuss, match=words):
            add_to_discussion(proposal=proposal, text="Too soon.", by=one)
        client.force_login(one)
        page = client.get(reverse("checklist:proposal-panel", args=[proposal.pk])).content.decode()
        assert words in page
        assert "data-discussion-text" not in page

    def test_goes_on_while_decisions_are_taken(self, one, proposal, officer):
        follow_dates(proposal.round, [("panel", -9, -5), ("decision", -4, 4)], officer)
        proposal.refresh_from_db()

        assert add_to_discussion(proposal=proposal, text="One more thing.", by=one).pk

    def test_a_page_takes_it_without_scripts(self, client, one, two, proposal, instruments):
        criterion = instruments[0].criteria.get(key="3")
        client.force_login(one)
        url = reverse("checklist:proposal-panel", args=[proposal.pk])

        client.post(url, {"text": "What of <b>page 4</b>?", "criterion": criterion.pk, "mentions": [two.pk]})
        page = client.get(url).content.decode()

        entry = DiscussionEntry.objects.get()
        assert (entry.criterion, list(entry.mentions.all())) == (criterion, [two])
        assert "What of &lt;b&gt;page 4&lt;/b&gt;?" in page
        assert "told: Reviewer B" in page

    def test_an_observer_reads_the_panel_without_it(self, client, one, proposal, round_):
        add_to_discussion(proposal=proposal, text="Among us.", by=one)
        client.force_login(make_member(round_, "observer"))
        url = reverse("checklist:proposal-panel", args=[proposal.pk])

        assert "Among us." not in client.get(url).content.decode()
        assert client.post(url, {"text": "Me too."}).status_code == 403


class TestMeeting:
    @pytest.fixture
    def proposals(self, round_):
        return [make_proposal(round_, title=f"Proposal {number}") for number in (1, 2, 3)]

    @pytest.fixture
    def meeting(self, round_, proposals, chair):
        return start_meeting(round_=round_, proposals=proposals[:2], by=chair)

    def items(self, meeting):
        return list(meeting.items.order_by("position"))

    def test_goes_through_its_agenda(self, meeting, chair, proposals):
        first, second = self.items(meeting)
        call_item(meeting=meeting, item=first, by=chair)
        call_item(meeting=meeting, item=second, by=chair)
        ended = end_meeting(meeting=meeting, by=chair)

        first.refresh_from_db()
        second.refresh_from_db()
        assert first.opened_at < first.closed_at <= second.opened_at < second.closed_at
        assert (ended.state, ended.item, ended.revision) == ("ended", None, 3)
        events = list(AuditEvent.objects.order_by("id").values_list("event", flat=True))
        assert events == ["meeting_started", "meeting_moved", "meeting_moved", "meeting_ended"]

    def test_notes_who_is_shut_out(self, meeting, chair, proposals, round_):
        torn = make_reviewer(round_, name="Torn Reviewer")
        open_to(proposals[0], torn, AccessLevel.CLOSED)
        first, second = self.items(meeting)

        call_item(meeting=meeting, item=first, by=chair)
        call_item(meeting=meeting, item=second, by=chair)

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.shut_out, second.shut_out) == (["Torn Reviewer"], [])

    def test_its_order_can_be_changed_and_it_can_grow(self, meeting, chair, proposals):
        first, second = self.items(meeting)
        move_on_agenda(item=second, by=chair, up=True)
        add_to_agenda(meeting=meeting, proposal=proposals[2], by=chair)

        assert [item.proposal for item in self.items(meeting)] == [proposals[1], proposals[0], proposals[2]]
        said = AuditEvent.objects.filter(event="agenda_changed").order_by("pk")
        assert list(said.values_list("thread", "before", "after")) == [
            (proposals[1].thread, {"position": 2}, {"position": 1}),
            (proposals[2].thread, None, {"position": 3}),
        ]
        with pytest.raises(CannotMeet, match="on the agenda already"):
            add_to_agenda(meeting=meeting, proposal=proposals[2], by=chair)
        with pytest.raises(CannotMeet, match="end of the agenda"):
            move_on_agenda(item=second, by=chair, up=True)

    def test_one_runs_at_a_time(self, meeting, round_, proposals, chair):
        with pytest.raises(CannotMeet, match="running already"):
            start_meeting(round_=round_, proposals=proposals, by=chair)
        with pytest.raises(IntegrityError), transaction.atomic():
            PanelMeeting.objects.create(round=round_, led_by=chair)

    def test_needs_an_agenda_of_what_the_chair_may_read(self, round_, proposals, chair, officer):
        open_to(proposals[0], chair, AccessLevel.CLOSED)

        with pytest.raises(CannotMeet, match="at least one"):
            start_meeting(round_=round_, proposals=[], by=chair)
        with pytest.raises(CannotMeet, match="not open to you"):
            start_meeting(round_=round_, proposals=proposals, by=chair)
        with pytest.raises(CannotMeet, match="Only the chair"):
            start_meeting(round_=round_, proposals=proposals[1:], by=officer)

    def test_a_chair_in_conflict_neither_calls_nor_leaves_the_proposal(self, meeting, round_, proposals, chair):
        torn = make_member(round_, "chair", name="Torn Chair")
        open_to(proposals[0], torn, AccessLevel.CLOSED)
        first, second = self.items(meeting)

        with pytest.raises(CannotMeet, match="closed to you"):
            call_item(meeting=meeting, item=first, by=torn)
        call_item(meeting=meeting, item=first, by=chair)
        with pytest.raises(CannotMeet, match="shut out"):
            call_item(meeting=meeting, item=second, by=torn)

    def test_an_ended_one_stays_as_it_is(self, meeting, chair):
        end_meeting(meeting=meeting, by=chair)

        with pytest.raises(CannotMeet, match="has ended"):
            call_item(meeting=meeting, item=self.items(meeting)[0], by=chair)

    def test_its_state_changes_with_every_step(self, client, meeting, chair):
        client.force_login(chair)
        url = reverse("checklist:meeting-state", args=[meeting.pk])

        before = client.get(url).json()
        client.post(reverse("checklist:meeting-call", args=[meeting.pk]), {"item": self.items(meeting)[0].pk})
        after = client.get(url).json()
        client.post(reverse("checklist:meeting-end", args=[meeting.pk]))

        assert before["is_running"]
        assert before["stamp"] != after["stamp"]
        assert not client.get(url).json()["is_running"]

    def test_the_minutes_name_the_shut_out_to_those_who_know_of_conflicts(
        self, client, meeting, chair, round_, proposals
    ):
        open_to(proposals[0], make_officer(round_, name="Torn Officer"), AccessLevel.CLOSED)
        call_item(meeting=meeting, item=self.items(meeting)[0], by=chair)
        end_meeting(meeting=meeting, by=chair)
        url = reverse("checklist:meeting-minutes", args=[meeting.pk])

        client.force_login(chair)
        assert "Torn Officer" in client.get(url).content.decode()
        client.force_login(make_member(round_, "observer"))
        page = client.get(url).content.decode()
        assert "Proposal 1" in page
        assert "Torn Officer" not in page


class TestRound:
    def test_the_most_split_stand_first_and_practice_nowhere(self, two, one, officer, round_, proposal):
        agreed = make_proposal(round_, title="All agree")
        judge(agreed, one)
        judge(agreed, two)
        practice = make_proposal(round_, title="Practice", is_practice=True)
        judge(practice, one)
        judge(practice, two)
        alone = make_proposal(round_, title="One alone")
        judge(alone, one)

        rows, waiting = panel_rows(officer, round_)

        assert [(row.proposal, row.submitted, row.overall.split > 0) for row in rows] == [
            (proposal, 2, True), (agreed, 2, False),
        ]  # fmt: skip
        assert waiting == 1

    def test_a_reviewer_finds_what_she_has_assessed(self, two, one, round_, proposal):
        other = make_proposal(round_, title="Of others")
        judge(other, two)
        judge(other, make_reviewer(round_, name="Rita Three"))

        assert [row.proposal for row in panel_rows(one, round_)[0]] == [proposal]

    def test_pages_ask_as_often_for_three_as_for_one(
        self, client, two, one, officer, round_, proposal, django_assert_max_num_queries
    ):
        client.force_login(officer)
        round_page = reverse("checklist:round-panel", args=[round_.reference])
        panel_page = reverse("checklist:proposal-panel", args=[proposal.pk])
        add_to_discussion(proposal=proposal, text="One word.", by=officer)
        counts = []
        for _turn in range(2):
            client.get(round_page)
            client.get(panel_page)
            with django_assert_max_num_queries(20) as asked_round:
                client.get(round_page)
            with django_assert_max_num_queries(40) as asked_panel:
                client.get(panel_page)
            counts.append((len(asked_round), len(asked_panel)))
            third = make_reviewer(round_, name="Rita Three")
            for each in (proposal, make_proposal(round_, title="More"), make_proposal(round_, title="Yet more")):
                judge(each, third)
                if each != proposal:
                    judge(each, one)
                add_to_discussion(proposal=each, text="One word.", by=officer)

        assert counts[0] == counts[1]
